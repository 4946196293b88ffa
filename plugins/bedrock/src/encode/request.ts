/** A chat request as the input of Converse and ConverseStream, with a warning for everything that wire cannot carry. */
import type { ConverseCommandInput, ConverseStreamCommandInput, OutputConfig, Tool } from '@aws-sdk/client-bedrock-runtime';
import type { Call, ChatRequest, Json, JsonObject, Warning } from '@modelport/plugin-api';
import { ToolNames, Warnings } from '@modelport/plugin-api/kit';
import { traitsOf, type ModelTraits } from '../model-traits.ts';
import type { BedrockOptions } from '../options.ts';
import { headersOf } from './headers.ts';
import { encodeConversation } from './messages.ts';
import { toNativeSchema } from './native-schema.ts';
import { DIALECT, isObject, ownFields } from './own-data.ts';
import { requestMetadataOf } from './request-metadata.ts';
import { encodeThinking } from './thinking.ts';
import { encodeToolChoice, encodeTools, isForced, stubTool } from './tools.ts';
import { DocumentNames } from './document-names.ts';

/** A request ready to be sent, and what is needed to read its answer. */
export interface EncodedRequest {
  /** The input of the command. */
  readonly input: ConverseCommandInput & ConverseStreamCommandInput;
  /** Headers of this request alone. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the wire could not carry. */
  readonly warnings: readonly Warning[];
  /** The tools' names as they went out. */
  readonly names: ToolNames;
  /** Who made the model. */
  readonly family: string;
  /** Wire name of the tool whose input is the answer. Absent = there is none. */
  readonly answerTool?: string;
}

type Draft = { -readonly [Name in keyof ConverseStreamCommandInput]: ConverseStreamCommandInput[Name] };

/** Encodes a chat request. Source: the API reference of Converse. Throws REQUEST_INVALID, CAPABILITY_MISSING. */
export function encodeRequest(options: BedrockOptions, modelId: string, request: ChatRequest, call: Call, stream: boolean): EncodedRequest {
  const traits = traitsOf(modelId, options.baseModels);
  const warnings = new Warnings();
  const names = new ToolNames();
  // Tools first, so that a legal name is never taken by the replacement of another's.
  const tools = encodeTools(request, { traits, names, warnings });
  const toolChoice = encodeToolChoice(request, tools.length > 0, { traits, names, warnings });
  const { system, messages, usesTools } = encodeConversation(request.messages, { traits, names, warnings, documents: new DocumentNames() });
  const { textFormat, answerTool } = encodeFormat(request, options.structuredOutput, traits, names, warnings);
  const { fields, effort, thinks = false } = encodeThinking(request, traits, answerTool !== undefined || isForced(request.toolChoice), warnings);
  const draft: Draft = { modelId, messages };
  if (system.length > 0) draft.system = system;
  if (answerTool !== undefined) {
    // Beside the caller's own tools the model may choose: one of them now, or the answer.
    draft.toolConfig = { tools: [...tools, answerTool], toolChoice: tools.length > 0 ? { any: {} } : { tool: { name: answerTool.toolSpec.name } } };
  } else if (tools.length > 0) draft.toolConfig = { tools, ...(toolChoice === undefined ? {} : { toolChoice }) };
  else if (usesTools) draft.toolConfig = { tools: [stubTool(names, warnings)] };
  const own = addSampling(draft, request, traits, thinks, warnings);
  const additional = { ...own, ...fields };
  if (Object.keys(additional).length > 0) draft.additionalModelRequestFields = additional as never;
  if (effort !== undefined || textFormat !== undefined) draft.outputConfig = { ...(effort === undefined ? {} : { effort }), ...(textFormat === undefined ? {} : { textFormat }) };
  addOptions(draft, options, traits, stream, warnings);
  const metadata = options.metadata ? requestMetadataOf(call, warnings) : undefined;
  if (metadata !== undefined) draft.requestMetadata = metadata;
  mergeOwn(draft, request, warnings);
  return {
    input: draft, headers: headersOf(request.headers), warnings: warnings.list, names, family: traits.family,
    ...(answerTool === undefined ? {} : { answerTool: answerTool.toolSpec.name }),
  };
}

interface EncodedFormat {
  readonly textFormat?: NonNullable<OutputConfig['textFormat']>;
  readonly answerTool?: Tool.ToolSpecMember & { readonly toolSpec: { readonly name: string } };
}

/** Without a schema any JSON object is asked for, which only the tool can carry. */
function encodeFormat({ responseFormat }: ChatRequest, mode: BedrockOptions['structuredOutput'], traits: ModelTraits, names: ToolNames, warnings: Warnings): EncodedFormat {
  if (responseFormat === undefined || responseFormat.type === 'text') return {};
  if (mode === 'none') {
    warnings.unsupported('responseFormat', 'The option structuredOutput is "none".');
    return {};
  }
  const { schema, name, description } = responseFormat;
  const native = schema === undefined || mode === 'tool' || (mode === 'auto' && !traits.nativeSchemas) ? undefined : toNativeSchema(schema);
  if (native !== undefined) {
    const legalName = name === undefined ? undefined : name.replaceAll(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64);
    const jsonSchema = { schema: JSON.stringify(native), ...(legalName ? { name: legalName } : {}), ...(description ? { description } : {}) };
    return { textFormat: { type: 'json_schema', structure: { jsonSchema } } };
  }
  if (mode === 'native' || !traits.forcedTools) {
    warnings.unsupported('responseFormat', schema === undefined ? 'This model takes a JSON format only with a schema.' : 'Structured output cannot express the schema here.');
    return {};
  }
  return {
    answerTool: { toolSpec: { name: names.free(name ?? 'json'), description: description || 'Gives the answer as JSON.', inputSchema: { json: { type: 'object', ...schema } as never } } },
  };
}

/** Adds the inference settings; returns those that go into the model's own fields. */
function addSampling(draft: Draft, request: ChatRequest, traits: ModelTraits, thinks: boolean, warnings: Warnings): JsonObject {
  const { maxOutputTokens, temperature, topP, topK, stopSequences } = request;
  const refused = !traits.sampling ? 'This model takes no sampling settings.' : thinks ? 'It cannot be set while the model thinks.' : undefined;
  const inference: NonNullable<ConverseStreamCommandInput['inferenceConfig']> = {};
  if (maxOutputTokens !== undefined) inference.maxTokens = maxOutputTokens;
  if (temperature !== undefined && refused === undefined) {
    if (temperature > 1) warnings.compatibility('temperature', 'The range is 0 to 1: 1 was sent.');
    inference.temperature = Math.min(temperature, 1);
  } else if (temperature !== undefined) warnings.unsupported('temperature', refused as string);
  if (topP !== undefined) {
    if (refused !== undefined) warnings.unsupported('topP', refused);
    else if (temperature !== undefined && !traits.temperatureWithTopP) warnings.unsupported('topP', 'This model does not take it together with temperature.');
    else inference.topP = topP;
  }
  if (stopSequences !== undefined && stopSequences.length > 0) inference.stopSequences = [...stopSequences];
  if (Object.keys(inference).length > 0) draft.inferenceConfig = inference;
  for (const name of ['seed', 'presencePenalty', 'frequencyPenalty', 'logitBias', 'topLogprobs', 'user'] as const) {
    if (request[name] !== undefined) warnings.unsupported(name, 'The Converse API has no such field.');
  }
  if (topK === undefined) return {};
  const [outer, inner] = traits.topK;
  if (outer !== undefined && refused === undefined) return inner === undefined ? { [outer]: topK } : { [outer]: { [inner]: topK } };
  warnings.unsupported('topK', refused ?? 'This model has no such field that is known.');
  return {};
}

function addOptions(draft: Draft, { guardrail, latency, serviceTier, cache }: BedrockOptions, traits: ModelTraits, stream: boolean, warnings: Warnings): void {
  if (guardrail !== undefined) {
    draft.guardrailConfig = {
      guardrailIdentifier: guardrail.id, guardrailVersion: guardrail.version, ...(guardrail.trace === undefined ? {} : { trace: guardrail.trace }),
      ...(guardrail.stream === undefined || !stream ? {} : { streamProcessingMode: guardrail.stream }),
    };
  }
  if (latency !== undefined) draft.performanceConfig = { latency };
  if (serviceTier !== undefined) draft.serviceTier = { type: serviceTier };
  if (cache === 'off') return;
  if (!traits.cachePoints) {
    warnings.unsupported('the option cache', 'This model is not known to cache.');
    return;
  }
  // Five minutes is what a point without a lifetime means, and Nova takes no other.
  const cachePoint = { type: 'default' as const, ...(cache === '5m' || traits.family !== 'anthropic' ? {} : { ttl: cache }) };
  for (const blocks of [draft.system, draft.messages?.at(-1)?.content]) if (blocks !== undefined && blocks.length > 0 && blocks.at(-1)?.cachePoint === undefined) blocks.push({ cachePoint });
}

/** Members of the request a caller may set beside what is encoded; every other key is a field of the model's own. */
const MEMBERS: ReadonlySet<string> = new Set([
  'additionalModelRequestFields', 'additionalModelResponseFieldPaths', 'guardrailConfig', 'inferenceConfig', 'outputConfig', 'performanceConfig', 'promptVariables', 'requestMetadata',
  'serviceTier', 'toolConfig',
]);
const ENCODED: ReadonlySet<string> = new Set(['modelId', 'messages', 'system']);

/** Merges the caller's own fields, which win, object by object, into the request. */
function mergeOwn(draft: Draft, request: ChatRequest, warnings: Warnings): void {
  const target = draft as Record<string, unknown>;
  for (const [field, value] of Object.entries(ownFields(request.providerOptions))) {
    if (ENCODED.has(field)) warnings.unsupported(`providerOptions.${DIALECT}.${field}`, 'The request says it in its own words.');
    else if (MEMBERS.has(field)) target[field] = merged(target[field], value);
    else draft.additionalModelRequestFields = merged(draft.additionalModelRequestFields, Object.fromEntries([[field, value]])) as never;
  }
}

function merged(before: unknown, value: Json | undefined): unknown {
  return isObject(value) && isObject(before as Json | undefined) ? { ...(before as JsonObject), ...value } : value;
}

/** A chat request as the body of POST /responses, with a warning for everything that wire cannot carry. */
import type { Call, ChatRequest, Json, ToolChoice } from '@modelport/plugin-api';
import { ToolNames, Warnings, type Fields } from '@modelport/plugin-api/kit';
import type { EncodedRequest } from '../answer-context.ts';
import { requestHeaders, type Endpoint } from '../endpoint.ts';
import { traitsOf, type ModelTraits } from '../reasoning-models.ts';
import { addCallFields, finishBody, leaveOutSampling, sessionHeader } from '../request-body.ts';
import { isStrictSchema } from '../strict-schema.ts';
import { encodeInput } from './input.ts';

/** Encodes a chat request. Source: the API reference of OpenAI's Responses. Throws REQUEST_INVALID, CAPABILITY_MISSING. */
export function encodeResponses(endpoint: Endpoint, modelId: string, asked: ChatRequest, made: Call, stream: boolean): EncodedRequest {
  const { options, vendor } = endpoint;
  const traits = traitsOf(modelId, options);
  const warnings = new Warnings();
  const adapting = { modelId, warnings };
  const { request, call } = vendor.adapt?.(asked, made, adapting) ?? { request: asked, call: made };
  const names = new ToolNames();
  const textTools = new Set<string>();
  const store = (request.providerOptions?.[options.dialect]?.['store'] ?? options.store ?? false) === true;
  const { tools, hosted } = encodeTools(request, names, textTools, options.dialect, warnings);
  const body: Fields = { model: modelId, store, input: encodeInput(request.messages, { options, store, names, warnings, systemRole: traits.systemRole }) };
  if (tools.length > 0) {
    body['tools'] = tools;
    if (request.toolChoice !== undefined) body['tool_choice'] = encodeToolChoice(request.toolChoice, names, textTools, hosted);
    if (request.parallelToolCalls !== undefined) body['parallel_tool_calls'] = request.parallelToolCalls;
  } else {
    if (request.toolChoice !== undefined && request.toolChoice.type !== 'none') warnings.unsupported('toolChoice', 'The request has no tools.');
    if (request.parallelToolCalls !== undefined) warnings.unsupported('parallelToolCalls', 'The request has no tools.');
  }
  addSettings(body, request, warnings);
  addText(body, request, endpoint, warnings);
  addReasoning(body, request, endpoint, traits);
  const asksLogprobs = body['top_logprobs'] !== undefined;
  leaveOutSampling(body, request, traits, warnings);
  const include: string[] = [];
  if (asksLogprobs && body['top_logprobs'] !== undefined) include.push('message.output_text.logprobs');
  // Kept nowhere else, a model's reasoning lives on only in what is sent back; models that do not reason refuse the word.
  if (traits.reasons && !store) include.push('reasoning.encrypted_content');
  if (include.length > 0) body['include'] = include;
  addCallFields(body, request, call, options, endpoint.isOpenAI, warnings);
  if (stream) body['stream'] = true;
  vendor.changeBody?.(body, asked, made, adapting);
  const finished = finishBody(body, request.providerOptions, options, warnings);
  return {
    body: JSON.stringify(finished), headers: requestHeaders(request.headers, sessionHeader(call, options, endpoint.isOpenAI), vendor.headers?.(made)),
    warnings: warnings.list, names, textTools,
  };
}

function addSettings(body: Fields, request: ChatRequest, warnings: Warnings): void {
  if (request.maxOutputTokens !== undefined) body['max_output_tokens'] = request.maxOutputTokens;
  if (request.temperature !== undefined) body['temperature'] = request.temperature;
  if (request.topP !== undefined) body['top_p'] = request.topP;
  if (request.topLogprobs !== undefined) body['top_logprobs'] = request.topLogprobs;
  const lacking = ['topK', 'seed', 'presencePenalty', 'frequencyPenalty', 'logitBias'] as const;
  for (const name of lacking) if (request[name] !== undefined) warnings.unsupported(name, 'The Responses API has no such field.');
  if (request.stopSequences !== undefined && request.stopSequences.length > 0) warnings.unsupported('stopSequences', 'The Responses API has no such field.');
}

function addText(body: Fields, request: ChatRequest, { options }: Endpoint, warnings: Warnings): void {
  const format = request.responseFormat;
  if (format === undefined || format.type === 'text') return;
  if (options.structuredOutput === 'none') {
    warnings.unsupported('responseFormat', 'The option structuredOutput is "none".');
    return;
  }
  if (format.schema === undefined || options.structuredOutput === 'json_object') {
    body['text'] = { format: { type: 'json_object' } };
    if (format.schema !== undefined) warnings.unsupported('responseFormat.schema', 'The option structuredOutput is "json_object": the endpoint sees no schema.');
    return;
  }
  const strict = options.strictSchemas === 'always' || (options.strictSchemas === 'auto' && isStrictSchema(format.schema));
  body['text'] = {
    format: {
      type: 'json_schema', name: format.name ?? 'answer', schema: format.schema, strict,
      ...(format.description === undefined ? {} : { description: format.description }),
    },
  };
}

function addReasoning(body: Fields, request: ChatRequest, { options }: Endpoint, traits: ModelTraits): void {
  const summary = traits.reasons ? options.reasoningSummary : undefined;
  if (request.reasoning === undefined && summary === undefined) return;
  body['reasoning'] = {
    ...(request.reasoning === undefined ? {} : { effort: request.reasoning }),
    ...(summary === undefined ? {} : { summary }),
  };
}

interface EncodedTools {
  readonly tools: readonly Json[];
  /** Tools OpenAI runs: the request's name to the wire's type. */
  readonly hosted: ReadonlyMap<string, string>;
}

function encodeTools(request: ChatRequest, names: ToolNames, textTools: Set<string>, dialect: string, warnings: Warnings): EncodedTools {
  const tools: Json[] = [];
  const hosted = new Map<string, string>();
  for (const tool of request.tools ?? []) {
    if (tool.type === 'function') {
      tools.push({
        type: 'function', name: names.wire(tool.name), parameters: tool.inputSchema,
        // Left out, this API would try to make the schema strict by itself.
        strict: tool.strict ?? false,
        ...(tool.description === undefined ? {} : { description: tool.description }),
        ...tool.providerOptions?.[dialect],
      });
      continue;
    }
    const type = tool.id.startsWith(`${dialect}.`) ? tool.id.slice(dialect.length + 1) : undefined;
    if (type === undefined) warnings.unsupported(`tool ${tool.id}`, 'It is another vendor’s tool.');
    else if (type === 'custom') {
      textTools.add(tool.name);
      tools.push({ type, name: names.wire(tool.name), ...tool.args });
    } else {
      hosted.set(tool.name, type);
      tools.push({ type, ...tool.args });
    }
  }
  return { tools, hosted };
}

function encodeToolChoice(choice: ToolChoice, names: ToolNames, textTools: ReadonlySet<string>, hosted: ReadonlyMap<string, string>): Json {
  if (choice.type !== 'tool') return choice.type;
  const type = hosted.get(choice.toolName);
  if (type !== undefined) return { type };
  return { type: textTools.has(choice.toolName) ? 'custom' : 'function', name: names.wire(choice.toolName) };
}

/** A chat request as the body of POST /v1/messages, with a warning for everything that wire cannot carry. */
import type { Call, ChatRequest, Json, JsonObject, Warning } from '@modelport/plugin-api';
import { callerHeaders, ToolNames, Warnings, type Fields } from '@modelport/plugin-api/kit';
import { VERSION_WITHOUT_SAMPLING, type Endpoint } from '../endpoint.ts';
import { traitsOf, type ModelTraits } from '../model-traits.ts';
import type { AnthropicOptions } from '../options.ts';
import { encodeConversation } from './messages.ts';
import { ownFields } from './own-data.ts';
import { encodeResponseFormat } from './response-format.ts';
import { encodeThinking } from './thinking.ts';
import { encodeToolChoice, encodeTools, isForced } from './tools.ts';

/** A request ready to be sent, and what is needed to read its answer. */
export interface EncodedRequest {
  /** The JSON body. */
  readonly body: string;
  /** Headers of this request alone. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the wire could not carry. */
  readonly warnings: readonly Warning[];
  /** The tools' names as they went out. */
  readonly names: ToolNames;
  /** Wire name of the tool whose input is the answer. Absent = there is none. */
  readonly answerTool?: string;
}

/** Encodes a chat request. Source: the API reference of the Messages API. Throws REQUEST_INVALID, CAPABILITY_MISSING. */
export function encodeRequest(endpoint: Endpoint, modelId: string, request: ChatRequest, call: Call, stream: boolean): EncodedRequest {
  const { options } = endpoint;
  const { dialect } = options;
  const traits = traitsOf(modelId, options);
  const warnings = new Warnings();
  const names = new ToolNames();
  // Tools first, so that a legal name is never taken by the replacement of another's.
  const tools = encodeTools(request, { dialect, traits, names, warnings });
  const toolChoice = encodeToolChoice(request, tools.length > 0, { dialect, traits, names, warnings });
  const { system, messages } = encodeConversation(request.messages, { dialect, traits, names, warnings });
  const { format, answerTool } = encodeResponseFormat(request, options.structuredOutput, traits, names, warnings);
  const maxTokens = maxTokensOf(request, modelId, traits, options, warnings);
  const { thinking, effort } = encodeThinking(request, {
    traits, maxTokens, display: options.thinkingDisplay, forcedTool: answerTool !== undefined || isForced(request.toolChoice), warnings,
  });
  const body: Fields = { model: modelId, max_tokens: maxTokens };
  if (system.length > 0) body['system'] = [...system];
  body['messages'] = messages;
  if (tools.length > 0) body['tools'] = tools;
  if (toolChoice !== undefined) body['tool_choice'] = toolChoice;
  if (answerTool !== undefined) {
    body['tools'] = [...tools, answerTool];
    // Beside the caller's own tools the model may choose: one of them now, or the answer.
    body['tool_choice'] = tools.length > 0 ? { type: 'any', disable_parallel_tool_use: request.parallelToolCalls === false } : { type: 'tool', name: answerTool.name, disable_parallel_tool_use: true };
  }
  if (thinking !== undefined) body['thinking'] = thinking;
  if (effort !== undefined || format !== undefined) body['output_config'] = { ...(effort === undefined ? {} : { effort }), ...(format === undefined ? {} : { format }) };
  const samples = traits.sampling && (options.version === 'auto' || options.version < VERSION_WITHOUT_SAMPLING);
  addSampling(body, request, { ...traits, sampling: samples }, thinking, warnings);
  if (request.stopSequences !== undefined && request.stopSequences.length > 0) body['stop_sequences'] = request.stopSequences;
  if (request.user !== undefined) body['metadata'] = { user_id: request.user };
  if (options.serviceTier !== undefined) body['service_tier'] = options.serviceTier;
  if (options.cache !== 'off') body['cache_control'] = { type: 'ephemeral', ttl: options.cache };
  if (stream) body['stream'] = true;
  const betas = mergeOwn(body, request, dialect, warnings);
  const version = endpoint.versionFor(['temperature', 'top_p', 'top_k'].some((field) => body[field] !== undefined));
  return {
    body: JSON.stringify(body), headers: { ...headersOf(request, call, endpoint, betas), 'anthropic-version': version }, warnings: warnings.list, names,
    ...(answerTool === undefined ? {} : { answerTool: answerTool.name }),
  };
}

function maxTokensOf(request: ChatRequest, modelId: string, traits: ModelTraits, { defaultMaxTokens }: AnthropicOptions, warnings: Warnings): number {
  if (request.maxOutputTokens !== undefined) return request.maxOutputTokens;
  const chosen = typeof defaultMaxTokens === 'number' ? defaultMaxTokens : defaultMaxTokens !== undefined && Object.hasOwn(defaultMaxTokens, modelId) ? defaultMaxTokens[modelId] : undefined;
  if (chosen !== undefined) return chosen;
  if (!traits.known) warnings.compatibility('maxOutputTokens', `The API requires it, and the model is not known: ${traits.maxOutputTokens} was sent. The option defaultMaxTokens sets another.`);
  return traits.maxOutputTokens;
}

function addSampling(body: Fields, request: ChatRequest, traits: ModelTraits, thinking: JsonObject | undefined, warnings: Warnings): void {
  const thinks = thinking?.['type'] === 'enabled' || thinking?.['type'] === 'adaptive';
  const { temperature, topP, topK } = request;
  const refused = !traits.sampling ? 'This model, or this version of the API, takes no sampling settings.' : thinks ? 'It cannot be set while the model thinks.' : undefined;
  if (temperature !== undefined) {
    if (refused !== undefined) warnings.unsupported('temperature', refused);
    else {
      if (temperature > 1) warnings.compatibility('temperature', 'The range is 0 to 1: 1 was sent.');
      body['temperature'] = Math.min(temperature, 1);
    }
  }
  if (topP !== undefined) {
    if (refused !== undefined) warnings.unsupported('topP', refused);
    else if (temperature !== undefined && !traits.temperatureWithTopP) warnings.unsupported('topP', 'This model does not take it together with temperature.');
    else body['top_p'] = topP;
  }
  if (topK !== undefined) {
    if (refused !== undefined) warnings.unsupported('topK', refused);
    else body['top_k'] = topK;
  }
  for (const name of ['seed', 'presencePenalty', 'frequencyPenalty', 'logitBias', 'topLogprobs'] as const) {
    if (request[name] !== undefined) warnings.unsupported(name, 'The Messages API has no such field.');
  }
}

/** Merges the caller's own fields, which win, into the body; returns the betas among them. */
function mergeOwn(body: Fields, request: ChatRequest, dialect: string, warnings: Warnings): readonly string[] {
  const { betas, ...own } = ownFields(request.providerOptions, dialect) ?? {};
  for (const [field, value] of Object.entries(own)) {
    if (field === 'stream') {
      warnings.unsupported(`providerOptions.${dialect}.stream`, 'It would change the shape of the answer.');
      continue;
    }
    const merges = field === 'output_config' || field === 'metadata';
    const next = merges && isObject(value) && isObject(body[field]) ? { ...body[field], ...value } : value;
    Object.defineProperty(body, field, { value: next, enumerable: true, configurable: true, writable: true });
  }
  return Array.isArray(betas) ? betas.map(String) : [];
}

const RESERVED_HEADERS: ReadonlySet<string> = new Set(['authorization', 'x-api-key', 'anthropic-version', 'host', 'content-length', 'content-type']);

function headersOf(request: ChatRequest, call: Call, { options, isAnthropic }: Endpoint, own: readonly string[]): Readonly<Record<string, string>> {
  const headers = callerHeaders(request.headers, RESERVED_HEADERS);
  const betas = new Set([...options.betas, ...own, ...(headers['anthropic-beta']?.split(',') ?? [])].map((beta) => beta.trim()).filter(Boolean));
  if (betas.size > 0) headers['anthropic-beta'] = [...betas].join(',');
  const sends = options.session === 'header' || (options.session === 'auto' && !isAnthropic);
  if (sends && call.sessionId !== undefined) headers['x-session-id'] ??= call.sessionId;
  return headers;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A chat request as the body of POST /api/chat, with a warning for everything that wire cannot carry. */
import type { ChatRequest, FunctionTool, Json, JsonObject, Warning } from '@modelport/plugin-api';
import { Warnings, type Fields } from '@modelport/plugin-api/kit';
import { encodeMessages } from './messages.ts';
import { finishBody } from './request-body.ts';
import type { OllamaServer } from './server.ts';

/** A request ready to be sent. */
export interface EncodedRequest {
  readonly body: object;
  /** What the wire could not carry. */
  readonly warnings: readonly Warning[];
}

/** Encodes a chat request. Source: "Generate a chat completion" of Ollama's docs/api.md. Throws REQUEST_INVALID, CAPABILITY_MISSING. */
export function encodeChat(server: OllamaServer, modelId: string, request: ChatRequest, stream: boolean): EncodedRequest {
  const { options } = server;
  const warnings = new Warnings();
  const body: Fields = { model: modelId, messages: encodeMessages(request.messages, options.reasoningHistory, warnings), stream, truncate: options.truncate };
  if (options.shift !== undefined) body['shift'] = options.shift;
  if (options.keepAlive !== undefined) body['keep_alive'] = options.keepAlive;
  const tools = encodeTools(request, warnings);
  if (tools.length > 0) body['tools'] = tools;
  const modelOptions = { ...server.modelOptions(modelId), ...samplingOf(request) };
  if (Object.keys(modelOptions).length > 0) body['options'] = modelOptions;
  addFormat(body, request, warnings);
  addThinking(body, request, modelId, options.think, warnings);
  if (request.topLogprobs !== undefined) {
    body['logprobs'] = true;
    if (request.topLogprobs > 0) body['top_logprobs'] = request.topLogprobs;
  }
  if (request.logitBias !== undefined) warnings.unsupported('logitBias', 'Ollama has no such setting.');
  if (request.user !== undefined) warnings.unsupported('user', 'Ollama knows no end users.');
  return { body: finishBody(body, request.providerOptions, warnings), warnings: warnings.list };
}

function samplingOf(request: ChatRequest): JsonObject {
  const settings: Fields = {
    num_predict: request.maxOutputTokens, temperature: request.temperature, top_p: request.topP, top_k: request.topK, seed: request.seed,
    presence_penalty: request.presencePenalty, frequency_penalty: request.frequencyPenalty,
    stop: request.stopSequences === undefined || request.stopSequences.length === 0 ? undefined : request.stopSequences,
  };
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}

function addFormat(body: Fields, { responseFormat }: ChatRequest, warnings: Warnings): void {
  if (responseFormat?.type !== 'json') return;
  body['format'] = responseFormat.schema ?? 'json';
  if (responseFormat.description !== undefined) warnings.unsupported('responseFormat.description', 'The schema travels without it; say it in the prompt.');
}

/** Models with levels take three of them; the others are told only whether to think. */
function addThinking(body: Fields, { reasoning }: ChatRequest, modelId: string, form: 'auto' | 'levels' | 'boolean', warnings: Warnings): void {
  if (reasoning === undefined) return;
  if (form === 'boolean' || (form === 'auto' && !/(^|\/)gpt-oss/.test(modelId))) {
    body['think'] = reasoning !== 'none';
    if (reasoning !== 'none') warnings.compatibility('reasoning', `The model is told to think, not how hard: "${reasoning}" has no word on this wire. The option think sends levels.`);
    return;
  }
  if (reasoning === 'none') {
    body['think'] = false;
    warnings.compatibility('reasoning', 'Models with levels may think all the same.');
    return;
  }
  const level = reasoning === 'minimal' ? 'low' : reasoning === 'xhigh' || reasoning === 'max' ? 'high' : reasoning;
  body['think'] = level;
  if (level !== reasoning) warnings.compatibility('reasoning', `"${reasoning}" travels as "${level}".`);
}

/** `none` and a named tool are kept by what is offered, since the wire has no word for a choice. */
function encodeTools(request: ChatRequest, warnings: Warnings): Json[] {
  const { toolChoice: choice } = request;
  const offered = request.tools ?? [];
  if (request.parallelToolCalls === false && offered.length > 0) warnings.unsupported('parallelToolCalls', 'Ollama does not limit how many tools an answer calls.');
  if (offered.length === 0 && choice !== undefined && choice.type !== 'none') warnings.unsupported('toolChoice', 'The request has no tools.');
  if (choice?.type === 'none') return [];
  if (offered.length > 0 && choice?.type === 'required') warnings.unsupported('toolChoice', 'Ollama cannot be told to call a tool.');
  if (offered.length > 0 && choice?.type === 'tool') warnings.compatibility('toolChoice', `Only ${choice.toolName} is offered; the model may still answer without calling it.`);
  const tools: Json[] = [];
  for (const tool of offered) {
    if (choice?.type === 'tool' && tool.name !== choice.toolName) continue;
    if (tool.type === 'provider') warnings.unsupported(`tool ${tool.id}`, 'Ollama runs no tools of its own.');
    else tools.push(encodeTool(tool, warnings));
  }
  return tools;
}

function encodeTool(tool: FunctionTool, warnings: Warnings): Json {
  if (tool.strict === true) warnings.unsupported(`strict of tool ${tool.name}`, 'Ollama does not hold a model to the schema of a tool.');
  // The server fails on a schema without these two.
  const parameters = { type: 'object', properties: {}, ...tool.inputSchema };
  return {
    type: 'function', function: { name: tool.name, ...(tool.description === undefined ? {} : { description: tool.description }), parameters },
    ...tool.providerOptions?.['ollama'],
  };
}

/** A chat request as the body of POST /chat/completions, with a warning for everything that wire cannot carry. */
import type { Call, ChatRequest, Json, ProviderTool, ToolChoice } from '@modelport/plugin-api';
import { ToolNames, Warnings, type Fields } from '@modelport/plugin-api/kit';
import type { EncodedRequest } from '../answer-context.ts';
import { requestHeaders, type Endpoint } from '../endpoint.ts';
import { traitsOf } from '../reasoning-models.ts';
import { addCallFields, finishBody, leaveOutSampling, sessionHeader } from '../request-body.ts';
import { isStrictSchema } from '../strict-schema.ts';
import { encodeMessages } from './messages.ts';

/** Encodes a chat request. Source: the API reference of OpenAI's chat completions. Throws REQUEST_INVALID, CAPABILITY_MISSING. */
export function encodeChat(endpoint: Endpoint, modelId: string, asked: ChatRequest, made: Call, stream: boolean): EncodedRequest {
  const { options, vendor } = endpoint;
  const traits = traitsOf(modelId, options);
  const warnings = new Warnings();
  const adapting = { modelId, warnings };
  const { request, call } = vendor.adapt?.(asked, made, adapting) ?? { request: asked, call: made };
  const names = new ToolNames();
  const textTools = new Set<string>();
  // Tools first, so that a legal name is never taken by the replacement of another's.
  const tools = encodeTools(request, names, textTools, options.dialect, warnings);
  const body: Fields = { model: modelId, messages: encodeMessages(request.messages, options, traits.systemRole, names, warnings) };
  if (tools !== undefined) {
    body['tools'] = tools;
    if (request.toolChoice !== undefined) body['tool_choice'] = encodeToolChoice(request.toolChoice, names, textTools);
    if (request.parallelToolCalls !== undefined) body['parallel_tool_calls'] = request.parallelToolCalls;
  } else {
    if (request.toolChoice !== undefined && request.toolChoice.type !== 'none') warnings.unsupported('toolChoice', 'The request has no tools.');
    if (request.parallelToolCalls !== undefined) warnings.unsupported('parallelToolCalls', 'The request has no tools.');
  }
  addSettings(body, request, endpoint, traits.maxTokensField, warnings);
  if (traits.refusesStop && body['stop'] !== undefined) {
    delete body['stop'];
    warnings.unsupported('stopSequences', `${modelId} refuses them.`);
  }
  leaveOutSampling(body, request, traits, warnings);
  if (options.store !== undefined) body['store'] = options.store;
  addCallFields(body, request, call, options, endpoint.isOpenAI, warnings);
  if (stream) {
    body['stream'] = true;
    if (options.includeUsage) body['stream_options'] = { include_usage: true };
  }
  vendor.changeBody?.(body, asked, made, adapting);
  const finished = finishBody(body, request.providerOptions, options, warnings);
  return {
    body: JSON.stringify(finished), headers: requestHeaders(request.headers, sessionHeader(call, options, endpoint.isOpenAI), vendor.headers?.(made)),
    warnings: warnings.list, names, textTools,
  };
}

function addSettings(body: Fields, request: ChatRequest, endpoint: Endpoint, maxTokensField: string, warnings: Warnings): void {
  const { options } = endpoint;
  if (request.maxOutputTokens !== undefined) body[maxTokensField] = request.maxOutputTokens;
  if (request.temperature !== undefined) body['temperature'] = request.temperature;
  if (request.topP !== undefined) body['top_p'] = request.topP;
  if (request.topK !== undefined) {
    if (options.topK) body['top_k'] = request.topK;
    else warnings.unsupported('topK', 'OpenAI has no top_k; the option topK says that an endpoint takes it.');
  }
  if (request.seed !== undefined) body[options.seedParameter] = request.seed;
  if (request.presencePenalty !== undefined) body['presence_penalty'] = request.presencePenalty;
  if (request.frequencyPenalty !== undefined) body['frequency_penalty'] = request.frequencyPenalty;
  if (request.stopSequences !== undefined && request.stopSequences.length > 0) body['stop'] = request.stopSequences;
  if (request.logitBias !== undefined) body['logit_bias'] = request.logitBias;
  if (request.topLogprobs !== undefined) {
    body['logprobs'] = true;
    if (request.topLogprobs > 0) body['top_logprobs'] = request.topLogprobs;
  }
  if (request.reasoning !== undefined) {
    if (options.reasoningParameter === 'reasoning_effort') body['reasoning_effort'] = request.reasoning;
    else if (options.reasoningParameter === 'reasoning') body['reasoning'] = { effort: request.reasoning };
    else warnings.unsupported('reasoning', 'The option reasoningParameter is "none".');
  }
  addResponseFormat(body, request, endpoint, warnings);
}

function addResponseFormat(body: Fields, request: ChatRequest, { options }: Endpoint, warnings: Warnings): void {
  const format = request.responseFormat;
  if (format === undefined || format.type === 'text') return;
  if (options.structuredOutput === 'none') {
    warnings.unsupported('responseFormat', 'The option structuredOutput is "none".');
    return;
  }
  if (format.schema === undefined || options.structuredOutput === 'json_object') {
    body['response_format'] = { type: 'json_object' };
    if (format.schema !== undefined) warnings.unsupported('responseFormat.schema', 'The option structuredOutput is "json_object": the endpoint sees no schema.');
    return;
  }
  const strict = options.strictSchemas === 'always' || (options.strictSchemas === 'auto' && isStrictSchema(format.schema));
  body['response_format'] = {
    type: 'json_schema',
    json_schema: { name: format.name ?? 'answer', schema: format.schema, strict, ...(format.description === undefined ? {} : { description: format.description }) },
  };
}

function encodeTools(request: ChatRequest, names: ToolNames, textTools: Set<string>, dialect: string, warnings: Warnings): Json[] | undefined {
  const tools: Json[] = [];
  for (const tool of request.tools ?? []) {
    if (tool.type === 'provider') {
      if (tool.id !== `${dialect}.custom`) {
        warnings.unsupported(`tool ${tool.id}`, foreignTool(tool, dialect));
        continue;
      }
      textTools.add(tool.name);
      tools.push({ type: 'custom', custom: { name: names.wire(tool.name), ...tool.args } });
      continue;
    }
    tools.push({
      type: 'function',
      function: {
        name: names.wire(tool.name), parameters: tool.inputSchema,
        ...(tool.description === undefined ? {} : { description: tool.description }),
        ...(tool.strict === undefined ? {} : { strict: tool.strict }),
      },
      ...tool.providerOptions?.[dialect],
    });
  }
  return tools.length === 0 ? undefined : tools;
}

function foreignTool(tool: ProviderTool, dialect: string): string {
  return tool.id.startsWith(`${dialect}.`) ? 'Chat completions run no tools; the Responses API (option api) does.' : 'It is another vendor’s tool.';
}

function encodeToolChoice(choice: ToolChoice, names: ToolNames, textTools: ReadonlySet<string>): Json {
  if (choice.type !== 'tool') return choice.type;
  const name = names.wire(choice.toolName);
  return textTools.has(choice.toolName) ? { type: 'custom', custom: { name } } : { type: 'function', function: { name } };
}

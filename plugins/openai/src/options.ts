/** Everything a backend of this plugin can be told in the config, and what each word costs or changes on the wire. */
import { z } from 'zod';

const maxTokensField = z.enum(['auto', 'max_tokens', 'max_completion_tokens']);

/** The options of one backend. A key that is not listed is refused. */
export const OpenAIOptions = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }).default('https://api.openai.com/v1')
    .describe('Address of the API up to and including the version, without a trailing slash; a part ":model" of its path stands for the model id. Default: https://api.openai.com/v1.'),
  api: z.enum(['chat', 'responses']).default('chat')
    .describe('Which API answers chat: POST /chat/completions, which every compatible endpoint has, or POST /responses. Default: chat.'),
  organization: z.string().min(1).optional()
    .describe('Sent as the header openai-organization. Default: none.'),
  project: z.string().min(1).optional()
    .describe('Sent as the header openai-project. Default: none.'),
  authHeader: z.enum(['bearer', 'api-key']).default('bearer')
    .describe('How the key travels: "authorization: Bearer <key>", or "api-key: <key>" as Azure wants it. Default: bearer.'),
  query: z.record(z.string(), z.string()).default({})
    .describe('Query parameters of every request, for example { "api-version": "2026-01-01" }. Default: none.'),
  dialect: z.string().regex(/^[a-z][a-z0-9-]*$/).default('openai')
    .describe('Key under which this endpoint reads and writes vendor data (providerOptions, providerMetadata). Endpoints that do not understand each other’s data need different words. Default: openai.'),
  maxTokensParameter: z.union([maxTokensField, z.record(z.string(), maxTokensField)]).default('auto')
    .describe('Field that carries maxOutputTokens in chat, for all models or by model id. "auto" = max_completion_tokens for o1, o3, o4 and gpt-5 models, which refuse the other, and max_tokens for the rest. Default: auto.'),
  seedParameter: z.enum(['seed', 'random_seed']).default('seed')
    .describe('Field that carries the seed in chat: Mistral calls it random_seed. Default: seed.'),
  systemRole: z.enum(['auto', 'system', 'developer']).default('auto')
    .describe('Role of system messages. "auto" = developer for OpenAI’s reasoning models, system for the rest. Default: auto.'),
  reasoningModels: z.union([z.literal('auto'), z.array(z.string())]).default('auto')
    .describe('Models that reason as OpenAI’s do: no sampling settings, developer role, encrypted reasoning items. "auto" knows them by name; a list names them exactly. Default: auto.'),
  reasoningParameter: z.enum(['reasoning_effort', 'reasoning', 'none']).default('reasoning_effort')
    .describe('How the reasoning effort travels in chat: the field reasoning_effort, the object reasoning { effort }, or not at all (a warning then). Default: reasoning_effort.'),
  reasoningHistory: z.enum(['none', 'reasoning_content', 'reasoning', 'reasoning_details']).default('none')
    .describe('Field of an assistant message in chat that carries this endpoint’s own reasoning back. OpenAI takes none. Default: none (dropped with a warning).'),
  reasoningSummary: z.enum(['auto', 'concise', 'detailed']).optional()
    .describe('Asks the Responses API for a summary of the reasoning, which is all it shows of it. Default: none.'),
  includeUsage: z.boolean().default(true)
    .describe('Asks for token counts in streams (stream_options.include_usage). False for servers that refuse the field; then a stream has no usage. Default: true.'),
  finishReason: z.enum(['required', 'optional']).default('required')
    .describe('Whether a stream that ends with [DONE] but without a finish reason is a cut answer (PROTOCOL) or a whole one. Default: required.'),
  strictSchemas: z.enum(['auto', 'always', 'never']).default('auto')
    .describe('Whether responseFormat schemas are sent as strict. "auto" = when the schema has the shape strict mode demands: every object closed, every property required. Default: auto.'),
  structuredOutput: z.enum(['json_schema', 'json_object', 'none']).default('json_schema')
    .describe('What the endpoint takes at most as response_format. Less than asked becomes a warning; the host validates anyway. Default: json_schema.'),
  topK: z.boolean().default(false)
    .describe('Whether the endpoint takes top_k, which OpenAI does not (llama.cpp, vLLM and OpenRouter do). False = a warning. Default: false.'),
  unsupportedFields: z.array(z.string()).default([])
    .describe('Top-level request fields this endpoint refuses, for example ["logprobs", "logit_bias"]: left out with a warning. Default: none.'),
  toolCallIds: z.enum(['any', 'alphanumeric-9']).default('any')
    .describe('Which tool-call ids of other vendors may go on the wire as they are: any of up to 64 characters of [A-Za-z0-9_-], or only 9 letters and digits. Others are replaced. Default: any.'),
  store: z.boolean().optional()
    .describe('Whether the vendor keeps the answer for later retrieval. Default: the vendor’s in chat; false in Responses, where the history travels with each request anyway.'),
  session: z.enum(['auto', 'prompt_cache_key', 'session_id', 'header', 'none']).default('auto')
    .describe('How a call’s session id travels: a body field, or the header x-session-id. "auto" = prompt_cache_key at api.openai.com, the header elsewhere. Default: auto.'),
  metadata: z.enum(['stored', 'always', 'none']).default('stored')
    .describe('When a call’s metadata travels in the field metadata. "stored" = only when store is true, since OpenAI refuses it otherwise; else a warning. Default: stored.'),
  userField: z.enum(['auto', 'user', 'safety_identifier']).default('auto')
    .describe('Field that carries the end user’s id. "auto" = safety_identifier at api.openai.com, which has retired user, and user elsewhere. Default: auto.'),
  fetchesUrls: z.boolean().default(true)
    .describe('Whether the endpoint fetches image URLs itself. False = files given by address are refused before anything is sent. Default: true.'),
  embeddingEncoding: z.enum(['base64', 'float']).default('base64')
    .describe('Form embeddings are asked in. base64 is a third of the bytes; an answer in arrays is understood either way. "float" for servers that refuse the field’s other value. Default: base64.'),
  maxValuesPerCall: z.int().min(1).default(2048)
    .describe('Most texts in one embeddings request; the host splits. Default: 2048, which is OpenAI’s limit.'),
  models: z.array(z.string().min(1)).optional()
    .describe('Ids to list instead of asking GET /models, for endpoints that have none. Default: ask.'),
});

/** The options as the plugin gets them: defaults filled in. */
export type OpenAIOptions = z.output<typeof OpenAIOptions>;

/** Everything a backend of this plugin can be told in the config, and what each word costs or changes on the wire. */
import { z } from 'zod';

const tokens = z.int().min(1);

/** The options of one backend. A key that is not listed is refused. */
export const AnthropicOptions = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }).default('https://api.anthropic.com')
    .describe('Address of the API. The path /v1/messages is added; a /v1 at its end may be written or left out. Default: https://api.anthropic.com.'),
  version: z.union([z.literal('auto'), z.string().regex(/^\d{4}-\d{2}-\d{2}$/)]).default('auto')
    .describe('Sent as the header anthropic-version. From 2026-10-21 on the API takes no temperature, top_p and top_k. "auto" = 2026-10-21 at api.anthropic.com, and 2023-06-01 elsewhere and for a request with such a setting. Default: auto.'),
  betas: z.array(z.string().regex(/^[\w.-]+$/)).default([])
    .describe('Beta features, sent as the header anthropic-beta with every request; a request adds its own by providerOptions. Default: none.'),
  auth: z.enum(['api-key', 'bearer']).default('api-key')
    .describe('How the key travels: "x-api-key: <key>", or "authorization: Bearer <key>" as OAuth tokens and most gateways want it. Default: api-key.'),
  dialect: z.string().regex(/^[a-z][a-z0-9-]*$/).default('anthropic')
    .describe('Key under which this endpoint reads and writes vendor data (providerOptions, providerMetadata). A vendor that imitates the API signs its own reasoning and needs another word. Default: anthropic.'),
  defaultMaxTokens: z.union([tokens, z.record(z.string(), tokens)]).optional()
    .describe('max_tokens, which the API requires, for requests without maxOutputTokens: for all models or by model id. Default: the most the model can give (128000 from Claude 4.6 on, 64000 or 32000 before, 4096 for an unknown model).'),
  thinking: z.enum(['auto', 'adaptive', 'budget', 'none']).default('auto')
    .describe('How a request’s reasoning level travels: adaptive thinking with an effort, thinking with a token budget, or not at all (a warning then). "auto" knows Claude models by name. Default: auto.'),
  thinkingDisplay: z.enum(['summarized', 'omitted']).optional()
    .describe('Whether the thinking of a request with a reasoning level is shown as a summary or left out; the signature comes either way. Default: the model’s own, which is omitted for most newer ones.'),
  structuredOutput: z.enum(['auto', 'native', 'tool', 'none']).default('auto')
    .describe('How a responseFormat of type json travels: as output_config.format, as a tool the model is made to call, or not at all (a warning then). "auto" = native where model and schema allow it, else the tool. Default: auto.'),
  cache: z.enum(['off', '5m', '1h']).default('off')
    .describe('Puts one automatic prompt-cache breakpoint of that lifetime at the end of every request. Writing costs 1.25 (5m) or 2 (1h) times the input price, reading 0.1. Breakpoints set on parts work in any case. Default: off.'),
  serviceTier: z.enum(['auto', 'standard_only']).optional()
    .describe('Whether priority capacity may be used. Default: the vendor’s, which is auto.'),
  session: z.enum(['auto', 'header', 'none']).default('auto')
    .describe('Whether a call’s session id travels as the header x-session-id, which gateways read. "auto" = not to api.anthropic.com, which has no such field. Default: auto.'),
  fetchesUrls: z.boolean().default(true)
    .describe('Whether the endpoint fetches https addresses of images and PDFs itself. False = files given by address are refused before anything is sent. Default: true.'),
  nonStreaming: z.boolean().default(true)
    .describe('Whether an answer that is wanted whole is asked for whole. False = it is streamed and put together, so that a long answer meets no time limit on the way. Default: true.'),
  models: z.array(z.string().min(1)).optional()
    .describe('Ids to list instead of asking GET /v1/models, for endpoints that have none. Default: ask.'),
});

/** The options as the plugin gets them: defaults filled in. */
export type AnthropicOptions = z.output<typeof AnthropicOptions>;

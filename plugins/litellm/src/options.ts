/** Everything a backend of this plugin can be told in the config, and what each word changes on the wire. */
import { z } from 'zod';

/** The options of one backend. A key that is not listed is refused. */
export const LiteLLMOptions = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ })
    .describe('Address of the proxy, with or without /v1: http://127.0.0.1:4000. Required.'),
  api: z.enum(['chat', 'responses']).default('chat')
    .describe('Which API answers chat: POST /v1/chat/completions or POST /v1/responses. Default: chat.'),
  tags: z.array(z.string().regex(/^[^,\r\n]+$/)).default([])
    .describe('Tags of every request, for tag routing and spend reports: the header x-litellm-tags. Default: none.'),
  customerId: z.string().min(1).optional()
    .describe('Customer every request is billed to: the header x-litellm-customer-id. A request’s own user travels in the body. Default: none.'),
  spendLogsMetadata: z.record(z.string(), z.string()).default({})
    .describe('Facts kept with the spend of every request: the header x-litellm-spend-logs-metadata, as JSON. Default: none.'),
  redactMessages: z.boolean().default(false)
    .describe('Asks the proxy to log no content: the header x-litellm-enable-message-redaction. Default: false.'),
  timeoutMs: z.int().min(1).optional()
    .describe('How long the proxy waits for a vendor, in milliseconds: the header x-litellm-timeout, which is in seconds. Default: the proxy’s.'),
  streamTimeoutMs: z.int().min(1).optional()
    .describe('How long the proxy waits for the first chunk of a stream, in milliseconds: the header x-litellm-stream-timeout. Default: the proxy’s.'),
  proxyRetries: z.int().min(0).optional()
    .describe('How often the proxy itself tries again: the header x-litellm-num-retries. 0 leaves it to the host, which retries too. Default: the proxy’s.'),
  fallbacks: z.array(z.string().min(1)).default([])
    .describe('Models the proxy turns to when the one that was asked fails: the field fallbacks. Default: none, since aliases of the host fall back too.'),
  cache: z.strictObject({
    noCache: z.boolean().optional().describe('Asks for a fresh answer.'),
    noStore: z.boolean().optional().describe('Keeps the answer out of the cache.'),
    ttlSeconds: z.int().min(1).optional().describe('How long the answer is kept.'),
    namespace: z.string().min(1).optional().describe('Part of the cache it lies in.'),
  }).default({})
    .describe('The proxy’s answer cache: the field cache of chat requests. Default: as the proxy is configured.'),
  session: z.enum(['body', 'none']).default('body')
    .describe('Whether a call’s session id travels, as litellm_session_id and metadata.session_id. Default: body.'),
  models: z.array(z.string().min(1)).optional()
    .describe('Ids to list instead of asking GET /model/info. Default: ask.'),
});

/** The options as the plugin gets them: defaults filled in. */
export type LiteLLMOptions = z.output<typeof LiteLLMOptions>;

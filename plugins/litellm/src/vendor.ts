/** What a LiteLLM proxy does otherwise than OpenAI, as hooks of the compatible wire. Source: https://docs.litellm.ai/docs/proxy/request_headers. */
import type { Call, ChatRequest, Json } from '@modelport/plugin-api';
import type { Adapting, CompatibleVendor } from '@modelport/openai/compatible';
import type { Fields } from '@modelport/plugin-api/kit';
import { readHead, readUsage } from './answer-headers.ts';
import { errorCode } from './error.ts';
import type { LiteLLMOptions } from './options.ts';

/** The hooks of one backend. */
export function litellmVendor(options: LiteLLMOptions): CompatibleVendor {
  const headers = requestHeaders(options);
  return {
    adapt: withoutCallFacts,
    changeBody: (body, _asked, call, adapting) => { addProxyFields(body, call, adapting, options); },
    headers: () => headers,
    errorCode,
    readHead,
    readUsage,
  };
}

/** The headers of every request; they are the same for all. */
function requestHeaders(options: LiteLLMOptions): Readonly<Record<string, string>> {
  const seconds = (milliseconds: number | undefined): string | undefined => (milliseconds === undefined ? undefined : String(milliseconds / 1000));
  const headers = {
    'x-litellm-tags': options.tags.length === 0 ? undefined : options.tags.join(','),
    'x-litellm-customer-id': options.customerId,
    'x-litellm-spend-logs-metadata': Object.keys(options.spendLogsMetadata).length === 0 ? undefined : JSON.stringify(options.spendLogsMetadata),
    'x-litellm-enable-message-redaction': options.redactMessages ? 'true' : undefined,
    'x-litellm-timeout': seconds(options.timeoutMs),
    'x-litellm-stream-timeout': seconds(options.streamTimeoutMs),
    'x-litellm-num-retries': options.proxyRetries?.toString(),
  };
  return Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Session and metadata travel in the proxy's own fields, not in OpenAI's. */
function withoutCallFacts(request: ChatRequest, { sessionId: _session, metadata: _metadata, ...call }: Call): { readonly request: ChatRequest; readonly call: Call } {
  return { request, call };
}

function addProxyFields(body: Fields, { sessionId, metadata }: Call, { warnings }: Adapting, { session, fallbacks, cache }: LiteLLMOptions): void {
  const facts: Record<string, Json> = { ...metadata };
  if (sessionId !== undefined && session === 'none') warnings.unsupported('sessionId', 'The option session is "none".');
  if (sessionId !== undefined && session === 'body') {
    body['litellm_session_id'] = sessionId;
    facts['session_id'] = sessionId;
  }
  if (Object.keys(facts).length > 0) body['metadata'] = facts;
  if (fallbacks.length > 0) body['fallbacks'] = fallbacks;
  const { noCache, noStore, ttlSeconds, namespace } = cache;
  const wire = { 'no-cache': noCache, 'no-store': noStore, ttl: ttlSeconds, namespace };
  const set = Object.entries(wire).filter((entry): entry is [string, boolean | number | string] => entry[1] !== undefined);
  if (set.length > 0) body['cache'] = Object.fromEntries(set);
}

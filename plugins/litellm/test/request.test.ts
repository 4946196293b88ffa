/** What the proxy gets: its own fields and headers, one option at a time. */
import type { Call, ChatRequest } from '@modelport/plugin-api';
import { testCall } from '@modelport/testing';
import { expect, test } from 'vitest';
import { ask, lastBody, start } from './start.ts';

async function complete(options: Record<string, unknown>, request: Partial<ChatRequest> = {}, call: Partial<Call> = {}) {
  const { model, upstream } = await start([{ text: 'x' }], options);
  const { warnings = [] } = await model.complete!({ ...ask, ...request }, testCall(call));
  const { path, headers } = upstream.requests.at(-1)!;
  const own = Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-')));
  return { body: lastBody(upstream), path, headers: own, warnings };
}

test.each([['', '/v1/chat/completions'], ['/', '/v1/chat/completions'], ['/v1', '/v1/chat/completions'], ['/v1/', '/v1/chat/completions']])('baseUrl with "%s" at its end reaches the same place', async (end, path) => {
  const { upstream } = await start([{ text: 'x' }]);
  const { model } = await start([], { baseUrl: upstream.baseUrl.replace('/v1', '') + end });
  await model.complete!(ask, testCall());
  expect(upstream.requests[0]?.path).toBe(path);
});

test('api says which API answers chat', async () => {
  expect((await complete({ api: 'responses' })).path).toBe('/v1/responses');
});

test('without options a request is as OpenAI has it', async () => {
  const { body, headers, warnings } = await complete({}, { topK: 4, user: 'u' });
  expect(body).toEqual({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }], top_k: 4, user: 'u' });
  expect([headers, warnings]).toEqual([{}, []]);
});

test.each(['chat', 'responses'])('session id and metadata of a call travel in the proxy’s fields of api %s', async (api) => {
  const { body, headers, warnings } = await complete({ api }, {}, { sessionId: 'chat-12345678', metadata: { feature: 'search' } });
  expect(body).toMatchObject({ litellm_session_id: 'chat-12345678', metadata: { feature: 'search', session_id: 'chat-12345678' } });
  expect([headers, warnings]).toEqual([{}, []]);
});

test('session: none keeps the session id here, with a warning', async () => {
  const { body, warnings } = await complete({ session: 'none' }, {}, { sessionId: 's' });
  expect(body).not.toHaveProperty('litellm_session_id');
  expect(warnings).toMatchObject([{ type: 'unsupported', feature: 'sessionId' }]);
});

test.each([
  ['tags', ['eu', 'prod'], { 'x-litellm-tags': 'eu,prod' }],
  ['customerId', 'acme', { 'x-litellm-customer-id': 'acme' }],
  ['spendLogsMetadata', { team: 'a' }, { 'x-litellm-spend-logs-metadata': '{"team":"a"}' }],
  ['redactMessages', true, { 'x-litellm-enable-message-redaction': 'true' }],
  ['timeoutMs', 1500, { 'x-litellm-timeout': '1.5' }],
  ['streamTimeoutMs', 30_000, { 'x-litellm-stream-timeout': '30' }],
  ['proxyRetries', 0, { 'x-litellm-num-retries': '0' }],
])('%s is a header of every request', async (option, value, expected) => {
  expect((await complete({ [option]: value })).headers).toEqual(expected);
  const { provider, upstream } = await start([], { [option]: value });
  await provider.embeddingModel!('e').embed({ values: ['a'] }, testCall());
  await provider.rerankModel!('r').rerank({ query: 'q', documents: ['a', 'b'] }, testCall());
  for (const { headers } of upstream.requests) expect(headers).toMatchObject(expected);
});

test('a request’s own header wins over an option’s', async () => {
  expect((await complete({ tags: ['eu'] }, { headers: { 'X-LiteLLM-Tags': 'us' } })).headers).toEqual({ 'x-litellm-tags': 'us' });
});

test('fallbacks and cache are fields of the body', async () => {
  expect((await complete({ fallbacks: ['gpt-4o-mini'] })).body['fallbacks']).toEqual(['gpt-4o-mini']);
  expect((await complete({ cache: { noCache: true, noStore: false, ttlSeconds: 60, namespace: 'n' } })).body['cache']).toEqual({ 'no-cache': true, 'no-store': false, ttl: 60, namespace: 'n' });
});

test('whatever else the proxy knows goes in providerOptions.litellm and is merged last', async () => {
  const { body } = await complete({}, { providerOptions: { litellm: { guardrails: ['pii'], metadata: { tags: ['x'] } } } }, { sessionId: 's' });
  expect(body).toMatchObject({ guardrails: ['pii'], metadata: { session_id: 's', tags: ['x'] } });
});

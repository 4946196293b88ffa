/** Every option of a backend and what it does on the wire. */
import type { ChatRequest } from '@modelport/plugin-api';
import { collectParts, foldParts, testCall } from '@modelport/testing';
import { describe, expect, test } from 'vitest';
import { ask, lastBody, start } from './start.ts';

async function complete(request: Partial<ChatRequest>, options: Record<string, unknown>, more: { modelId?: string; secret?: string } = {}) {
  const { model, upstream } = await start([{ text: 'x' }], options, more);
  const result = await model.complete!({ ...ask, ...request }, testCall());
  const request_ = upstream.requests.at(-1)!;
  return { body: lastBody(upstream), headers: request_.headers, path: request_.path, warned: (result.warnings ?? []).map((warning) => ('feature' in warning ? warning.feature : warning.type)) };
}

test('baseUrl and api say where requests go, with or without a slash at the end', async () => {
  expect((await complete({}, {})).path).toBe('/v1/chat/completions');
  expect((await complete({}, { api: 'responses' })).path).toBe('/v1/responses');
  const { upstream } = await start([{ text: 'x' }]);
  const other = await start([{ text: 'x' }], { baseUrl: `${upstream.baseUrl}/` });
  await other.model.complete!(ask, testCall());
  expect(upstream.requests[0]?.path).toBe('/v1/chat/completions');
});

test('organization, project, query and authHeader go with every request', async () => {
  const options = { organization: 'org-1', project: 'proj-1', query: { 'api-version': '2026-01-01' } };
  const bearer = await complete({}, options, { secret: 'sk-test-1' });
  expect(bearer.headers).toMatchObject({ 'openai-organization': 'org-1', 'openai-project': 'proj-1', authorization: 'Bearer sk-test-1' });
  expect(bearer.path).toBe('/v1/chat/completions?api-version=2026-01-01');
  const azure = await complete({}, { ...options, authHeader: 'api-key' }, { secret: 'sk-test-1' });
  expect(azure.headers['api-key']).toBe('sk-test-1');
  expect(azure.headers).not.toHaveProperty('authorization');
});

test('a server that asks for no key gets none', async () => {
  const { headers } = await complete({}, {});
  expect(headers).not.toHaveProperty('authorization');
});

describe('maxTokensParameter', () => {
  const cases: readonly (readonly [string, unknown, string, string])[] = [
    ['auto', 'auto', 'gpt-4o', 'max_tokens'], ['auto', 'auto', 'o1', 'max_completion_tokens'], ['auto', 'auto', 'o3-mini', 'max_completion_tokens'],
    ['auto', 'auto', 'o4-mini', 'max_completion_tokens'], ['auto', 'auto', 'gpt-5-nano', 'max_completion_tokens'], ['auto', 'auto', 'gpt-5-chat-latest', 'max_completion_tokens'],
    ['auto', 'auto', 'openai/gpt-5.2', 'max_completion_tokens'], ['auto', 'auto', 'gpt-oss:20b', 'max_tokens'], ['auto', 'auto', 'o1x-other', 'max_tokens'],
    ['one for all', 'max_completion_tokens', 'gpt-4o', 'max_completion_tokens'], ['one for all', 'max_tokens', 'o3', 'max_tokens'],
    ['by model', { 'gpt-4o': 'max_completion_tokens' }, 'gpt-4o', 'max_completion_tokens'], ['by model', { 'gpt-4o': 'max_completion_tokens' }, 'llama', 'max_tokens'],
  ];
  test.each(cases)('%s (%j): %s takes %s', async (_, maxTokensParameter, modelId, field) => {
    const { body } = await complete({ maxOutputTokens: 9 }, { maxTokensParameter }, { modelId });
    expect(Object.keys(body).filter((key) => key.startsWith('max_'))).toEqual([field]);
  });
});

test('seedParameter names the field of the seed', async () => {
  expect((await complete({ seed: 4 }, {})).body['seed']).toBe(4);
  const { body } = await complete({ seed: 4 }, { seedParameter: 'random_seed' });
  expect([body['random_seed'], body['seed']]).toEqual([4, undefined]);
});

describe('systemRole', () => {
  const messages: ChatRequest['messages'] = [{ role: 'system', content: 'Be brief.' }, ...ask.messages];
  test.each([['auto', 'gpt-4o', 'system'], ['auto', 'gpt-5', 'developer'], ['system', 'gpt-5', 'system'], ['developer', 'gpt-4o', 'developer']])('%s with %s is %s', async (systemRole, modelId, role) => {
    expect((await complete({ messages }, { systemRole }, { modelId })).body['messages']).toMatchObject([{ role, content: 'Be brief.' }, { role: 'user' }]);
    expect((await complete({ messages }, { systemRole, api: 'responses' }, { modelId })).body['input']).toMatchObject([{ role, content: 'Be brief.' }, { role: 'user' }]);
  });
});

test('reasoningModels names the models that reason', async () => {
  const { body, warned } = await complete({ temperature: 1, maxOutputTokens: 3 }, { reasoningModels: ['my-reasoner'] }, { modelId: 'my-reasoner' });
  expect(body).toMatchObject({ max_completion_tokens: 3 });
  expect(warned).toEqual(['temperature']);
  expect((await complete({ temperature: 1 }, { reasoningModels: [] }, { modelId: 'gpt-5' })).body).toMatchObject({ temperature: 1 });
});

test('reasoningParameter names the field of the effort', async () => {
  expect((await complete({ reasoning: 'low' }, { reasoningParameter: 'reasoning' })).body).toMatchObject({ reasoning: { effort: 'low' } });
  const none = await complete({ reasoning: 'low' }, { reasoningParameter: 'none' });
  expect(none.warned).toEqual(['reasoning']);
  expect(Object.keys(none.body).filter((key) => key.startsWith('reasoning'))).toEqual([]);
});

test('reasoningSummary asks the Responses API for one, of models that reason', async () => {
  const options = { api: 'responses', reasoningSummary: 'auto' };
  expect((await complete({}, options, { modelId: 'gpt-5' })).body).toMatchObject({ reasoning: { summary: 'auto' } });
  expect((await complete({}, options)).body).not.toHaveProperty('reasoning');
});

test('includeUsage asks for the counts of a stream, or does not', async () => {
  const asking = await start([{ text: 'x' }]);
  const counted = foldParts((await collectParts(asking.model.stream(ask, testCall()))).parts);
  expect(lastBody(asking.upstream)['stream_options']).toEqual({ include_usage: true });
  expect(counted.usage.inputTokens.total).toBe(11);
  const quiet = await start([{ text: 'x' }], { includeUsage: false });
  const uncounted = foldParts((await collectParts(quiet.model.stream(ask, testCall()))).parts);
  expect(lastBody(quiet.upstream)).not.toHaveProperty('stream_options');
  expect(uncounted.usage.inputTokens.total).toBeUndefined();
});

describe('structuredOutput and strictSchemas', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } } as const;
  const responseFormat = { type: 'json', schema } as const;
  test.each(['chat', 'responses'])('%s', async (api) => {
    const formatOf = (body: Record<string, unknown>): unknown => body['response_format'] ?? (body['text'] as { format?: unknown } | undefined)?.format;
    const object = await complete({ responseFormat }, { api, structuredOutput: 'json_object' });
    expect(formatOf(object.body)).toEqual({ type: 'json_object' });
    expect(object.warned).toEqual(['responseFormat.schema']);
    const none = await complete({ responseFormat }, { api, structuredOutput: 'none' });
    expect(formatOf(none.body)).toBeUndefined();
    expect(none.warned).toEqual(['responseFormat']);
    expect(JSON.stringify(formatOf((await complete({ responseFormat }, { api, strictSchemas: 'always' })).body))).toContain('"strict":true');
    const closed = { ...schema, required: ['a'], additionalProperties: false } as const;
    expect(JSON.stringify(formatOf((await complete({ responseFormat: { type: 'json', schema: closed } }, { api, strictSchemas: 'never' })).body))).toContain('"strict":false');
  });
});

test('topK says that the endpoint takes top_k', async () => {
  const { body, warned } = await complete({ topK: 40 }, { topK: true });
  expect(body).toMatchObject({ top_k: 40 });
  expect(warned).toEqual([]);
});

test('unsupportedFields are left out with a warning', async () => {
  const { body, warned } = await complete({ topLogprobs: 1, seed: 1 }, { unsupportedFields: ['logprobs', 'top_logprobs'] });
  expect(body).not.toHaveProperty('logprobs');
  expect(body).toMatchObject({ seed: 1 });
  expect(warned).toEqual(['logprobs', 'top_logprobs']);
});

test('userField names the field of the end user', async () => {
  expect((await complete({ user: 'u' }, { userField: 'safety_identifier' })).body).toMatchObject({ safety_identifier: 'u' });
});

test('store is sent where it is set, and is false in Responses where it is not', async () => {
  expect((await complete({}, {})).body).not.toHaveProperty('store');
  expect((await complete({}, { store: false })).body).toMatchObject({ store: false });
  expect((await complete({}, { api: 'responses' }, { modelId: 'gpt-5' })).body).toMatchObject({ store: false, include: ['reasoning.encrypted_content'] });
  const stored = await complete({}, { api: 'responses', store: true }, { modelId: 'gpt-5' });
  expect(stored.body).toMatchObject({ store: true });
  expect(stored.body).not.toHaveProperty('include');
});

test('dialect is the key of vendor data in both directions', async () => {
  const { model, upstream } = await start([{ refusal: 'No.' }], { dialect: 'groq' });
  const result = await model.complete!({ ...ask, providerOptions: { groq: { service_tier: 'flex' }, openai: { verbosity: 'low' } } }, testCall());
  expect(lastBody(upstream)).toMatchObject({ service_tier: 'flex' });
  expect(lastBody(upstream)).not.toHaveProperty('verbosity');
  expect(Object.keys(result.providerMetadata ?? {})).toEqual(['groq']);
  expect(result.content[0]).toMatchObject({ providerMetadata: { groq: { refusal: true } } });
});

test('fetchesUrls says whether addresses of images are sent or downloaded first', async () => {
  const fetching = await start([{ text: 'x' }]);
  expect(Object.keys(fetching.model.supportedUrls ?? {})).toEqual(['image/*']);
  const downloading = await start([{ text: 'x' }], { fetchesUrls: false, api: 'responses' });
  expect(downloading.model.supportedUrls).toEqual({});
});

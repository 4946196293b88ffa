/** What Groq gets of a request: its own words, nothing it refuses, a warning for everything left out or changed. */
import type { Call, ChatRequest } from '@modelport/plugin-api';
import { createNodeHttpClient, fakeContext, testCall } from '@modelport/testing';
import { expect, test } from 'vitest';
import plugin, { GroqOptions } from '../src/index.ts';
import { ask, lastBody, start } from './start.ts';

async function complete(request: Partial<ChatRequest>, options: Record<string, unknown> = {}, modelId?: string, call: Partial<Call> = {}) {
  const { model, upstream } = await start([{ text: 'x' }], options, modelId);
  const result = await model.complete!({ ...ask, ...request }, testCall(call));
  return { body: lastBody(upstream), path: upstream.requests[0]?.path, headers: upstream.requests[0]?.headers, warned: (result.warnings ?? []).map((warning) => ('feature' in warning ? [warning.type, warning.feature] : [warning.type])) };
}

const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false } as const;
const tools: ChatRequest['tools'] = [{ type: 'function', name: 'look', inputSchema: { type: 'object' } }];

test('baseUrl says where requests go, with the key', async () => {
  const { path, headers } = await complete({});
  expect([path, headers?.['authorization']]).toEqual(['/openai/v1/chat/completions', 'Bearer gsk-test-key']);
});

test('what Groq answers with a 400 or does not heed is left out, each with a warning', async () => {
  const { body, warned } = await complete({ topLogprobs: 2, logitBias: { 50256: -100 }, topK: 4, presencePenalty: 0.5, frequencyPenalty: 0.5 }, {}, undefined, { sessionId: 's', metadata: { a: 'b' } });
  expect(Object.keys(body).toSorted()).toEqual(['messages', 'model']);
  expect(warned.map(([, feature]) => feature).toSorted()).toEqual(['frequencyPenalty', 'logitBias', 'metadata', 'presencePenalty', 'sessionId', 'topK', 'topLogprobs']);
});

test('settings Groq has travel in its words', async () => {
  const { body, warned } = await complete({ maxOutputTokens: 9, temperature: 0.5, topP: 0.9, seed: 1, stopSequences: ['.'], user: 'u-1', tools, toolChoice: { type: 'required' }, parallelToolCalls: false });
  expect(body).toMatchObject({ max_completion_tokens: 9, temperature: 0.5, top_p: 0.9, seed: 1, stop: ['.'], user: 'u-1', tool_choice: 'required', parallel_tool_calls: false, tools: [{ function: { name: 'look' } }] });
  expect(warned).toEqual([]);
});

test('temperature 0, which Groq does not know, becomes the smallest it takes, with a warning', async () => {
  const { body, warned } = await complete({ temperature: 0 });
  expect(body['temperature']).toBe(1e-8);
  expect(warned).toEqual([['compatibility', 'temperature']]);
});

test('serviceTier goes with every request, and a request’s own wins', async () => {
  expect((await complete({}, { serviceTier: 'flex' })).body['service_tier']).toBe('flex');
  expect((await complete({ providerOptions: { groq: { service_tier: 'auto' } } }, { serviceTier: 'flex' })).body['service_tier']).toBe('auto');
  expect((await complete({})).body).not.toHaveProperty('service_tier');
});

test.each([
  ['qwen/qwen3-32b', 'parsed', { reasoning_format: 'parsed' }], ['qwen/qwen3-32b', 'hidden', { reasoning_format: 'hidden' }], ['qwen/qwen3-32b', 'raw', { reasoning_format: 'raw' }],
  ['openai/gpt-oss-20b', 'parsed', {}], ['openai/gpt-oss-20b', 'hidden', { include_reasoning: false }], ['llama-3.3-70b-versatile', 'hidden', {}],
])('reasoningFormat: %s with %s', async (modelId, reasoningFormat, expected) => {
  const { body } = await complete({}, { reasoningFormat }, modelId);
  expect(Object.fromEntries(Object.entries(body).filter(([name]) => name.includes('reasoning')))).toEqual(expected);
});

test('raw reasoning beside tools or JSON, which Groq refuses, comes parsed with a warning', async () => {
  for (const request of [{ tools }, { responseFormat: { type: 'json' } }] as const) {
    const { body, warned } = await complete(request, { reasoningFormat: 'raw' }, 'qwen/qwen3-32b');
    expect(body['reasoning_format']).toBe('parsed');
    expect(warned).toEqual([['compatibility', 'reasoningFormat']]);
  }
});

test.each([
  ['openai/gpt-oss-120b', 'high', 'high', false], ['openai/gpt-oss-120b', 'minimal', 'low', true], ['openai/gpt-oss-120b', 'none', 'low', true], ['openai/gpt-oss-120b', 'max', 'high', true],
  ['qwen/qwen3-32b', 'none', 'none', false], ['qwen/qwen3-32b', 'high', 'default', true], ['llama-3.3-70b-versatile', 'high', 'high', false],
])('reasoning of %s: %s is %s', async (modelId, asked, sent, isWarned) => {
  const { body, warned } = await complete({ reasoning: asked }, {}, modelId);
  expect(body['reasoning_effort']).toBe(sent);
  expect(warned).toEqual(isWarned ? [['compatibility', 'reasoning']] : []);
});

test('structuredOutput: a schema where the model takes one, JSON with a warning where not', async () => {
  const request: Partial<ChatRequest> = { responseFormat: { type: 'json', schema } };
  expect((await complete(request, {}, 'openai/gpt-oss-20b')).body['response_format']).toMatchObject({ type: 'json_schema', json_schema: { schema, strict: true } });
  const plain = await complete(request);
  expect([plain.body['response_format'], plain.warned]).toEqual([{ type: 'json_object' }, [['unsupported', 'responseFormat.schema']]]);
  expect((await complete(request, { structuredOutput: 'json_schema' })).body['response_format']).toMatchObject({ type: 'json_schema' });
  expect((await complete(request, { structuredOutput: 'json_object' }, 'openai/gpt-oss-20b')).body['response_format']).toEqual({ type: 'json_object' });
});

test('tools Groq runs are sent by their type; other vendors’ are a warning', async () => {
  const { body, warned } = await complete({ tools: [...tools, { type: 'provider', id: 'groq.browser_search', name: 'search', args: {} }, { type: 'provider', id: 'openai.web_search', name: 'web', args: {} }] }, {}, 'openai/gpt-oss-20b');
  expect(body['tools']).toMatchObject([{ type: 'function' }, { type: 'browser_search' }]);
  expect(warned).toEqual([['unsupported', 'tool openai.web_search']]);
});

test('Groq’s own reasoning goes back in history, that of another vendor is left out with a warning', async () => {
  const { body, warned } = await complete({ messages: [...ask.messages, { role: 'assistant', content: [{ type: 'reasoning', text: 'mine', providerMetadata: { groq: { wire: 'chat' } } }, { type: 'reasoning', text: 'theirs', providerMetadata: { anthropic: { signature: 'x' } } }, { type: 'text', text: 'Yes' }] }, ...ask.messages] });
  expect((body['messages'] as unknown[])[1]).toEqual({ role: 'assistant', content: 'Yes', reasoning: 'mine' });
  expect(warned).toEqual([['unsupported', 'reasoning in the history']]);
});

test('models lists the ids it names; without it the vendor’s list tells limits and kinds', async () => {
  const listed = async (options: Record<string, unknown>) => {
    const { provider } = await start([], options);
    const models = [];
    for await (const model of provider.listModels!(testCall())) models.push(model);
    return models;
  };
  expect((await listed({ models: ['a', 'b'] })).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(await listed({})).toEqual([
    { id: 'openai/gpt-oss-20b', kind: 'chat', limits: { contextTokens: 131_072, outputTokens: 65_536 } }, { id: 'whisper-large-v3', kind: 'whisper', limits: { contextTokens: 448 } },
  ]);
});

test('there are no embeddings, health is free, and Groq itself is not asked without a key', async () => {
  const { provider, upstream } = await start([]);
  expect(provider).not.toHaveProperty('embeddingModel');
  expect(await provider.checkHealth!(testCall())).toEqual({ status: 'healthy' });
  expect(upstream.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /openai/v1/models']);
  const keyless = await plugin.start(fakeContext({ schema: GroqOptions, input: {}, http: createNodeHttpClient() }));
  await expect(keyless.chatModel!('m').complete!(ask, testCall())).rejects.toMatchObject({ code: 'AUTH_MISSING' });
});

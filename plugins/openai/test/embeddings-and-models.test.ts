/** Embeddings, the list of models, and health. */
import { testCall } from '@modelport/testing';
import { describe, expect, test } from 'vitest';
import { lastBody, start } from './start.ts';

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('embeddings', () => {
  const values = ['abc', 'hello', 'z'];
  const expected = [[1, 2, 3, 1], [8, 5, 12, 12], [26, 26, 26, 26]].map((vector) => vector.map((value) => value / 64));

  test.each([['base64', false], ['base64', true], ['float', false]])('asked as %s, answered in arrays: %s: the same vectors', async (embeddingEncoding, arraysOnly) => {
    const { provider, upstream } = await start([{}], { embeddingEncoding }, { arraysOnly });
    const result = await provider.embeddingModel!('text-embedding-3-small').embed({ values }, testCall());
    expect(result.embeddings.map((vector) => Array.from(vector))).toEqual(expected);
    expect(result.usage).toEqual({ tokens: 3 });
    expect(lastBody(upstream)).toEqual({ model: 'text-embedding-3-small', input: values, encoding_format: embeddingEncoding });
  });

  test('dimensions, headers and providerOptions are on the wire, maxValuesPerCall is the option’s', async () => {
    const { provider, upstream } = await start([{}], { maxValuesPerCall: 96 });
    const model = provider.embeddingModel!('m');
    expect(model.maxValuesPerCall).toBe(96);
    const { embeddings } = await model.embed({ values: ['a'], dimensions: 2, headers: { 'x-a': 'b' }, providerOptions: { openai: { input_type: 'query' } } }, testCall());
    expect(embeddings[0]).toHaveLength(2);
    expect(lastBody(upstream)).toMatchObject({ dimensions: 2, input_type: 'query' });
    expect(upstream.requests[0]?.headers['x-a']).toBe('b');
  });

  test('vectors come in the order of the texts, whatever the order of the answer', async () => {
    const { provider } = await start([{ whole: { data: [{ index: 1, embedding: [2] }, { index: 0, embedding: [1] }] } }]);
    const { embeddings, usage } = await provider.embeddingModel!('m').embed({ values: ['a', 'b'] }, testCall());
    expect(embeddings).toEqual([[1], [2]]);
    expect(usage).toEqual({ tokens: undefined });
  });

  test.each([
    ['too few', [{ index: 0, embedding: [1] }]], ['doubled', [{ index: 0, embedding: [1] }, { index: 0, embedding: [1] }]],
    ['broken base64', [{ index: 0, embedding: 'AAAA' }, { index: 1, embedding: 'AAAA' }]], ['out of range', [{ index: 0, embedding: [1] }, { index: 7, embedding: [1] }]],
  ])('%s is PROTOCOL', async (_, data) => {
    const { provider } = await start([{ whole: { data } }]);
    await expect(provider.embeddingModel!('m').embed({ values: ['a', 'b'] }, testCall())).rejects.toMatchObject({ code: 'PROTOCOL' });
  });
});

describe('models', () => {
  const models = [
    { id: 'gpt-4o' }, { id: 'text-embedding-3-small' }, { id: 'org/llama', context_length: 8192, name: 'Llama', description: 'Small.' }, { id: 'vllm', max_model_len: 4096 },
    { id: 'gguf', meta: { n_ctx_train: 2048 } }, { id: 'old', shutdown_date: '2026-01-01' }, { id: 'dall-e-3' },
  ];

  test('the live list, with what the endpoint says about each', async () => {
    const { provider } = await start([{}], {}, { models });
    expect(await all(provider.listModels!(testCall()))).toEqual([
      { id: 'gpt-4o', kind: 'chat' }, { id: 'text-embedding-3-small', kind: 'embedding' },
      { id: 'org/llama', kind: 'chat', name: 'Llama', description: 'Small.', limits: { contextTokens: 8192 } }, { id: 'vllm', kind: 'chat', limits: { contextTokens: 4096 } },
      { id: 'gguf', kind: 'chat', limits: { contextTokens: 2048 } }, { id: 'old', kind: 'chat', deprecated: true }, { id: 'dall-e-3', kind: 'dall-e' },
    ]);
  });

  test('one model is described by its own address; an unknown one is undefined', async () => {
    const { provider, upstream } = await start([{}], {}, { models });
    expect(await provider.describeModel!('org/llama', testCall())).toMatchObject({ id: 'org/llama', limits: { contextTokens: 8192 } });
    expect(upstream.requests[0]?.path).toBe('/v1/models/org/llama');
    expect(await provider.describeModel!('nope', testCall())).toBeUndefined();
  });

  test('the option models is the list, and nobody is asked', async () => {
    const { provider, upstream } = await start([{}], { models: ['a', 'b-embed'] });
    expect(await all(provider.listModels!(testCall()))).toEqual([{ id: 'a', kind: 'chat' }, { id: 'b-embed', kind: 'embedding' }]);
    expect(await provider.describeModel!('a', testCall())).toEqual({ id: 'a', kind: 'chat' });
    expect(await provider.describeModel!('c', testCall())).toBeUndefined();
    expect(upstream.requests).toHaveLength(0);
  });
});

describe('health', () => {
  test('is asked of the free list of models', async () => {
    const { provider, upstream } = await start([{}]);
    expect(await provider.checkHealth!(testCall())).toEqual({ status: 'healthy' });
    expect(upstream.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['GET /v1/models']);
  });

  test('a refused key is unhealthy and says what to do', async () => {
    const { provider } = await start([{}], {}, { apiKey: 'sk-right', secret: 'sk-wrong' });
    expect(await provider.checkHealth!(testCall())).toMatchObject({ status: 'unhealthy', remedy: expect.stringContaining('apiKey') as string });
  });

  test('a server that is not there is unhealthy', async () => {
    const { provider, upstream } = await start([{}]);
    await upstream.close();
    expect(await provider.checkHealth!(testCall())).toMatchObject({ status: 'unhealthy' });
  });
});

test('what OpenRouter says of prices, parameters and modalities is told; a router without a price has none', async () => {
  const { provider } = await start([], {}, {
    models: [
      {
        id: 'a/b', name: 'B', context_length: 1000, pricing: { prompt: '0.0000006', completion: '0.0000024', input_cache_read: '0.00000006', request: '0' },
        supported_parameters: ['tools', 'tool_choice', 'structured_outputs', 'temperature'], architecture: { input_modalities: ['text', 'image'] },
      },
      { id: 'auto', pricing: { prompt: '-1', completion: '-1' } },
    ] as never,
  });
  const listed = [];
  for await (const model of provider.listModels!(testCall())) listed.push(model);
  expect(listed).toEqual([
    {
      id: 'a/b', kind: 'chat', name: 'B', limits: { contextTokens: 1000 }, capabilities: { tools: true, 'tool-choice': true, 'json-schema': true, 'image-input': true },
      price: { asOf: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string, inputUsdPerMillionTokens: 0.6, outputUsdPerMillionTokens: 2.4, cacheReadUsdPerMillionTokens: 0.06 },
    },
    { id: 'auto', kind: 'chat' },
  ]);
});

/** The list of models, one of them, and health. */
import type { ModelInfo, Provider } from '@modelport/plugin-api';
import { testCall } from '@modelport/testing';
import { describe, expect, test } from 'vitest';
import { start } from './start.ts';

async function listed(provider: Provider): Promise<ModelInfo[]> {
  const found: ModelInfo[] = [];
  for await (const model of provider.listModels!(testCall())) found.push(model);
  return found;
}

const supported = { supported: true };
const models = [
  {
    id: 'claude-opus-5-5', display_name: 'Claude Opus 5.5', max_input_tokens: 1_000_000, max_tokens: 128_000,
    capabilities: { image_input: supported, pdf_input: supported, structured_outputs: supported, thinking: supported },
  },
  { id: 'claude-3-haiku-20240307', display_name: 'Claude Haiku 3', lifecycle: 'deprecated', capabilities: { image_input: supported, pdf_input: { supported: false }, structured_outputs: { supported: false }, thinking: { supported: false } } },
  { id: 'someone-elses' },
];
const always = { streaming: true, 'system-message': true, seed: false, logprobs: false, 'audio-input': false };

test('the live list, over all its pages, with what the endpoint says of each', async () => {
  const { provider, upstream } = await start([{}], {}, { models, pageSize: 1 });
  expect(await listed(provider)).toEqual([
    {
      id: 'claude-opus-5-5', kind: 'chat', name: 'Claude Opus 5.5', limits: { contextTokens: 1_000_000, outputTokens: 128_000 },
      capabilities: { ...always, tools: true, 'parallel-tools': true, 'tool-choice': false, 'image-input': true, 'file-input': true, 'json-schema': true, reasoning: true },
    },
    {
      id: 'claude-3-haiku-20240307', kind: 'chat', name: 'Claude Haiku 3', deprecated: true,
      capabilities: { ...always, tools: true, 'parallel-tools': true, 'tool-choice': true, 'image-input': true, 'file-input': false, 'json-schema': false, reasoning: false },
    },
    { id: 'someone-elses', kind: 'chat', name: 'someone-elses', capabilities: always },
  ]);
  expect(upstream.requests.map(({ path }) => path)).toEqual(['/v1/models?limit=1000', '/v1/models?limit=1000&after_id=claude-opus-5-5', '/v1/models?limit=1000&after_id=claude-3-haiku-20240307']);
});

test('one model is described by its own address; an unknown one is undefined', async () => {
  const { provider } = await start([{}], {}, { models });
  expect(await provider.describeModel!('claude-opus-5-5', testCall())).toMatchObject({ limits: { contextTokens: 1_000_000 } });
  expect(await provider.describeModel!('nope', testCall())).toBeUndefined();
});

test('the option models is the list, and nobody is asked', async () => {
  const { provider, upstream } = await start([{}], { models: ['a', 'b'] });
  expect((await listed(provider)).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(await provider.describeModel!('a', testCall())).toMatchObject({ id: 'a' });
  expect(await provider.describeModel!('c', testCall())).toBeUndefined();
  expect(upstream.requests).toHaveLength(0);
});

describe('health', () => {
  test('is asked of the free list of models', async () => {
    const { provider, upstream } = await start([{}], { betas: ['a'] });
    expect(await provider.checkHealth!(testCall())).toEqual({ status: 'healthy' });
    expect(upstream.requests.map(({ method, path, headers }) => [method, path, headers['anthropic-beta']])).toEqual([['GET', '/v1/models?limit=1', 'a']]);
  });

  test('a refused key is unhealthy and says what to do', async () => {
    const { provider } = await start([{}], {}, { apiKey: 'sk-ant-right', secret: 'sk-ant-wrong' });
    expect(await provider.checkHealth!(testCall())).toMatchObject({ status: 'unhealthy', remedy: expect.stringContaining('apiKey') as string });
  });

  test('a server that is not there is unhealthy', async () => {
    const { provider, upstream } = await start([{}]);
    await upstream.close();
    expect(await provider.checkHealth!(testCall())).toMatchObject({ status: 'unhealthy' });
  });
});

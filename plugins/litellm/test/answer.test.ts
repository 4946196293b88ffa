/** What the proxy says back: cost and route in headers, models with their facts, health, rankings and errors. */
import { CallError, type ModelInfo, type Provider } from '@modelport/plugin-api';
import { collectParts, testCall, type Turn } from '@modelport/testing';
import { describe, expect, test } from 'vitest';
import { ask, start } from './start.ts';

const facts = {
  callId: 'b980db26-9512-45cc-b1da-c511a363b83f', deploymentId: 'cb41bc03f4c33d31', modelGroup: 'gpt-4o', apiBase: 'https://api.openai.com', version: '1.80.0',
  keySpendUsd: 0.5, durationMs: 812.5, overheadMs: 3.25, attemptedRetries: 0, attemptedFallbacks: 1,
};

async function listed(provider: Provider): Promise<ModelInfo[]> {
  const models: ModelInfo[] = [];
  for await (const model of provider.listModels!(testCall())) models.push(model);
  return models;
}

describe('the head of an answer', () => {
  test.each(['chat', 'responses'])('gives cost and route of a whole answer of api %s', async (api) => {
    const { model } = await start([{ text: 'x' }], { api });
    const { usage, providerMetadata } = await model.complete!(ask, testCall());
    expect(usage.costUsd).toBe(0.000123);
    expect(providerMetadata).toMatchObject({ litellm: { ...facts, costUsd: 0.000123 } });
  });

  test('of a stream gives the route, but no cost, which is not known yet', async () => {
    const { model } = await start([{ text: 'x' }]);
    const { parts } = await collectParts(model.stream(ask, testCall()));
    const finish = parts.at(-1);
    expect(finish).toMatchObject({ type: 'finish', providerMetadata: { litellm: facts } });
    expect(JSON.stringify(finish)).not.toContain('costUsd');
  });

  test('a stream’s cost is the one its usage states', async () => {
    const end = { id: 'c', choices: [], usage: { prompt_tokens: 1, completion_tokens: 1, cost: 0.25 } };
    const { model } = await start([{ events: [{ id: 'c', choices: [{ index: 0, delta: { content: 'x' }, finish_reason: 'stop' }] }, end, '[DONE]'] }]);
    expect((await collectParts(model.stream(ask, testCall()))).parts.at(-1)).toMatchObject({ usage: { costUsd: 0.25 } });
  });

  test.each(['None', '', '-1', 'x'])('a cost of "%s" is unknown, not 0', async (cost) => {
    const { model } = await start([{ text: 'x', headers: { 'x-litellm-response-cost': cost } }]);
    const { usage } = await model.complete!(ask, testCall());
    expect(usage).not.toHaveProperty('costUsd');
  });
});

describe('models', () => {
  test('come with who serves them, limits, capabilities and prices for each million', async () => {
    const { provider, upstream } = await start([]);
    const [model, ...others] = await listed(provider);
    expect(others).toEqual([]);
    expect(model).toEqual({
      id: 'gpt-4o', kind: 'chat', description: 'served by openai as openai/gpt-4o', capabilities: { tools: true, 'image-input': true }, limits: { contextTokens: 128_000, outputTokens: 16_384 },
      price: { asOf: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string, inputUsdPerMillionTokens: 2.5, outputUsdPerMillionTokens: 10, cacheReadUsdPerMillionTokens: 1.25 },
    });
    expect(upstream.requests.map(({ path }) => path)).toEqual(['/model/info']);
    expect(await provider.describeModel!('gpt-4o', testCall())).toEqual(model);
    expect(await provider.describeModel!('other', testCall())).toBeUndefined();
  });

  test('of two deployments that differ tell only what both have in common', async () => {
    const deployment = (model: string, info: object): object => ({ model_name: 'mix', litellm_params: { model }, model_info: { mode: 'chat', max_input_tokens: 1000, supports_function_calling: true, input_cost_per_token: 1e-6, ...info } });
    const { provider } = await start([], {}, { deployments: [deployment('a/x', { max_output_tokens: 10, supports_vision: true }), deployment('b/x', { max_output_tokens: 20, input_cost_per_token: 2e-6 })] });
    expect(await listed(provider)).toEqual([{ id: 'mix', kind: 'chat', description: 'served by several deployments', capabilities: { tools: true }, limits: { contextTokens: 1000 } }]);
  });

  test('without facts or prices tell nothing of them', async () => {
    const { provider } = await start([], {}, { deployments: [{ model_name: 'bare' }, { model_name: 'free', model_info: { mode: 'embedding', input_cost_per_token: 0, output_cost_per_token: 0, output_vector_size: 8 } }, { no: 'name' }] });
    expect(await listed(provider)).toEqual([{ id: 'bare', kind: 'chat' }, { id: 'free', kind: 'embedding', limits: { dimensions: 8 } }]);
  });

  test.each([403, 404])('are those of /models where /model/info is a %i', async (status) => {
    const { provider } = await start([], {}, { routes: { 'GET /model/info': { status, body: { error: { message: 'no' } } } }, models: [{ id: 'one' }] });
    expect((await listed(provider)).map(({ id }) => id)).toEqual(['one']);
  });

  test('are those of the option models', async () => {
    const { provider, upstream } = await start([], { models: ['a'] });
    expect([(await listed(provider)).map(({ id }) => id), upstream.requests]).toEqual([['a'], []]);
  });
});

describe('health', () => {
  test('asks readiness and the free list of models, never the paid /health', async () => {
    const { provider, upstream } = await start([], {}, { apiKey: 'sk-proxy-key', secret: 'sk-proxy-key' });
    expect(await provider.checkHealth!(testCall())).toEqual({ status: 'healthy', version: '1.80.0' });
    expect(upstream.requests.map(({ path }) => path)).toEqual(['/health/readiness', '/v1/models']);
  });

  test('tells a proxy that is not ready, a wrong key, and one that does not run, with what mends it', async () => {
    const notReady = await start([], {}, { routes: { 'GET /health/readiness': { status: 503, body: { error: { message: 'Not connected to DB' } } } } });
    expect(await notReady.provider.checkHealth!(testCall())).toMatchObject({ status: 'unhealthy', reason: expect.stringContaining('Not connected to DB') as string });
    const wrongKey = await start([], {}, { apiKey: 'sk-proxy-key', secret: 'sk-another-key' });
    expect(await wrongKey.provider.checkHealth!(testCall())).toMatchObject({ status: 'unhealthy', remedy: expect.stringContaining('virtual key') as string });
    const gone = await start([], {});
    await gone.upstream.close();
    expect(await gone.provider.checkHealth!(testCall())).toMatchObject({ status: 'unhealthy', remedy: expect.stringContaining('litellm --config') as string });
  });
});

test('a ranking comes in the proxy’s order, with its tokens', async () => {
  const { provider, upstream } = await start([]);
  const result = await provider.rerankModel!('rerank-3').rerank({ query: 'sea', documents: ['a river', 'an ocean'], topN: 2, providerOptions: { litellm: { rank_fields: ['t'] } } }, testCall());
  expect(result).toEqual({ ranking: [{ index: 1, relevanceScore: 0.9 }, { index: 0, relevanceScore: 0.1 }], usage: { tokens: 12 } });
  expect(upstream.requests[0]).toMatchObject({ path: '/v1/rerank', body: { model: 'rerank-3', query: 'sea', documents: ['a river', 'an ocean'], top_n: 2, rank_fields: ['t'] } });
  for (const body of [{}, { results: [{ index: 0 }] }]) {
    const broken = await start([], {}, { routes: { 'POST /v1/rerank': { body } } });
    await expect(broken.provider.rerankModel!('r').rerank({ query: 'q', documents: ['a'] }, testCall())).rejects.toMatchObject({ code: 'PROTOCOL' });
  }
});

const errors: readonly (readonly [number, NonNullable<Turn['error']>, string])[] = [
  [400, { status: 400, type: 'budget_exceeded', message: 'Budget has been exceeded! Current cost: 11, Max budget: 10' }, 'QUOTA_EXCEEDED'],
  [401, { status: 401, type: 'auth_error', message: 'Authentication Error, Invalid proxy server token passed' }, 'AUTH_INVALID'],
  [401, { status: 401, type: 'key_model_access_denied', message: 'key not allowed to access model' }, 'AUTH_INVALID'],
  [400, { status: 400, message: 'litellm.BadRequestError: litellm.ContextWindowExceededError: too many tokens. Received Model Group=gpt-4o' }, 'CONTEXT_OVERFLOW'],
  [400, { status: 400, message: 'litellm.ContentPolicyViolationError: AzureException - filtered' }, 'CONTENT_FILTERED'],
  [429, { status: 429, type: 'throttling_error', message: 'litellm.RateLimitError: RateLimitError: OpenAIException - slow down' }, 'RATE_LIMITED'],
  [429, { status: 429, message: 'No deployments available for selected model, Try again in 5 seconds.' }, 'OVERLOADED'],
  [408, { status: 408, message: 'litellm.Timeout: AnthropicException - timed out' }, 'TIMEOUT'],
  [400, { status: 400, message: '/chat/completions: Invalid model name passed in model=gpt-9' }, 'MODEL_NOT_FOUND'],
  [500, { status: 500, message: 'litellm.APIConnectionError: connection refused' }, 'OVERLOADED'],
  [400, { status: 400, message: 'litellm.BadRequestError: OpenAIException - no such field' }, 'REQUEST_INVALID'],
];

test.each(errors)('%i %j is %s', async (status, error, code) => {
  const { model } = await start([{ error }], {}, { secret: 'sk-proxy-key' });
  const thrown: unknown = await model.complete!(ask, testCall()).catch((reason: unknown) => reason);
  expect(CallError.is(thrown) && [thrown.code, thrown.facts.status]).toEqual([code, status]);
});

test('a key is sent where one is set, and none where none is', async () => {
  const keyed = await start([{ text: 'x' }], {}, { apiKey: 'sk-proxy-key', secret: 'sk-proxy-key' });
  await keyed.model.complete!(ask, testCall());
  expect(keyed.upstream.requests[0]?.headers['authorization']).toBe('Bearer sk-proxy-key');
  const open = await start([{ text: 'x' }]);
  await open.model.complete!(ask, testCall());
  expect(open.upstream.requests[0]?.headers).not.toHaveProperty('authorization');
});

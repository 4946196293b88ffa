/** Embeddings, the list of models, and health. */
import { testCall } from '@modelport/testing';
import { expect, test } from 'vitest';
import { lastBody, start } from './start.ts';

async function listed(provider: Awaited<ReturnType<typeof start>>['provider']) {
  const models = [];
  for await (const model of provider.listModels!(testCall())) models.push(model);
  return models;
}

test('Titan embeds one text a request, with the length that was asked', async () => {
  const { provider, upstream } = await start([{}]);
  const model = provider.embeddingModel!('amazon.titan-embed-text-v2:0');
  expect(model.maxValuesPerCall).toBe(1);
  expect(await model.embed({ values: ['Hello'], dimensions: 4, providerOptions: { bedrock: { normalize: false } }, headers: { 'x-team': 'blue' } }, testCall())).toEqual({ embeddings: [[5, 0.5, 0.5, 0.5]], usage: { tokens: 1 } });
  expect(lastBody(upstream)).toEqual({ inputText: 'Hello', dimensions: 4, normalize: false });
  expect(upstream.requests[0]).toMatchObject({ path: '/model/amazon.titan-embed-text-v2%3A0/invoke', headers: { 'x-team': 'blue' } });
});

test('Cohere embeds many, in order, and Bedrock’s own count is the usage', async () => {
  const { provider, upstream } = await start([{ usage: { input: 9, output: 0 } }]);
  const third = provider.embeddingModel!('cohere.embed-multilingual-v3');
  expect(third.maxValuesPerCall).toBe(96);
  const { embeddings, usage, warnings } = await third.embed({ values: ['a', 'bb'], dimensions: 8 }, testCall());
  expect([embeddings.map((vector) => vector[0]), usage, warnings]).toEqual([[1, 2], { tokens: 9 }, [{ type: 'unsupported', feature: 'dimensions', details: 'This model has one length only.' }]]);
  expect((await provider.embeddingModel!('eu.cohere.embed-v4:0').embed({ values: ['abc'], dimensions: 256, providerOptions: { bedrock: { input_type: 'search_query' } } }, testCall())).embeddings).toEqual([[3, 0.5, 0.5]]);
  expect(lastBody(upstream)).toEqual({ texts: ['abc'], input_type: 'search_query', embedding_types: ['float'], output_dimension: 256 });
});

test('an embedding model this plugin does not know, and an answer without vectors, are errors', async () => {
  const { provider } = await start([{ whole: { message: 'hm' } }]);
  await expect(provider.embeddingModel!('amazon.nova-2-multimodal-embeddings-v1:0').embed({ values: ['a'] }, testCall())).rejects.toMatchObject({ code: 'CAPABILITY_MISSING' });
  await expect(provider.embeddingModel!('amazon.titan-embed-text-v2:0').embed({ values: ['a'] }, testCall())).rejects.toMatchObject({ code: 'PROTOCOL' });
});

test('models that can be called by id are listed, then inference profiles, page by page', async () => {
  const { provider, upstream } = await start([{}], {}, {
    models: [
      { modelId: 'anthropic.claude-opus-4-6-v1', modelName: 'Claude Opus 4.6', inputModalities: ['TEXT', 'IMAGE'], inferenceTypesSupported: [] }, { modelId: 'amazon.nova-pro-v1:0', modelLifecycle: { status: 'LEGACY' } },
      { modelId: 'amazon.titan-embed-text-v2:0', outputModalities: ['EMBEDDING'] }, { modelId: 'amazon.nova-canvas-v1:0', outputModalities: ['IMAGE'] },
    ],
    profiles: [
      { inferenceProfileId: 'eu.anthropic.claude-opus-4-6-v1', inferenceProfileName: 'EU Opus', models: [{ modelArn: 'arn:aws:bedrock:eu-central-1::foundation-model/anthropic.claude-opus-4-6-v1' }] },
      { inferenceProfileId: 'abc', type: 'APPLICATION', inferenceProfileArn: 'arn:aws:bedrock:eu-central-1:1:application-inference-profile/abc', description: 'Ours' },
      { inferenceProfileId: 'us.amazon.nova-canvas-v1:0', models: [{ modelArn: 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-canvas-v1:0' }] },
    ],
    pageSize: 2,
  });
  expect(await listed(provider)).toMatchObject([
    { id: 'amazon.nova-pro-v1:0', kind: 'chat', deprecated: true, capabilities: { streaming: true, 'image-input': false } }, { id: 'amazon.titan-embed-text-v2:0', kind: 'embedding' },
    { id: 'eu.anthropic.claude-opus-4-6-v1', kind: 'chat', name: 'EU Opus', capabilities: { 'image-input': true, 'json-schema': true, reasoning: true } },
    { id: 'arn:aws:bedrock:eu-central-1:1:application-inference-profile/abc', description: 'Ours' },
  ]);
  expect(upstream.requests.map(({ path }) => path.replace(/\?.*/, ''))).toEqual(['/foundation-models', '/inference-profiles', '/inference-profiles']);
});

test('requests to the control plane are signed as they are sent, query and all', async () => {
  const keys = { accessKeyId: 'AKIASCRIPTED', secretAccessKey: 'secret/key+of=tests' };
  const { provider } = await start([{}], {}, { keys, profiles: ['a', 'b'].map((inferenceProfileId) => ({ inferenceProfileId })), pageSize: 1 });
  expect((await listed(provider)).map(({ id }) => id)).toEqual(['scripted.chat-v1:0', 'a', 'b']);
});

test('ids of the option models are listed without asking', async () => {
  const { provider, upstream } = await start([{}], { models: ['anthropic.claude-opus-4-6-v1', 'arn:aws:bedrock:eu-central-1:1:imported-model/x'] });
  expect((await listed(provider)).map(({ id, kind }) => [id, kind])).toEqual([['anthropic.claude-opus-4-6-v1', 'chat'], ['arn:aws:bedrock:eu-central-1:1:imported-model/x', undefined]]);
  expect(upstream.requests).toHaveLength(0);
});

test('health: healthy, a refused key with what to do, and unknown where the list is not allowed', async () => {
  const { provider } = await start([{}]);
  expect(await provider.checkHealth!(testCall())).toEqual({ status: 'healthy' });
  const refused = await start([{}], {}, { keys: { accessKeyId: 'AKIAOTHER', secretAccessKey: 'x' } });
  expect(await refused.provider.checkHealth!(testCall())).toMatchObject({ status: 'unhealthy', reason: expect.stringContaining('signature'), remedy: expect.stringContaining('get-caller-identity') as string });
  const missing = await start([{}], { auth: 'api-key' });
  expect(await missing.provider.checkHealth!(testCall())).toMatchObject({ status: 'unhealthy', remedy: expect.any(String) as string });
});

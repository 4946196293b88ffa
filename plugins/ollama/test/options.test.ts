/** Every option, and what it changes on the wire. */
import { CallError, type Plugin } from '@modelport/plugin-api';
import { createNodeHttpClient, createOllamaUpstream, fakeContext, testCall } from '@modelport/testing';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';
import plugin, { OllamaOptions } from '../src/index.ts';
import { serverAddress } from '../src/address.ts';
import { ask, lastBody, start } from './start.ts';

afterEach(() => vi.unstubAllEnvs());

test('options.schema.json is what the code’s schema says', async () => {
  const schema = z.toJSONSchema(OllamaOptions, { io: 'input', target: 'draft-2020-12' });
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../options.schema.json');
});

test('no option is needed, and an unknown one is refused', () => {
  expect(OllamaOptions.parse({})).toMatchObject({ truncate: false, think: 'auto' });
  expect(OllamaOptions.safeParse({ numctx: 8192 }).success).toBe(false);
  expect(OllamaOptions.safeParse({ keepAlive: 'soon' }).success).toBe(false);
});

async function sent(options: Record<string, unknown>, more: object = {}, modelId = 'scripted') {
  const { model, upstream } = await start([{ text: 'x' }], options, { modelId, models: [{ id: `${modelId}:latest` }] });
  const { warnings = [] } = await model.complete!({ ...ask, ...more }, testCall());
  return { body: lastBody(upstream), warned: warnings.map((warning) => ('feature' in warning ? warning.feature : warning.type)) };
}

test('without options only what was asked for is sent, and nothing is cut in silence', async () => {
  expect((await sent({})).body).toEqual({ model: 'scripted', messages: [{ role: 'user', content: 'Hi' }], stream: false, truncate: false });
});

test('baseUrl says where the server is, with or without its /api', async () => {
  const upstream = await createOllamaUpstream();
  const http = createNodeHttpClient();
  onTestFinished(async () => {
    http.close();
    await upstream.close();
  });
  const provider = await plugin.start(fakeContext({ schema: OllamaOptions, input: { baseUrl: `${upstream.baseUrl}/api/` }, http }));
  await provider.chatModel!('scripted').complete!(ask, testCall());
  expect(upstream.requests[0]).toMatchObject({ method: 'POST', path: '/api/chat' });
});

test.each([
  ['0.0.0.0', 'http://127.0.0.1:11434'], ['gpu.lan:9000', 'http://gpu.lan:9000'], [':9000', 'http://127.0.0.1:9000'],
  ['https://gpu.lan', 'https://gpu.lan'], ['http://gpu.lan', 'http://gpu.lan'], ['', 'http://127.0.0.1:11434'], ['"[::1]"', 'http://[::1]:11434'], ['://', 'http://127.0.0.1:11434'],
])('OLLAMA_HOST %j is %s', (value, address) => {
  expect(serverAddress(OllamaOptions.parse({}), { OLLAMA_HOST: value })).toBe(address);
});

test('baseUrl wins over OLLAMA_HOST', () => {
  expect(serverAddress(OllamaOptions.parse({ baseUrl: 'http://a:1' }), { OLLAMA_HOST: 'b:2' })).toBe('http://a:1');
});

test('a host that only OLLAMA_HOST names and the host refuses says which option to write', async () => {
  vi.stubEnv('OLLAMA_HOST', 'gpu.example:9000');
  const http = { fetch: globalThis.fetch, request: async () => { throw new CallError('HOST_NOT_ALLOWED', 'gpu.example:9000 is not allowed.'); } };
  const provider = await (plugin as Plugin).start(fakeContext({ schema: OllamaOptions, input: {}, http }) as never);
  await expect(provider.chatModel!('x').complete!(ask, testCall())).rejects.toMatchObject({ code: 'HOST_NOT_ALLOWED', message: expect.stringContaining('as the option baseUrl') });
});

test('numCtx goes with every request, for all models or by id', async () => {
  expect((await sent({ numCtx: 16_384 })).body['options']).toEqual({ num_ctx: 16_384 });
  expect((await sent({ numCtx: { scripted: 4_096 } })).body['options']).toEqual({ num_ctx: 4_096 });
  expect((await sent({ numCtx: { other: 4_096 } })).body['options']).toBeUndefined();
});

test('numCtx goes with embeddings and loading too, so that no request loads the model anew', async () => {
  const { provider, upstream } = await start([], { numCtx: 2_048 });
  await provider.embeddingModel!('scripted-embedding').embed({ values: ['a'] }, testCall());
  expect(lastBody(upstream)['options']).toEqual({ num_ctx: 2_048 });
  await provider.local!.load!('scripted', {}, testCall());
  expect(lastBody(upstream)['options']).toEqual({ num_ctx: 2_048 });
});

test('truncate, shift and keepAlive travel under their names', async () => {
  expect((await sent({ truncate: true, shift: false, keepAlive: '10m' })).body).toMatchObject({ truncate: true, shift: false, keep_alive: '10m' });
  expect((await sent({ keepAlive: -1 })).body).toMatchObject({ keep_alive: -1 });
});

test('options are the defaults of model options, under the request’s own', async () => {
  expect((await sent({ options: { min_p: 0.1, temperature: 1 } }, { temperature: 0 })).body['options']).toEqual({ min_p: 0.1, temperature: 0 });
});

test('think says how the reasoning effort travels', async () => {
  expect(await sent({}, { reasoning: 'high' })).toMatchObject({ body: { think: true }, warned: ['reasoning'] });
  expect(await sent({}, { reasoning: 'none' })).toMatchObject({ body: { think: false }, warned: [] });
  expect(await sent({ think: 'levels' }, { reasoning: 'high' })).toMatchObject({ body: { think: 'high' }, warned: [] });
  expect(await sent({ think: 'levels' }, { reasoning: 'max' })).toMatchObject({ body: { think: 'high' }, warned: ['reasoning'] });
  expect(await sent({}, { reasoning: 'minimal' }, 'gpt-oss')).toMatchObject({ body: { think: 'low' }, warned: ['reasoning'] });
  expect(await sent({ think: 'boolean' }, { reasoning: 'medium' }, 'gpt-oss')).toMatchObject({ body: { think: true } });
});

test('reasoningHistory says whether own reasoning goes back', async () => {
  const messages = [...ask.messages, { role: 'assistant', content: [{ type: 'reasoning', text: 'hm', providerMetadata: { ollama: { thinking: true } } }, { type: 'text', text: 'A' }] }, ...ask.messages];
  expect((await sent({}, { messages })).body['messages']).toContainEqual({ role: 'assistant', content: 'A', thinking: 'hm' });
  expect(await sent({ reasoningHistory: false }, { messages })).toMatchObject({ body: { messages: [{}, { role: 'assistant', content: 'A' }, {}] }, warned: ['reasoning in the history'] });
});

test('maxValuesPerCall is what the host splits by', async () => {
  const { provider } = await start([], { maxValuesPerCall: 3 });
  expect(provider.embeddingModel!('scripted-embedding').maxValuesPerCall).toBe(3);
});

test('the secret travels as a bearer token, and no secret sends none', async () => {
  const keyed = await start([{ text: 'x' }], {}, { secret: 'key-12345678' });
  await keyed.model.complete!({ ...ask, headers: { Authorization: 'mine', 'X-Trace': '1' } }, testCall());
  expect(keyed.upstream.requests[0]!.headers).toMatchObject({ authorization: 'Bearer key-12345678', 'x-trace': '1' });
  const open = await start([{ text: 'x' }]);
  await open.model.complete!(ask, testCall());
  expect(open.upstream.requests[0]!.headers['authorization']).toBeUndefined();
});

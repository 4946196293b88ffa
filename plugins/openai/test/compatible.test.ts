/** `@modelport/openai/compatible`: what a plugin of a vendor with differences can change, seen on the wire and in the answer. */
import { CallError, type Call, type ChatRequest, type Json } from '@modelport/plugin-api';
import { collectParts, createNodeHttpClient, createOpenAIUpstream, fakeContext, testCall, type OpenAIUpstream, type Turn } from '@modelport/testing';
import { expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { createCompatibleProvider, Endpoint, OpenAIOptions, type CompatibleProvider, type CompatibleVendor } from '../src/compatible.ts';
import { ask, lastBody } from './start.ts';

async function startVendor(turns: readonly Turn[], vendor: CompatibleVendor, options: Record<string, unknown> = {}): Promise<{ upstream: OpenAIUpstream; provider: CompatibleProvider }> {
  const upstream = await createOpenAIUpstream({ turns });
  const http = createNodeHttpClient();
  onTestFinished(async () => {
    http.close();
    await upstream.close();
  });
  const context = fakeContext({ schema: z.object({}), input: {}, http });
  return { upstream, provider: createCompatibleProvider(new Endpoint(context, OpenAIOptions.parse({ baseUrl: upstream.baseUrl, dialect: 'acme', ...options }), vendor)) };
}

const loud: CompatibleVendor = {
  adapt: (request: ChatRequest, call: Call, { warnings }) => {
    if (request.seed !== undefined) warnings.unsupported('seed', 'Acme draws lots.');
    const { seed: _, ...rest } = request;
    return { request: rest, call };
  },
  changeBody: (body, _request, call, { modelId }) => { body['acme'] = { modelId, session: call.sessionId ?? null }; },
  headers: (call) => ({ 'x-acme-attempt': String(call.attempt) }),
  readUsage: (usage, { headers, isStream }) => (isStream ? usage : { ...usage, costUsd: Number(headers['x-acme-cost']) }),
  readFacts: (chunk) => (typeof chunk['model'] === 'string' ? { served: chunk['model'] } : undefined),
  readHead: ({ headers }): Record<string, Json> => ({ cost: headers['x-acme-cost'] ?? null }),
};

test.each(['chat', 'responses'])('hooks change request, warnings, headers, usage and vendor data of api %s', async (api) => {
  const { upstream, provider } = await startVendor([{ text: 'x', headers: { 'x-acme-cost': '0.25' } }], loud, { api });
  const result = await provider.chatModel('m-1').complete!({ ...ask, seed: 3, providerOptions: { acme: { acme: { more: true } } } }, testCall({ sessionId: 's-1' }));
  expect(lastBody(upstream)).toMatchObject({ acme: { modelId: 'm-1', session: 's-1', more: true } });
  expect(lastBody(upstream)).not.toHaveProperty('seed');
  expect(upstream.requests[0]?.headers['x-acme-attempt']).toBe('1');
  expect(result).toMatchObject({ warnings: [{ feature: 'seed', details: 'Acme draws lots.' }], usage: { costUsd: 0.25 }, providerMetadata: { acme: { cost: '0.25' } } });
});

test('a stream gives the same vendor data, and its usage is told apart from that of a whole answer', async () => {
  const { provider } = await startVendor([{ text: 'x', headers: { 'x-acme-cost': '0.25' } }], loud);
  const { parts } = await collectParts(provider.chatModel('m-1').stream(ask, testCall()));
  const finish = parts.find((part) => part.type === 'finish');
  expect(finish).toMatchObject({ providerMetadata: { acme: { cost: '0.25', served: 'm-1' } }, usage: { inputTokens: { total: 11 } } });
  expect(finish?.usage).not.toHaveProperty('costUsd');
});

test('errors are read by the vendor first, by OpenAI’s words next', async () => {
  const vendor: CompatibleVendor = {
    errorCode: ({ code }) => (code === 'acme_is_full' ? 'OVERLOADED' : undefined),
    readError: ({ status, body }) => (String(body).includes('acme_lost_it') ? new CallError('PROTOCOL', 'lost', { retryable: true, status }) : undefined),
  };
  const failed = async (error: Turn['error']): Promise<unknown> => {
    const { provider } = await startVendor([{ error: error! }], vendor);
    return provider.chatModel('m').complete!(ask, testCall()).catch((reason: unknown) => (CallError.is(reason) ? [reason.code, reason.facts.retryable, reason.facts.status] : reason));
  };
  expect(await failed({ status: 400, code: 'acme_is_full' })).toEqual(['OVERLOADED', true, 400]);
  expect(await failed({ status: 422, code: 'acme_lost_it' })).toEqual(['PROTOCOL', true, 422]);
  expect(await failed({ status: 429, code: 'insufficient_quota' })).toEqual(['QUOTA_EXCEEDED', false, 429]);
});

test('a vendor’s own host is not asked without a key', async () => {
  const context = fakeContext({ schema: z.object({}), input: {} });
  const endpoint = new Endpoint(context, OpenAIOptions.parse({ baseUrl: 'https://api.acme.ai/v1' }), { hosts: ['api.acme.ai'] });
  await expect(createCompatibleProvider(endpoint).chatModel('m').complete!(ask, testCall())).rejects.toMatchObject({ code: 'AUTH_MISSING' });
});

test('an address with :model names each model in the path and has no list', async () => {
  const upstream = await createOpenAIUpstream({ turns: [{ error: { status: 404, message: 'gone' } }] });
  const http = createNodeHttpClient();
  onTestFinished(async () => {
    http.close();
    await upstream.close();
  });
  const options = OpenAIOptions.parse({ baseUrl: `${upstream.baseUrl.replace('/v1', '')}/openai/deployments/:model`, query: { 'api-version': '1' } });
  const provider = createCompatibleProvider(new Endpoint(fakeContext({ schema: z.object({}), input: {}, http }), options));
  await expect(provider.chatModel('my model/1').complete!(ask, testCall())).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  expect(upstream.requests[0]?.path).toBe('/openai/deployments/my%20model%2F1/chat/completions?api-version=1');
  await expect((async () => { for await (const _ of provider.listModels(testCall())); })()).rejects.toMatchObject({ code: 'CAPABILITY_MISSING' });
  expect(await provider.describeModel('m', testCall())).toBeUndefined();
  expect(await provider.checkHealth(testCall())).toEqual({ status: 'unknown' });
  expect(upstream.requests).toHaveLength(1);
});

test('what a vendor hangs on a tool call goes back with it, in streams and in whole answers', async () => {
  const extra = { google: { thought_signature: 'c2ln' } };
  const call = { index: 0, id: 'c1', type: 'function', function: { name: 'look', arguments: '{}' }, extra_content: extra };
  const turn: Turn = {
    events: [{ id: 'a', choices: [{ index: 0, delta: { tool_calls: [call] }, finish_reason: 'tool_calls' }] }, '[DONE]'],
    whole: { id: 'a', choices: [{ index: 0, message: { role: 'assistant', content: null, tool_calls: [call] }, finish_reason: 'tool_calls' }] },
  };
  const { upstream, provider } = await startVendor([turn], {});
  const model = provider.chatModel('m');
  const whole = await model.complete!(ask, testCall());
  const { parts } = await collectParts(model.stream(ask, testCall()));
  expect(parts.find((part) => part.type === 'tool-call')).toMatchObject({ providerMetadata: { acme: { extraContent: extra } } });
  await model.complete!({ messages: [...ask.messages, { role: 'assistant', content: whole.content }, { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c1', toolName: 'look', output: { type: 'text', value: 'x' } }] }] }, testCall());
  expect(lastBody(upstream)['messages']).toMatchObject([{}, { tool_calls: [{ id: 'c1', extra_content: extra }] }, {}]);
});

test('the cost a Responses vendor states is the cost of the answer', async () => {
  const whole = { id: 'r', status: 'completed', output: [], usage: { input_tokens: 1, output_tokens: 1, cost: { total_cost: 0.5 } } };
  const { provider } = await startVendor([{ whole }], {}, { api: 'responses' });
  expect((await provider.chatModel('m').complete!(ask, testCall())).usage.costUsd).toBe(0.5);
});

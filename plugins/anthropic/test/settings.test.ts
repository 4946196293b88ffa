/** Every option of the README has its effect on the wire. */
import type { HttpClient } from '@modelport/plugin-api';
import { collectParts, fakeContext, testCall } from '@modelport/testing';
import { describe, expect, test } from 'vitest';
import plugin, { AnthropicOptions } from '../src/index.ts';
import { ask, lastBody, start } from './start.ts';

type Sent = { readonly url: string; readonly headers: Readonly<Record<string, string>>; readonly body: Record<string, unknown> };

/** What one call sends, seen at the client, so that addresses that are not on this machine can be told. */
async function sentBy(input: Record<string, unknown>, secret: string | undefined = 'sk-ant-test', modelId = 'claude-opus-4-6', fields: object = {}): Promise<{ sent: Sent[]; error: unknown }> {
  const sent: Sent[] = [];
  const http: HttpClient = {
    fetch: globalThis.fetch,
    request: async ({ url, headers = {}, body }) => {
      sent.push({ url, headers, body: JSON.parse(String(body)) as Record<string, unknown> });
      return { status: 500, headers: {}, body: (async function* () {})(), text: async () => '', json: async () => ({}) };
    },
  };
  const provider = await plugin.start(fakeContext({ schema: AnthropicOptions, input, http, ...(secret === undefined || secret === '' ? {} : { secrets: { apiKey: secret } }) }));
  expect(sent).toEqual([]);
  const { error } = await collectParts(provider.chatModel!(modelId).stream({ ...ask, ...fields }, testCall({ sessionId: 's-1' })));
  return { sent, error };
}

test('without options Anthropic is asked, with the version and the key in their headers', async () => {
  const { sent } = await sentBy({});
  expect(sent[0]!.url).toBe('https://api.anthropic.com/v1/messages');
  expect(sent[0]!.headers).toEqual({ 'anthropic-version': '2026-10-21', 'x-api-key': 'sk-ant-test', 'content-type': 'application/json' });
});

test.each([
  ['https://gateway.example/anthropic', 'https://gateway.example/anthropic/v1/messages'], ['https://gateway.example/anthropic/v1/', 'https://gateway.example/anthropic/v1/messages'],
  ['https://gateway.example/?tenant=a', 'https://gateway.example/v1/messages?tenant=a'],
])('baseUrl %s asks %s', async (baseUrl, url) => {
  expect((await sentBy({ baseUrl })).sent[0]!.url).toBe(url);
});

test('the version is the newest that takes what the request asks, or the option’s', async () => {
  const version = async (input: Record<string, unknown>, fields: object = {}): Promise<unknown> => (await sentBy(input, undefined, 'claude-sonnet-4-5', fields)).sent[0]!.headers['anthropic-version'];
  expect(await version({}, { temperature: 0 })).toBe('2023-06-01');
  expect(await version({}, { providerOptions: { anthropic: { top_k: 3 } } })).toBe('2023-06-01');
  expect(await version({ baseUrl: 'https://gateway.example' })).toBe('2023-06-01');
  expect(await version({ baseUrl: 'https://gateway.example', version: '2026-10-21' })).toBe('2026-10-21');
  const { model, upstream } = await start([{ text: 'x' }], { version: '2026-10-21' }, { modelId: 'claude-sonnet-4-5' });
  const { warnings } = await model.complete!({ ...ask, temperature: 0 }, testCall());
  expect(lastBody(upstream)).not.toHaveProperty('temperature');
  expect(warnings).toMatchObject([{ type: 'unsupported', feature: 'temperature' }]);
});

test('version, betas and auth are headers', async () => {
  const { sent } = await sentBy({ version: '2026-01-01', betas: ['a-2026-01-01', 'b'], auth: 'bearer' });
  expect(sent[0]!.headers).toMatchObject({ 'anthropic-version': '2026-01-01', 'anthropic-beta': 'a-2026-01-01,b', authorization: 'Bearer sk-ant-test' });
  expect(sent[0]!.headers).not.toHaveProperty('x-api-key');
});

test('a missing key, or one with a line break, is told before anything is sent, and never shown', async () => {
  expect(await sentBy({}, '')).toMatchObject({ sent: [], error: { code: 'AUTH_MISSING' } });
  const { sent, error } = await sentBy({}, 'sk-secret\n');
  expect(sent).toEqual([]);
  expect(error).toMatchObject({ code: 'AUTH_INVALID' });
  expect(String(error)).not.toContain('sk-secret');
});

test('the session id goes to gateways, or as the option says', async () => {
  expect((await sentBy({})).sent[0]!.headers).not.toHaveProperty('x-session-id');
  expect((await sentBy({ session: 'header' })).sent[0]!.headers).toHaveProperty('x-session-id', 's-1');
  expect((await sentBy({ baseUrl: 'https://gateway.example' })).sent[0]!.headers).toHaveProperty('x-session-id', 's-1');
  expect((await sentBy({ baseUrl: 'https://gateway.example', session: 'none' })).sent[0]!.headers).not.toHaveProperty('x-session-id');
});

test('defaultMaxTokens is for all models or by id', async () => {
  expect((await sentBy({ defaultMaxTokens: 500 })).sent[0]!.body['max_tokens']).toBe(500);
  expect((await sentBy({ defaultMaxTokens: { 'claude-opus-4-6': 600 } })).sent[0]!.body['max_tokens']).toBe(600);
  expect((await sentBy({ defaultMaxTokens: { other: 600 } })).sent[0]!.body['max_tokens']).toBe(128_000);
  expect((await sentBy({ defaultMaxTokens: 500 }, undefined, undefined, { maxOutputTokens: 7 })).sent[0]!.body['max_tokens']).toBe(7);
});

describe('thinking', () => {
  test.each([
    ['adaptive', 'MiniMax-M3', { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } }], ['budget', 'MiniMax-M3', { thinking: { type: 'enabled', budget_tokens: 2457 } }],
    ['auto', 'MiniMax-M3', { thinking: { type: 'enabled', budget_tokens: 2457 } }], ['budget', 'claude-opus-4-6', { thinking: { type: 'enabled', budget_tokens: 76_800 } }],
  ])('%s for %s', async (thinking, modelId, expected) => {
    expect((await sentBy({ thinking }, undefined, modelId, { reasoning: 'high' })).sent[0]!.body).toMatchObject(expected);
  });

  test('none sends nothing', async () => {
    expect((await sentBy({ thinking: 'none' }, undefined, 'claude-opus-4-6', { reasoning: 'high' })).sent[0]!.body).not.toHaveProperty('thinking');
  });

  test('thinkingDisplay goes with thinking that was asked for', async () => {
    expect((await sentBy({ thinkingDisplay: 'summarized' }, undefined, undefined, { reasoning: 'high' })).sent[0]!.body['thinking']).toEqual({ type: 'adaptive', display: 'summarized' });
    expect((await sentBy({ thinkingDisplay: 'summarized' })).sent[0]!.body).not.toHaveProperty('thinking');
  });
});

test('structuredOutput says how JSON is asked for', async () => {
  const fields = { responseFormat: { type: 'json', schema: { type: 'object', properties: { a: { type: 'string' } } } } };
  const body = async (structuredOutput: string, modelId?: string): Promise<Record<string, unknown>> => (await sentBy({ structuredOutput }, undefined, modelId, fields)).sent[0]!.body;
  expect(await body('native', 'claude-sonnet-4-20250514')).toHaveProperty('output_config.format.type', 'json_schema');
  expect(await body('tool')).toMatchObject({ tool_choice: { type: 'tool', name: 'json' } });
  const none = await body('none');
  expect(none).not.toHaveProperty('output_config');
  expect(none).not.toHaveProperty('tools');
});

test('cache and serviceTier are fields of every request', async () => {
  const { sent } = await sentBy({ cache: '1h', serviceTier: 'standard_only' });
  expect(sent[0]!.body).toMatchObject({ cache_control: { type: 'ephemeral', ttl: '1h' }, service_tier: 'standard_only' });
});

test('dialect is the key of vendor data, both ways', async () => {
  const { model, upstream } = await start([{ reasoning: 'Hm.', text: 'Yes.' }], { dialect: 'minimax' });
  const { content } = await model.complete!({ ...ask, providerOptions: { minimax: { service_tier: 'priority' }, anthropic: { speed: 'fast' } } }, testCall());
  expect(lastBody(upstream)).toMatchObject({ service_tier: 'priority' });
  expect(lastBody(upstream)).not.toHaveProperty('speed');
  expect(content[0]).toMatchObject({ providerMetadata: { minimax: { signature: 'sig_1' } } });
});

test('fetchesUrls says which addresses the host leaves alone', async () => {
  expect((await start([{}])).model.supportedUrls).toEqual({ 'image/*': [/^https:\/\//], 'application/pdf': [/^https:\/\//] });
  expect((await start([{}], { fetchesUrls: false })).model.supportedUrls).toEqual({});
});

test('nonStreaming: false leaves every answer to the stream', async () => {
  expect((await start([{}])).model.complete).toBeTypeOf('function');
  expect((await start([{}], { nonStreaming: false })).model.complete).toBeUndefined();
});

test('two backends with different keys and addresses live side by side', async () => {
  const first = await start([{ text: 'one' }], {}, { secret: 'sk-ant-1', apiKey: 'sk-ant-1' });
  const second = await start([{ text: 'two' }], {}, { secret: 'sk-ant-2', apiKey: 'sk-ant-2' });
  const answers = await Promise.all([first, second].map(async ({ model }) => (await collectParts(model.stream(ask, testCall()))).text));
  expect(answers).toEqual(['one', 'two']);
});

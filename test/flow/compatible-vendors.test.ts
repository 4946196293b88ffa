/** Groq and a LiteLLM proxy through the real host: found, checked and started as any plugin, with their keys, facts and costs. */
import path from 'node:path';
import { createHost, type Host } from '@modelport/host';
import { createGroqUpstream, createLiteLLMUpstream, type OpenAIUpstream } from '@modelport/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';

const plugin = (name: string): string => path.resolve(import.meta.dirname, '../../plugins', name);
let groq: OpenAIUpstream;
let proxy: OpenAIUpstream;
let host: Host;

beforeAll(async () => {
  groq = await createGroqUpstream({ turns: [{ text: 'Fast.', usage: { input: 1000, output: 100 } }], apiKey: 'gsk-key-of-groq' });
  proxy = await createLiteLLMUpstream({ turns: [{ text: 'Through.' }], apiKey: 'sk-key-of-the-proxy' });
  host = await createHost({
    cwd: import.meta.dirname,
    environment: { MY_GROQ_KEY: 'gsk-key-of-groq', LITELLM_API_KEY: 'sk-key-of-the-proxy', GROQ_API_KEY: 'gsk-key-for-groqs-own-host' },
    config: {
      backends: {
        groq: {
          plugin: plugin('groq'), options: { baseUrl: groq.baseUrl, serviceTier: 'flex' }, secrets: { apiKey: { env: 'MY_GROQ_KEY' } },
          models: { 'llama-3.1-8b-instant': { price: { asOf: '2026-11-21', inputUsdPerMillionTokens: 0.05, outputUsdPerMillionTokens: 0.08 } } },
        },
        proxy: { plugin: plugin('litellm'), options: { baseUrl: proxy.baseUrl, tags: ['team-a'] } },
      },
      models: { fast: 'llama-3.1-8b-instant@groq' },
    },
  });
});

afterAll(async () => {
  await host.close();
  await groq.close();
  await proxy.close();
});

it('Groq answers, and what it cost follows from its usage and the price of the config', async () => {
  const { text, costUsd, warnings } = await host.models.get('fast').generate('Hi', { temperature: 0, sessionId: 'chat-1' });
  expect([text, costUsd]).toEqual(['Fast.', 0.000058]);
  expect(warnings.map((warning) => ('feature' in warning ? warning.feature : warning.type))).toEqual(['temperature', 'sessionId']);
  expect(groq.requests[0]).toMatchObject({ path: '/openai/v1/chat/completions', headers: { authorization: 'Bearer gsk-key-of-groq' }, body: { service_tier: 'flex', temperature: 1e-8 } });
  expect((await host.models.get('fast').stream('Hi').answer).providerMetadata).toMatchObject({ groq: { timings: { queueSeconds: 0.01 } } });
});

it('a proxy states the cost itself; its key is read from the variable of the manifest, wherever it runs', async () => {
  const { text, costUsd, providerMetadata } = await host.models.get('gpt-4o@proxy').generate('Hi', { sessionId: 'chat-1' });
  expect([text, costUsd]).toEqual(['Through.', 0.000123]);
  expect(providerMetadata).toMatchObject({ litellm: { attemptedFallbacks: 1 } });
  expect(proxy.requests[0]).toMatchObject({ headers: { authorization: 'Bearer sk-key-of-the-proxy', 'x-litellm-tags': 'team-a' }, body: { litellm_session_id: 'chat-1' } });
});

it('what the proxy says of its models live is known with its source, priced and found by price', async () => {
  await host.listModels('proxy');
  expect(host.models.get('gpt-4o@proxy').describe().targets[0]).toMatchObject({ info: { limits: { contextTokens: 128_000 }, price: { inputUsdPerMillionTokens: 2.5 } }, sources: { 'limits.contextTokens': 'live', price: 'live' } });
  const found = await host.models.query({ capability: 'tools', maxUsdPerMillionTokens: 20, available: true });
  expect(found.map(({ spec, state }) => [spec, state])).toEqual([['gpt-4o@proxy', 'active']]);
});

it('history of one goes to the other', async () => {
  const first = await host.models.get('fast').generate('Hi');
  const { warnings } = await host.models.get('gpt-4o@proxy').generate([{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }, first.message, { role: 'user', content: [{ type: 'text', text: 'And?' }] }]);
  expect(warnings).toEqual([]);
  expect((proxy.requests.at(-1)!.body as { messages: unknown[] }).messages[1]).toEqual({ role: 'assistant', content: 'Fast.' });
});

it('both feel well by a free question', async () => {
  const asked = groq.requests.length;
  expect(await host.checkHealth('groq')).toEqual({ status: 'healthy' });
  expect(await host.checkHealth('proxy')).toEqual({ status: 'healthy', version: '1.80.0' });
  expect(groq.requests.slice(asked).map(({ method, path: asks }) => `${method} ${asks}`)).toEqual(['GET /openai/v1/models']);
});

/** host.models.query(): models by backend, vendor, capability, kind, window and price, out of what is known. */
import type { ModelQuery } from '@modelport/host';
import { createTestHost } from '@modelport/host/testing';
import { definePlugin } from '@modelport/plugin-api';
import { script } from '@modelport/scripted';
import { expect, it, test } from 'vitest';

const models = {
  cheap: { kind: 'chat', capabilities: { tools: true, json: true }, limits: { contextTokens: 1000 }, price: { asOf: '2026-07-02', inputUsdPerMillionTokens: 0.1, outputUsdPerMillionTokens: 0.4 } },
  dear: { kind: 'chat', capabilities: { tools: true }, limits: { contextTokens: 100_000 }, price: { asOf: '2026-07-02', inputUsdPerMillionTokens: 1, outputUsdPerMillionTokens: 8 } },
  unpriced: { kind: 'chat', capabilities: { tools: true, json: false } },
  vectors: { kind: 'embedding', price: { asOf: '2026-07-02', inputUsdPerMillionTokens: 0.02 } },
};

const plugin = definePlugin({
  api: 1,
  start: () => ({ chatModel: () => script(['x']), listModels: async function* () { for (const [id, facts] of Object.entries(models)) yield { id, ...facts }; } }),
});

async function specs(query: ModelQuery): Promise<string[]> {
  await using host = await createTestHost({ backends: { acme: plugin, other: plugin }, config: { backends: { other: { plugin: 'given-in-code', enabled: false } }, models: { default: 'alone@acme' } } });
  await host.listModels('acme');
  return (await host.models.query(query)).map(({ spec }) => spec);
}

test.each<[string, ModelQuery, string[]]>([
  ['nothing: all, cheapest first, unknown prices last', {}, ['vectors@acme', 'cheap@acme', 'dear@acme', 'alone@acme', 'unpriced@acme']],
  ['a capability', { capability: 'tools' }, ['cheap@acme', 'dear@acme', 'unpriced@acme']],
  ['several capabilities, which unknown is not', { capability: ['tools', 'json'] }, ['cheap@acme']],
  ['a price, which unknown is never under', { maxUsdPerMillionTokens: 5 }, ['vectors@acme', 'cheap@acme']],
  ['a window', { minContextTokens: 50_000 }, ['dear@acme']],
  ['a kind', { kind: 'embedding' }, ['vectors@acme']],
  ['a provider, by its plugin', { provider: '(CODE)', kind: 'embedding' }, ['vectors@acme']],
  ['another provider', { provider: 'OpenAI' }, []],
  ['a backend that is off', { backend: 'other' }, []],
  ['backends that are ready', { available: true, kind: 'embedding' }, ['vectors@acme']],
])('by %s', async (_, query, expected) => {
  expect(await specs(query)).toEqual(expected);
});

it('tells spec, state, facts and sources; an unknown backend is an error', async () => {
  await using host = await createTestHost({ backends: { acme: plugin } });
  await host.listModels('acme');
  expect(await host.models.query({ kind: 'embedding' })).toEqual([{
    spec: 'vectors@acme', backend: 'acme', state: 'active', info: { id: 'vectors', kind: 'embedding', price: models.vectors.price }, sources: { kind: 'live', price: 'live' },
  }]);
  await expect(host.models.query({ backend: 'amce' })).rejects.toMatchObject({ code: 'BACKEND_REMOVED' });
});

it('asks no one: what was never listed is not there', async () => {
  await using host = await createTestHost({ backends: { acme: plugin } });
  expect(await host.models.query()).toEqual([]);
});

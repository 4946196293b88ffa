/** Two plugins that can reach one vendor stand side by side: the config says which one serves, and every answer shows it. */
import path from 'node:path';
import { createHost } from '@modelport/host';
import { createGroqUpstream } from '@modelport/testing';
import { expect, onTestFinished, test } from 'vitest';

const GROQ = path.resolve(import.meta.dirname, '../../plugins/groq');

test('the backend a spec names is the plugin that serves, whatever else reaches the same vendor', async () => {
  const vendor = await createGroqUpstream({ turns: [{ text: 'Fast.' }], apiKey: 'gsk-1' });
  const options = { baseUrl: vendor.baseUrl };
  const secrets = { apiKey: { env: 'MY_KEY' } };
  const host = await createHost({
    cwd: import.meta.dirname,
    environment: { MY_KEY: 'gsk-1' },
    config: {
      backends: { own: { plugin: GROQ, options, secrets }, plain: { plugin: '@modelport/openai', options, secrets } },
      models: { default: 'llama-3.3-70b-versatile@own', other: 'llama-3.3-70b-versatile@plain' },
    },
  });
  onTestFinished(async () => {
    await host.close();
    await vendor.close();
  });
  const seen = [];
  for (const name of ['default', 'other']) {
    const handle = host.models.get(name);
    const { backend, providerMetadata = {} } = await handle.generate('Hi', { temperature: 0 });
    const { temperature } = vendor.requests.at(-1)!.body as { readonly temperature: number };
    seen.push({ backend, plugin: handle.describe().targets[0]?.plugin, dialects: Object.keys(providerMetadata), temperature });
  }
  // Groq's own plugin knows what Groq does with 0.
  expect(seen).toMatchObject([{ backend: 'own', plugin: GROQ, dialects: ['groq'], temperature: 1e-8 }, { backend: 'plain', plugin: '@modelport/openai', temperature: 0 }]);
  expect((await host.describe()).backends.map(({ name, plugin }) => [name, plugin])).toEqual([['own', GROQ], ['plain', '@modelport/openai']]);
});

test('a plugin that fails is not replaced by another that reaches the same vendor', async () => {
  const vendor = await createGroqUpstream({ turns: [{ text: 'Fast.' }], apiKey: 'gsk-1' });
  const options = { baseUrl: vendor.baseUrl };
  const host = await createHost({
    cwd: import.meta.dirname,
    environment: { WRONG: 'gsk-2', RIGHT: 'gsk-1' },
    config: { backends: { own: { plugin: GROQ, options, secrets: { apiKey: { env: 'WRONG' } } }, plain: { plugin: '@modelport/openai', options, secrets: { apiKey: { env: 'RIGHT' } } } } },
  });
  onTestFinished(async () => {
    await host.close();
    await vendor.close();
  });
  await expect(host.models.get('m@own').generate('Hi')).rejects.toMatchObject({ code: 'AUTH_INVALID', context: { backend: 'own' } });
  expect(vendor.requests.map(({ headers }) => headers['authorization'])).toEqual(['Bearer gsk-2']);
  expect((await host.models.get('m@plain').generate('Hi')).text).toBe('Fast.');
});

/** Two accounts of one vendor are two backends of one plugin: each has its address, its key and its models, at the same time. */
import { createHost, type Host } from '@modelport/host';
import { createOpenAIUpstream, type OpenAIUpstream } from '@modelport/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const KEYS = { EU_KEY: 'sk-of-the-eu-account', US_KEY: 'sk-of-the-us-account' };
let eu: OpenAIUpstream;
let us: OpenAIUpstream;
let host: Host;

beforeAll(async () => {
  // A wrong key is answered with 401.
  eu = await createOpenAIUpstream({ turns: [{ text: 'from the EU' }], apiKey: KEYS.EU_KEY });
  us = await createOpenAIUpstream({ turns: [{ text: 'from the US' }], apiKey: KEYS.US_KEY });
  host = await createHost({
    cwd: import.meta.dirname,
    environment: KEYS,
    config: {
      backends: {
        eu: { plugin: '@modelport/openai', options: { baseUrl: eu.baseUrl }, secrets: { apiKey: { env: 'EU_KEY' } } },
        us: { plugin: '@modelport/openai', options: { baseUrl: us.baseUrl }, secrets: { apiKey: { env: 'US_KEY' } } },
      },
      models: { home: 'gpt-4o@eu', away: 'gpt-4o-mini@us' },
    },
  });
});

afterAll(async () => {
  await host.close();
  await eu.close();
  await us.close();
});

describe('two backends of one plugin', () => {
  it('answer at the same time, each at its own address with its own key', async () => {
    const answers = await Promise.all(['home', 'away', 'home', 'away'].map((name) => host.models.get(name).generate('Hi')));
    expect(answers.map(({ text, backend, model }) => [text, backend, model])).toEqual([
      ['from the EU', 'eu', 'gpt-4o'], ['from the US', 'us', 'gpt-4o-mini'], ['from the EU', 'eu', 'gpt-4o'], ['from the US', 'us', 'gpt-4o-mini'],
    ]);
    expect(eu.requests.map(({ headers }) => headers['authorization'])).toEqual(Array.from({ length: 2 }, () => `Bearer ${KEYS.EU_KEY}`));
    expect(us.requests.map(({ headers }) => headers['authorization'])).toEqual(Array.from({ length: 2 }, () => `Bearer ${KEYS.US_KEY}`));
  });

  it('are embedding models too, with the vectors and usage of their own account', async () => {
    const { embeddings, usage, backend } = await host.embeddings.get('text-embedding-3-small@us').embed(['sea', 'see']);
    expect([embeddings.length, usage, backend]).toEqual([2, { tokens: expect.any(Number) as unknown }, 'us']);
    expect(us.requests.at(-1)?.path).toBe('/v1/embeddings');
  });
});

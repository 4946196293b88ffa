/** A plugin's own tests on a recorded vendor: the OpenAI plugin over a cassette gives what it gave over the wire. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import plugin, { OpenAIOptions } from '@modelport/openai';
import type { HttpClient } from '@modelport/plugin-api';
import { collectParts, createOpenAIUpstream, fakeContext, recordCassette, replayCassette, testCall, type CollectedParts } from '@modelport/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { apis } from './ask-host.ts';

const secrets = { apiKey: 'sk-canary-0123456789abcdef' };

describe.each(apis)('a recorded %s stream', (api) => {
  it('is replayed as the same parts, cut as the wire cut it, without a vendor and without its key', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'modelport-cassette-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const file = join(folder, `${api}.json`);
    const upstream = await createOpenAIUpstream({ apiKey: secrets.apiKey, turns: [{ text: ['Hé', 'llo ', '🌍'], toolCalls: [{ name: 'f', arguments: ['{"a":', '1}'] }], faults: [{ type: 'split', at: 'every-byte' }] }] });
    onTestFinished(() => upstream.close());
    const ask = async (http: HttpClient, key: string): Promise<CollectedParts> => {
      const provider = await plugin.start(fakeContext({ schema: OpenAIOptions, input: { baseUrl: upstream.baseUrl, api }, secrets: { apiKey: key }, http }));
      return collectParts(provider.chatModel!('m').stream({ messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] }, testCall()));
    };
    const recorder = recordCassette({ file, secrets });
    const live = await ask(recorder, secrets.apiKey);
    await recorder.close();
    await upstream.close();
    expect(live).toMatchObject({ text: 'Héllo 🌍', error: undefined });

    const written = await readFile(file, 'utf8');
    expect(written).not.toContain(secrets.apiKey);
    const { exchanges } = JSON.parse(written) as { readonly exchanges: readonly { readonly response: { readonly chunks: readonly unknown[] } }[] };
    const bytes = exchanges[0]?.response.chunks.length ?? 0;
    expect(bytes).toBeGreaterThan(1000);
    const http = await replayCassette({ file, secrets: { apiKey: 'any-other-key' } });
    const replayed = await ask(http, 'any-other-key');
    expect(replayed.parts).toEqual(live.parts);
    expect(http.remaining).toBe(0);
  });
});

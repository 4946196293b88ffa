/** `http.wireLog` writes what went over the wire, a JSON object a line, without the key. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHost } from '@modelport/host';
import openai from '@modelport/openai';
import { createOpenAIUpstream } from '@modelport/testing';
import { expect, test } from 'vitest';

test('the wire log holds request and answer of a call, and nothing of its key', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelport-wire-'));
  const upstream = await createOpenAIUpstream({ turns: [{ text: 'Hello there.' }] });
  const key = 'sk-canary-0123456789abcdef';
  try {
    await writeFile(join(folder, 'modelport.config.yaml'), 'http: { wireLog: wire.jsonl }\n');
    const host = await createHost({ cwd: folder, environment: {}, overrides: { backends: { a: { plugin: openai, options: { baseUrl: upstream.baseUrl }, secrets: { apiKey: key } } } } });
    const answer = await host.models.get('m@a').generate(`Say hello, not ${key}.`);
    await host.close();
    const text = await readFile(join(folder, 'wire.jsonl'), 'utf8');
    const lines = text.trim().split('\n').map((line) => JSON.parse(line) as { event: string; callId: string; backend: string });
    expect(lines.map(({ event }) => event)).toEqual(['request', 'response', 'end']);
    expect(new Set(lines.map(({ callId, backend }) => `${backend} ${callId}`))).toEqual(new Set([`a ${answer.callId}`]));
    expect(text).toContain('Hello there.');
    expect(text).not.toContain(key);
    expect(upstream.requests[0]?.headers['authorization']).toBe(`Bearer ${key}`);
    expect((await stat(join(folder, 'wire.jsonl'))).mode & 0o077).toBe(0);
  } finally {
    await upstream.close();
    await rm(folder, { recursive: true, force: true });
  }
});

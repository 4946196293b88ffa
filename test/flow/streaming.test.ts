/** A streamed answer through the whole host, from a vendor's socket to a reader's loop. */
import { createHost, ModelportError, type Host } from '@modelport/host';
import { createOpenAIUpstream, type OpenAIUpstream } from '@modelport/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** Says a little, then keeps the connection open and says no more. */
const STALLS = { text: ['Once ', 'upon '], faults: [{ type: 'stall', afterBytes: 700 }] } as const;

let upstream: OpenAIUpstream;
let host: Host;

beforeAll(async () => {
  upstream = await createOpenAIUpstream();
  host = await createHost({ cwd: import.meta.dirname, environment: {}, config: { backends: { local: { plugin: '@modelport/openai', options: { baseUrl: upstream.baseUrl } } }, models: { default: 'm@local' } } });
});

afterAll(async () => {
  await host.close();
  await upstream.close();
});

describe('a stream through the host', () => {
  it('gives its first text while the vendor is still speaking, and a reader who leaves closes the connection', async () => {
    upstream.script(STALLS);
    for await (const text of host.models.get('default').stream('Tell me a story.').text) {
      expect(text).toBe('Once ');
      break;
    }
    await expect(upstream.requests.at(-1)?.closed).resolves.toBeUndefined();
    expect((await host.describe()).backends[0]?.leases).toBe(0);
  });

  it('that is aborted ends as ABORTED with what had arrived, and the connection is closed', async () => {
    upstream.script(STALLS);
    const controller = new AbortController();
    const stream = host.models.get('default').stream('Tell me a story.', { signal: controller.signal });
    const reading = (async () => { for await (const _text of stream.text) controller.abort(); })();
    const error: unknown = await reading.catch((thrown: unknown) => thrown);
    expect(ModelportError.is(error) && [error.code, error.context.retryable, error.context.partial?.content]).toEqual(['ABORTED', false, [expect.objectContaining({ type: 'text', text: expect.stringContaining('Once') as unknown })]]);
    await expect(upstream.requests.at(-1)?.closed).resolves.toBeUndefined();
  });

  it('that the vendor breaks off is an error with what had arrived, never a short answer', async () => {
    upstream.script({ ...STALLS, faults: [{ type: 'reset', afterBytes: 700 }] });
    const error: unknown = await host.models.get('default').stream('Tell me a story.').answer.catch((thrown: unknown) => thrown);
    expect(ModelportError.is(error) && [error.code, error.context.backend, error.context.retryable]).toEqual(['NETWORK', 'local', true]);
    expect(ModelportError.is(error) && error.context.partial).toMatchObject({ content: [{ type: 'text', text: expect.stringContaining('Once') as unknown }], finishReason: { unified: 'interrupted' } });
  });

  it('is asked again over the same connection, and ends with the vendor\'s usage and model', async () => {
    upstream.script({ text: ['The ', 'end.'], model: 'm-2026-01', usage: { input: 20, output: 9, cached: 12, reasoning: 4 } });
    await host.models.get('default').generate('Hi');
    const connections = upstream.acceptedConnections;
    const answer = await host.models.get('default').stream('Hi').answer;
    expect(upstream.acceptedConnections).toBe(connections);
    expect(answer).toMatchObject({ text: 'The end.', model: 'm-2026-01', finishReason: { unified: 'stop', raw: 'stop' }, usage: { inputTokens: { total: 20, cacheRead: 12 }, outputTokens: { total: 9, reasoning: 4 } } });
  });
});

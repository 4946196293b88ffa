/** How a retired generation ends: it drains, its calls are told to go, what does not go is abandoned, and it closes once. */
import { definePlugin, type Call, type ChatModel, type ChatPart, type Usage } from '@modelport/plugin-api';
import type { AnswerStream, HostEvents } from '@modelport/host';
import { createTestHost } from '@modelport/host/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { failureOf } from './edited-host.ts';

const usage: Usage = { inputTokens: {}, outputTokens: {} };
const DRAIN_MS = 300_000;

beforeEach(() => { vi.useFakeTimers(); });
afterEach(() => { vi.useRealTimers(); });

interface Seen {
  closed: number;
  cleaned: number;
  signal?: AbortSignal;
  reason?: unknown;
}

/** Says one part, then waits for an abort; `heeds`: whether it ends when it comes. */
async function* endless(seen: Seen, call: Call, heeds: boolean): AsyncGenerator<ChatPart> {
  try {
    yield { type: 'text-delta', id: '0', delta: 'half an ' };
    await new Promise((_resolve, reject) => { if (heeds) call.signal.addEventListener('abort', () => { reject(call.signal.reason); }); });
  } finally {
    seen.cleaned += 1;
  }
}

/** A host with one backend whose streams do not end by themselves. */
async function hostOf({ heeds = true, close = async () => undefined, stream }: { heeds?: boolean; close?: () => Promise<unknown>; stream?: ChatModel['stream'] } = {}) {
  const seen: Seen = { closed: 0, cleaned: 0 };
  const plugin = definePlugin({
    api: 1,
    start: (context) => {
      seen.signal = context.signal;
      context.signal.addEventListener('abort', () => { seen.reason = context.signal.reason; });
      return {
        chatModel: () => ({ stream: stream ?? ((_request, call) => endless(seen, call, heeds)) }),
        close: async () => {
          seen.closed += 1;
          await close();
        },
      };
    },
  });
  const host = await createTestHost({ backends: { a: plugin, b: definePlugin({ api: 1, start: () => ({ chatModel: () => ({ async *stream() { yield { type: 'finish' as const, finishReason: { unified: 'stop' }, usage }; } }) }) }) }, models: { default: 'm@a' }, log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined } });
  const closed: Parameters<HostEvents['generation:closed']>[0][] = [];
  host.events.on('generation:closed', (news) => closed.push(news));
  return { host, seen, closed };
}

/** Reads the first part and asks for the next one. */
async function begin(stream: AnswerStream): Promise<{ readonly iterator: AsyncIterator<ChatPart>; readonly next: Promise<unknown> }> {
  const iterator = stream[Symbol.asyncIterator]();
  for (;;) {
    const { value } = await iterator.next();
    if ((value as ChatPart).type === 'text-delta') break;
  }
  const next = iterator.next();
  next.catch(() => undefined);
  return { iterator, next };
}

const retire = (host: Awaited<ReturnType<typeof hostOf>>['host']): Promise<void> => host.unregister({ models: ['default'], backends: ['a'] });

describe('a retired generation', () => {
  it('aborts what still runs when the drain is over: retryable, with what had arrived', async () => {
    const { host, seen, closed } = await hostOf();
    const { next } = await begin(host.models.get('default').stream('hi'));
    await retire(host);
    await vi.advanceTimersByTimeAsync(DRAIN_MS - 1);
    expect([seen.closed, seen.signal?.aborted]).toEqual([0, false]);
    await vi.advanceTimersByTimeAsync(1);
    const failure = await failureOf(next);
    expect(failure.code).toBe('GENERATION_RETIRED');
    expect(failure.context).toMatchObject({ retryable: true, backend: 'a', partial: { content: [{ type: 'text', text: 'half an ' }] } });
    expect(seen).toMatchObject({ closed: 1, cleaned: 1, reason: { code: 'GENERATION_RETIRED' } });
    expect(closed).toMatchObject([{ backend: 'a', generation: 1, leftovers: [] }]);
    await host.close();
    expect(seen.closed).toBe(1);
  });

  it('abandons a call that does not stop, 5 s after its abort, closes, and says so', async () => {
    const { host, seen, closed } = await hostOf({ heeds: false });
    const { next } = await begin(host.models.get('default').stream('hi'));
    await retire(host);
    await vi.advanceTimersByTimeAsync(DRAIN_MS + 4_999);
    expect(seen.closed).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect((await failureOf(next)).code).toBe('GENERATION_RETIRED');
    expect(seen).toMatchObject({ closed: 1, cleaned: 0 });
    expect(closed.map(({ leftovers }) => leftovers)).toEqual([['1 call did not stop within 5000 ms of the abort']]);
    await host.close();
  });

  it('gets the lease of a half-read stream back at the abort, though nobody reads', async () => {
    const { host, seen, closed } = await hostOf({ stream: (_request, call) => endless(seen0, call, true) });
    const seen0: Seen = { closed: 0, cleaned: 0 };
    const stream = host.models.get('default').stream('hi');
    const iterator = stream[Symbol.asyncIterator]();
    await iterator.next();
    await retire(host);
    await vi.advanceTimersByTimeAsync(DRAIN_MS);
    expect([seen.closed, seen0.cleaned]).toEqual([1, 1]);
    expect(closed.map(({ leftovers }) => leftovers)).toEqual([[]]);
    const read = async (): Promise<void> => { while (!(await iterator.next()).done) { /* what had arrived is given out first */ } };
    expect((await failureOf(read())).code).toBe('GENERATION_RETIRED');
    expect((await failureOf(stream.answer)).code).toBe('GENERATION_RETIRED');
    await host.close();
  });

  it('does not wait longer than 5 s for close(), and says so', async () => {
    const { host, closed } = await hostOf({ close: () => new Promise(() => undefined) });
    const { iterator } = await begin(host.models.get('default').stream('hi'));
    await iterator.return?.();
    await retire(host);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(closed.map(({ leftovers }) => leftovers)).toEqual([['close() failed: did not finish within 5000 ms']]);
    await host.close();
  });

  it('says what close() threw', async () => {
    const { host, closed } = await hostOf({ close: async () => { throw new Error('the socket was gone'); } });
    const { iterator } = await begin(host.models.get('default').stream('hi'));
    await iterator.return?.();
    await retire(host);
    await vi.advanceTimersByTimeAsync(0);
    expect(closed.map(({ leftovers }) => leftovers)).toEqual([['close() failed: the socket was gone']]);
    await host.close();
  });

  it('drains no longer once the host closes', async () => {
    const { host, seen } = await hostOf();
    const { next } = await begin(host.models.get('default').stream('hi'));
    await retire(host);
    const closing = host.close({ drainMs: 1_000 });
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await failureOf(next)).code).toBe('HOST_CLOSED');
    await closing;
    expect(seen.closed).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a stream that is left half-read', () => {
  it.each([['before', true], ['after', false]])('tells who waits for its answer, asked for %s it was released, though nobody reads on', async (_when, early) => {
    const seen: Seen = { closed: 0, cleaned: 0 };
    const host = await createTestHost({ config: { streams: { abandonedMs: 100_000 } }, models: { default: { stream: (_request, call) => endless(seen, call, true) } } });
    const stream = host.models.get('default').stream('hi');
    await stream[Symbol.asyncIterator]().next();
    const asked = early ? failureOf(stream.answer) : undefined;
    await vi.advanceTimersByTimeAsync(200_000);
    const failure = await (asked ?? failureOf(stream.answer));
    expect(failure.code).toBe('ABORTED');
    expect(failure.context.partial?.content).toEqual([{ type: 'text', text: 'half an ' }]);
    await host.close();
  });

  it('is released after streams.abandonedMs, and a late reader is told why', async () => {
    const seen: Seen = { closed: 0, cleaned: 0 };
    const host = await createTestHost({ config: { streams: { abandonedMs: 100_000 } }, models: { default: { stream: (_request, call) => endless(seen, call, true) } } });
    const iterator = host.models.get('default').stream('hi')[Symbol.asyncIterator]();
    await iterator.next();
    await vi.advanceTimersByTimeAsync(99_000);
    expect(seen.cleaned).toBe(0);
    await vi.advanceTimersByTimeAsync(100_000);
    expect(seen.cleaned).toBe(1);
    expect((await host.describe()).backends[0]?.leases).toBe(0);
    const read = async (): Promise<void> => { while (!(await iterator.next()).done) { /* what had arrived is given out first */ } };
    const failure = await failureOf(read());
    expect(failure.code).toBe('ABORTED');
    expect(failure.message).toContain('streams.abandonedMs');
    await host.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is kept for a reader that comes back in time, again and again', async () => {
    const parts = 20;
    const host = await createTestHost({
      config: { streams: { abandonedMs: 100_000 } },
      models: { default: { async *stream() {
        for (let index = 0; index < parts; index++) yield { type: 'text-delta', id: '0', delta: 'x' };
        yield { type: 'finish', finishReason: { unified: 'stop' }, usage };
      } } },
    });
    let text = '';
    for await (const piece of host.models.get('default').stream('hi').text) {
      text += piece;
      await vi.advanceTimersByTimeAsync(90_000);
    }
    expect(text).toBe('x'.repeat(parts));
    await host.close();
  });
});

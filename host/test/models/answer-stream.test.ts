/** A running answer: read once, in any of three ways, and nothing stays open however the reading ends. */
import { definePlugin, type ChatModel, type ChatPart } from '@modelport/plugin-api';
import { ModelportError } from '@modelport/host';
import { createTestHost } from '@modelport/host/testing';
import { script } from '@modelport/scripted';
import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => { vi.useRealTimers(); });

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
  return ModelportError.is(error) ? error.code : `no ModelportError: ${String(error)}`;
}

async function leasesOf(host: Awaited<ReturnType<typeof createTestHost>>): Promise<number> {
  return (await host.describe()).backends.reduce((sum, { leases }) => sum + leases, 0);
}

async function read(parts: AsyncIterable<ChatPart>): Promise<ChatPart[]> {
  const all: ChatPart[] = [];
  for await (const part of parts) all.push(part);
  return all;
}

describe('reading a stream', () => {
  it('gives parts in order and the folded answer after them', async () => {
    await using host = await createTestHost({ models: { default: script(['One two three.']) } });
    const stream = host.models.get('default').stream('count');
    const parts = await read(stream);
    expect(parts.at(-1)?.type).toBe('finish');
    const answer = await stream.answer;
    expect(answer.text).toBe('One two three.');
    expect(answer.callId).toBe(stream.callId);
    expect(answer.finishReason.unified).toBe('stop');
  });

  it('gives its text alone', async () => {
    await using host = await createTestHost({ models: { default: script(['One two three.']) } });
    const stream = host.models.get('default').stream('count');
    const pieces: string[] = [];
    for await (const piece of stream.text) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.join('')).toBe('One two three.');
    expect((await stream.answer).text).toBe('One two three.');
  });

  it('is read by the answer when nothing else reads it', async () => {
    await using host = await createTestHost({ models: { default: script(['Alone.']) } });
    expect((await host.models.get('default').stream('hi').answer).text).toBe('Alone.');
    expect(await leasesOf(host)).toBe(0);
  });

  it('gives the answer to one who asked before iterating in the same turn', async () => {
    await using host = await createTestHost({ models: { default: script(['Both.']) } });
    const stream = host.models.get('default').stream('hi');
    const answer = stream.answer;
    expect((await read(stream)).length).toBeGreaterThan(0);
    expect((await answer).text).toBe('Both.');
  });

  it('gives the answer to one who asked in the middle', async () => {
    await using host = await createTestHost({ models: { default: script(['In the middle.']) } });
    const stream = host.models.get('default').stream('hi');
    let answer: Promise<{ readonly text: string }> | undefined;
    for await (const part of stream) if (part.type === 'text-delta') answer ??= stream.answer;
    expect((await answer)?.text).toBe('In the middle.');
  });

  it('gives one and the same answer however often it is asked', async () => {
    await using host = await createTestHost({ models: { default: script(['Once.']) } });
    const stream = host.models.get('default').stream('hi');
    expect(await stream.answer).toBe(await stream.answer);
  });

  it('refuses a second reading', async () => {
    await using host = await createTestHost({ models: { default: script(['Once.']) } });
    const stream = host.models.get('default').stream('hi');
    await read(stream);
    expect(await codeOf(read(stream))).toBe('REQUEST_INVALID');
  });

  it('gives parts in order to one who does not wait between reads', async () => {
    await using host = await createTestHost({ models: { default: script(['a b c d e f']) } });
    const reader = host.models.get('default').stream('hi')[Symbol.asyncIterator]();
    const read = await Promise.all(Array.from({ length: 14 }, () => reader.next()));
    const text = read.map(({ value }) => (value?.type === 'text-delta' ? value.delta : '')).join('');
    expect(text).toBe('a b c d e f');
    expect(read.at(-1)?.done).toBe(true);
  });

  it('sends nothing before the first read', async () => {
    const model = script(['Later.']);
    await using host = await createTestHost({ models: { default: model } });
    const started: string[] = [];
    host.events.on('call:started', ({ callId }) => started.push(callId));
    const stream = host.models.get('default').stream('hi');
    expect(model.requests).toHaveLength(0);
    expect(started).toEqual([]);
    await read(stream);
    expect(model.requests).toHaveLength(1);
    expect(started).toEqual([stream.callId]);
  });

  it('holds nothing while nobody reads it', async () => {
    await using host = await createTestHost({ models: { default: script(['Never.']) } });
    await host.models.get('default').generate('warm up').catch(() => undefined);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const controller = new AbortController();
    const listen = vi.spyOn(controller.signal, 'addEventListener');
    host.models.get('default').stream('hi', { signal: controller.signal });
    expect(vi.getTimerCount()).toBe(0);
    expect(listen).not.toHaveBeenCalled();
  });
});

describe('leaving a stream', () => {
  it('aborts the provider and frees the lease on break', async () => {
    const model = script([[{ text: 'a b c' }, { stall: true }]]);
    await using host = await createTestHost({ models: { default: model } });
    const stream = host.models.get('default').stream('hi');
    for await (const part of stream) if (part.type === 'text-delta') break;
    expect(model.calls[0]?.signal.aborted).toBe(true);
    expect(await leasesOf(host)).toBe(0);
    expect(await codeOf(stream.answer)).toBe('ABORTED');
  });

  it('aborts the provider on break out of the text', async () => {
    const model = script([[{ text: 'a b c' }, { stall: true }]]);
    await using host = await createTestHost({ models: { default: model } });
    const stream = host.models.get('default').stream('hi');
    for await (const _piece of stream.text) break;
    expect(model.calls[0]?.signal.aborted).toBe(true);
    expect(await leasesOf(host)).toBe(0);
  });

  it('aborts the provider at the end of an `await using` block', async () => {
    const model = script([[{ text: 'a b c' }, { stall: true }]]);
    await using host = await createTestHost({ models: { default: model } });
    {
      await using stream = host.models.get('default').stream('hi');
      await stream[Symbol.asyncIterator]().next();
      expect(await leasesOf(host)).toBe(1);
    }
    expect(model.calls[0]?.signal.aborted).toBe(true);
    expect(await leasesOf(host)).toBe(0);
  });

  it('changes nothing when it is closed after its end', async () => {
    await using host = await createTestHost({ models: { default: script(['Done.']) } });
    const stream = host.models.get('default').stream('hi');
    await read(stream);
    await stream.close();
    expect((await stream.answer).text).toBe('Done.');
  });

  it('tells ABORTED to one who reads a stream that was closed unread', async () => {
    const model = script(['Never.']);
    await using host = await createTestHost({ models: { default: model } });
    const stream = host.models.get('default').stream('hi');
    await stream.close();
    expect(await codeOf(stream.answer)).toBe('ABORTED');
    expect(model.requests).toHaveLength(0);
  });

  it('leaves no timer behind, however it ends', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using host = await createTestHost({ models: { default: script(['One two.', [{ text: 'a b' }, { fault: { code: 'OVERLOADED' } }], 'One two three.']) } });
    const handle = host.models.get('default');
    await read(handle.stream('whole'));
    expect(await codeOf(read(handle.stream('fails')))).toBe('OVERLOADED');
    for await (const _part of handle.stream('left')) break;
    expect(vi.getTimerCount()).toBe(0);
    expect(await leasesOf(host)).toBe(0);
  });
});

describe('a stream that fails', () => {
  it('throws the error to the reader and to the answer, with what had arrived', async () => {
    await using host = await createTestHost({ models: { default: script([[{ text: 'Half of' }, { fault: { code: 'OVERLOADED', status: 503 } }]]) } });
    const stream = host.models.get('default').stream('hi');
    const seen: ChatPart[] = [];
    const error: unknown = await (async () => { for await (const part of stream) seen.push(part); })().catch((thrown: unknown) => thrown);
    expect(seen.some(({ type }) => type === 'text-delta')).toBe(true);
    expect(ModelportError.is(error) && [error.code, error.context.status, error.context.partial?.content]).toEqual(['OVERLOADED', 503, [{ type: 'text', text: 'Half of' }]]);
    await expect(stream.answer).rejects.toBe(error);
    expect(await leasesOf(host)).toBe(0);
  });

  it('makes no unhandled rejection when nobody reads the answer', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    try {
      await using host = await createTestHost({ models: { default: script([[{ fault: { code: 'OVERLOADED' } }], [{ text: 'a b' }, { stall: true }]]) } });
      const handle = host.models.get('default');
      const failing = handle.stream('hi');
      void failing.answer;
      await expect(failing.answer).rejects.toMatchObject({ code: 'OVERLOADED' });
      const left = handle.stream('hi');
      void left.answer;
      for await (const _part of left) break;
      void handle.stream('hi', { temperature: 99 }).answer;
      await new Promise((resolve) => { setImmediate(() => { setImmediate(resolve); }); });
      expect(unhandled).toEqual([]);
    } finally {
      process.off('unhandledRejection', note);
    }
  });

  it('tells a wrong request through reader and answer, not where the stream is made', async () => {
    await using host = await createTestHost({ models: { default: script(['Never.']) } });
    const stream = host.models.get('default').stream([], {});
    expect(await codeOf(read(stream))).toBe('REQUEST_INVALID');
    expect(await codeOf(stream.answer)).toBe('REQUEST_INVALID');
  });

  it('is PROTOCOL when the provider ends without a finish', async () => {
    await using host = await createTestHost({ models: { default: script([[{ text: 'cut' }, { cut: true }]]) } });
    const error: unknown = await host.models.get('default').stream('hi').answer.catch((thrown: unknown) => thrown);
    expect(ModelportError.is(error) && [error.code, error.context.partial?.content]).toEqual(['PROTOCOL', [{ type: 'text', text: 'cut' }]]);
  });
});

describe('a signal', () => {
  it('that is aborted before the first read ends the stream before anything is sent', async () => {
    const model = script(['Never.']);
    await using host = await createTestHost({ models: { default: model } });
    const stream = host.models.get('default').stream('hi', { signal: AbortSignal.abort(new Error('changed my mind')) });
    const error: unknown = await read(stream).catch((thrown: unknown) => thrown);
    expect(ModelportError.is(error) && [error.code, (error.cause as Error).message]).toEqual(['ABORTED', 'changed my mind']);
    expect(model.requests).toHaveLength(0);
  });

  it('that aborts between making and reading ends the stream too', async () => {
    const controller = new AbortController();
    const model = script(['Never.']);
    await using host = await createTestHost({ models: { default: model } });
    const stream = host.models.get('default').stream('hi', { signal: controller.signal });
    controller.abort();
    expect(await codeOf(read(stream))).toBe('ABORTED');
    expect(model.requests).toHaveLength(0);
  });

  it('that aborts in mid-stream ends it with what had arrived', async () => {
    const controller = new AbortController();
    await using host = await createTestHost({ models: { default: script([[{ text: 'so far' }, { stall: true }]]) } });
    const stream = host.models.get('default').stream('hi', { signal: controller.signal });
    const error: unknown = await (async () => {
      let text = '';
      for await (const part of stream) {
        if (part.type === 'text-delta') text += part.delta;
        if (text === 'so far') controller.abort();
      }
    })().catch((thrown: unknown) => thrown);
    expect(ModelportError.is(error) && [error.code, error.context.partial?.content]).toEqual(['ABORTED', [{ type: 'text', text: 'so far' }]]);
    await vi.waitFor(async () => { expect(await leasesOf(host)).toBe(0); });
  });

  it('that aborts after the end changes nothing and is not listened to', async () => {
    const controller = new AbortController();
    const remove = vi.spyOn(controller.signal, 'removeEventListener');
    await using host = await createTestHost({ models: { default: script(['Done.']) } });
    const stream = host.models.get('default').stream('hi', { signal: controller.signal });
    await read(stream);
    expect(remove).toHaveBeenCalled();
    controller.abort();
    expect((await stream.answer).text).toBe('Done.');
  });

  it('that aborts while a provider ignores it abandons the provider after 5 s', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const deaf: ChatModel = { stream: async function* () { await new Promise(() => undefined); } };
    const host = await createTestHost({ models: { default: deaf } });
    const controller = new AbortController();
    const ended = codeOf(host.models.get('default').generate('hi', { signal: controller.signal }));
    await vi.waitFor(async () => { expect(await leasesOf(host)).toBe(1); });
    controller.abort();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await ended).toBe('ABORTED');
    expect(await leasesOf(host)).toBe(0);
    await host.close();
  });
});

describe('a host that closes', () => {
  it('ends a stream that is being read', async () => {
    const host = await createTestHost({ models: { default: script([[{ text: 'so far' }, { stall: true }]]) } });
    const stream = host.models.get('default').stream('hi');
    const reading = codeOf(read(stream));
    await vi.waitFor(async () => { expect(await leasesOf(host)).toBe(1); });
    await host.close({ drainMs: 0 });
    expect(await reading).toBe('HOST_CLOSED');
    expect(await codeOf(stream.answer)).toBe('HOST_CLOSED');
  });

  it('does not wait for a stream nobody reads, which is then refused', async () => {
    const host = await createTestHost({ models: { default: script(['Never.']) } });
    const stream = host.models.get('default').stream('hi');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await host.close({ drainMs: 60_000 });
    expect(await codeOf(stream.answer)).toBe('HOST_CLOSED');
  });

  it('ends a stream whose backend has not started yet', async () => {
    const slow = definePlugin({ api: 1, start: () => new Promise<never>(() => undefined) });
    const host = await createTestHost({ backends: { slow } });
    const reading = codeOf(read(host.models.get('m@slow').stream('hi')));
    await vi.waitFor(async () => { expect((await host.describe()).backends[0]?.state).toBe('starting'); });
    const closed = host.close({ drainMs: 0 });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await closed;
    expect(await reading).toMatch(/^(HOST_CLOSED|BACKEND_REMOVED)$/);
  });
});

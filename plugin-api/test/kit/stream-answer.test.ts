import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Call, ChatPart, HttpResponse } from '../../src/index.ts';
import { protocolError, readJsonLines, streamAnswer } from '../../src/kit/index.ts';
import type { AnswerDecoder } from '../../src/kit/index.ts';
import { bodyOf } from './bytes.ts';

const usage = { inputTokens: { total: 1 }, outputTokens: { total: 2 } };

/** A wire of lines: a text is a delta, null is the end, anything else is a fault. */
class LineDecoder implements AnswerDecoder<unknown> {
  done = false;

  push(line: unknown, parts: ChatPart[]): void {
    if (line === null) this.done = true;
    else if (typeof line === 'string') parts.push({ type: 'text-delta', id: 'text', delta: line });
    else throw protocolError('no such line');
  }

  end(parts: ChatPart[]): void {
    if (!this.done) throw protocolError('cut', {}, true);
    parts.push({ type: 'finish', finishReason: { unified: 'stop', raw: undefined }, usage });
  }
}

const call = (signal = new AbortController().signal): Call => ({ id: 'c', attempt: 1, signal });
const response = (body: AsyncIterable<Uint8Array>, headers: Record<string, string> = {}): HttpResponse => ({
  status: 200, headers: { 'content-type': 'application/x-ndjson', ...headers }, body,
  text: async () => Buffer.concat(await Array.fromAsync(body)).toString(), json: async () => undefined,
});

function stream(head: HttpResponse, made = call()): AsyncGenerator<ChatPart[], void, undefined> {
  return streamAnswer(async () => ({
    response: head, warnings: [{ type: 'other', message: 'w' }], read: readJsonLines, decoder: new LineDecoder(),
    decodeWhole: (text) => ({ content: [{ type: 'text', text }], finishReason: { unified: 'stop', raw: undefined }, usage }),
  }), made);
}

/** What each read gave, as the kinds and deltas of its parts, and what was thrown. */
async function told(parts: AsyncIterable<readonly ChatPart[]>): Promise<{ reads: string[]; error: unknown }> {
  const reads: string[] = [];
  try {
    for await (const read of parts) reads.push(read.map((part) => (part.type === 'text-delta' ? part.delta : part.type)).join(' '));
  } catch (error) {
    return { reads, error };
  }
  return { reads, error: undefined };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('streamAnswer', () => {
  it('opens the answer with the first read and gives one array for each network read', async () => {
    const open = vi.fn<() => Promise<never>>(async () => { throw new Error('refused'); });
    const closed = streamAnswer(open, call());
    expect(open).not.toHaveBeenCalled();
    await expect(closed.next()).rejects.toThrow('refused');
    expect(await told(stream(response(bodyOf('"a"\n', '"b"\n"c"\n', 'null\n'))))).toEqual({ reads: ['stream-start response-metadata a', 'b c', 'finish'], error: undefined });
  });

  it('hands warnings and headers over with the first read, cookies left out', async () => {
    const { value } = await stream(response(bodyOf('"a"\n'), { 'set-cookie': 'a=b', 'x-limit': '1' })).next();
    expect(value).toEqual([
      { type: 'stream-start', warnings: [{ type: 'other', message: 'w' }] },
      { type: 'response-metadata', headers: { 'content-type': 'application/x-ndjson', 'x-limit': '1' } }, { type: 'text-delta', id: 'text', delta: 'a' },
    ]);
  });

  it('gives the parts before an error of the same read, then throws it', async () => {
    const { reads, error } = await told(stream(response(bodyOf('"a"\n', '"b"\n1\n"c"\n'))));
    expect(reads).toEqual(['stream-start response-metadata a', 'b']);
    expect(error).toMatchObject({ code: 'PROTOCOL', message: 'no such line' });
  });

  it('leaves it to the decoder whether a body that ends is a cut one', async () => {
    expect((await told(stream(response(bodyOf('"a"\n'))))).error).toMatchObject({ code: 'PROTOCOL', facts: { retryable: true } });
  });

  it('throws the reason of an abort where the body just ends', async () => {
    const controller = new AbortController();
    const body = (async function* () {
      yield* bodyOf('"a"\n');
      controller.abort(new Error('enough'));
    })();
    expect((await told(stream(response(body), call(controller.signal)))).error).toBe(controller.signal.reason);
  });

  it('decodes an answer that came whole, as JSON or as a page, from its text', async () => {
    for (const type of ['application/json; charset=utf-8', 'application/problem+json', 'text/html']) {
      const { reads } = await told(stream(response(bodyOf('whole'), { 'content-type': type })));
      expect(reads).toEqual(['stream-start text-start whole text-end finish']);
    }
  });

  it('closes the body when its reader leaves the loop', async () => {
    const close = vi.fn<() => void>();
    const body = (async function* () {
      try {
        yield* bodyOf('"a"\n', '"b"\n');
      } finally {
        close();
      }
    })();
    for await (const _ of stream(response(body))) break;
    expect(close).toHaveBeenCalledOnce();
  });

  it('reads the body to its end, whose failure is not the answer’s', async () => {
    let ended = false;
    const body = (async function* () {
      yield* bodyOf('null\n', '"late"\n');
      ended = true;
      throw new Error('reset');
    })();
    expect(await told(stream(response(body)))).toEqual({ reads: ['stream-start response-metadata', 'finish'], error: undefined });
    expect(ended).toBe(true);
  });

  it('waits 100 ms for the end of a body that stays open, then closes it', async () => {
    vi.useFakeTimers();
    const close = vi.fn<() => Promise<IteratorReturnResult<undefined>>>(async () => ({ done: true, value: undefined }));
    const lines = bodyOf('null\n');
    const body = { [Symbol.asyncIterator]: () => ({ next: async () => { const read = await lines.next(); return read.done === true ? new Promise<never>(() => undefined) : read; }, return: close }) };
    const parts = told(stream(response(body)));
    await vi.advanceTimersByTimeAsync(99);
    expect(close).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect((await parts).reads.at(-1)).toBe('finish');
    expect(close).toHaveBeenCalledOnce();
    expect(vi.getTimerCount()).toBe(0);
  });
});

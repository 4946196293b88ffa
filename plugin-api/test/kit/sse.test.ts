import { describe, expect, it } from 'vitest';
import { CallError } from '../../src/index.ts';
import { readServerSentEvents } from '../../src/kit/index.ts';
import { bodyOf, collect, collectUntilThrown, cut, searchedCharacters } from './bytes.ts';

const read = (...reads: readonly (string | Uint8Array)[]) => collect(readServerSentEvents(bodyOf(...reads)));

describe('readServerSentEvents', () => {
  it('gives the same events wherever the stream is split', async () => {
    const text = '\uFEFFevent: one\r\ndata: {"a":"ä€😀"}\r\n\r\n: ping\n\ndata:x\rdata: y\r\rid: 7\ndata\n\ndata: [DONE]';
    const bytes = new TextEncoder().encode(text);
    const expected = [{ event: 'one', data: '{"a":"ä€😀"}' }, { data: 'x\ny' }, { id: '7', data: '' }, { data: '[DONE]' }];
    expect(await read(bytes)).toEqual(expected);
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(await read(bytes.subarray(0, at), bytes.subarray(at)), `split at byte ${at}`).toEqual(expected);
    }
    for (const size of [1, 2, 3, 5]) expect(await read(...cut(text, size)), `reads of ${size}`).toEqual(expected);
  });

  it('yields one array per network read and none for a read without a complete event', async () => {
    const batches = [];
    for await (const batch of readServerSentEvents(bodyOf('data: 1\n\ndata: 2\n\nda', 'ta: 3\n', '\n', ': note\n\n'))) batches.push(batch);
    expect(batches.map((batch) => batch.map((event) => event.data))).toEqual([['1', '2'], ['3']]);
  });

  it('removes one space after the colon, and only one', async () => {
    expect((await read('data:a\n\ndata: b\n\ndata:  c\n\ndata:\n\n')).map((event) => event.data)).toEqual(['a', 'b', ' c', '']);
  });

  it('reads a CRLF that is split between two reads as one line end', async () => {
    expect(await read('data: a\r', '\ndata: b\r', '\n\r', '\n')).toEqual([{ data: 'a\nb' }]);
  });

  it('leaves out comments, unknown fields, retry and events without data', async () => {
    expect(await read(': c\nretry: 5\nnonsense\nfoo: bar\nevent: lost\n\ndata: kept\n\n')).toEqual([{ data: 'kept' }]);
  });

  it('does not carry event names and ids over to the next event', async () => {
    expect(await read('event: a\nid: 1\ndata: x\n\ndata: y\n\n')).toEqual([{ event: 'a', id: '1', data: 'x' }, { data: 'y' }]);
  });

  it('takes an empty event name as none', async () => {
    expect((await read('event:\ndata: x\n\n'))[0]?.event).toBeUndefined();
  });

  it('ignores an id that holds a null character', async () => {
    expect(await read('id: a\0b\ndata: x\n\n')).toEqual([{ data: 'x' }]);
  });

  it('keeps a byte order mark that is not at the start', async () => {
    expect(await read('data: a\n\n', '\uFEFFdata: b\n\n', 'data: \uFEFFc\n\n')).toEqual([{ data: 'a' }, { data: '\uFEFFc' }]);
  });

  it('gives a last event whose blank line is missing, when it has data', async () => {
    expect(await read('data: a\n')).toEqual([{ data: 'a' }]);
    expect(await read('data: a')).toEqual([{ data: 'a' }]);
    expect(await read('data:')).toEqual([]);
    expect(await read('event: a')).toEqual([]);
  });

  it('shows a character that never arrived whole as U+FFFD', async () => {
    expect(await read(new TextEncoder().encode('data: €').subarray(0, -1))).toEqual([{ data: '\uFFFD' }]);
  });

  it('refuses an event above the limit in every split, after the events before it', async () => {
    const limited = (...reads: readonly (string | Uint8Array)[]) => collectUntilThrown(readServerSentEvents(bodyOf(...reads), { maxEventBytes: 20 }));
    const text = `data: ok\n\ndata: ${'x'.repeat(15)}\n\ndata: never\n\n`;
    for (const size of [1, 7, 1000]) {
      const { items, error } = await limited(...cut(text, size));
      expect(items.map((event) => event.data)).toEqual(['ok']);
      expect(CallError.is(error) && error.code).toBe('PROTOCOL');
    }
    expect((await limited(`data: ${'x'.repeat(14)}\n\n`)).error).toBeUndefined();
    expect((await limited('data: 123456\ndata: 123456\ndata: 123456\n\n')).error).toMatchObject({ code: 'PROTOCOL' });
    expect((await limited('x'.repeat(21))).error).toMatchObject({ code: 'PROTOCOL' });
  });

  it('looks at each character of a long line a bounded number of times', async () => {
    const length = 1_000_000;
    const reads = cut(`data: ${'x'.repeat(length)}\n\n`, 1000);
    let events: readonly { data: string }[] = [];
    const searched = await searchedCharacters(async () => (events = await read(...reads)));
    expect(events.map((event) => event.data.length)).toEqual([length]);
    expect(searched).toBeGreaterThan(length / 2);
    expect(searched).toBeLessThan(length * 4);
  });

  it('looks at each character of many lines without a colon a bounded number of times', async () => {
    const text = 'nonsense\n'.repeat(20_000);
    expect(await searchedCharacters(() => read(text))).toBeLessThan(text.length * 4);
  });

  it('closes the body when the reader leaves', async () => {
    let closed = false;
    async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
      try {
        for (;;) yield new TextEncoder().encode('data: a\n\n');
      } finally {
        closed = true;
      }
    }
    for await (const batch of readServerSentEvents(body())) {
      expect(batch).toHaveLength(1);
      break;
    }
    expect(closed).toBe(true);
  });

  it('throws what the body throws', async () => {
    const reason = new Error('reset');
    async function* body(): AsyncGenerator<Uint8Array, void, undefined> {
      yield new TextEncoder().encode('data: a\n\ndata: b');
      throw reason;
    }
    const { items, error } = await collectUntilThrown(readServerSentEvents(body()));
    expect(items).toEqual([{ data: 'a' }]);
    expect(error).toBe(reason);
  });
});

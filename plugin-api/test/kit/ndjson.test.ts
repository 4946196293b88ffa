import { describe, expect, it } from 'vitest';
import { readJsonLines } from '../../src/kit/index.ts';
import type { JsonLinesOptions } from '../../src/kit/index.ts';
import { bodyOf, collect, collectUntilThrown, cut, searchedCharacters } from './bytes.ts';

const read = (reads: readonly (string | Uint8Array)[], options?: JsonLinesOptions) => collect(readJsonLines(bodyOf(...reads), options));

describe('readJsonLines', () => {
  it('gives the same values wherever the stream is split', async () => {
    const text = '\uFEFF{"a":"ä€😀"}\r\n\n  \n[1,2]\n"x"\nnull';
    const bytes = new TextEncoder().encode(text);
    const expected = [{ a: 'ä€😀' }, [1, 2], 'x', null];
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(await read([bytes.subarray(0, at), bytes.subarray(at)]), `split at byte ${at}`).toEqual(expected);
    }
    expect(await read(cut(text, 1))).toEqual(expected);
  });

  it('yields one array per network read and none for a read without a complete line', async () => {
    const batches = [];
    for await (const batch of readJsonLines(bodyOf('1\n2\n{"a"', ':3}', '\n'))) batches.push(batch);
    expect(batches).toEqual([[1, 2], [{ a: 3 }]]);
  });

  it('names the line that is not JSON and shows none of it, after the values before it', async () => {
    const { items, error } = await collectUntilThrown(readJsonLines(bodyOf('{"a":1}\n\nsecret stuff\n{"b":2}\n')));
    expect(items).toEqual([{ a: 1 }]);
    expect(error).toMatchObject({ code: 'PROTOCOL', message: 'Line 3 of the answer is not JSON.' });
  });

  it('treats a line that the end of the stream cut off as not JSON', async () => {
    const { items, error } = await collectUntilThrown(readJsonLines(bodyOf('{"a":1}\n{"b":')));
    expect(items).toEqual([{ a: 1 }]);
    expect(error).toMatchObject({ code: 'PROTOCOL', message: 'Line 2 of the answer is not JSON.' });
  });

  it('hands lines that are not JSON to onInvalid and goes on', async () => {
    const invalid: [number, string][] = [];
    const values = await read(['1\nx\n2\ny'], { onInvalid: (lineNumber, line) => invalid.push([lineNumber, line]) });
    expect(values).toEqual([1, 2]);
    expect(invalid).toEqual([[2, 'x'], [4, 'y']]);
  });

  it('refuses a line above the limit, finished or not, in every split', async () => {
    for (const text of [`1\n"${'x'.repeat(20)}"\n`, `1\n"${'x'.repeat(20)}`]) {
      for (const size of [1, 7, 1000]) {
        const { items, error } = await collectUntilThrown(readJsonLines(bodyOf(...cut(text, size)), { maxLineBytes: 20 }));
        expect(items).toEqual([1]);
        expect(error).toMatchObject({ code: 'PROTOCOL', message: 'Line 2 of the answer is longer than 20 bytes.' });
      }
    }
  });

  it('looks at each character of a long line a bounded number of times', async () => {
    const length = 1_000_000;
    let values: unknown[] = [];
    const searched = await searchedCharacters(async () => (values = await read(cut(`"${'x'.repeat(length)}"\n`, 1000))));
    expect(values).toHaveLength(1);
    expect(searched).toBeGreaterThan(length / 2);
    expect(searched).toBeLessThan(length * 4);
  });
});

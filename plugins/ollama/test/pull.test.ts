/** The lines of a pull, added up by layer. */
import type { HttpResponse, PullProgress } from '@modelport/plugin-api';
import { expect, test } from 'vitest';
import { readPull } from '../src/pull.ts';

/** Reads a pull that arrives in these network reads. */
async function read(...reads: readonly string[]): Promise<{ progress: PullProgress[]; error: unknown }> {
  const body = (async function* () { for (const text of reads) yield Buffer.from(text); })();
  const response: HttpResponse = { status: 200, headers: {}, body, text: async () => '', json: async () => undefined };
  const progress: PullProgress[] = [];
  try {
    for await (const step of readPull(response, { backend: 'local', modelId: 'm' })) progress.push(step);
  } catch (error) {
    return { progress, error };
  }
  return { progress, error: undefined };
}

const line = (value: object): string => `${JSON.stringify(value)}\n`;
const figures = (progress: readonly PullProgress[]) => progress.map(({ phase, completedBytes, totalBytes }) => [phase, completedBytes, totalBytes]);

test('layers that interleave are added up, and the whole grows with each layer that becomes known', async () => {
  const { progress } = await read(
    line({ status: 'pulling manifest' }), line({ status: 'pulling a', digest: 'a', total: 100 }), line({ status: 'pulling a', digest: 'a', total: 100, completed: 40 }),
    line({ status: 'pulling b', digest: 'b', total: 10, completed: 10 }), line({ status: 'pulling a', digest: 'a', total: 100, completed: 100 }), line({ status: 'success' }),
  );
  expect(figures(progress)).toEqual([['starting', undefined, undefined], ['downloading', 0, 100], ['downloading', 40, 100], ['downloading', 50, 110], ['downloading', 110, 110], ['complete', 110, 110]]);
});

test('a layer that is fetched anew in part takes nothing back', async () => {
  const { progress } = await read(line({ status: 'pulling a', digest: 'a', total: 100, completed: 80 }), line({ status: 'pulling a', digest: 'a', total: 100, completed: 30 }), line({ status: 'success' }));
  expect(figures(progress)).toEqual([['downloading', 80, 100], ['downloading', 80, 100], ['complete', 100, 100]]);
});

test('of many lines in one read the latest of each phase is told', async () => {
  const { progress, error } = await read([
    line({ status: 'pulling manifest' }), line({ status: 'pulling a', digest: 'a', total: 2, completed: 1 }), line({ status: 'pulling a', digest: 'a', total: 2, completed: 2 }),
    line({ status: 'verifying sha256 digest' }), line({ status: 'writing manifest' }), line({ status: 'success' }), line({ status: 'more' }),
  ].join(''));
  expect(error).toBeUndefined();
  expect(progress.map(({ phase, detail }) => [phase, detail])).toEqual([['starting', 'pulling manifest'], ['downloading', 'pulling a'], ['verifying', 'writing manifest'], ['complete', 'success']]);
});

test('a pull that is cut within a line says so, and that what was fetched is kept', async () => {
  const { progress, error } = await read(line({ status: 'pulling a', digest: 'a', total: 2, completed: 1 }), '{"status":"succ');
  expect(figures(progress)).toEqual([['downloading', 1, 2]]);
  expect(error).toMatchObject({ code: 'PROTOCOL', message: 'The pull of m ended in the middle of a line, so it is not finished. Pull again: what was fetched is kept.', facts: { retryable: true } });
});

test('an error within a read is thrown after the progress before it', async () => {
  const { progress, error } = await read(line({ status: 'pulling a', digest: 'a', total: 2, completed: 1 }) + line({ error: 'digest mismatch, file must be downloaded again' }));
  expect(figures(progress)).toEqual([['downloading', 1, 2]]);
  expect(error).toMatchObject({ code: 'OVERLOADED', message: expect.stringContaining('digest mismatch') });
});

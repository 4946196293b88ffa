/** How a pull is told on a terminal, elsewhere, and to a program. */
import { Writable } from 'node:stream';
import type { PullProgress } from '@modelport/plugin-api';
import { expect, test } from 'vitest';
import { Output } from '../../src/cli/output.ts';
import { createPullTeller, progressText } from '../../src/cli/pull-progress.ts';
import type { Session } from '../../src/cli/session.ts';
import { sizeText } from '../../src/cli/size-text.ts';

const steps: readonly (readonly [at: number, progress: PullProgress])[] = [
  [0, { phase: 'starting', detail: 'pulling manifest' }],
  [10, { phase: 'downloading', completedBytes: 0, totalBytes: 4e9 }],
  [60, { phase: 'downloading', completedBytes: 1e8, totalBytes: 4e9 }],
  [2_010, { phase: 'downloading', completedBytes: 2e9, totalBytes: 4e9 }],
  [2_020, { phase: 'downloading', completedBytes: 2.1e9, totalBytes: 4e9 }],
  [4_000, { phase: 'verifying', completedBytes: 4e9, totalBytes: 4e9, detail: 'verifying sha256 digest' }],
  [4_001, { phase: 'complete', completedBytes: 4e9, totalBytes: 4e9, detail: 'success' }],
];

async function told(isTerminal: boolean, json: boolean, some = steps): Promise<string> {
  let text = '';
  const stream = new Writable({ write: (chunk: Buffer, _encoding, done) => { text += chunk.toString(); done(); } });
  let clock = 0;
  const session = { out: new Output(stream as unknown as NodeJS.WriteStream, {}), json } as unknown as Session;
  const teller = createPullTeller({ model: 'm:8b', backend: 'local' }, session, isTerminal, () => clock);
  for (const [at, progress] of some) {
    clock = at;
    await teller.tell(progress);
  }
  await teller.end();
  return text;
}

test('where there is no terminal a line comes once a second and for each phase', async () => {
  expect(await told(false, false)).toBe([
    'm:8b@local  starting', 'm:8b@local  downloading    0%  0 B of 4.0 GB', 'm:8b@local  downloading   50%  2.0 GB of 4.0 GB  1.0 GB/s',
    'm:8b@local  verifying (verifying sha256 digest)', 'm:8b@local  complete (success)', '',
  ].join('\n'));
});

test('on a terminal one line is drawn over itself, with a bar, and ends with the pull', async () => {
  const drawn = (await told(true, false)).split('\r').slice(1);
  expect(drawn.map((line) => line.replace('\u001B[K', ''))).toEqual([
    'm:8b@local  [........................]  starting',
    'm:8b@local  [........................]  downloading    0%  0 B of 4.0 GB',
    'm:8b@local  [############............]  downloading   50%  2.0 GB of 4.0 GB  1.0 GB/s',
    'm:8b@local  [########################]  verifying (verifying sha256 digest)',
    'm:8b@local  [########################]  complete (success)\n',
  ]);
});

test('what was held back is told when a pull ends early', async () => {
  expect((await told(false, false, steps.slice(0, 3))).split('\n').at(-2)).toBe('m:8b@local  downloading    2%  100 MB of 4.0 GB');
});

test('a program gets every step as an object on a line', async () => {
  const lines = (await told(true, true)).trimEnd().split('\n').map((line) => JSON.parse(line) as object);
  expect(lines).toEqual(steps.map(([, progress]) => ({ model: 'm:8b', backend: 'local', ...progress })));
});

test('a download without figures is told without a share', () => {
  expect(progressText({ phase: 'downloading' })).toBe('downloading');
  expect(progressText({ phase: 'downloading', completedBytes: 5, totalBytes: 0 })).toBe('downloading');
});

test.each([[undefined, ''], [0, '0 B'], [999, '999 B'], [1_000, '1.0 kB'], [815e6, '815 MB'], [4.66e9, '4.7 GB'], [2e15, '2000 TB']])('%s bytes are %j', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

/** Beside every test of the suite: nothing that a test file prints holds a key. Keys in tests begin with `sk-canary`, so that they are seen. */
import { inspect } from 'node:util';
import { afterAll } from 'vitest';

const CANARY = 'sk-canary';
const seen: string[] = [];

/** Keeps what shows a canary. */
function watch(words: readonly unknown[]): void {
  const text = words.map((word) => (word instanceof Uint8Array ? Buffer.from(word).toString() : typeof word === 'string' ? word : inspect(word, { depth: 8 }))).join(' ');
  if (text.includes(CANARY)) seen.push(text.slice(0, 500));
}

for (const stream of [process.stdout, process.stderr]) {
  const write = stream.write.bind(stream) as (...words: readonly unknown[]) => boolean;
  stream.write = ((...words: readonly unknown[]) => {
    watch(words.slice(0, 1));
    return write(...words);
  }) as typeof stream.write;
}
for (const level of ['debug', 'info', 'log', 'warn', 'error'] as const) {
  const print = console[level].bind(console) as (...words: readonly unknown[]) => void;
  console[level] = (...words: readonly unknown[]) => {
    watch(words);
    print(...words);
  };
}

afterAll(() => {
  if (seen.length > 0) throw new Error(`A key was printed:\n${seen.join('\n')}`);
});

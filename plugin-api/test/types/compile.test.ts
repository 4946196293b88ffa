import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

it('compiles an Anthropic-shaped and a llama.cpp-shaped plugin, and refuses what breaks the contract', () => {
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  const run = spawnSync(process.execPath, [compiler, '-p', fileURLToPath(new URL('tsconfig.json', import.meta.url)), '--listFiles'], { encoding: 'utf8' });
  const lines = run.stdout.split('\n');
  expect(lines.filter((line) => line.includes('error TS'))).toEqual([]);
  expect(run.status, run.stderr).toBe(0);
  // A compiler that saw no files finds no errors either.
  for (const name of ['anthropic-shaped', 'llama-cpp-shaped', 'readme-example', 'refused']) {
    expect(lines.some((line) => line.endsWith(`plugin-api/test/types/${name}.ts`)), name).toBe(true);
  }
}, 60_000);

it('shows in the README the example that is compiled', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const fences = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1]);
  expect(fences).toEqual([readFileSync(new URL('readme-example.ts', import.meta.url), 'utf8')]);
});

import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

import { parseScript } from '../src/script-schema.ts';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');

/** The code blocks of one language, in order. */
function blocks(language: string): string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gmsu'))].map((found) => found[1] ?? '');
}

test('the example in the README is the one that runs as a test', async () => {
  expect(blocks('ts')).toEqual([await readFile(new URL('example.test.ts', import.meta.url), 'utf8')]);
});

test('the steps in the README are steps, and every kind of step stands there', () => {
  const steps = [...readme.matchAll(/^\| `(\{.*?\})` \|/gmu)].map((found) => JSON.parse((found[1] ?? '').replaceAll(String.raw`\|`, '|')) as object);
  expect(() => parseScript(steps.map((step) => ({ reply: [step] })), 'README')).not.toThrow();
  expect(steps.flatMap((step) => Object.keys(step))).toEqual(expect.arrayContaining([
    'text', 'reasoning', 'json', 'toolCall', 'delayMs', 'stall', 'file', 'source', 'warning', 'responseMetadata', 'usage', 'finish', 'fault', 'cut', 'unknown',
  ]));
});

test('the JSON scripts in the README are scripts', () => {
  const scripts = blocks('json');
  expect(scripts.length).toBeGreaterThan(0);
  for (const text of scripts) expect(() => parseScript(JSON.parse(text), 'README')).not.toThrow();
});

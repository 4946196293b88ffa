/** Each case of the kit fails for a plugin that breaks its promise, and for that alone: a case that cannot fail says nothing. */
import { readdirSync, readFileSync } from 'node:fs';
import { conformanceCases, runConformance, type ConformanceDeclaration } from '@modelport/testing/conformance';
import { describe, expect, test } from 'vitest';

interface Expected {
  /** The case the fixture is made for. */
  readonly case: string;
  /** Every case of its area, and of loading, that it fails. */
  readonly fails: readonly string[];
}

const fixtures = new URL('../fixtures/nonconforming/', import.meta.url);
const names = readdirSync(fixtures).filter((name) => !name.startsWith('sound'));

function expectedOf(name: string): Expected {
  return JSON.parse(readFileSync(new URL(`${name}/expected.json`, fixtures), 'utf8')) as Expected;
}

async function declarationFor(base: string): Promise<ConformanceDeclaration> {
  return ((await import(new URL(`${base}/conformance.js`, fixtures).href)) as { readonly default: ConformanceDeclaration }).default;
}

function folderOf(name: string): string {
  return new URL(`${name}/`, fixtures).pathname;
}

test('every case has a plugin that fails it, and every such plugin has its case', () => {
  const cases = names.map((name) => expectedOf(name).case);
  expect(cases.toSorted()).toEqual(conformanceCases.map(({ name }) => name).toSorted());
  for (const name of names) expect(expectedOf(name).fails, name).toContain(expectedOf(name).case);
});

test.each(['sound', 'sound-local'])('the plugin "%s", which the others break, passes every case that concerns it', async (name) => {
  const { cases, counts } = await runConformance({ folder: folderOf(name), declaration: await declarationFor(name) });
  expect(cases.filter(({ status }) => status === 'failed')).toEqual([]);
  expect(counts.passed).toBeGreaterThanOrEqual(name === 'sound' ? 60 : 8);
});

describe('a plugin that breaks one promise', () => {
  test.each(names)('%s', async (name) => {
    const expected = expectedOf(name);
    const { ok, cases } = await runConformance({
      folder: folderOf(name), declaration: await declarationFor(expected.case.startsWith('local/') ? 'sound-local' : 'sound'),
      only: ['load', expected.case.split('/')[0] ?? ''],
    });
    expect(ok).toBe(false);
    const failed = cases.filter(({ status }) => status === 'failed');
    expect(failed.map(({ name: failing }) => failing).toSorted(), JSON.stringify(failed, undefined, 1)).toEqual(expected.fails);
    expect(failed.every(({ reason }) => reason !== undefined && reason !== '')).toBe(true);
  });
});

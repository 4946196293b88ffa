/** The table of load errors, the broken plugins that show them, and the page of errors say the same. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { errorCatalogue, pluginErrors } from '../../host/src/errors/catalogue.ts';
import { errorsPage, fixturesByCode } from '../../config/generate/errors-page.ts';
import { ROOT } from '../../config/check/command.ts';

const page = await readFile(path.join(ROOT, 'docs/errors.md'), 'utf8');
const fixtures = await fixturesByCode();

/** The part of the page under one heading. */
const section = (code: string): string => page.split(/^### /m).find((part) => part.startsWith(`${code}\n`)) ?? '';

describe('the error table', () => {
  it('has a broken plugin for every load error', () => {
    expect(Object.keys(pluginErrors).filter((code) => !fixtures.has(code))).toEqual([]);
  });

  it('has a row for every code a broken plugin is refused with', () => {
    expect([...fixtures.keys()].filter((code) => !(code in errorCatalogue))).toEqual([]);
  });

  it('stands on the page of errors, code by code and no code more', () => {
    expect(page.match(/(?<=^### )[A-Z_]+$/gm)).toEqual(Object.keys(errorCatalogue));
  });

  it.each([...fixtures])('links %s on the page to its broken plugins, and to no others', (code, names) => {
    expect([...section(code).matchAll(/\(\.\.\/test\/fixtures\/plugins\/([^)]+)\)/g)].map(([, name]) => name)).toEqual(names);
  });

  it('is the page that its generator writes', async () => {
    expect(page).toBe(await errorsPage(await import('../../host/src/errors/catalogue.ts')));
  });

  it('leaves no fixture out that is neither broken nor well', async () => {
    const every = await readdir(path.join(ROOT, 'test/fixtures/plugins'));
    expect(every.filter((name) => !name.startsWith('works-') && ![...fixtures.values()].flat().includes(name))).toEqual([]);
  });
});

/** The option tables in the READMEs of the plugins name exactly the options that the code takes. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../config/check/command.ts';
import { repositoryFiles } from '../../config/check/files.ts';

// Each schema file is compared with the code's own schema by a test of its plugin.
const plugins = (await repositoryFiles()).filter((file) => /^plugins\/[\w-]+\/options\.schema\.json$/.test(file)).map((file) => path.dirname(file));

/** What stands in backquotes in the first column of the tables under "Options". */
function namesInTables(readme: string): string[] {
  const section = /^## Options$([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(readme)?.[1] ?? '';
  const firstCells = section.split('\n').filter((line) => line.startsWith('| `')).map((line) => line.split('|')[1] ?? '');
  return firstCells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? ''));
}

describe('the README of a plugin', () => {
  it('is looked for in every plugin that has options', () => {
    expect(plugins.length).toBeGreaterThanOrEqual(2);
  });

  it.each(plugins)('%s lists each option once, and no other', async (folder) => {
    const schema = JSON.parse(await readFile(path.join(ROOT, folder, 'options.schema.json'), 'utf8')) as { readonly properties: object };
    const readme = await readFile(path.join(ROOT, folder, 'README.md'), 'utf8');
    expect(namesInTables(readme).sort()).toEqual(Object.keys(schema.properties).sort());
  });
});

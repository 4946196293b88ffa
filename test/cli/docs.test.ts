/** docs/cli.md: the commands on the page are run, and what they print is what the page shows. */
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, type Folder } from './command-line.ts';
import { configOf, examplesOf, readPage, ROOT, settled, words } from './page-examples.ts';

const page = await readPage('cli.md');
const examples = examplesOf(page);

/** Fixtures of load errors that show at once; the two that hang would take ten seconds each. */
const broken = ['plugin-not-built', 'manifest-missing', 'manifest-invalid', 'api-mismatch', 'options-invalid', 'plugin-import-failed', 'plugin-export-invalid', 'plugin-start-failed', 'provider-invalid'];

/** The packages are called after their fault: `modelport-plugin-not-built`. */
const shortName = (name: string): string => name.replace(/^plugin-/, '');

let folder: Folder;
beforeAll(async () => {
  folder = await makeFolder({
    'modelport.config.yaml': configOf(page),
    'wrong.yaml': 'backends:\n  scripted: { plugin: "@modelport/scripted", eagr: true }\nmodels:\n  default: demo@scriptd\n  creative: { spec: demo@scripted, temperature: 3 }\n  eu: demo@${EU_BACKEND}\n',
    'broken.yaml': `backends:\n  scripted: { plugin: "@modelport/scripted" }\n  calculator: { plugin: "@modelport/calculator" }\n  absent: { plugin: modelport-plugin-absent }\n${broken.map((name) => `  ${shortName(name)}: { plugin: modelport-plugin-${shortName(name)}${name === 'options-invalid' ? ', options: { basUrl: "https://example.com", region: ue }' : ''} }\n`).join('')}`,
  });
  for (const name of broken) await cp(path.join(ROOT, 'test/fixtures/plugins', name), path.join(folder.path, 'node_modules', `modelport-plugin-${shortName(name)}`), { recursive: true });
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('docs/cli.md', () => {
  it('shows the output of every command it runs', () => {
    expect(examples.length).toBe(page.match(/```sh run/g)?.length);
    expect(examples.length).toBeGreaterThan(12);
  });

  it.each(examples)('shows what `modelport $command` prints', async ({ command, exitCode, first, shown }) => {
    const run = await folder.run(words(command));
    const printed = settled(run.stderr + run.stdout, folder.path);
    expect(first === undefined ? printed : printed.split('\n').slice(0, first).join('\n') + '\n').toBe(shown);
    expect(run.exitCode).toBe(exitCode);
  });
});

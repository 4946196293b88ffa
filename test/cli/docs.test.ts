/** docs/cli.md: the commands on the page are run, and what they print is what the page shows. */
import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, type Folder } from './command-line.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const page = await readFile(path.join(ROOT, 'docs/cli.md'), 'utf8');

/** A command of the page and what the page shows of its output. */
interface Example {
  readonly command: string;
  readonly exitCode: number;
  /** How many lines are shown; absent = all. */
  readonly first: number | undefined;
  readonly shown: string;
}

const examples: readonly Example[] = [...page.matchAll(/```sh run(?: exit=(\d))?\nmodelport ([^\n]+)\n```\n\n```(?:text|json) output(?: first=(\d+))?\n([^]*?)```/g)]
  .map(([, exit, command = '', first, shown = '']) => ({ command, exitCode: Number(exit ?? 0), first: first === undefined ? undefined : Number(first), shown }));

/** What differs from run to run and from machine to machine, written as the page writes it. */
function settled(text: string, folder: string): string {
  return withoutAncestors(text, folder)
    .replaceAll(path.join(ROOT, 'plugins'), 'node_modules/@modelport')
    .replaceAll(path.join(ROOT, 'plugin-api'), 'node_modules/@modelport/plugin-api')
    .replaceAll(path.join(ROOT, 'host'), 'node_modules/@modelport/host')
    .replaceAll(`${folder}/`, '/project/')
    .replaceAll(folder, '/project')
    .replaceAll(/"folder": "node_modules/g, '"folder": "/project/node_modules')
    .replaceAll(/\d+ ms/g, '12 ms')
    .replaceAll(/call_[0-9a-f-]{36}/g, 'call_5e0c1f7a-9d3b-4c55-8a52-2f6d1c1b7e90')
    .replaceAll(/node {13}\d+\.\d+\.\d+/g, 'node             24.21.0')
    .replaceAll(/\b0\.\d+\.\d+\b/g, '0.1.0');
}

/** Without the lines of a search that lead from the project up to the root: how many there are depends on the machine. */
function withoutAncestors(text: string, folder: string): string {
  const lines = new Set<string>();
  for (let above = path.dirname(folder); ; above = path.dirname(above)) {
    lines.add(path.join(above, 'node_modules'));
    if (path.dirname(above) === above) break;
  }
  return text.split('\n').filter((line) => !lines.has(line.trim())).join('\n');
}

/** Words as a shell splits them; the page uses double quotes only. */
function words(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

/** Fixtures of load errors that show at once; the two that hang would take ten seconds each. */
const broken = ['plugin-not-built', 'manifest-missing', 'manifest-invalid', 'api-mismatch', 'options-invalid', 'plugin-import-failed', 'plugin-export-invalid', 'plugin-start-failed', 'provider-invalid'];

/** The packages are called after their fault: `modelport-plugin-not-built`. */
const shortName = (name: string): string => name.replace(/^plugin-/, '');

let folder: Folder;
beforeAll(async () => {
  const config = /```yaml\n(# modelport\.config\.yaml\n[^]*?)```/.exec(page)?.[1] ?? '';
  folder = await makeFolder({
    'modelport.config.yaml': config,
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

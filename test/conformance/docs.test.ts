/** docs/conformance.md: its commands are run on a small plugin, what they print is what the page shows, and it lists every case. */
import { cp, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { conformanceCases } from '@modelport/testing/conformance';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, type Folder } from '../cli/command-line.ts';
import { examplesOf, readPage, ROOT, settled, words } from '../cli/page-examples.ts';

const page = await readPage('conformance.md');
const examples = examplesOf(page);
const fixtures = path.join(ROOT, 'test/fixtures/nonconforming');

let folder: Folder;
beforeAll(async () => {
  folder = await makeFolder({}, { plugins: [] });
  await symlink(path.join(ROOT, 'plugin-api/testing'), path.join(folder.path, 'node_modules/@modelport/testing'), 'dir');
  for (const [name, fixture] of [['acme', 'sound'], ['zeroes', 'usage-absent']] as const) {
    const copy = path.join(folder.path, name);
    await cp(path.join(fixtures, fixture), copy, { recursive: true });
    await rewrite(path.join(copy, 'package.json'), `nonconforming-${fixture}`, `modelport-plugin-${name}`);
  }
  await rewrite(path.join(folder.path, 'zeroes/index.js'), '../sound/', '../acme/');
  await cp(path.join(fixtures, 'sound/conformance.js'), path.join(folder.path, 'zeroes/conformance.js'));
});
afterAll(() => folder[Symbol.asyncDispose]());

async function rewrite(file: string, from: string, to: string): Promise<void> {
  await writeFile(file, (await readFile(file, 'utf8')).replaceAll(from, to));
}

describe('docs/conformance.md', () => {
  it('shows the output of every command it runs', () => {
    expect(examples.length).toBe(page.match(/```sh run/g)?.length);
    expect(examples.length).toBeGreaterThan(3);
  });

  it.each(examples)('shows what `modelport $command` prints', async ({ command, exitCode, first, shown }) => {
    const run = await folder.run(words(command));
    const printed = settled(run.stderr + run.stdout, folder.path);
    expect(first === undefined ? printed : printed.split('\n').slice(0, first).join('\n') + '\n').toBe(shown);
    expect(run.exitCode).toBe(exitCode);
  });

  it('lists every case with its promise and what it needs', () => {
    const rows = conformanceCases.map(({ name, title, needs }) => `| \`${name}\` | ${title} | ${needs.map((need) => `\`${need}\``).join(' ') || 'nothing'} |`);
    expect(page.split('\n').filter((line) => /^\| `[a-z-]+\/[\w-]+` \|/.test(line))).toEqual(rows);
  });
});

/** docs/bad-days.md: the commands on the page are run among broken plugins, and what they print is what the page shows. */
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, type Folder } from './command-line.ts';
import { configOf, examplesOf, readPage, ROOT, settled, words } from './page-examples.ts';

const page = await readPage('bad-days.md');
const examples = examplesOf(page);

let folder: Folder;
beforeAll(async () => {
  folder = await makeFolder({ 'modelport.config.yaml': configOf(page) });
  await cp(path.join(ROOT, 'test/fixtures/plugins/plugin-start-failed'), path.join(folder.path, 'tides'), { recursive: true });
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('docs/bad-days.md', () => {
  it('shows the output of every command it runs', () => {
    expect(examples.length).toBe(page.match(/```sh run/g)?.length);
    expect(examples.length).toBeGreaterThan(4);
  });

  it.each(examples)('shows what `modelport $command` prints', async ({ command, exitCode, shown }) => {
    const run = await folder.run(words(command));
    expect(settled(run.stderr + run.stdout, folder.path)).toBe(shown);
    expect(run.exitCode).toBe(exitCode);
  });
});

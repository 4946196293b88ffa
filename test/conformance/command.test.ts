/** `modelport plugin test`: green on a plugin that keeps its promises, red by the right case on one that does not. */
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, type Folder } from '../cli/command-line.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

let folder: Folder;
beforeAll(async () => {
  folder = await makeFolder({}, { plugins: ['calculator', 'scripted'] });
  await cp(path.join(ROOT, 'test/fixtures/nonconforming'), path.join(folder.path, 'samples'), { recursive: true });
});
afterAll(() => folder[Symbol.asyncDispose]());

/** Lets the folder have the kit, as `npm i -D @modelport/testing` would. */
async function withKit(): Promise<Folder> {
  const { symlink } = await import('node:fs/promises');
  await symlink(path.join(ROOT, 'plugin-api/testing'), path.join(folder.path, 'node_modules/@modelport/testing'), 'dir').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  });
  return folder;
}

describe('modelport plugin test', () => {
  it('says how to get the kit where it is not installed', async () => {
    const run = await folder.run(['plugin', 'test', './samples/sound']);
    expect(run.stderr).toContain('npm i -D @modelport/testing');
    expect(run.exitCode).toBe(2);
  });

  it('passes a sound plugin, with what was not asked and why', async () => {
    const run = await (await withKit()).run(['plugin', 'test', './samples/sound']);
    expect(run.stdout).toContain('nonconforming-sound 1.0.0');
    expect(run.stdout).toContain('  ok    chat/answer');
    expect(run.stdout).toMatch(/not asked, because the manifest does not provide "local":\n {4}local\/pull, /);
    expect(run.stdout).toMatch(/\d+ passed, 0 failed, \d+ skipped\.\n$/);
    expect(run.exitCode).toBe(0);
  });

  it('fails a broken plugin by the case it breaks, as text', async () => {
    const run = await (await withKit()).run(['plugin', 'test', './samples/usage-absent', '--declaration', './samples/sound/conformance.js', '--only', 'usage']);
    expect(run.stdout).toContain('  FAIL  usage/absent');
    expect(run.stdout).toContain('input.total = 0');
    expect(run.stdout).toContain('2 passed, 1 failed, 0 skipped.');
    expect(run.exitCode).toBe(1);
  });

  it('fails a broken plugin by the case it breaks, as JSON', async () => {
    const run = await (await withKit()).run(['plugin', 'test', './samples/errors-no-retry', '--declaration', './samples/sound/conformance.js', '--only', 'errors', '--json']);
    const { ok, reports } = JSON.parse(run.stdout) as { readonly ok: boolean; readonly reports: readonly { readonly cases: readonly { readonly name: string; readonly status: string }[] }[] };
    expect(ok).toBe(false);
    expect(reports.flatMap(({ cases }) => cases).filter(({ status }) => status === 'failed').map(({ name }) => name)).toEqual(['errors/no-retry']);
    expect(run.exitCode).toBe(1);
  });

  it('takes the name of an installed package', async () => {
    const run = await (await withKit()).run(['plugin', 'test', '@modelport/calculator', '--only', 'tool-source']);
    expect(run.stdout).toContain('  ok    tool-source/execute');
    expect(run.exitCode).toBe(0);
  });

  it('fails what a plugin claims and nobody lets it show', async () => {
    const run = await (await withKit()).run(['plugin', 'test', './samples/chat-answer', '--only', 'chat/answer']);
    expect(run.stderr).toContain('There is no conformance.ts');
    expect(run.stdout).toContain('it cannot be tested: the declaration has no upstream to script');
    expect(run.exitCode).toBe(1);
  });

  it.each([
    ['a plugin that is nowhere', ['plugin', 'test', 'modelport-plugin-nowhere'], 'modelport-plugin-nowhere'],
    ['a declaration that is not there', ['plugin', 'test', './samples/sound', '--declaration', 'nothing.js'], 'nothing.js'],
    ['a case nobody knows', ['plugin', 'test', './samples/sound', '--only', 'chta'], 'chta'],
  ])('ends with 2 for %s', async (_what, words, named) => {
    const run = await (await withKit()).run(words);
    expect(run.stderr).toContain(named);
    expect(run.exitCode).toBe(2);
  });
});

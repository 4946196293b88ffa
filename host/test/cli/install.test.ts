/** Installing a plugin: the project's package manager by its lockfile, and the edit of the config. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backendNameOf, entryText, writeEntry, type ConfigEntry } from '../../src/cli/install/config-entry.ts';
import { findProject, installCommand } from '../../src/cli/install/package-manager.ts';
import { parsePackageSpec } from '../../src/cli/install/package-spec.ts';

let folder: string;
beforeEach(async () => { folder = await mkdtemp(path.join(tmpdir(), 'modelport-install-')); });
afterEach(() => rm(folder, { recursive: true, force: true }));
const write = (name: string, text = ''): Promise<void> => writeFile(path.join(folder, name), text);

describe('the package manager of a project', () => {
  it.each([
    ['package-lock.json', 'npm install --ignore-scripts --no-audit --no-fund a'], ['pnpm-lock.yaml', 'pnpm add --ignore-scripts a'],
    ['yarn.lock', 'yarn add --ignore-scripts a'], ['bun.lock', 'bun add --ignore-scripts a'],
  ])('is told by %s and runs no scripts: %s', async (lockfile, command) => {
    await write('package.json', '{}');
    await write(lockfile);
    const project = await findProject(folder);
    expect(project).toMatchObject({ folder, lockfile: path.join(folder, lockfile) });
    expect((await installCommand(project, ['a'])).words.join(' ')).toBe(command);
  });

  it('takes scripts from newer Yarn by a variable', async () => {
    await write('yarn.lock');
    await write('.yarnrc.yml');
    expect(await installCommand(await findProject(folder), ['a'])).toEqual({ words: ['yarn', 'add', 'a'], environment: { YARN_ENABLE_SCRIPTS: '0' } });
  });

  it('is told that the root of a pnpm workspace is meant', async () => {
    await write('pnpm-lock.yaml');
    await write('pnpm-workspace.yaml');
    expect((await installCommand(await findProject(folder), ['a'])).words).toContain('--workspace-root');
  });
});

describe('a package spec', () => {
  it.each([
    ['@modelport/openai', { install: '@modelport/openai', name: '@modelport/openai' }],
    ['a@^1.2', { install: 'a@^1.2', name: 'a', range: '^1.2' }],
    ['a@latest', { install: 'a@latest', name: 'a' }],
    ['/x/y', { install: '/x/y' }],
  ])('%s is read', (text, spec) => {
    expect(parsePackageSpec(text)).toEqual(spec);
  });

  it.each(['a b', 'a;b', '$(a)', 'a@`b`', '', '@', '--global'])('"%s" is refused', (text) => {
    expect(() => parsePackageSpec(text)).toThrow('is no package');
  });
});

describe('a config entry', () => {
  const entry: ConfigEntry = { section: 'backends', name: 'acme', value: { plugin: 'modelport-plugin-acme' } };

  it.each([['@modelport/openai', 'openai'], ['modelport-plugin-acme', 'acme'], ['@x/modelport-9lives', 'lives'], ['@openrouter/ai-sdk-provider', 'ai-sdk-provider'], ['modelport-plugin-', 'plugin']])('of %s is called %s', (name, backend) => {
    expect(backendNameOf(name)).toBe(backend);
  });

  it('is shown as YAML', async () => {
    expect(await entryText(entry)).toBe('backends:\n  acme:\n    plugin: modelport-plugin-acme');
  });

  it.each([
    ['x.yaml', '# top\nmodels: {} # end\n', '# top\nmodels: {} # end\nbackends:\n  acme:\n    plugin: modelport-plugin-acme\n'],
    ['x.yaml', 'backends:\n', 'backends:\n  acme:\n    plugin: modelport-plugin-acme\n'],
    ['x.json', '{ "models": {} }', '{\n  "models": {},\n  "backends": {\n    "acme": {\n      "plugin": "modelport-plugin-acme"\n    }\n  }\n}\n'],
  ])('is written into %s with %j', async (name, before, after) => {
    await write(name, before);
    await writeEntry(path.join(folder, name), entry);
    expect(await readFile(path.join(folder, name), 'utf8')).toBe(after);
  });

  it('never takes a name that is taken', async () => {
    await write('x.yaml', 'backends: { acme: { plugin: other } }\n');
    await expect(writeEntry(path.join(folder, 'x.yaml'), entry)).rejects.toThrow('`backends.acme` already');
  });

  it('is shown instead of written where only a person can edit', async () => {
    await write('x.ts', 'export default {};');
    await expect(writeEntry(path.join(folder, 'x.ts'), entry)).rejects.toMatchObject({ code: 'NOT_EDITABLE', remedy: expect.stringContaining('plugin: modelport-plugin-acme') as unknown });
  });
});

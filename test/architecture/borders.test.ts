/** Who may import whom, over every source file, with a parser of its own: the linter's rules are not the only guard. */
import { builtinModules } from 'node:module';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { publishedPackages } from '../../config/check/files.ts';
import { importsOf, sourceFiles } from './source-files.ts';
import type { SourceFile } from './source-files.ts';

const sources = await sourceFiles();
const packages = await publishedPackages();
const plugins = packages.filter(({ folder }) => folder.startsWith('plugins/'));

/** An architecture check that sees nothing passes: fewer files than this is a fault of the check. Raise it as the house grows. */
const FEWEST_FILES = 200;

/** The steps of the flow, in the order of work. */
const STEPS = ['config', 'discover', 'manifest', 'plugin', 'register', 'resolve', 'start-call', 'stream'];
const SOCKETS = ['http', 'https', 'http2', 'net', 'tls', 'dgram', 'undici'];

/** The package of a bare import, without its subpath and without `node:`. */
function packageOf(name: string): string {
  const [first = '', second = ''] = name.replace(/^node:/, '').split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

const isRelative = (name: string): boolean => name.startsWith('.');
/** The file a relative import means, relative to the root. */
const targetOf = (file: string, name: string): string => path.posix.join(path.posix.dirname(file), name);

/** Every import that a border refuses, as `file -> name`. */
function crossings(files: readonly SourceFile[], isRefused: (name: string, file: string) => boolean): readonly string[] {
  return files.flatMap(({ file, imports }) => imports.filter((name) => isRefused(name, file)).map((name) => `${file} -> ${name}`));
}

const below = (folder: string): readonly SourceFile[] => sources.filter(({ file }) => file.startsWith(`${folder}/`));

describe('the check itself', () => {
  it('sees every package, and at least as many files as the house had when it was written', () => {
    expect(sources.length).toBeGreaterThanOrEqual(FEWEST_FILES);
    for (const { folder } of packages) expect(below(`${folder}/src`), folder).not.toEqual([]);
  });

  it('sees static, dynamic, re-exported and type imports', () => {
    const text = "import a from 'one'; export * from 'two'; export { b } from 'three'; await import('four'); type C = import('five').C; import type { D } from 'six';";
    expect(importsOf('sample.ts', text)).toEqual(['one', 'two', 'three', 'four', 'five', 'six']);
  });
});

describe('the contract', () => {
  it('imports nothing at its root, not even its kit', () => {
    const root = below('plugin-api/src').filter(({ file }) => !file.startsWith('plugin-api/src/kit/'));
    expect(crossings(root, (name, file) => !isRelative(name) || !/^plugin-api\/src\/[^/]+$/.test(targetOf(file, name)))).toEqual([]);
  });

  it('has a kit that imports the files of the contract and nothing else', () => {
    expect(crossings(below('plugin-api/src/kit'), (name, file) => !isRelative(name) || !targetOf(file, name).startsWith('plugin-api/src/'))).toEqual([]);
  });
});

describe('a plugin', () => {
  it.each(plugins.map(({ folder }) => folder))('in %s stands on the contract, its own files and its declared libraries', (folder) => {
    const declared = packages.find((one) => one.folder === folder)?.packageJson['dependencies'] ?? {};
    const isAllowed = (name: string, file: string): boolean => {
      if (isRelative(name)) return targetOf(file, name).startsWith(`${folder}/src/`);
      const wanted = packageOf(name);
      // A wire that several vendors speak is offered by the plugin that has it, under a subpath made for them.
      if (name === '@modelport/openai/compatible') return Object.hasOwn(declared, wanted);
      if (wanted.startsWith('@modelport/')) return wanted === '@modelport/plugin-api';
      return builtinModules.includes(wanted) || Object.hasOwn(declared, wanted);
    };
    expect(crossings(below(`${folder}/src`), (name, file) => !isAllowed(name, file))).toEqual([]);
  });

  it('opens no socket of its own', () => {
    expect(crossings(below('plugins'), (name) => SOCKETS.includes(packageOf(name)))).toEqual([]);
  });
});

describe('the host', () => {
  it('imports no plugin package, and names none outside the texts of its command line', () => {
    const names = plugins.map(({ name }) => name);
    expect(crossings(below('host/src'), (name) => names.includes(packageOf(name)))).toEqual([]);
    const runtime = below('host/src').filter(({ file }) => !file.startsWith('host/src/cli/'));
    expect(runtime.flatMap(({ file, text }) => names.filter((name) => text.includes(name)).map((name) => `${file} names ${name}`))).toEqual([]);
  });

  it('knows tsyringe and its metadata in its container folder alone', () => {
    const outside = sources.filter(({ file }) => !file.startsWith('host/src/container/'));
    expect(crossings(outside, (name) => ['tsyringe', 'reflect-metadata'].includes(packageOf(name)))).toEqual([]);
  });

  it('knows undici in its http folder alone', () => {
    expect(crossings(sources.filter(({ file }) => !file.startsWith('host/src/http/')), (name) => packageOf(name) === 'undici')).toEqual([]);
  });

  it('has a flow in which no step imports a later one', () => {
    const order = (file: string): number => STEPS.findIndex((step) => file === `host/src/flow/${step}.ts`);
    const flow = below('host/src/flow').filter(({ file }) => !file.endsWith('.test.ts'));
    expect(flow.map(({ file }) => path.basename(file, '.ts')).filter((name) => !STEPS.includes(name))).toEqual([]);
    expect(crossings(flow, (name, file) => isRelative(name) && order(targetOf(file, name)) > order(file))).toEqual([]);
  });

  it('has a command line that imports what users import', () => {
    const isPublic = (file: string): boolean => file.startsWith('host/src/cli/') || ['host/src/index.ts', 'host/src/testing.ts'].includes(file);
    expect(crossings(below('host/src/cli'), (name, file) => isRelative(name) && !isPublic(targetOf(file, name)))).toEqual([]);
  });
});

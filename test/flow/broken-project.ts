/** A project whose config names every broken plugin of the fixtures, one a line, beside plugins that are well. */
import { cp, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fixtures, fixturesFolder, type Expected } from '../../host/test/packages/fixture-project.ts';

/** The value of every secret the config names. */
export const CANARY = 'sk-canary-0123456789abcdef';

/** Backends that are well: an ECMAScript module, a CommonJS one, and one that was built against another copy of the contract. */
export const GOOD = { good: 'works-esm-only', old: 'works-cjs-double-default', copy: 'works-branded' } as const;

/** Every broken fixture with what it must be told as. */
export const everyBroken: readonly (readonly [string, Expected])[] = await fixtures((name) => !name.startsWith('works-'));

/** One broken plugin of a project. */
export interface Broken {
  /** Of the fixture, and of its backend. */
  readonly name: string;
  readonly expected: Expected;
  /** Line of the backend in its config file. */
  readonly line: number;
}

/** A project on disk. */
export interface BrokenProject extends AsyncDisposable {
  readonly folder: string;
  readonly file: string;
  readonly broken: readonly Broken[];
}

/** Name of a fixture's package. */
export function packageNameOf(fixture: string): string {
  return `modelport-plugin-${fixture.replace(/^plugin-/, '')}`;
}

/** Installs a fixture, under its own name or another. */
export async function install(folder: string, fixture: string, as = packageNameOf(fixture)): Promise<string> {
  const target = join(folder, 'node_modules', as);
  await cp(join(fixturesFolder, fixture), target, { recursive: true });
  return target;
}

/** Makes the project. A fixture that needs surroundings of its own (Yarn's) is named by a config in a folder below, which the main one extends. */
export async function createBrokenProject(): Promise<BrokenProject> {
  const folder = await tempFolder();
  const files = { own: ['backends:'], main: ['extends: ./own/base.yaml', 'backends:'] };
  const allowed = ['@acme/*'];
  const broken: Broken[] = [];
  for (const [name, expected] of everyBroken) {
    const { code, plugin = packageNameOf(name), range, options, adapter, secret } = expected;
    const lines = code === 'PLUGIN_BEHIND_PNP' ? files.own : files.main;
    await install(folder, name);
    if (lines === files.own) await cp(join(fixturesFolder, name, 'project'), join(folder, 'own'), { recursive: true });
    if (code !== 'PLUGIN_NOT_ALLOWED') allowed.push(plugin);
    lines.push(`  ${name}: ${JSON.stringify({ plugin: range === undefined ? plugin : `${plugin}@${range}`, options, adapter, secrets: secret === undefined ? undefined : { apiKey: { env: 'CANARY_KEY' } } })}`);
    broken.push({ name, expected, line: lines.length });
  }
  for (const [name, fixture] of Object.entries(GOOD)) {
    await install(folder, fixture);
    allowed.push(packageNameOf(fixture));
    files.main.push(`  ${name}: { plugin: ${packageNameOf(fixture)} }`);
  }
  files.main.push(`policy: { plugins: { allow: ${JSON.stringify(allowed)} } }`);
  const file = join(folder, 'modelport.config.yaml');
  await writeFile(join(folder, 'own', 'base.yaml'), `${files.own.join('\n')}\n`);
  await writeFile(file, `${files.main.join('\n')}\n`);
  return { folder, file, broken, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** A temp folder by its real path. */
export async function tempFolder(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), 'modelport-bad-plugins-')));
}

/** What the fixture expects to be told, in the words of the project: the fixture calls its backend `broken`, in line 3 of the config. */
export function mentionsOf({ name, line, expected }: Broken): readonly string[] {
  return (expected.mentions ?? []).map((words) => words
    .replaceAll('"broken"', `"${name}"`).replaceAll('backends.broken', `backends.${name}`).replaceAll('retry broken', `retry ${name}`)
    .replaceAll('modelport.config.yaml:3', `.yaml:${line}`));
}

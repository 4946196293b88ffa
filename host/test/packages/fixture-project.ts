/** Projects in temp folders: a config file, and packages put where package managers put them. */
import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { DiscoverRequest } from '../../src/flow/discover.ts';

/** Where the broken and the odd packages lie. */
export const fixturesFolder = join(import.meta.dirname, '../../../test/fixtures/plugins');

/** What a fixture's expected.json says. */
export interface Expected {
  /** The code it must fail with; absent for a package that works. */
  readonly code?: string;
  readonly works?: true;
  /** Set where the fault shows only in a whole host, after these steps or beside them. */
  readonly beyond?: 'host';
  /** The backend's `adapter:`. */
  readonly adapter?: string;
  /** Words the message and remedy must hold. */
  readonly mentions?: readonly string[];
  /** Words that may stand nowhere in the error. */
  readonly hides?: readonly string[];
  /** What the config asks for. Default: the package by its name. */
  readonly plugin?: string;
  readonly range?: string;
  readonly options?: Record<string, never>;
  /** Value of the secret `apiKey`. */
  readonly secret?: string;
}

/** The fixtures whose folder name passes, by name. */
export async function fixtures(wanted: (name: string) => boolean): Promise<readonly (readonly [string, Expected])[]> {
  const names = (await readdir(fixturesFolder)).filter(wanted).sort();
  return Promise.all(names.map(async (name) => [name, JSON.parse(await readFile(join(fixturesFolder, name, 'expected.json'), 'utf8')) as Expected] as const));
}

/** A temp folder by its real path, gone after the test. */
export async function tempFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'modelport-packages-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a package: its package.json and a file that throws when it runs, since discovery runs nothing. */
export async function writePackage(folder: string, packageJson: object): Promise<string> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', exports: './index.js', ...packageJson }));
  await writeFile(join(folder, 'index.js'), "throw new Error('discovery ran code');\n");
  return folder;
}

/** A project with a config file; answers who asks, as a config of that project does at its line 3. */
export async function writeConfig(folder: string): Promise<DiscoverRequest['from']> {
  const file = join(folder, 'modelport.config.yaml');
  await mkdir(folder, { recursive: true });
  await writeFile(file, 'backends:\n  broken:\n    plugin: ...\n');
  return { file, folder, line: 3 };
}

/** Copies a fixture into the `node_modules` of a new project, and its `project/` folder into the project itself. */
export async function installFixture(name: string): Promise<{ readonly from: DiscoverRequest['from']; readonly packageName: string; readonly folder: string }> {
  const project = await tempFolder();
  const from = await writeConfig(project);
  const source = join(fixturesFolder, name);
  const packageName = /"name": "([^"]+)"/.exec(await readFile(join(source, 'package.json'), 'utf8'))?.[1] ?? name;
  const folder = join(project, 'node_modules', packageName);
  await mkdir(dirname(folder), { recursive: true });
  await cp(source, folder, { recursive: true });
  await cp(join(source, 'project'), project, { recursive: true }).catch(() => undefined);
  return { from, packageName, folder };
}

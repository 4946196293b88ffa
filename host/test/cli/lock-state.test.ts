/** Version and hash of a package, out of the lockfile of each package manager. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { lockStateOf } from '../../src/cli/install/lock-state.ts';

const NAME = '@acme/tides';

/** Shapes as the package managers wrote them for one dependency. */
const lockfiles: readonly (readonly [string, string])[] = [
  ['package-lock.json', JSON.stringify({ lockfileVersion: 3, packages: { '': { dependencies: { [NAME]: '^1.0.0' } }, [`node_modules/${NAME}`]: { version: '1.2.3', resolved: 'https://registry.example/t.tgz', integrity: 'sha512-abc==' } } })],
  ['pnpm-lock.yaml', `lockfileVersion: '9.0'\n\npackages:\n\n  '${NAME}@1.2.3':\n    resolution: {integrity: sha512-abc==}\n\nsnapshots:\n\n  '${NAME}@1.2.3': {}\n`],
  ['yarn.lock', `# yarn lockfile v1\n\n\n"${NAME}@^0.9.0":\n  version "0.9.0"\n  integrity sha512-old==\n\n"${NAME}@^1.0.0":\n  version "1.2.3"\n  resolved "https://registry.example/t.tgz"\n  integrity sha512-abc==\n`],
  ['yarn.lock', `__metadata:\n  version: 10\n\n"${NAME}@npm:^1.0.0":\n  version: 1.2.3\n  resolution: "${NAME}@npm:1.2.3"\n  checksum: sha512-abc==\n  languageName: node\n  linkType: hard\n`],
  ['bun.lock', `{\n  "lockfileVersion": 1,\n  "packages": {\n    "${NAME}": ["${NAME}@1.2.3", "", {}, "sha512-abc=="],\n  }\n}\n`],
];

async function project(name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelport-lock-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, name), text);
  return folder;
}

it.each(lockfiles)('is read from %s', async (name, text) => {
  const folder = await project(name, text);
  const lockfile = join(folder, name);
  expect(await lockStateOf({ lockfile }, { name: NAME, version: '1.2.3', folder: join(folder, 'node_modules', NAME) })).toEqual({ lockfile, version: '1.2.3', integrity: 'sha512-abc==' });
});

it.each(lockfiles)('is absent from %s for a package it does not name', async (name, text) => {
  const folder = await project(name, text);
  const lockfile = join(folder, name);
  expect(await lockStateOf({ lockfile }, { name: 'other', version: '1.2.3', folder: join(folder, 'node_modules', 'other') })).toEqual({ lockfile });
});

it('tells the version of the lockfile where another one is installed', async () => {
  const folder = await project('package-lock.json', lockfiles[0]?.[1] ?? '');
  expect(await lockStateOf({ lockfile: join(folder, 'package-lock.json') }, { name: NAME, version: '1.9.9', folder: join(folder, 'node_modules', NAME) })).toMatchObject({ version: '1.2.3' });
});

it('is unknown without a lockfile, and for one that is no such file', async () => {
  const folder = await project('package-lock.json', 'no JSON');
  const installed = { name: NAME, version: '1.2.3', folder };
  expect(await lockStateOf({}, installed)).toBeUndefined();
  expect(await lockStateOf({ lockfile: join(folder, 'package-lock.json') }, installed)).toBeUndefined();
  expect(await lockStateOf({ lockfile: join(folder, 'bun.lockb') }, installed)).toBeUndefined();
});

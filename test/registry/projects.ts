/** Folders outside the workspace: a stranger's plugin repository, and the project of a user who installs it. */
import { cp, mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { inject } from 'vitest';
import { ROOT } from '../../config/check/command.ts';
import { runWell } from './command.ts';
import type { Registry } from './local-registry.ts';

const THIRD_PARTY = path.join(ROOT, 'test', 'fixtures', 'third-party');

/** The registry that holds the packages of this workspace. Throws what kept it from starting. */
export function publishedPackages(): Registry {
  const registry = inject('registry');
  if ('failure' in registry) throw new Error(registry.failure);
  return registry;
}

/** A plugin's repository, built against what the registry serves. */
export interface PluginRepository {
  readonly folder: string;
  /** The packed package, absolute. */
  readonly tarball: string;
}

/** Copies a sample plugin into a folder of its own, installs what it depends on, compiles it if it is TypeScript, and packs it. */
export async function buildPlugin(registry: Registry, name: string): Promise<PluginRepository> {
  const folder = await mkdtemp(path.join(registry.folder, `${name}-`));
  await cp(path.join(THIRD_PARTY, name), folder, { recursive: true });
  await runWell('npm', ['install'], folder, registry);
  // The compiler is the workspace's; the types it reads are those of the installed package.
  const files = await readdir(folder);
  if (files.includes('tsconfig.json')) {
    await runWell(process.execPath, [path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'), '-p', folder], folder, registry);
  }
  await runWell('npm', ['pack'], folder, registry);
  const tarball = (await readdir(folder)).find((file) => file.endsWith('.tgz'));
  if (tarball === undefined) throw new Error(`npm pack left no tarball in ${folder}`);
  return { folder, tarball: path.join(folder, tarball) };
}

/** Publishes a plugin's repository to the local registry, and nowhere else. */
export async function publishPlugin(registry: Registry, { tarball }: PluginRepository): Promise<void> {
  await runWell('npm', ['publish', tarball, '--registry', registry.url], registry.folder, registry);
}

/** Makes an empty project and installs packages into it: names from the registry, or tarballs. */
export async function createProject(registry: Registry, packages: readonly string[]): Promise<string> {
  const folder = await mkdtemp(path.join(registry.folder, 'project-'));
  await writeFile(path.join(folder, 'package.json'), '{ "name": "somebody", "private": true, "type": "module" }\n');
  await runWell('npm', ['install', ...packages], folder, registry);
  return folder;
}

/** Writes files of a project; folders are made as needed. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
}

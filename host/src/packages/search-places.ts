/** The folders in which a plugin is looked for, nearest first; never the working folder. */
import { readdir } from 'node:fs/promises';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import compareBuild from 'semver/functions/compare-build.js';
import valid from 'semver/functions/valid.js';
import type { FoundBy } from './found-package.ts';

/** Where to look beside the folders above the asking file. */
export interface DiscoverOptions {
  /** `policy.pluginFolders` and MODELPORT_PLUGIN_PATH, absolute, in order: each holds packages, or a `node_modules` with them. */
  readonly pluginFolders?: readonly string[];
  /** The host's own plugin store, one install folder per package and version (see `storeInstallFolder`). */
  readonly storeFolder?: string;
  /** npm's global prefix, given only when the CLI itself runs from it (see `globalPrefixOf`). */
  readonly globalPrefix?: string;
}

/** A folder whose entries are packages. */
export interface SearchPlace {
  readonly how: FoundBy;
  readonly folder: string;
}

/** Every place to look for a package of that name, in order. `from` is a real folder. */
export async function searchPlaces(name: string, from: string, options: DiscoverOptions): Promise<readonly SearchPlace[]> {
  const folders = options.pluginFolders ?? [];
  return [
    ...nodeModulesAbove(from).map((folder) => ({ how: 'node_modules' as const, folder })),
    ...folders.flatMap((folder) => [join(folder, 'node_modules'), folder]).map((folder) => ({ how: 'plugin-folder' as const, folder })),
    ...(options.storeFolder === undefined ? [] : await storePlaces(name, options.storeFolder)),
    ...(options.globalPrefix === undefined ? [] : [join(options.globalPrefix, 'lib', 'node_modules'), join(options.globalPrefix, 'node_modules')])
      .map((folder) => ({ how: 'global' as const, folder })),
  ];
}

/** The `node_modules` folders from a folder up to the root, as Node walks them. */
export function nodeModulesAbove(from: string): readonly string[] {
  const folders: string[] = [];
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    if (basename(folder) !== 'node_modules') folders.push(join(folder, 'node_modules'));
    if (dirname(folder) === folder) return folders;
  }
}

/** Where the store keeps one version of a package: an install folder of its own, so that a new version is a new module. */
export function storeInstallFolder(storeFolder: string, name: string, version: string): string {
  return join(storeFolder, storeKey(name), version);
}

function storeKey(name: string): string {
  return name.replace('/', '+');
}

/** The installed versions of a package in the store, newest first, each in its own `node_modules`. */
async function storePlaces(name: string, storeFolder: string): Promise<readonly SearchPlace[]> {
  const versions = await readdir(join(storeFolder, storeKey(name))).catch(() => []);
  const newestFirst = versions.filter((version) => valid(version) !== null).sort((a, b) => compareBuild(b, a));
  if (newestFirst.length === 0) return [{ how: 'store', folder: join(storeFolder, storeKey(name)) }];
  return newestFirst.map((version) => ({ how: 'store', folder: join(storeInstallFolder(storeFolder, name, version), 'node_modules') }));
}

/** Splits MODELPORT_PLUGIN_PATH: absolute folders, joined as PATH is. Empty entries and relative ones (they would mean cwd) fall away. */
export function parsePluginPath(value: string | undefined): readonly string[] {
  return (value ?? '').split(delimiter).filter((folder) => folder !== '' && resolve(folder) === join(folder, '.'));
}

/**
 * The global prefix that a running file belongs to: `<prefix>/lib/node_modules/...` (POSIX) or `<prefix>/node_modules/...` where the
 * prefix is an `npm` folder (Windows). `undefined` when it runs from a project.
 */
export function globalPrefixOf(file: string): string | undefined {
  for (let folder = dirname(file); dirname(folder) !== folder; folder = dirname(folder)) {
    if (basename(folder) !== 'node_modules') continue;
    const above = dirname(folder);
    if (basename(above) === 'lib') return dirname(above);
    if (basename(above).toLowerCase() === 'npm') return above;
  }
  return undefined;
}

/** Step 2: from the name of a plugin to the package on disk that is meant by it, without running any of its code. */
import { realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import satisfies from 'semver/functions/satisfies.js';
import validRange from 'semver/ranges/valid.js';
import type { AskedFrom } from '../errors/catalogue.ts';
import { modelportError } from '../errors/modelport-error.ts';
import { nearNames } from '../errors/near-names.ts';
import type { FoundBy, FoundPackage, SkippedPackage } from '../packages/found-package.ts';
import { nearPackages } from '../packages/near-packages.ts';
import { readPackageFile } from '../packages/package-file.ts';
import { type DiscoverOptions, searchPlaces } from '../packages/search-places.ts';
import { findPnpApi, findPnpFile, resolveByPnp } from '../packages/yarn-pnp.ts';

export type { FoundPackage } from '../packages/found-package.ts';
export type { DiscoverOptions } from '../packages/search-places.ts';

/** What to look for, and who asks. */
export interface DiscoverRequest {
  /** A package name, or a path (`./path`, absolute, or a `file:` URL). */
  readonly plugin: string;
  /** Semver range the version must lie in; a copy outside it is passed over. Absent = any version. */
  readonly range?: string | undefined;
  /** The file that wrote the winning `plugin:` value. Everything is sought from its real folder, or from `folder` where there is no file. */
  readonly from: AskedFrom & { readonly folder: string };
}

/**
 * Finds the package a config means. A path is read from the real folder of the file that wrote it; a name is sought in the `node_modules`
 * folders upward from there, then in plugin folders, the store and the global prefix; under `yarn node`, Yarn is asked first. Never cwd.
 * Throws PLUGIN_NOT_FOUND, PLUGIN_RANGE_UNMET, PLUGIN_BEHIND_PNP, and MANIFEST_INVALID for a package.json that is no JSON object.
 */
export async function discoverPackage(request: DiscoverRequest, options: DiscoverOptions = {}): Promise<FoundPackage> {
  const folder = realFolderOf(request.from);
  if (isPath(request.plugin)) return discoverAtPath(request, folder);
  if (!isPackageName(request.plugin)) throw notAName(request, folder);
  return discoverByName(request, folder, options);
}

async function discoverAtPath(request: DiscoverRequest, folder: string): Promise<FoundPackage> {
  const { plugin, range } = request;
  const target = plugin.startsWith('file:') ? fileURLToPath(plugin) : resolve(folder, plugin);
  const found = lookAt({ plugin, at: target, how: 'path', resolvedFrom: folder });
  if (typeof found !== 'object') {
    const siblings = await readdir(dirname(target)).catch(() => []);
    const near = nearNames(basename(target), siblings).map((name) => plugin.slice(0, plugin.length - basename(plugin).length) + name).filter((path) => path !== plugin);
    throw modelportError('PLUGIN_NOT_FOUND', { plugin, from: askedFrom(request), searched: [found ?? target], near });
  }
  if (!fits(found.version, range)) throw rangeUnmet(request, [found]);
  return found;
}

async function discoverByName(request: DiscoverRequest, folder: string, options: DiscoverOptions): Promise<FoundPackage> {
  const { plugin, range } = request;
  const searched: string[] = [];
  const skipped: SkippedPackage[] = [];
  const accept = (found: FoundPackage): FoundPackage | undefined => {
    if (fits(found.version, range)) return skipped.length > 0 ? { ...found, skipped } : found;
    skipped.push({ folder: found.folder, version: found.version });
    return undefined;
  };
  const pnp = findPnpApi(folder);
  if (pnp) {
    const answer = resolveByPnp(pnp, plugin, folder);
    const found = 'folder' in answer ? lookAt({ plugin, at: answer.folder, how: 'pnp', resolvedFrom: folder }) : answer.reason;
    if (typeof found === 'object') {
      const accepted = accept(found);
      if (accepted) return accepted;
    } else searched.push(`Yarn Plug'n'Play of ${folder}${found ? ` (${found})` : ''}`);
  }
  const places = await searchPlaces(plugin, folder, options);
  for (const place of places) {
    const found = lookAt({ plugin, at: join(place.folder, plugin), how: place.how, resolvedFrom: place.folder });
    if (typeof found === 'object') {
      const accepted = accept(found);
      if (accepted) return accepted;
    } else searched.push(found ? `${place.folder} (${found})` : place.folder);
  }
  if (skipped.length > 0) throw rangeUnmet(request, skipped);
  const pnpFile = pnp ? undefined : await findPnpFile(folder);
  if (pnpFile) throw modelportError('PLUGIN_BEHIND_PNP', { plugin, from: askedFrom(request), pnpFile });
  throw modelportError('PLUGIN_NOT_FOUND', { plugin, from: askedFrom(request), searched, near: await nearPackages(plugin, places.map((place) => place.folder)) });
}

/** Looks at one folder: the package, or nothing, or a remark on what stands there instead. Throws MANIFEST_INVALID. */
function lookAt({ plugin, at, how, resolvedFrom }: { readonly plugin: string; readonly at: string; readonly how: FoundBy; readonly resolvedFrom: string }): FoundPackage | string | undefined {
  const file = readPackageFile(at);
  if (file.state === 'absent') return file.remark;
  if (file.state === 'broken') throw modelportError('MANIFEST_INVALID', { plugin, folder: file.folder, file: file.packageFile, problems: [file.reason] });
  const { folder, packageFile, packageJson, version } = file;
  const linked = file.link && !folder.split(sep).includes('node_modules');
  return { name: file.name ?? plugin, version, folder, packageFile, packageJson, how, resolvedFrom, linked };
}

function rangeUnmet(request: DiscoverRequest, found: readonly SkippedPackage[]): Error {
  const { plugin, range = '' } = request;
  const remark = validRange(range) === null ? ` ("${range}" is no semver range)` : '';
  return modelportError('PLUGIN_RANGE_UNMET', { plugin, range, from: askedFrom(request), found: found.map(({ version, folder }) => `${version} in ${folder}${remark}`) });
}

/** What looks like neither a path nor a name is most often a path without its `./`. */
function notAName(request: DiscoverRequest, folder: string): Error {
  const there = readPackageFile(resolve(folder, request.plugin)).state !== 'absent';
  return modelportError('PLUGIN_NOT_FOUND', {
    plugin: request.plugin, from: askedFrom(request), searched: ['nowhere: a plugin is an npm package name, or a path that begins with ./'],
    because: `"${request.plugin}" is no npm package name.`, near: there ? [`./${request.plugin}`] : [],
  });
}

function realFolderOf(from: DiscoverRequest['from']): string {
  const file = realPathOf(from.file);
  const folder = realPathOf(from.folder);
  // A value given in code names a folder as its file, or a file that is not on disk.
  return file !== undefined && file !== folder ? dirname(file) : folder ?? from.folder;
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

function askedFrom({ from }: DiscoverRequest): AskedFrom {
  return { file: from.file, line: from.line };
}

function fits(version: string, range: string | undefined): boolean {
  return range === undefined || satisfies(version, range);
}

/** Whether a `plugin:` value is a path rather than a package name. */
function isPath(plugin: string): boolean {
  return /^\.{1,2}([\\/]|$)/.test(plugin) || plugin.startsWith('file:') || isAbsolute(plugin);
}

function isPackageName(plugin: string): boolean {
  return /^(@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/i.test(plugin);
}

/** Reads a package.json, and tells apart what is absent, what is broken, and what is there. */
import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from './thrown-reason.ts';

/** What stands at a folder where a package was looked for. */
export type PackageFile =
  | { readonly state: 'absent'; readonly remark?: string }
  | { readonly state: 'broken'; readonly folder: string; readonly packageFile: string; readonly reason: string }
  | {
      readonly state: 'there';
      readonly folder: string;
      readonly packageFile: string;
      readonly packageJson: Readonly<Record<string, unknown>>;
      readonly name: string | undefined;
      readonly version: string;
      /** Whether `at` itself is a symbolic link. */
      readonly link: boolean;
    };

/**
 * Reads the package.json in the folder `at`, by its real path. Throws nothing: a folder that cannot be read is absent, with a remark.
 * Synchronous, because boot reads hundreds of small files and each trip through the thread pool costs more than the read.
 */
export function readPackageFile(at: string): PackageFile {
  let folder: string;
  let link: boolean;
  try {
    const found = lstatSync(at, { throwIfNoEntry: false });
    if (found === undefined) return { state: 'absent' };
    link = found.isSymbolicLink();
  } catch (error) {
    return isMissing(error) ? { state: 'absent' } : { state: 'absent', remark: reasonOf(error) };
  }
  try {
    folder = realpathSync.native(at);
  } catch (error) {
    return { state: 'absent', remark: isMissing(error) ? `${at} is a link to a folder that is gone` : reasonOf(error) };
  }
  const packageFile = join(folder, 'package.json');
  let text: string;
  try {
    text = readFileSync(packageFile, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOTDIR')) return { state: 'absent', remark: `${at} is a file; a plugin is a folder with a package.json` };
    return { state: 'absent', remark: isMissing(error) ? `${at} has no package.json` : reasonOf(error) };
  }
  return parsePackageFile(text, { folder, packageFile, link });
}

function parsePackageFile(text: string, place: { readonly folder: string; readonly packageFile: string; readonly link: boolean }): PackageFile {
  const { folder, packageFile, link } = place;
  let json: unknown;
  try {
    json = JSON.parse(text.startsWith('\uFEFF') ? text.slice(1) : text);
  } catch (error) {
    return { state: 'broken', folder, packageFile, reason: `it is no valid JSON: ${reasonOf(error)}` };
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return { state: 'broken', folder, packageFile, reason: 'it holds no object' };
  const packageJson = json as Readonly<Record<string, unknown>>;
  const { name, version } = packageJson as { readonly name?: unknown; readonly version?: unknown };
  return {
    state: 'there', folder, packageFile, packageJson, link,
    name: typeof name === 'string' && name !== '' ? name : undefined,
    version: typeof version === 'string' && version !== '' ? version : '0.0.0',
  };
}

/** Whether an error of the file system says that nothing is there. */
export function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR');
}

function hasCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && (error as { readonly code?: unknown }).code === code;
}

/** Imports the code of a package once for all its backends, within a limit, and remembers how that went. */
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { type ModelportError, modelportError } from '../errors/modelport-error.ts';
import { withLimit } from '../lifecycle/time-limit.ts';
import type { FoundPackage } from './found-package.ts';
import { findEntry } from './plugin-entry.ts';
import { reasonOf } from './thrown-reason.ts';

/** Limits of loading a plugin, in milliseconds; 0 = no limit. A loop that never yields stops the process and is beyond them. */
export interface LoadLimits {
  /** Longest import of one package. Default 10000. */
  readonly importMs: number;
  /** Longest `start()` of one backend, its option schema included. Default 10000. */
  readonly startMs: number;
}

/** What holds where nobody says otherwise. */
export const defaultLoadLimits: LoadLimits = { importMs: 10_000, startMs: 10_000 };

/** How the import of a package went. */
export interface ImportRecord {
  /** The file that was imported. */
  readonly entry: string;
  /** How long it took, in milliseconds; absent while it runs. */
  readonly tookMs?: number;
  /** Why it failed; remembered, so that every backend of the package is told the same. */
  readonly failure?: ModelportError;
}

interface Import extends ImportRecord {
  /** One wait for all backends that ask while it runs. */
  readonly waiting: Promise<object>;
}

// Node keeps modules for the whole process, whatever host asked for them, so this is kept for the whole process too.
const imports = new Map<string, Import>();

/**
 * Imports a package by its real path, once per folder and version, and answers its module. Throws PLUGIN_NO_ENTRY, PLUGIN_NOT_BUILT,
 * PLUGIN_IMPORT_FAILED and PLUGIN_IMPORT_TIMEOUT; the last two are remembered until `forgetFailedImport`. `onImported` hears how long
 * the import took, in milliseconds, when it was this call that made it.
 */
export async function importPackage(found: FoundPackage, limits: Pick<LoadLimits, 'importMs'> = defaultLoadLimits, onImported?: (tookMs: number) => void): Promise<object> {
  const known = imports.get(identityOf(found));
  if (known) return known.waiting;
  const details = { plugin: found.name, version: found.version, folder: found.folder };
  const entry = await findEntry(found.folder, found.packageJson);
  if (entry.state === 'none') throw modelportError('PLUGIN_NO_ENTRY', { ...details, reason: entry.reason }, { plugin: found.name });
  if (entry.state === 'not-built') throw modelportError('PLUGIN_NOT_BUILT', { ...details, entry: entry.entry }, { plugin: found.name });
  // Somebody else may have begun while the entry was sought.
  const begun = imports.get(identityOf(found));
  if (begun) return begun.waiting;
  const began = performance.now();
  const module = await begin(found, entry.file, limits.importMs).waiting;
  onImported?.(performance.now() - began);
  return module;
}

function begin(found: FoundPackage, entry: string, limitMs: number): Import {
  const key = identityOf(found);
  const details = { plugin: found.name, version: found.version, folder: found.folder, entry };
  const began = performance.now();
  const note = (more: Pick<ImportRecord, 'failure'>): void => {
    const current = imports.get(key);
    if (current) imports.set(key, { ...current, tookMs: performance.now() - began, ...more });
  };
  const namespace = import(/* @vite-ignore */ pathToFileURL(entry).href) as Promise<object>;
  const late = (): ModelportError => modelportError('PLUGIN_IMPORT_TIMEOUT', { ...details, limitMs }, { plugin: found.name });
  const waiting = withLimit(namespace.catch((error: unknown) => {
    throw modelportError('PLUGIN_IMPORT_FAILED', { ...details, reason: reasonOf(error) }, { plugin: found.name, cause: error });
  }), limitMs, late);
  const begun = { entry, waiting };
  imports.set(key, begun);
  waiting.then(() => note({}), (failure: ModelportError) => note({ failure }));
  return begun;
}

/** How the import of a package went; `undefined` when it was never imported. */
export function importRecord(found: FoundPackage): ImportRecord | undefined {
  const known = imports.get(identityOf(found));
  if (known === undefined) return undefined;
  const { entry, tookMs, failure } = known;
  return { entry, ...(tookMs !== undefined && { tookMs }), ...(failure && { failure }) };
}

/** Another version that this process imported from the same folder: Node keeps modules by path, so the version that lies there now cannot be had. */
export function versionImportedBefore({ folder, version }: FoundPackage): string | undefined {
  for (const key of imports.keys()) {
    const [known, imported] = key.split('\0');
    if (known === folder && imported !== version) return imported;
  }
  return undefined;
}

/**
 * Lets the next `importPackage` try again after a failure. Node itself remembers a module that threw, so only what was missing from it
 * or came late can turn out well; a mended file at the same path needs a new process.
 */
export function forgetFailedImport(found: FoundPackage): void {
  if (imports.get(identityOf(found))?.failure) imports.delete(identityOf(found));
}

function identityOf({ folder, version }: FoundPackage): string {
  return `${folder}\0${version}`;
}

/** Step 4: from a checked package to a running provider: import, options, `start()`, each within a limit and blamed by name. */
import type { JsonObject, Manifest, Plugin, PluginContext, Provider } from '@modelport/plugin-api';
import type { PackageDetails } from '../errors/catalogue.ts';
import { ModelportError, modelportError } from '../errors/modelport-error.ts';
import { withLimit } from '../lifecycle/time-limit.ts';
import type { FoundPackage } from '../packages/found-package.ts';
import { commonMajors } from '../packages/contract-range.ts';
import { defaultLoadLimits, importPackage, importRecord, type LoadLimits } from '../packages/import-package.ts';
import { optionProblems, type OptionsOwner } from '../packages/option-problems.ts';
import { pluginOf } from '../packages/plugin-export.ts';
import { providerProblems } from '../packages/provider-shape.ts';
import { deepFreeze, runOptionSchema } from '../packages/runtime-options.ts';
import { reasonOf } from '../packages/thrown-reason.ts';
import type { Redactor } from '../secrets/redact.ts';

export { defaultLoadLimits, forgetFailedImport, importPackage, importRecord, versionImportedBefore } from '../packages/import-package.ts';
export type { LoadLimits } from '../packages/import-package.ts';
export { providedKinds } from '../packages/provider-shape.ts';

/** What stands for the package of a plugin that was given in code. */
const IN_CODE = '(code)';

/**
 * Imports a plugin's package (once per real folder and version) and takes the plugin for the newest common major out of it. Throws
 * PLUGIN_NO_ENTRY, PLUGIN_NOT_BUILT, PLUGIN_IMPORT_FAILED, PLUGIN_IMPORT_TIMEOUT and PLUGIN_EXPORT_INVALID.
 */
export async function loadPlugin(found: FoundPackage, manifest: Pick<Manifest, 'api'>, limits: Pick<LoadLimits, 'importMs'> = defaultLoadLimits): Promise<LoadedPlugin> {
  let importMs: number | undefined;
  const module = await importPackage(found, limits, (tookMs) => { importMs = tookMs; });
  const picked = pluginOf(module, commonMajors(manifest.api));
  if ('reason' in picked) throw exportInvalid(found, picked.reason);
  return { plugin: picked.plugin, ...(importMs !== undefined && { importMs }) };
}

/** A plugin out of its module. */
export interface LoadedPlugin {
  readonly plugin: Plugin;
  /** How long the import took, in milliseconds; absent when the package was imported before. */
  readonly importMs?: number;
}

/** A plugin and the options a config gives it. */
export interface OptionsValidation extends OptionsOwner {
  readonly plugin: Plugin;
  readonly options: JsonObject;
  /** The plugin's package; absent for a plugin given in code. */
  readonly found?: FoundPackage | undefined;
  /** Name of the plugin as the config writes it. Default: that of the package. */
  readonly pluginName?: string | undefined;
  /** Default: `defaultLoadLimits`. */
  readonly limits?: Pick<LoadLimits, 'startMs'> | undefined;
}

/**
 * The options as the plugin gets them: the output of its own schema, deep-frozen; without a schema, the options as they are. Throws
 * OPTIONS_INVALID with every problem at once, and PLUGIN_EXPORT_INVALID for a schema that itself throws or never answers.
 */
export async function validateOptions(validation: OptionsValidation): Promise<unknown> {
  const { plugin, options, found, backend, limits = defaultLoadLimits } = validation;
  if (plugin.options === undefined) return deepFreeze(structuredClone(options));
  const late = (): ModelportError => exportInvalid(found, `its option schema did not answer within ${limits.startMs} ms`);
  const checked = await withLimit(runOptionSchema(plugin.options, options).catch((error: unknown) => {
    throw exportInvalid(found, `its option schema threw: ${reasonOf(error)}`, error);
  }), limits.startMs, late);
  if ('output' in checked) return checked.output;
  throw modelportError('OPTIONS_INVALID', { backend, plugin: validation.pluginName ?? nameOf(found), problems: optionProblems(checked.faults, validation) }, { plugin: nameOf(found), backend });
}

/** Everything one activation of a backend needs. */
export interface StartRequest {
  readonly plugin: Plugin;
  readonly context: PluginContext;
  /** Key under `backends:`. */
  readonly backend: string;
  /** The plugin's package; absent for a plugin given in code. */
  readonly found?: FoundPackage | undefined;
  /** What was announced; with an empty `provides`, whatever the provider offers is fine. */
  readonly manifest: Pick<Manifest, 'provides'>;
  /** Default: `defaultLoadLimits`. */
  readonly limits?: Pick<LoadLimits, 'startMs'> | undefined;
  /** Gives the start up; the call rejects with its reason. */
  readonly signal: AbortSignal;
  /** Takes the backend's secrets out of what the plugin threw. */
  readonly redactor: Pick<Redactor, 'redact' | 'redactError'>;
}

/**
 * Starts a plugin for one backend and checks what it returns. A provider that comes after the limit or after the signal, or that does not
 * fit, is closed. Throws PLUGIN_START_FAILED, PLUGIN_START_TIMEOUT, PROVIDER_INVALID, or the reason of the signal.
 */
export async function startPlugin(request: StartRequest): Promise<Provider> {
  const { plugin, context, backend, found, manifest, limits = defaultLoadLimits, signal, redactor } = request;
  signal.throwIfAborted();
  const blame = { plugin: nameOf(found), backend };
  const started = Promise.resolve().then(() => plugin.start(context)).catch((error: unknown) => {
    // What the host itself told the plugin, as when the package behind an adapter cannot be imported, stays as it is.
    if (ModelportError.is(error)) throw error;
    throw modelportError('PLUGIN_START_FAILED', { ...packageDetails(found), backend, reason: redactor.redact(reasonOf(error)) }, { ...blame, cause: redactor.redactError(error) });
  });
  const late = (): ModelportError => modelportError('PLUGIN_START_TIMEOUT', { ...packageDetails(found), backend, limitMs: limits.startMs }, blame);
  let provider: Provider;
  try {
    provider = await untilAborted(withLimit(started, limits.startMs, late), signal);
  } catch (error) {
    started.then(closeUnused, () => undefined);
    throw error;
  }
  const problems = providerProblems(provider, manifest.provides).map((problem) => redactor.redact(problem));
  if (problems.length === 0) return provider;
  closeUnused(provider);
  throw modelportError('PROVIDER_INVALID', { ...packageDetails(found), backend, problems }, blame);
}

/** The work, or the signal's reason, whichever comes first. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
  }
}

/** Closes a provider nobody will use. How that goes changes nothing: its owner has already been told of a worse fault. */
function closeUnused(provider: unknown): void {
  Promise.resolve().then(() => (provider as { readonly close?: () => unknown } | null | undefined)?.close?.()).catch(() => undefined);
}

function exportInvalid(found: FoundPackage | undefined, reason: string, cause?: unknown): ModelportError {
  const entry = found === undefined ? IN_CODE : importRecord(found)?.entry ?? found.folder;
  return modelportError('PLUGIN_EXPORT_INVALID', { ...packageDetails(found), entry, reason }, { plugin: nameOf(found), cause });
}

function packageDetails(found: FoundPackage | undefined): PackageDetails {
  return found === undefined ? { plugin: IN_CODE, folder: IN_CODE } : { plugin: found.name, version: found.version, folder: found.folder };
}

function nameOf(found: FoundPackage | undefined): string {
  return found?.name ?? IN_CODE;
}

/** What the host knows of a backend before any of its code runs: steps 2 and 3 of the flow, for one backend. */
import type { Plugin } from '@modelport/plugin-api';
import type { BackendConfig } from '../config/config-types.ts';
import type { LoadedConfig, Origin } from '../flow/config.ts';
import { discoverPackage, type DiscoverOptions, type FoundPackage } from '../flow/discover.ts';
import { checkOptions, readManifest, readTargetManifest, type PluginManifest } from '../flow/manifest.ts';
import { ModelportError, modelportError } from '../errors/modelport-error.ts';
import { checkAllowed } from './allowed-plugins.ts';
import { secretFingerprints } from '../secrets/backend-secrets.ts';
import { fingerprint } from './identity.ts';

/** A backend as configured, with the package and manifest behind it, or the reason why it cannot serve. */
export interface BackendPlan {
  /** Key under `backends:`. */
  readonly name: string;
  /** Package name or path, as written; `(code)` for a plugin given in code. */
  readonly plugin: string;
  readonly config: BackendConfig;
  readonly found?: FoundPackage | undefined;
  readonly manifest?: PluginManifest | undefined;
  /** The package behind `adapter:`, which the adapter plugin wraps. */
  readonly target?: FoundPackage | undefined;
  /** The plugin itself, when it was given in code. */
  readonly code?: Plugin | undefined;
  /** Hash of real folder, version, options, headers, secret fingerprints and permissions. */
  readonly identity: string;
  /** Whether commands that its secrets name may run. */
  readonly trusted: boolean;
  /** Why it cannot be loaded, found before any import. */
  readonly failure?: ModelportError | undefined;
  /** Where a value of this backend was written; the path starts below the backend. */
  place(path: readonly (string | number)[]): Origin | undefined;
}

/** What planning looks at, apart from the backend itself. */
export interface PlanSurroundings {
  readonly loaded: LoadedConfig;
  readonly discovery: DiscoverOptions;
  readonly environment: NodeJS.ProcessEnv;
  /** Plugins given in code, by backend. */
  readonly code: ReadonlyMap<string, Plugin>;
  /** Whether this config may run commands; asked only where a secret names one. */
  readonly trusted: () => Promise<boolean>;
  /** Packages already looked up for this snapshot: 200 backends of one plugin are one lookup. */
  readonly seen: Map<string, Promise<FoundPackage>>;
}

/** Plans one backend. Never throws for what a user or a plugin author did wrong: the plan carries the failure. */
export async function planBackend(config: BackendConfig, surroundings: PlanSurroundings): Promise<BackendPlan> {
  const code = surroundings.code.get(config.name);
  const place = (path: readonly (string | number)[]): Origin | undefined => surroundings.loaded.origin([config.declaredBy, config.name, ...path]);
  const runsCommands = Object.values(config.secrets).some((secret) => 'command' in secret);
  const trusted = !runsCommands || (await surroundings.trusted());
  const base = { name: config.name, plugin: code ? '(code)' : config.plugin, config, code, place, trusted };
  if (code || !config.enabled) return { ...base, identity: await identityOf(base, surroundings.environment) };
  let found: FoundPackage | undefined;
  let target: FoundPackage | undefined;
  let manifest: PluginManifest | undefined;
  let failure: ModelportError | undefined;
  try {
    const allowed = (plugin: string): void => { checkAllowed(plugin, config, surroundings.loaded); };
    allowed(config.plugin);
    target = config.adapter === undefined ? undefined : await lookUp(config.plugin, config, surroundings);
    found = config.adapter === undefined ? await lookUp(config.plugin, config, surroundings) : await lookUpAdapter(config.adapter, config, surroundings);
    // A package may lie under a name that is not its own.
    for (const known of [target, found]) if (known && !isPath(config.plugin)) allowed(known.name);
    manifest = await readManifest(found, config.from);
    if (target !== undefined) manifest = readTargetManifest(found, manifest, target);
    await checkOptions({ backend: config.name, declaredBy: config.declaredBy, plugin: config.plugin, options: config.options, manifest, found, place: (path) => place(['options', ...path]) });
  } catch (error) {
    failure = ModelportError.is(error) ? error : modelportError('INTERNAL', { text: `Planning backend "${config.name}" failed.` }, { cause: error });
  }
  return { ...base, found, target, manifest, failure, identity: await identityOf({ ...base, found, target, manifest }, surroundings.environment) };
}

function isPath(plugin: string): boolean {
  return plugin.startsWith('.') || plugin.startsWith('/') || plugin.startsWith('~') || /^[A-Za-z]:[\\/]/.test(plugin);
}

function lookUp(plugin: string, config: BackendConfig, { seen, discovery }: PlanSurroundings): Promise<FoundPackage> {
  const key = `${plugin}\0${config.range ?? ''}\0${config.from.folder}`;
  const known = seen.get(key);
  if (known) return known;
  const lookup = discoverPackage({ plugin, ...(config.range === undefined ? {} : { range: config.range }), from: config.from }, discovery);
  seen.set(key, lookup);
  return lookup;
}

async function lookUpAdapter(adapter: string, config: BackendConfig, surroundings: PlanSurroundings): Promise<FoundPackage> {
  const plugin = /[@/]/.test(adapter) ? adapter : `@modelport/${adapter}`;
  try {
    return await discoverPackage({ plugin, from: config.from }, surroundings.discovery);
  } catch (error) {
    throw modelportError('ADAPTER_UNKNOWN', { backend: config.name, adapter, from: config.from }, { cause: error });
  }
}

async function identityOf({ config, found, target, manifest, code, trusted }: Pick<BackendPlan, 'config' | 'found' | 'target' | 'manifest' | 'code' | 'trusted'>, environment: NodeJS.ProcessEnv): Promise<string> {
  return fingerprint({
    plugin: config.plugin,
    folder: found?.folder,
    version: found?.version,
    target: target && { folder: target.folder, version: target.version },
    code: code === undefined ? undefined : codeNumber(code),
    adapter: config.adapter,
    export: config.export,
    trusted,
    enabled: config.enabled,
    options: config.options,
    headers: config.headers,
    permissions: config.permissions,
    secrets: await secretFingerprints(config, manifest, environment),
  });
}

const codeNumbers = new WeakMap<Plugin, number>();
let nextCodeNumber = 1;

/** Plugins given in code have no folder: each object is an identity of its own. */
function codeNumber(plugin: Plugin): number {
  const known = codeNumbers.get(plugin);
  if (known !== undefined) return known;
  codeNumbers.set(plugin, nextCodeNumber);
  return nextCodeNumber++;
}

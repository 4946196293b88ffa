/** One validated state of the whole config: a call that began under a snapshot ends under it, whatever is edited meanwhile. */
import type { Plugin } from '@modelport/plugin-api';
import type { AliasConfig, BackendConfig, Config } from '../config/config-types.ts';
import type { LoadedConfig } from '../flow/config.ts';
import type { DiscoverOptions, FoundPackage } from '../flow/discover.ts';
import { flattenAliases, type Target } from '../flow/resolve.ts';
import { isTrusted } from '../secrets/trust.ts';
import { planBackend, type BackendPlan } from './plan.ts';

/** An alias, flattened: the ordered targets it means, and the defaults it adds to a request. */
export interface Alias {
  readonly name: string;
  readonly targets: readonly Target[];
  readonly config: AliasConfig;
}

/** Config, plans and aliases as of one edit. */
export interface Snapshot {
  /** Counted from 1; each applied edit makes the next one. */
  readonly number: number;
  readonly loaded: LoadedConfig;
  readonly config: Config;
  readonly plans: ReadonlyMap<string, BackendPlan>;
  readonly aliases: ReadonlyMap<string, Alias>;
  /** Enabled backends that may serve chat: what a spec may name. */
  readonly chatBackends: readonly string[];
}

/** What a snapshot is made from, besides the config. */
export interface SnapshotSurroundings {
  readonly discovery: DiscoverOptions;
  readonly environment: NodeJS.ProcessEnv;
  /** Plugins given in code, by backend. */
  readonly code: ReadonlyMap<string, Plugin>;
  /** Whether every backend counts as switched off. */
  readonly switchedOff?: boolean;
  /** Whether the config may run commands for secrets. Default: where it is the user's own, or was trusted. */
  readonly trust?: boolean | undefined;
}

/** Steps 2, 3 and 5 of the flow for every backend of a config: reads manifests, runs no code of any plugin. */
export async function createSnapshot(number: number, loaded: LoadedConfig, surroundings: SnapshotSurroundings): Promise<Snapshot> {
  const seen = new Map<string, Promise<FoundPackage>>();
  const planned = await Promise.all(Object.values(loaded.config.backends).map((backend) => plan(backend, loaded, surroundings, seen)));
  return snapshotOf(number, loaded, planned);
}

/** The same config with one backend looked for anew: its package may have been installed or mended meanwhile. */
export async function replanBackend(before: Snapshot, name: string, surroundings: SnapshotSurroundings): Promise<Snapshot> {
  const { number, loaded, config, plans } = before;
  const backend = config.backends[name];
  if (backend === undefined) return before;
  const planned = await plan(backend, loaded, surroundings, new Map());
  return snapshotOf(number + 1, loaded, [...plans.values()].map((known) => (known.name === name ? planned : known)));
}

function plan(backend: BackendConfig, loaded: LoadedConfig, { switchedOff = false, trust, ...surroundings }: SnapshotSurroundings, seen: Map<string, Promise<FoundPackage>>): Promise<BackendPlan> {
  const trusted = async (): Promise<boolean> => trust ?? isTrusted(loaded.files, surroundings.environment);
  return planBackend(switchedOff ? { ...backend, enabled: false } : backend, { loaded, seen, trusted, ...surroundings });
}

function snapshotOf(number: number, loaded: LoadedConfig, planned: readonly BackendPlan[]): Snapshot {
  const { config } = loaded;
  const plans = new Map(planned.map((known) => [known.name, known]));
  const chatBackends = planned.filter(isChatBackend).map((known) => known.name);
  return Object.freeze({ number, loaded, config, plans, aliases: flattenAliases(config, [...plans.keys()], chatBackends), chatBackends });
}

/** Whether a backend may serve chat, as far as is known before it starts. */
function isChatBackend(plan: BackendPlan): boolean {
  if (!plan.config.enabled || plan.config.declaredBy === 'tools') return false;
  return plan.manifest === undefined || plan.manifest.provides.length === 0 || plan.manifest.provides.includes('chat');
}

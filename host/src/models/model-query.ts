/** Models by backend, vendor, capability and price, out of what is known: no one is asked. */
import type { Capability, ModelInfo } from '@modelport/plugin-api';
import type { Backend, BackendState } from '../lifecycle/backend.ts';
import type { Runtime } from '../lifecycle/runtime.ts';
import { resolveBackendSecrets } from '../secrets/backend-secrets.ts';
import { vendorOf } from './catalogue.ts';
import { modelMetadata, type FactSource } from './model-metadata.ts';
import { pluginModelIds } from './plugin-models.ts';

/** What is looked for; every member narrows it. A model of which a wanted fact is unknown does not match. */
export interface ModelQuery {
  /** Only models of this backend. */
  readonly backend?: string;
  /** Only models of this vendor: the catalogue's name (`OpenAI`) or the plugin's package or manifest id, whatever the case. */
  readonly provider?: string;
  /** Only models known to have all of these. */
  readonly capability?: Capability | readonly Capability[];
  /** Only this kind: `chat`, `embedding`, `rerank`. */
  readonly kind?: string;
  /** Only models whose input and output cost at most this, in US dollars per million tokens. */
  readonly maxUsdPerMillionTokens?: number;
  /** Only models whose window holds at least this many tokens. */
  readonly minContextTokens?: number;
  /** Only models of backends that serve or are ready to. Default false. */
  readonly available?: boolean;
}

/** One model that matches. */
export interface ModelMatch {
  /** `model@backend`: good for `host.models.get()`. */
  readonly spec: string;
  readonly backend: string;
  readonly state: BackendState;
  /** The vendor by the catalogue, where it is known. */
  readonly provider?: string;
  readonly info: ModelInfo;
  /** Who says each field. */
  readonly sources: Readonly<Record<string, FactSource>>;
}

/** States from which a call can be served. */
const READY: ReadonlySet<BackendState> = new Set(['idle', 'starting', 'active', 'stale']);

/** The matching models: cheapest first, those of unknown price last. Asks no backend. Throws BACKEND_REMOVED for an unknown `backend`. */
export async function queryModels(runtime: Runtime, query: ModelQuery = {}): Promise<ModelMatch[]> {
  const backends = query.backend === undefined ? runtime.backends : [runtime.backend(query.backend)];
  const targets = [...runtime.snapshot.aliases.values()].flatMap((alias) => alias.targets);
  const matches = await Promise.all(backends.filter(({ plan }) => plan.config.enabled && plan.config.declaredBy === 'backends').map(async (backend) => {
    const state = await standingOf(backend, runtime);
    const vendor = vendorOf(backend.plan);
    const { name } = backend.plan;
    const ids = new Set([
      ...targets.filter((target) => target.backend === name).map(({ model }) => model), ...backend.listed.keys(), ...Object.keys(backend.plan.config.models),
      ...pluginModelIds(backend.plan), ...Object.keys(vendor?.models ?? {}),
    ]);
    return [...ids].map((id): ModelMatch => ({
      spec: `${id}@${name}`, backend: name, state, ...(vendor === undefined ? {} : { provider: vendor.title }), ...modelMetadata(backend, id),
    })).filter((match) => fits(match, backend, query));
  }));
  return matches.flat().toSorted((one, other) => priceOf(one.info) - priceOf(other.info) || one.spec.localeCompare(other.spec));
}

/** A missing required secret is known before anything starts. Runs no secret command. */
async function standingOf({ plan, state }: Backend, { services }: Runtime): Promise<BackendState> {
  if (state !== 'idle') return state;
  const { missing } = await resolveBackendSecrets(plan.config, plan.manifest, { environment: services.environment, redactor: services.redactor, trusted: plan.trusted, runCommands: false });
  return missing === undefined ? state : 'needs-secret';
}

function fits({ info, state, provider }: ModelMatch, { plan }: Backend, query: ModelQuery): boolean {
  const { capability = [], kind, maxUsdPerMillionTokens, minContextTokens, available = false } = query;
  const wanted = typeof capability === 'string' ? [capability] : capability;
  if (available && !READY.has(state)) return false;
  if (kind !== undefined && info.kind !== kind) return false;
  if (query.provider !== undefined && ![provider, plan.manifest?.id, plan.plugin].some((name) => name?.toLowerCase() === query.provider?.toLowerCase())) return false;
  if (!wanted.every((name) => info.capabilities?.[name] === true)) return false;
  if (minContextTokens !== undefined && (info.limits?.contextTokens ?? -1) < minContextTokens) return false;
  return maxUsdPerMillionTokens === undefined || priceOf(info) <= maxUsdPerMillionTokens;
}

/** The dearer of input and output; unknown is dearer than anything. */
function priceOf({ price, kind }: ModelInfo): number {
  const { inputUsdPerMillionTokens: input, outputUsdPerMillionTokens: output } = price ?? {};
  // An embedding model has no output to pay for.
  if (kind === 'embedding') return input ?? Number.MAX_VALUE;
  return input === undefined || output === undefined ? Number.MAX_VALUE : Math.max(input, output);
}

/**
 * What is known of a model, layer over layer, each field with its source. The vendor's live word (what the backend listed) lies over what
 * the plugin's manifest says, that over the host's catalogue; what the user's config says lies over all. Asks no one.
 */
import type { ModelInfo } from '@modelport/plugin-api';
import type { ModelFacts } from '../config/config-types.ts';
import type { Backend } from '../lifecycle/backend.ts';
import type { BackendPlan } from '../lifecycle/plan.ts';
import { vendorOf, type CatalogueModel } from './catalogue.ts';
import { pluginModel } from './plugin-models.ts';

/** Who says a fact: the vendor when it was asked last, the plugin's manifest, the host's catalogue, or the user's config. */
export type FactSource = 'live' | 'plugin' | 'catalogue' | 'config';

/** What is known of one model. */
export interface ModelMetadata {
  /** The facts together. An unknown fact is absent, never guessed. */
  readonly info: ModelInfo;
  /** Source of each field: `name`, `limits.contextTokens`, `capabilities.tools`, `price`. A price is one field: its figures belong together. */
  readonly sources: Readonly<Record<string, FactSource>>;
}

type Layer = Partial<ModelInfo> | CatalogueModel | ModelFacts | undefined;

interface Known {
  readonly live: ModelInfo | undefined;
  readonly metadata: ModelMetadata;
}

/** By plan, since every edit of a backend makes a new one; a new live list is seen by its entry. */
const known = new WeakMap<BackendPlan, Map<string, Known>>();
/** Models kept of one plan: a program that makes up ids must not grow for ever. */
const KEPT = 2_000;

/** The facts of a model with their sources. */
export function modelMetadata({ plan, listed }: Backend, modelId: string): ModelMetadata {
  const live = listed.get(modelId);
  let models = known.get(plan);
  const before = models?.get(modelId);
  if (before !== undefined && before.live === live) return before.metadata;
  const metadata = mergeLayers(modelId, [
    ['catalogue', vendorOf(plan)?.models[modelId]], ['plugin', pluginModel(plan, modelId)], ['live', live], ['config', plan.config.models[modelId]],
  ]);
  if (models === undefined || models.size >= KEPT) known.set(plan, (models = new Map()));
  models.set(modelId, { live, metadata });
  return metadata;
}

/** Fields that are merged key by key. */
const GROUPS = ['capabilities', 'limits'] as const;
/** What the config says of a model that is no fact about it. */
const NO_FACTS: ReadonlySet<string> = new Set(['id', 'defaults']);

/** Layers from the weakest to the strongest. */
function mergeLayers(id: string, layers: readonly (readonly [FactSource, Layer])[]): ModelMetadata {
  const info: Record<string, unknown> = { id };
  const sources: Record<string, FactSource> = {};
  for (const [source, layer] of layers) {
    for (const [field, value] of Object.entries(layer ?? {}) as [string, unknown][]) {
      if (value === undefined || NO_FACTS.has(field)) continue;
      if ((GROUPS as readonly string[]).includes(field)) {
        info[field] = { ...(info[field] as object | undefined), ...(value as object) };
        for (const name of Object.keys(value as object)) sources[`${field}.${name}`] = source;
      } else {
        info[field] = value;
        sources[field] = source;
      }
    }
  }
  return Object.freeze({ info: Object.freeze(info) as unknown as ModelInfo, sources: Object.freeze(sources) });
}

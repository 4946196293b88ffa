/** Facts of models that a plugin's manifest brings along: read without running the plugin, once for each plan. */
import type { JsonObject, ModelInfo } from '@modelport/plugin-api';
import type { BackendPlan } from '../lifecycle/plan.ts';
import { readOptionSchema } from '../packages/option-schema.ts';

const read = new WeakMap<BackendPlan, JsonObject>();

/** What the manifest's `models` says of a model; `undefined` = nothing. A file that cannot be read says nothing. */
export function pluginModel(plan: BackendPlan, modelId: string): Partial<ModelInfo> | undefined {
  const { manifest, found } = plan;
  if (manifest?.models === undefined || found === undefined) return undefined;
  let models = read.get(plan);
  if (models === undefined) {
    const file = readOptionSchema(manifest.models, found.folder);
    models = 'schema' in file ? file.schema : {};
    read.set(plan, models);
  }
  const model = Object.hasOwn(models, modelId) ? models[modelId] : undefined;
  return typeof model === 'object' && model !== null && !Array.isArray(model) ? (model as Partial<ModelInfo>) : undefined;
}

/** The ids the manifest's `models` names. */
export function pluginModelIds(plan: BackendPlan): readonly string[] {
  pluginModel(plan, '');
  return Object.keys(read.get(plan) ?? {});
}

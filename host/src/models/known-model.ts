/** What is known of a model without asking anyone, and which known models have a capability. */
import type { Capability, ModelInfo } from '@modelport/plugin-api';
import type { Backend } from '../lifecycle/backend.ts';
import { modelMetadata } from './model-metadata.ts';

/** The known facts of a model; of one that nobody described, its id alone. An unknown fact is absent, never guessed. */
export function knownModel(backend: Backend, modelId: string): ModelInfo {
  return modelMetadata(backend, modelId).info;
}

/** Models shown at most by `modelsHaving`. */
const SHOWN = 6;

/** Configured or listed models known to have a capability, as `model@backend`; those that an alias names come first. */
export function modelsHaving(capability: Capability, backends: readonly Backend[], aliasTargets: Iterable<{ readonly backend: string; readonly model: string }>): string[] {
  const byName = new Map(backends.filter(({ plan }) => plan.config.enabled).map((backend) => [backend.plan.name, backend]));
  const candidates = [
    ...aliasTargets,
    ...[...byName].flatMap(([name, backend]) => [...Object.keys(backend.plan.config.models), ...backend.listed.keys()].map((model) => ({ backend: name, model }))),
  ];
  const having = candidates.filter(({ backend, model }) => {
    const owner = byName.get(backend);
    return owner !== undefined && knownModel(owner, model).capabilities?.[capability] === true;
  });
  return [...new Set(having.map(({ model, backend }) => `${model}@${backend}`))].slice(0, SHOWN);
}

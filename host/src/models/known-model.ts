/** What is known of a model without asking anyone: the user's override over what the backend last listed. */
import type { ModelInfo } from '@modelport/plugin-api';
import type { ModelFacts } from '../config/config-types.ts';
import type { Backend } from '../lifecycle/backend.ts';

/** The known facts of a model; of one that nobody described, its id alone. An unknown fact is absent, never guessed. */
export function knownModel(backend: Backend, modelId: string): ModelInfo {
  return mergeModelInfo(backend.listed.get(modelId) ?? { id: modelId }, backend.plan.config.models[modelId]);
}

/** One description over another, field by field. */
export function mergeModelInfo(info: ModelInfo, facts: Partial<ModelInfo> | ModelFacts | undefined): ModelInfo {
  if (facts === undefined) return info;
  // Checked config: a key that is there has a value.
  const over = facts as Partial<ModelInfo>;
  return {
    ...info,
    ...over,
    ...(info.capabilities || over.capabilities ? { capabilities: { ...info.capabilities, ...over.capabilities } } : {}),
    ...(info.limits || over.limits ? { limits: { ...info.limits, ...over.limits } } : {}),
  };
}

/** The models a scripted backend lists. */
import type { Capabilities, ModelInfo } from '@modelport/plugin-api';

import { DEFAULT_DIMENSIONS } from './embedding.ts';
import type { ListedModel } from './options.ts';

// Files and sounds are left unknown: a script may answer to them, and does not look inside.
const chatCapabilities: Capabilities = {
  streaming: true,
  tools: true,
  'parallel-tools': true,
  'tool-choice': true,
  json: true,
  'json-schema': true,
  reasoning: true,
  logprobs: false,
  seed: true,
  'system-message': true,
};

const ownModels: readonly ListedModel[] = [
  { id: 'demo', name: 'Scripted demo', description: 'Follows a script; no language model, needs no key.' },
  { id: 'embedding', kind: 'embedding', name: 'Scripted embedding', description: 'Hashed words as unit vectors.', limits: { dimensions: DEFAULT_DIMENSIONS } },
];

/** `demo`, `embedding` and the listed ones; a listed model of one of those ids replaces it. */
export function catalogueOf(listed: readonly ListedModel[]): readonly ModelInfo[] {
  const models = new Map([...ownModels, ...listed].map((model) => [model.id, model]));
  return [...models.values()].map(infoOf);
}

function infoOf(model: ListedModel): ModelInfo {
  const kind = model.kind ?? 'chat';
  return { ...model, kind, capabilities: kind === 'chat' ? { ...chatCapabilities, ...model.capabilities } : (model.capabilities ?? {}) };
}

/** What a person asks a backend for directly: its list of models, and how it feels. */
import type { Health, JsonObject, ModelInfo } from '@modelport/plugin-api';
import { knownModel } from '../models/known-model.ts';
import { runService, type ServiceOptions } from '../models/service-run.ts';
import { readOptionSchema } from '../packages/option-schema.ts';
import type { Runtime } from './runtime.ts';

/** Options of asking a backend. */
export interface AskOptions {
  /** Ends the request. */
  readonly signal?: AbortSignal;
}

/**
 * The models a backend lists now, with the facts of the config laid over them; the host remembers them for `describe()`. Starts the backend.
 * Throws BACKEND_REMOVED for an unknown name, NOT_PROVIDED, or what the backend met.
 */
export async function listModels(runtime: Runtime, name: string, options: AskOptions = {}): Promise<readonly ModelInfo[]> {
  const backend = runtime.backend(name);
  const { models } = await runService(runtime, requestOf(name, 'list of models', options), ({ provider }) => provider.listModels?.bind(provider), async ({ model: list, call }) => {
    const found: ModelInfo[] = [];
    for await (const info of list(call)) found.push(info);
    return { models: found };
  });
  backend.listed.clear();
  for (const info of models) backend.listed.set(info.id, info);
  return models.map(({ id }) => knownModel(backend, id));
}

/**
 * The health of a backend by its own free check; `unknown` for a plugin that has none. Starts the backend. Throws BACKEND_REMOVED for an
 * unknown name, or what the backend met.
 */
export async function checkHealth(runtime: Runtime, name: string, options: AskOptions = {}): Promise<Health> {
  const { health } = await runService(runtime, requestOf(name, 'health check', options), ({ provider }) => provider, async ({ model: provider, call }) => ({
    health: (await provider.checkHealth?.(call)) ?? ({ status: 'unknown' } as const),
  }));
  // What a vendor answered may repeat what it was sent.
  return runtime.services.redactor.redactData(health);
}

/**
 * The options a backend's plugin takes, as the static schema in its package says; `undefined` where it has none, or none that can be read.
 * Runs no code of the plugin. Throws BACKEND_REMOVED for an unknown name.
 */
export function optionSchema(runtime: Runtime, name: string): JsonObject | undefined {
  const { found, manifest } = runtime.backend(name).plan;
  if (found === undefined || manifest?.options === undefined) return undefined;
  const read = readOptionSchema(manifest.options, found.folder);
  return 'schema' in read ? read.schema : undefined;
}

function requestOf(backend: string, wanted: string, options: AskOptions): Parameters<typeof runService>[1] & ServiceOptions {
  return { name: backend, wanted, targets: [{ backend, model: '' }], ...options };
}

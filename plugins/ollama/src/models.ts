/** The models on the server, with what each of them says about itself. */
import { CallError, type Call, type Capabilities, type JsonObject, type Limits, type ModelInfo } from '@modelport/plugin-api';
import { protocolError } from '@modelport/plugin-api/kit';
import type { OllamaServer } from './server.ts';
import type { WireModel, WireShow } from './wire.ts';

/** How many models are asked about at the same time. */
const AT_ONCE = 4;

/** Lists the models on disk with capabilities and limits from /api/show. One that cannot be shown is listed by its name alone. Throws as the server does. */
export async function* listModels(server: OllamaServer, call: Call): AsyncGenerator<ModelInfo, void, undefined> {
  const ids = (await modelsOnDisk(server, call)).map(idOf);
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    yield* await Promise.all(ids.slice(from, from + AT_ONCE).map(async (id): Promise<ModelInfo> => {
      try {
        return toModelInfo(id, await show(server, id, call), server);
      } catch (error) {
        if (call.signal.aborted || !CallError.is(error)) throw error;
        return { id };
      }
    }));
  }
}

/** Describes one model; `undefined` when it is not on disk. Throws as the server does. */
export async function describeModel(server: OllamaServer, modelId: string, call: Call): Promise<ModelInfo | undefined> {
  try {
    return toModelInfo(modelId, await show(server, modelId, call), server);
  } catch (error) {
    if (CallError.is(error) && error.code === 'MODEL_NOT_PULLED') return undefined;
    throw error;
  }
}

/** GET /api/tags. Throws PROTOCOL for an answer without a list. */
export async function modelsOnDisk(server: OllamaServer, call: Call): Promise<readonly WireModel[]> {
  return modelsOf(await server.ask('GET', '/api/tags', undefined, call), 'GET /api/tags');
}

/** The list in an answer of /api/tags or /api/ps; `null` is Go's empty list. Throws PROTOCOL where there is none. */
export function modelsOf(answer: JsonObject, asked: string): readonly WireModel[] {
  const models = answer['models'] === null ? [] : answer['models'];
  if (!Array.isArray(models)) throw protocolError(`${asked} answered without a list of models: is this the address of an Ollama server?`);
  return (models as readonly WireModel[]).filter((model) => idOf(model) !== '');
}

/** POST /api/show. */
export async function show(server: OllamaServer, modelId: string, call: Call): Promise<WireShow & JsonObject> {
  return server.ask('POST', '/api/show', { model: modelId }, call, { modelId });
}

/** A model's id as `chatModel` takes it. */
export function idOf(model: WireModel): string {
  return model.model ?? model.name ?? '';
}

/** What a model says about itself, in the contract's words. */
export function toModelInfo(id: string, shown: WireShow, server: OllamaServer): ModelInfo {
  const has = shown.capabilities ?? undefined;
  const limits = limitsOf(id, shown, server);
  const kind = has === undefined ? undefined : has.includes('completion') ? 'chat' : has.includes('embedding') ? 'embedding' : undefined;
  return {
    id, ...(kind === undefined ? {} : { kind }),
    ...(has === undefined || kind !== 'chat' ? {} : { capabilities: capabilitiesOf(has) }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  };
}

/** `format`, `seed` and streaming are the server's, whatever the model; the rest is the model's. */
function capabilitiesOf(has: readonly string[]): Capabilities {
  return {
    'streaming': true, 'system-message': true, 'seed': true, 'json': true, 'json-schema': true, 'logprobs': true,
    'tools': has.includes('tools'), 'tool-choice': false, 'image-input': has.includes('vision'), 'audio-input': false, 'file-input': false,
    'reasoning': has.includes('thinking'),
  };
}

function limitsOf(id: string, shown: WireShow, server: OllamaServer): Limits {
  const facts = shown.model_info ?? {};
  const architecture = facts['general.architecture'];
  const number = (name: string): number | undefined => {
    const value = typeof architecture === 'string' ? facts[`${architecture}.${name}`] : undefined;
    return typeof value === 'number' ? value : undefined;
  };
  const trained = number('context_length');
  const window = server.windowOf(id);
  // What is asked for is what there is, as far as the model was trained for it.
  const contextTokens = window === undefined || trained === undefined ? (window ?? trained) : Math.min(window, trained);
  const dimensions = shown.capabilities?.includes('embedding') === true ? number('embedding_length') : undefined;
  return { ...(contextTokens === undefined ? {} : { contextTokens }), ...(dimensions === undefined ? {} : { dimensions }) };
}

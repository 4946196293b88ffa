/** The endpoint's models, with what compatible servers add to OpenAI's four fields. */
import { CallError, type Call, type Capabilities, type Capability, type Health, type ModelInfo, type Price } from '@modelport/plugin-api';
import { toUnhealthy } from '@modelport/plugin-api/kit';
import type { Endpoint } from './endpoint.ts';

/** One entry of GET /models. Only `id` is by the book; the rest is what OpenRouter, Groq, vLLM, Mistral and llama.cpp say. */
interface WireModel {
  readonly id?: string;
  readonly name?: string;
  readonly description?: string;
  readonly type?: string;
  readonly active?: boolean;
  readonly shutdown_date?: string | null;
  readonly context_length?: number;
  readonly context_window?: number;
  readonly max_context_length?: number;
  readonly max_model_len?: number;
  readonly max_completion_tokens?: number;
  /** OpenRouter: US dollars for one token, as texts. */
  readonly pricing?: { readonly prompt?: string; readonly completion?: string; readonly input_cache_read?: string; readonly input_cache_write?: string } | null;
  /** OpenRouter: what a model's vendors take. */
  readonly supported_parameters?: readonly string[] | null;
  readonly architecture?: { readonly input_modalities?: readonly string[] | null } | null;
  readonly meta?: { readonly n_ctx_train?: number; readonly n_ctx?: number } | null;
}

/** Lists the endpoint's models, or the ids the options name. Throws as the endpoint does, PROTOCOL for an answer without a list. */
export async function* listModels(endpoint: Endpoint, call: Call): AsyncGenerator<ModelInfo, void, undefined> {
  const { models } = endpoint.options;
  if (models !== undefined) {
    for (const id of models) yield toModelInfo({ id });
    return;
  }
  if (endpoint.isPerModel) throw new CallError('CAPABILITY_MISSING', 'Where the address names the model there is no list: name the ids in the option models.', { retryable: false });
  const answer = await endpoint.get('/models', call);
  // Together answers with the bare array.
  const data = Array.isArray(answer) ? answer : (answer as { readonly data?: unknown } | null)?.data;
  if (!Array.isArray(data)) throw new CallError('PROTOCOL', 'GET /models answered without a list of models.', { retryable: false });
  for (const model of data as readonly WireModel[]) if (typeof model.id === 'string') yield toModelInfo(model);
}

/** Describes one model; `undefined` when the endpoint does not know it. */
export async function describeModel(endpoint: Endpoint, modelId: string, call: Call): Promise<ModelInfo | undefined> {
  const { models } = endpoint.options;
  if (models !== undefined) return models.includes(modelId) ? toModelInfo({ id: modelId }) : undefined;
  if (endpoint.isPerModel) return undefined;
  try {
    // Ids hold slashes; gateways route on them as they are.
    const answer = (await endpoint.get(`/models/${modelId.split('/').map(encodeURIComponent).join('/')}`, call)) as WireModel | null;
    return typeof answer?.id === 'string' ? toModelInfo(answer) : undefined;
  } catch (error) {
    if (CallError.is(error) && error.facts.status === 404) return undefined;
    throw error;
  }
}

/** Asks for the list of models, which is free everywhere. */
export async function checkHealth(endpoint: Endpoint, call: Call): Promise<Health> {
  if (endpoint.isPerModel) return { status: 'unknown' };
  try {
    await endpoint.get('/models', call);
    return { status: 'healthy' };
  } catch (error) {
    // An endpoint without a list may still serve.
    if (CallError.is(error) && !call.signal.aborted && (error.facts.status === 404 || error.facts.status === 405)) return { status: 'unknown' };
    return toUnhealthy(error, call);
  }
}

function toModelInfo(model: WireModel): ModelInfo {
  const id = model.id!;
  const contextTokens = model.context_length ?? model.context_window ?? model.max_model_len ?? model.max_context_length ?? model.meta?.n_ctx ?? model.meta?.n_ctx_train;
  const outputTokens = model.max_completion_tokens;
  const capabilities = capabilitiesOf(model);
  const price = priceOf(model);
  return {
    id, kind: kindOf(model),
    ...(model.name === undefined ? {} : { name: model.name }),
    ...(model.description === undefined ? {} : { description: model.description }),
    ...(typeof model.shutdown_date === 'string' || model.active === false ? { deprecated: true } : {}),
    ...(contextTokens === undefined && outputTokens === undefined ? {} : {
      limits: { ...(contextTokens === undefined ? {} : { contextTokens }), ...(outputTokens === undefined ? {} : { outputTokens }) },
    }),
    ...(capabilities === undefined ? {} : { capabilities }),
    ...(price === undefined ? {} : { price }),
  };
}

const CAPABILITY_OF_PARAMETER: Readonly<Record<string, Capability>> = {
  tools: 'tools', tool_choice: 'tool-choice', parallel_tool_calls: 'parallel-tools', response_format: 'json', structured_outputs: 'json-schema', reasoning: 'reasoning', seed: 'seed', logprobs: 'logprobs',
};
const CAPABILITY_OF_MODALITY: Readonly<Record<string, Capability>> = { image: 'image-input', audio: 'audio-input', file: 'file-input' };

/** A list that names what there is tells a yes; what it leaves out may still work. */
function capabilitiesOf({ supported_parameters: parameters, architecture }: WireModel): Capabilities | undefined {
  const found = [
    ...(parameters ?? []).map((name) => CAPABILITY_OF_PARAMETER[name]), ...(architecture?.input_modalities ?? []).map((name) => CAPABILITY_OF_MODALITY[name]),
  ].filter((capability) => capability !== undefined);
  return found.length === 0 ? undefined : Object.fromEntries(found.map((capability) => [capability, true]));
}

/** Prices of now for a million tokens. OpenRouter's routers have none of their own, which it writes as -1. */
function priceOf({ pricing }: WireModel): Price | undefined {
  const perMillion = (text: string | undefined): number | undefined => {
    const perToken = text === undefined || text === '' ? Number.NaN : Number(text);
    // Twelve digits: 0.0000006 * 1e6 is not to become 0.6000000000000001.
    return Number.isFinite(perToken) && perToken >= 0 ? Number((perToken * 1e6).toPrecision(12)) : undefined;
  };
  const figures = {
    inputUsdPerMillionTokens: perMillion(pricing?.prompt), outputUsdPerMillionTokens: perMillion(pricing?.completion),
    cacheReadUsdPerMillionTokens: perMillion(pricing?.input_cache_read), cacheWriteUsdPerMillionTokens: perMillion(pricing?.input_cache_write),
  };
  if (figures.inputUsdPerMillionTokens === undefined || figures.outputUsdPerMillionTokens === undefined) return undefined;
  const known = Object.entries(figures).filter((entry): entry is [keyof typeof figures, number] => entry[1] !== undefined);
  return { asOf: new Date().toISOString().slice(0, 10), ...Object.fromEntries(known) };
}

/** OpenAI's list does not say what a model is for; its names do. */
function kindOf({ id = '', type }: WireModel): string {
  const name = `${type ?? ''} ${id}`.toLowerCase();
  if (/embed|\bbge-|\be5-|\bgte-/.test(name)) return 'embedding';
  if (/rerank/.test(name)) return 'rerank';
  const other = /(dall-e|image|whisper|transcribe|tts|moderation|realtime|sora)/.exec(name);
  return other?.[1] ?? 'chat';
}

/** The endpoint's models, with what compatible servers add to OpenAI's four fields. */
import { CallError, type Call, type Health, type ModelInfo } from '@modelport/plugin-api';
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
    if (call.signal.aborted) throw call.signal.reason;
    if (!CallError.is(error)) return { status: 'unhealthy', reason: error instanceof Error ? error.message : String(error) };
    // An endpoint without a list may still serve.
    if (error.facts.status === 404 || error.facts.status === 405) return { status: 'unknown' };
    const isKey = error.code === 'AUTH_MISSING' || error.code === 'AUTH_INVALID';
    return { status: 'unhealthy', reason: error.message, ...(isKey ? { remedy: 'Set the secret apiKey of this backend to a valid key.' } : {}) };
  }
}

function toModelInfo(model: WireModel): ModelInfo {
  const id = model.id!;
  const contextTokens = model.context_length ?? model.context_window ?? model.max_model_len ?? model.max_context_length ?? model.meta?.n_ctx ?? model.meta?.n_ctx_train;
  const outputTokens = model.max_completion_tokens;
  return {
    id, kind: kindOf(model),
    ...(model.name === undefined ? {} : { name: model.name }),
    ...(model.description === undefined ? {} : { description: model.description }),
    ...(typeof model.shutdown_date === 'string' || model.active === false ? { deprecated: true } : {}),
    ...(contextTokens === undefined && outputTokens === undefined ? {} : {
      limits: { ...(contextTokens === undefined ? {} : { contextTokens }), ...(outputTokens === undefined ? {} : { outputTokens }) },
    }),
  };
}

/** OpenAI's list does not say what a model is for; its names do. */
function kindOf({ id = '', type }: WireModel): string {
  const name = `${type ?? ''} ${id}`.toLowerCase();
  if (/embed|\bbge-|\be5-|\bgte-/.test(name)) return 'embedding';
  if (/rerank/.test(name)) return 'rerank';
  const other = /(dall-e|image|whisper|transcribe|tts|moderation|realtime|sora)/.exec(name);
  return other?.[1] ?? 'chat';
}

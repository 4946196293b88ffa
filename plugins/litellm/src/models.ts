/** The proxy's models with what it knows of each: who serves it, limits, prices, capabilities. */
import { CallError, type Call, type Capability, type ModelInfo, type Price } from '@modelport/plugin-api';
import { createCompatibleProvider, type Endpoint } from '@modelport/openai/compatible';

/** One deployment of GET /model/info. Source: https://docs.litellm.ai/docs/proxy/model_management. */
interface WireDeployment {
  readonly model_name?: string;
  readonly litellm_params?: { readonly model?: string } | null;
  readonly model_info?: Readonly<Record<string, unknown>> | null;
}

/** Lists the models of the proxy; without the right to GET /model/info, those of GET /models. Throws as the endpoint does. */
export async function* listModels(endpoint: Endpoint, root: string, call: Call): AsyncGenerator<ModelInfo, void, undefined> {
  const deployments = endpoint.options.models === undefined ? await deploymentsOf(endpoint, root, call) : undefined;
  if (deployments === undefined) {
    yield* createCompatibleProvider(endpoint).listModels(call);
    return;
  }
  const byName = Map.groupBy(deployments.filter(({ model_name: name }) => typeof name === 'string'), ({ model_name: name }) => name as string);
  for (const [id, group] of byName) yield group.map((deployment) => toModelInfo(id, deployment)).reduce(agreed);
}

/** Describes one model; `undefined` when the proxy does not have it. */
export async function describeModel(endpoint: Endpoint, root: string, modelId: string, call: Call): Promise<ModelInfo | undefined> {
  for await (const info of listModels(endpoint, root, call)) if (info.id === modelId) return info;
  return undefined;
}

/** `undefined` where this key may not ask, or an older proxy has no such route. */
async function deploymentsOf(endpoint: Endpoint, root: string, call: Call): Promise<readonly WireDeployment[] | undefined> {
  try {
    const { data } = ((await endpoint.get('/model/info', call, root)) ?? {}) as { readonly data?: unknown };
    return Array.isArray(data) && data.length > 0 ? (data as readonly WireDeployment[]) : undefined;
  } catch (error) {
    if (CallError.is(error) && (error.facts.status === 403 || error.facts.status === 404 || error.facts.status === 500)) return undefined;
    throw error;
  }
}

const CAPABILITIES: Readonly<Record<string, Capability>> = {
  supports_function_calling: 'tools', supports_parallel_function_calling: 'parallel-tools', supports_tool_choice: 'tool-choice', supports_response_schema: 'json-schema',
  supports_vision: 'image-input', supports_audio_input: 'audio-input', supports_pdf_input: 'file-input', supports_reasoning: 'reasoning', supports_system_messages: 'system-message',
  supports_native_streaming: 'streaming',
};

function toModelInfo(id: string, { litellm_params: params, model_info: facts }: WireDeployment): ModelInfo {
  const number = (name: string): number | undefined => (typeof facts?.[name] === 'number' ? facts[name] : undefined);
  // The proxy says false both for "no" and for what its table does not know: only a yes is taken.
  const capabilities = Object.fromEntries(Object.entries(CAPABILITIES).filter(([name]) => facts?.[name] === true).map(([, capability]) => [capability, true]));
  const limits = present({ contextTokens: number('max_input_tokens'), outputTokens: number('max_output_tokens'), dimensions: number('output_vector_size') });
  const price = priceOf(number);
  const provider = facts?.['litellm_provider'];
  const served = [typeof provider === 'string' ? `served by ${provider}` : undefined, params?.model === undefined ? undefined : `as ${params.model}`].filter((text) => text !== undefined).join(' ');
  return {
    id, kind: kindOf(facts?.['mode']),
    ...(served === '' ? {} : { description: served }),
    ...(Object.keys(capabilities).length === 0 ? {} : { capabilities }),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
    ...(price === undefined ? {} : { price }),
  };
}

/** Prices of now, in dollars for each token. A price of 0 for both is how the proxy says that it knows none. */
function priceOf(number: (name: string) => number | undefined): Price | undefined {
  const perMillion = (name: string): number | undefined => {
    const perToken = number(name);
    // Twelve digits: 0.0000006 * 1e6 is not to become 0.6000000000000001.
    return perToken === undefined ? undefined : Number((perToken * 1e6).toPrecision(12));
  };
  const inputUsdPerMillionTokens = perMillion('input_cost_per_token');
  const outputUsdPerMillionTokens = perMillion('output_cost_per_token');
  if (!inputUsdPerMillionTokens && !outputUsdPerMillionTokens) return undefined;
  return {
    asOf: new Date().toISOString().slice(0, 10),
    ...present({
      inputUsdPerMillionTokens, outputUsdPerMillionTokens,
      cacheReadUsdPerMillionTokens: perMillion('cache_read_input_token_cost'), cacheWriteUsdPerMillionTokens: perMillion('cache_creation_input_token_cost'),
    }),
  };
}

function kindOf(mode: unknown): string {
  if (typeof mode !== 'string' || mode === 'completion' || mode === 'responses') return 'chat';
  return mode;
}

/** What two deployments of one name have in common; where they differ, which one serves is not known before. */
function agreed(one: ModelInfo, other: ModelInfo): ModelInfo {
  const same = <Value extends object>(left: Value | undefined, right: Value | undefined): Value | undefined => {
    const kept = Object.entries(left ?? {}).filter(([name, value]) => (right as Readonly<Record<string, unknown>> | undefined)?.[name] === value);
    return kept.length === 0 ? undefined : (Object.fromEntries(kept) as Value);
  };
  const price = same(one.price, other.price);
  return {
    id: one.id,
    ...present({
      kind: one.kind === other.kind ? one.kind : undefined, description: one.description === other.description ? one.description : 'served by several deployments',
      capabilities: same(one.capabilities, other.capabilities), limits: same(one.limits, other.limits), price: price !== undefined && Object.keys(price).length > 1 ? price : undefined,
    }),
  };
}

type Present<Values> = { [Key in keyof Values]?: Exclude<Values[Key], undefined> };

function present<Values extends object>(values: Values): Present<Values> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<Values>;
}

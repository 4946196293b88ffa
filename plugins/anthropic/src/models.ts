/** The endpoint's models, with the capabilities and limits it says they have. */
import { CallError, type Call, type Capabilities, type Health, type Limits, type ModelInfo } from '@modelport/plugin-api';
import { toUnhealthy } from '@modelport/plugin-api/kit';
import type { Endpoint } from './endpoint.ts';
import { traitsOf } from './model-traits.ts';

interface Supported {
  readonly supported?: boolean;
}

/** One entry of GET /v1/models. Source: the types of the official client. */
interface WireModel {
  readonly id?: string;
  readonly display_name?: string;
  readonly lifecycle?: string;
  readonly max_input_tokens?: number | null;
  readonly max_tokens?: number | null;
  readonly capabilities?: {
    readonly image_input?: Supported | null; readonly pdf_input?: Supported | null; readonly structured_outputs?: Supported | null; readonly thinking?: Supported | null;
  } | null;
}

interface WirePage {
  readonly data?: unknown;
  readonly has_more?: boolean;
  readonly last_id?: string | null;
}

/** Most pages that are read, so that an endpoint that never says it is done ends all the same. */
const MAX_PAGES = 100;

/** Lists the endpoint's models page by page, or the ids the options name. Throws as the endpoint does, PROTOCOL for an answer without a list. */
export async function* listModels(endpoint: Endpoint, call: Call): AsyncGenerator<ModelInfo, void, undefined> {
  const { models } = endpoint.options;
  if (models !== undefined) {
    for (const id of models) yield toModelInfo({ id }, endpoint);
    return;
  }
  let after = '';
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = (await endpoint.get(`/v1/models?limit=1000${after}`, call)) as WirePage | null;
    if (!Array.isArray(answer?.data)) throw new CallError('PROTOCOL', 'GET /v1/models answered without a list of models.', { retryable: false });
    for (const model of answer.data as readonly WireModel[]) if (typeof model.id === 'string') yield toModelInfo(model, endpoint);
    if (answer.has_more !== true || !answer.last_id) return;
    after = `&after_id=${encodeURIComponent(answer.last_id)}`;
  }
}

/** Describes one model; `undefined` when the endpoint does not know it. */
export async function describeModel(endpoint: Endpoint, modelId: string, call: Call): Promise<ModelInfo | undefined> {
  const { models } = endpoint.options;
  if (models !== undefined) return models.includes(modelId) ? toModelInfo({ id: modelId }, endpoint) : undefined;
  try {
    const model = (await endpoint.get(`/v1/models/${encodeURIComponent(modelId)}`, call)) as WireModel | null;
    return typeof model?.id === 'string' ? toModelInfo(model, endpoint) : undefined;
  } catch (error) {
    if (CallError.is(error) && error.facts.status === 404) return undefined;
    throw error;
  }
}

/** Asks for one entry of the list of models, which is free. */
export async function checkHealth(endpoint: Endpoint, call: Call): Promise<Health> {
  try {
    await endpoint.get('/v1/models?limit=1', call);
    return { status: 'healthy' };
  } catch (error) {
    // An endpoint without a list may still serve.
    if (CallError.is(error) && !call.signal.aborted && (error.facts.status === 404 || error.facts.status === 405)) return { status: 'unknown' };
    return toUnhealthy(error, call);
  }
}

function toModelInfo(model: WireModel, endpoint: Endpoint): ModelInfo {
  const id = model.id ?? '';
  const limits: Limits = {
    ...(typeof model.max_input_tokens === 'number' ? { contextTokens: model.max_input_tokens } : {}),
    ...(typeof model.max_tokens === 'number' ? { outputTokens: model.max_tokens } : {}),
  };
  return {
    id, kind: 'chat',
    ...(model.display_name === undefined ? {} : { name: model.display_name }),
    ...(model.lifecycle === 'deprecated' || model.lifecycle === 'retired' ? { deprecated: true } : {}),
    capabilities: capabilitiesOf(model, endpoint),
    ...(Object.keys(limits).length === 0 ? {} : { limits }),
  };
}

/** What the wire can do for every model, what the list says of this one, and for known models what is refused. */
function capabilitiesOf({ id = '', capabilities }: WireModel, endpoint: Endpoint): Capabilities {
  const traits = traitsOf(id, endpoint.options);
  const said: Record<string, boolean> = {};
  const note = (name: keyof Capabilities, value: Supported | null | undefined): void => {
    if (typeof value?.supported === 'boolean') said[name] = value.supported;
  };
  note('image-input', capabilities?.image_input);
  note('file-input', capabilities?.pdf_input);
  note('json-schema', capabilities?.structured_outputs);
  note('reasoning', capabilities?.thinking);
  return {
    streaming: true, 'system-message': true, seed: false, logprobs: false, 'audio-input': false,
    ...(traits.known ? { tools: true, 'parallel-tools': true, 'tool-choice': traits.forcedTools } : {}), ...said,
  };
}

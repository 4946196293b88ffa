/** The region's models and the account's inference profiles, with what the control plane says of them. */
import { CallError, type Call, type Capabilities, type Health, type ModelInfo } from '@modelport/plugin-api';
import { protocolError, toUnhealthy } from '@modelport/plugin-api/kit';
import type { Connection } from './connection.ts';
import { readWhole } from './error.ts';
import { baseModelId, traitsOf } from './model-traits.ts';

/** One entry of ListFoundationModels. Source: its API reference. */
interface WireModel {
  readonly modelId?: string;
  readonly modelName?: string;
  readonly inputModalities?: readonly string[];
  readonly outputModalities?: readonly string[];
  readonly responseStreamingSupported?: boolean;
  readonly inferenceTypesSupported?: readonly string[];
  readonly modelLifecycle?: { readonly status?: string };
}

/** One entry of ListInferenceProfiles. */
interface WireProfile {
  readonly inferenceProfileId?: string;
  readonly inferenceProfileArn?: string;
  readonly inferenceProfileName?: string;
  readonly description?: string;
  readonly type?: string;
  readonly models?: readonly { readonly modelArn?: string }[];
}

/** Most pages that are read, so that an endpoint that never says it is done ends all the same. */
const MAX_PAGES = 100;

/**
 * Lists the models that can be called by their id, then the inference profiles: many models can be called only through one. Ids the options
 * name are listed instead. Throws as `Connection.exchange` does, PROTOCOL for an answer without a list.
 */
export async function* listModels(connection: Connection, call: Call): AsyncGenerator<ModelInfo, void, undefined> {
  const { models, baseModels } = connection.options;
  if (models !== undefined) {
    for (const id of models) yield toModelInfo({ modelId: id }, traitsOf(id, baseModels).family !== '');
    return;
  }
  const known = new Map<string, WireModel>();
  for (const model of await foundationModels(connection, call)) {
    if (typeof model.modelId !== 'string') continue;
    known.set(model.modelId, model);
    const onDemand = model.inferenceTypesSupported?.includes('ON_DEMAND') ?? true;
    if (onDemand && isServed(model)) yield toModelInfo(model, true);
  }
  for await (const profile of inferenceProfiles(connection, call)) {
    const base = profile.models?.map(({ modelArn = '' }) => known.get(baseModelId(modelArn))).find((model) => model !== undefined);
    // An application's own profile is called by its ARN.
    const id = profile.type === 'APPLICATION' ? profile.inferenceProfileArn : profile.inferenceProfileId;
    if (id === undefined || (base !== undefined && !isServed(base))) continue;
    yield {
      ...toModelInfo({ ...base, modelId: id, modelName: profile.inferenceProfileName }, base !== undefined),
      ...(profile.description === undefined ? {} : { description: profile.description }),
    };
  }
}

/** Asks for the list of models, which is free. Who may not list may still be served. */
export async function checkHealth(connection: Connection, call: Call): Promise<Health> {
  try {
    await foundationModels(connection, call);
    return { status: 'healthy' };
  } catch (error) {
    if (CallError.is(error) && !call.signal.aborted && (error.facts.status === 404 || /not authorized to perform/i.test(error.message))) return { status: 'unknown' };
    return toUnhealthy(error, call, ({ code }) => (
      code === 'AUTH_MISSING' || code === 'AUTH_INVALID' ? 'Run "aws sts get-caller-identity" to see whose credentials are found, or set the secrets of this backend.' : undefined
    ));
  }
}

async function foundationModels(connection: Connection, call: Call): Promise<readonly WireModel[]> {
  const { client, sdk } = await connection.control();
  const response = await connection.exchange(call, {}, () => client.send(new sdk.ListFoundationModelsCommand({}), { abortSignal: call.signal }));
  const { modelSummaries } = (await readWhole(response)) as { readonly modelSummaries?: unknown };
  if (!Array.isArray(modelSummaries)) throw protocolError('ListFoundationModels answered without a list of models.', response.headers);
  return modelSummaries as readonly WireModel[];
}

async function* inferenceProfiles(connection: Connection, call: Call): AsyncGenerator<WireProfile, void, undefined> {
  const { client, sdk } = await connection.control();
  let nextToken: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const input = { maxResults: 1000, ...(nextToken === undefined ? {} : { nextToken }) };
    const response = await connection.exchange(call, {}, () => client.send(new sdk.ListInferenceProfilesCommand(input), { abortSignal: call.signal }));
    const answer = (await readWhole(response)) as { readonly inferenceProfileSummaries?: unknown; readonly nextToken?: string | null };
    if (!Array.isArray(answer.inferenceProfileSummaries)) throw protocolError('ListInferenceProfiles answered without a list.', response.headers);
    yield* answer.inferenceProfileSummaries as readonly WireProfile[];
    if (!answer.nextToken) return;
    nextToken = answer.nextToken;
  }
}

/** Whether this plugin has a way to call the model: it writes text or makes vectors. */
function isServed({ outputModalities }: WireModel): boolean {
  return outputModalities === undefined || outputModalities.includes('TEXT') || outputModalities.includes('EMBEDDING');
}

function toModelInfo(model: Omit<WireModel, 'modelName'> & { readonly modelName?: string | undefined }, kindKnown: boolean): ModelInfo {
  const { modelId = '', modelName, outputModalities = [], modelLifecycle } = model;
  const isEmbedding = outputModalities.includes('EMBEDDING') || /\bembed/.test(baseModelId(modelId));
  return {
    id: modelId, ...(kindKnown ? { kind: isEmbedding ? ('embedding' as const) : ('chat' as const) } : {}), ...(modelName === undefined ? {} : { name: modelName }),
    ...(modelLifecycle?.status === 'LEGACY' ? { deprecated: true } : {}),
    ...(isEmbedding ? {} : { capabilities: capabilitiesOf(model) }),
  };
}

/** What the wire can do for every model, and what the list says of this one. */
function capabilitiesOf({ modelId = '', inputModalities, responseStreamingSupported }: Omit<WireModel, 'modelName'>): Capabilities {
  const traits = traitsOf(modelId, {});
  return {
    seed: false, logprobs: false, ...(responseStreamingSupported === undefined ? {} : { streaming: responseStreamingSupported }),
    ...(inputModalities === undefined ? {} : { 'image-input': inputModalities.includes('IMAGE') }),
    ...(traits.nativeSchemas ? { 'json-schema': true } : {}), ...(['adaptive', 'budget', 'effort', 'nova'].includes(traits.thinking) ? { reasoning: true } : {}),
  };
}

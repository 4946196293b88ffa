/** Gets a model of some kind out of a provider, whatever the package calls the way to it. */
import { CallError } from '@modelport/plugin-api';
import { isFields, type EmbeddingModelOfSpecification, type Fields, type LanguageModel, type RerankModelOfSpecification } from './specification.ts';

/** The kinds of model the bridge passes on. */
export type ModelKind = 'chat' | 'embedding' | 'rerank';

/** The model each kind gives. */
export interface ModelOf {
  readonly chat: LanguageModel;
  readonly embedding: EmbeddingModelOfSpecification;
  readonly rerank: RerankModelOfSpecification;
}

/** Members that give a model of a kind, in the order they are tried. */
const WAYS: Readonly<Record<ModelKind, readonly string[]>> = {
  chat: ['languageModel', 'chatModel', 'chat'],
  embedding: ['embeddingModel', 'textEmbeddingModel', 'embedding', 'textEmbedding'],
  rerank: ['rerankingModel', 'reranking', 'rerankModel', 'rerank'],
};

/** Methods by which a model of a kind is known. */
const METHODS: Readonly<Record<ModelKind, readonly string[]>> = { chat: ['doGenerate', 'doStream'], embedding: ['doEmbed'], rerank: ['doRerank'] };

/** How models are sought. */
export interface FindModelOptions {
  /** The member to ask first, for packages with several that mean different things (`chat` and `responses`). */
  readonly way?: string | undefined;
  /** Whether models of specification v1 are taken. Default false. */
  readonly experimentalV1?: boolean | undefined;
}

/** Whether a provider has a way to models of that kind. Says nothing about any one model. */
export function offers(provider: unknown, kind: ModelKind): boolean {
  return (kind === 'chat' && typeof provider === 'function') || WAYS[kind].some((way) => typeof memberOf(provider, way) === 'function');
}

/**
 * The model of that id. Packages say "not supported" with any error or with nothing at all, so every way is tried before the first error
 * counts. Throws CAPABILITY_MISSING for a provider without such models, or for a version the bridge does not speak.
 */
export function findModel<Kind extends ModelKind>(provider: unknown, kind: Kind, modelId: string, options: FindModelOptions = {}): ModelOf[Kind] {
  let refusal: unknown;
  let odd: string | undefined;
  const ways = options.way === undefined ? WAYS[kind] : [options.way, ...WAYS[kind].filter((way) => way !== options.way)];
  const asks = ways.map((way) => memberOf(provider, way));
  if (kind === 'chat') asks.push(provider);
  for (const [index, ask] of asks.entries()) {
    if (typeof ask !== 'function') continue;
    let model: unknown;
    try {
      model = Reflect.apply(ask, index < ways.length ? provider : undefined, [modelId]);
    } catch (error) {
      refusal ??= error;
      continue;
    }
    if (!isModel(model, kind)) continue;
    const version = String(model['specificationVersion']);
    if (version === 'v4' || version === 'v3' || version === 'v2' || (version === 'v1' && options.experimentalV1 === true)) return model as unknown as ModelOf[Kind];
    odd ??= version;
  }
  if (odd === 'v1') throw new CallError('CAPABILITY_MISSING', `The model "${modelId}" speaks version v1 of the AI SDK's specification, which is served only with \`experimentalV1: true\` in the options of the backend.`);
  if (odd !== undefined) throw new CallError('CAPABILITY_MISSING', `The model "${modelId}" speaks version ${odd} of the AI SDK's specification; this bridge speaks v2, v3 and v4. Install a version of the package that speaks one of them, or a newer @modelport/ai-sdk.`);
  if (refusal !== undefined) throw refusal;
  throw new CallError('CAPABILITY_MISSING', `The package gives no ${kind === 'chat' ? 'chat' : kind} model "${modelId}".`);
}

function isModel(model: unknown, kind: ModelKind): model is Fields {
  return isFields(model) && typeof model['specificationVersion'] === 'string' && METHODS[kind].every((method) => typeof model[method] === 'function');
}

/** A member of a provider that may be a function, an object or a proxy that throws for what it does not know. */
function memberOf(provider: unknown, member: string): unknown {
  if ((typeof provider !== 'object' && typeof provider !== 'function') || provider === null) return undefined;
  try {
    return (provider as Fields)[member];
  } catch {
    return undefined;
  }
}

/** Every model of a host as a provider of the AI SDK: aliases are its model ids, and a backend starts when one of its models is first asked. */
import type { HostHandles } from '../lifecycle/host-handles.ts';
import type { AISDKEmbeddingModel, AISDKProvider, AISDKRerankModel, AISDKSpecification } from './ai-sdk-types.ts';
import { noSuchModel, toAISDKError } from './ai-sdk-error.ts';
import { HandedOutModel, type SupportedUrls } from './ai-sdk-language-model.ts';
import { toAISDKWarnings, withoutAbsent } from './ai-sdk-parts.ts';

/** Options of `host.toAISDK`. */
export interface AISDKOptions<Spec extends AISDKSpecification = AISDKSpecification> {
  /** Version of the specification: `v4` for ai@7, `v3` for ai@6. Default `v4`. */
  readonly spec?: Spec;
}

/** What of a host stands behind the provider. */
export interface AISDKSource extends Pick<HostHandles, 'models' | 'embeddings' | 'rerankers'> {
  /** What the vendor behind a model fetches itself; starts its backend. */
  readonly supportedUrls: (name: string) => Promise<SupportedUrls>;
}

/** Call options of embeddings and reranking, as far as they are passed on. */
interface ServiceCallOptions {
  readonly abortSignal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly providerOptions?: never;
}

/** Makes the provider. It and its models are tagged with their version: the SDK takes what is not tagged for an older one. */
export function toAISDK<Spec extends AISDKSpecification = 'v4'>(source: AISDKSource, { spec = 'v4' as Spec }: AISDKOptions<Spec> = {}): AISDKProvider<Spec> {
  const embeddingModel = (modelId: string): AISDKEmbeddingModel<Spec> => {
    const handle = known('embeddingModel', modelId, () => source.embeddings.get(modelId));
    return {
      specificationVersion: spec, provider: 'modelport', modelId, maxEmbeddingsPerCall: undefined, supportsParallelCalls: true,
      doEmbed: async ({ values, dimensions, abortSignal, headers, providerOptions }: ServiceCallOptions & { readonly values: readonly string[]; readonly dimensions?: number }) => {
        const result = await asked(abortSignal, () => handle.embed(values, withoutAbsent({ dimensions, signal: abortSignal, headers: withoutAbsent(headers ?? {}), providerOptions })));
        const { embeddings, usage: { tokens }, warnings, backend, model, callId } = result;
        return { embeddings: embeddings.map((vector) => Array.from(vector)), ...(tokens === undefined ? {} : { usage: { tokens } }), warnings: toAISDKWarnings(warnings, spec), providerMetadata: { modelport: { backend, model, callId } } };
      },
    };
  };
  const rerankingModel = (modelId: string): AISDKRerankModel<Spec> => {
    const handle = known('rerankingModel', modelId, () => source.rerankers.get(modelId));
    return {
      specificationVersion: spec, provider: 'modelport', modelId,
      doRerank: async ({ query, documents, topN, abortSignal, providerOptions }: ServiceCallOptions & { readonly query: string; readonly documents: { readonly values: never[] }; readonly topN?: number }) => {
        const result = await asked(abortSignal, () => handle.rerank(query, documents.values, withoutAbsent({ topN, signal: abortSignal, providerOptions })));
        const { ranking, warnings, backend, model, callId } = result;
        return { ranking, warnings: toAISDKWarnings(warnings, spec), providerMetadata: { modelport: { backend, model, callId } } };
      },
    };
  };
  return Object.freeze({
    specificationVersion: spec,
    languageModel: (modelId: string) => new HandedOutModel(spec, known('languageModel', modelId, () => source.models.get(modelId)), () => source.supportedUrls(modelId)),
    embeddingModel,
    textEmbeddingModel: embeddingModel,
    rerankingModel,
    imageModel: (modelId: string): never => {
      throw noSuchModel(modelId, 'imageModel', new Error('The host hands out no image models.'));
    },
  });
}

function known<Handle>(modelType: string, modelId: string, get: () => Handle): Handle {
  try {
    return get();
  } catch (error) {
    throw noSuchModel(modelId, modelType, error);
  }
}

async function asked<Result>(signal: AbortSignal | undefined, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw toAISDKError(error, signal);
  }
}

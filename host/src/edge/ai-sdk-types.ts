/** What the AI SDK asks of a provider, as far as the host implements it: structural, so that nothing of the SDK is imported. */

/** Versions of the specification models are handed out in: v4 for ai@7, v3 for ai@6. */
export type AISDKSpecification = 'v4' | 'v3';

/** Members every model has. */
interface AISDKModel<Spec extends AISDKSpecification> {
  readonly specificationVersion: Spec;
  /** Always `modelport`. */
  readonly provider: string;
  /** The alias or spec it was asked for by. */
  readonly modelId: string;
}

/* oxlint-disable typescript/no-explicit-any -- these stand for types of a package the host does not depend on, and must be assignable to them */

/** A chat model as the SDK calls it. */
export interface AISDKLanguageModel<Spec extends AISDKSpecification = AISDKSpecification> extends AISDKModel<Spec> {
  /** What the vendor fetches itself; asked for when the SDK meets a URL. */
  readonly supportedUrls: PromiseLike<Record<string, RegExp[]>>;
  doGenerate(options: any): PromiseLike<any>;
  doStream(options: any): PromiseLike<any>;
}

/** An embedding model as the SDK calls it. The host splits what is too much for one call. */
export interface AISDKEmbeddingModel<Spec extends AISDKSpecification = AISDKSpecification> extends AISDKModel<Spec> {
  readonly maxEmbeddingsPerCall: undefined;
  readonly supportsParallelCalls: boolean;
  doEmbed(options: any): PromiseLike<any>;
}

/** A rerank model as the SDK calls it. */
export interface AISDKRerankModel<Spec extends AISDKSpecification = AISDKSpecification> extends AISDKModel<Spec> {
  doRerank(options: any): PromiseLike<any>;
}

/* oxlint-enable typescript/no-explicit-any */

/** All models of a host as one provider: for `createProviderRegistry`, `globalThis.AI_SDK_DEFAULT_PROVIDER`, or model by model. */
export interface AISDKProvider<Spec extends AISDKSpecification = AISDKSpecification> {
  readonly specificationVersion: Spec;
  /** The chat model of an alias or spec. Throws an AI_NoSuchModelError for a name that means nothing. */
  languageModel(modelId: string): AISDKLanguageModel<Spec>;
  /** The embedding model of an alias or spec, under the same rule. */
  embeddingModel(modelId: string): AISDKEmbeddingModel<Spec>;
  /** The same under its older name. */
  textEmbeddingModel(modelId: string): AISDKEmbeddingModel<Spec>;
  /** The rerank model of an alias or spec, under the same rule. */
  rerankingModel(modelId: string): AISDKRerankModel<Spec>;
  /** The host has none: throws an AI_NoSuchModelError. */
  imageModel(modelId: string): never;
}

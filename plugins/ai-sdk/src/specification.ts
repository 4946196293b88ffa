/** What the bridge reads of an AI SDK model: the members that all versions of the specification share, and nothing of any package. */

/** Versions of the specification the bridge speaks. Source: https://github.com/vercel/ai/tree/main/packages/provider */
export type SpecificationVersion = 'v1' | 'v2' | 'v3' | 'v4';

/** What every model says of itself. */
interface AnyModel {
  readonly specificationVersion: SpecificationVersion;
  /** Dialect and wire, such as `openai.responses`. */
  readonly provider?: string;
  readonly modelId?: string;
}

/** A chat model of any version. */
export interface LanguageModel extends AnyModel {
  /** Absent on v1; a promise on models that have to ask first. */
  readonly supportedUrls?: unknown;
  doGenerate(options: object): PromiseLike<Readonly<Record<string, unknown>>>;
  doStream(options: object): PromiseLike<StreamResult>;
}

/** What `doStream` resolves with. */
export interface StreamResult {
  readonly stream: ReadableStream<unknown>;
  readonly response?: { readonly headers?: Readonly<Record<string, string>> };
  /** v1 names the answer's headers here. */
  readonly rawResponse?: { readonly headers?: Readonly<Record<string, string>> };
  /** v1 gives its warnings beside the stream instead of in it. */
  readonly warnings?: unknown;
}

/** An embedding model of any version. */
export interface EmbeddingModelOfSpecification extends AnyModel {
  readonly maxEmbeddingsPerCall?: unknown;
  doEmbed(options: object): PromiseLike<Readonly<Record<string, unknown>>>;
}

/** A rerank model; the specification has them since v3. */
export interface RerankModelOfSpecification extends AnyModel {
  doRerank(options: object): PromiseLike<Readonly<Record<string, unknown>>>;
}

/** A value with named members, before anything is known of them. */
export type Fields = Readonly<Record<string, unknown>>;

/** Whether a value is an object with named members. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The members of a value that may be anything; none for what is no object. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** A text, or nothing. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

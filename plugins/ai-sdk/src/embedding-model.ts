/** Embedding and rerank models of AI SDK packages as those of the contract. */
import { CallError } from '@modelport/plugin-api';
import type { Call, EmbeddingModel, EmbeddingRequest, EmbeddingResult, JsonObject, RerankModel, RerankRequest, RerankResult, Warning } from '@modelport/plugin-api';
import { toProviderData, toWarnings } from './decode/figures.ts';
import { setField } from './encode/call-options.ts';
import { toBridgeError } from './error.ts';
import { findModel, type ModelKind, type ModelOf } from './find-model.ts';
import type { ProviderFacts } from './provider-facts.ts';
import { fieldsOf, type Fields } from './specification.ts';

/** An embedding model by id, made with its first use. */
export class BridgedEmbeddingModel implements EmbeddingModel {
  readonly #find: () => ModelOf['embedding'];
  readonly #facts: ProviderFacts;

  constructor(modelId: string, facts: ProviderFacts) {
    this.#facts = facts;
    this.#find = finderOf('embedding', modelId, facts);
  }

  /** What the model says it takes at once; everything at once where it has to be asked or does not exist. */
  get maxValuesPerCall(): number {
    try {
      const { maxEmbeddingsPerCall } = this.#find();
      if (typeof maxEmbeddingsPerCall === 'number' && maxEmbeddingsPerCall >= 1) return Math.min(maxEmbeddingsPerCall, Number.MAX_SAFE_INTEGER);
    } catch { /* told by the call */ }
    return Number.MAX_SAFE_INTEGER;
  }

  async embed({ values, dimensions, headers, providerOptions }: EmbeddingRequest, call: Call): Promise<EmbeddingResult> {
    const warnings: Warning[] = [];
    const result = await guarded(call, () => {
      const model = this.#find();
      const vendorOptions: Record<string, JsonObject> = { ...providerOptions };
      const version = model.specificationVersion;
      if (version !== 'v4') setField('dimensions', dimensions, vendorOptions, { fields: this.#facts.row.fields ?? {}, version }, warnings);
      return model.doEmbed({
        values, abortSignal: call.signal, ...(version === 'v4' && dimensions !== undefined ? { dimensions } : {}), ...(headers === undefined ? {} : { headers }),
        ...(Object.keys(vendorOptions).length === 0 ? {} : { providerOptions: vendorOptions }),
      });
    });
    const { embeddings } = result;
    if (!Array.isArray(embeddings)) throw new CallError('PROTOCOL', 'The package answered without embeddings.');
    return { embeddings: embeddings as readonly ArrayLike<number>[], ...carriedOf(result, warnings) };
  }
}

/** A rerank model by id, made with its first use. */
export class BridgedRerankModel implements RerankModel {
  readonly #find: () => ModelOf['rerank'];

  constructor(modelId: string, facts: ProviderFacts) {
    this.#find = finderOf('rerank', modelId, facts);
  }

  async rerank({ query, documents, topN, providerOptions }: RerankRequest, call: Call): Promise<RerankResult> {
    const result = await guarded(call, () => this.#find().doRerank({
      query, documents: documentsOf(documents), abortSignal: call.signal, ...(topN === undefined ? {} : { topN }), ...(providerOptions === undefined ? {} : { providerOptions }),
    }));
    const { ranking } = result;
    if (!Array.isArray(ranking)) throw new CallError('PROTOCOL', 'The package answered without a ranking.');
    return { ranking: ranking.map(fieldsOf).map(({ index, relevanceScore }) => ({ index: Number(index), relevanceScore: Number(relevanceScore) })), ...carriedOf(result, []) };
  }
}

/** The specification takes texts or objects; a mixture goes as texts. */
function documentsOf(documents: RerankRequest['documents']): object {
  if (documents.every((document) => typeof document === 'object')) return { type: 'object', values: documents };
  return { type: 'text', values: documents.map((document) => (typeof document === 'string' ? document : JSON.stringify(document))) };
}

function finderOf<Kind extends ModelKind>(kind: Kind, modelId: string, { provider, row, context }: ProviderFacts): () => ModelOf[Kind] {
  let model: ModelOf[Kind] | undefined;
  return () => (model ??= findModel(provider, kind, modelId, { way: row.access?.[kind], experimentalV1: context.options.experimentalV1 }));
}

async function guarded(call: Call, work: () => PromiseLike<Fields>): Promise<Fields> {
  call.signal.throwIfAborted();
  try {
    const result = await work();
    call.signal.throwIfAborted();
    return result;
  } catch (error) {
    throw toBridgeError(error, call.signal);
  }
}

function carriedOf(result: Fields, warnings: readonly Warning[]): Pick<EmbeddingResult, 'usage' | 'warnings' | 'providerMetadata'> {
  const { tokens } = fieldsOf(result['usage']);
  const providerMetadata = toProviderData(result['providerMetadata']);
  const all = [...warnings, ...toWarnings(result['warnings'])];
  return {
    usage: { tokens: typeof tokens === 'number' && Number.isFinite(tokens) ? tokens : undefined },
    ...(all.length === 0 ? {} : { warnings: all }), ...(providerMetadata === undefined ? {} : { providerMetadata }),
  };
}

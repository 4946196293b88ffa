/** A rerank model by alias or spec: documents in the order of their relevance to a query. */
import type { JsonObject, ProviderData, RankedDocument, RerankResult, Warning } from '@modelport/plugin-api';
import { modelportError } from '../errors/modelport-error.ts';
import { resolveModel } from '../flow/resolve.ts';
import type { Runtime } from '../lifecycle/runtime.ts';
import { runService, type ServiceOptions } from './service-run.ts';

/** Settings of one rerank request. */
export interface RerankOptions extends ServiceOptions {
  /** How many documents to give back. Default: all. */
  readonly topN?: number;
  readonly providerOptions?: ProviderData;
}

/** Documents by relevance, best first. */
export interface Reranked {
  readonly ranking: readonly RankedDocument[];
  /** Tokens; `undefined` when the vendor does not say. */
  readonly usage: { readonly tokens: number | undefined };
  readonly warnings: readonly Warning[];
  readonly backend: string;
  readonly model: string;
  readonly callId: string;
}

/** Holds a name; each call asks what it means now. */
export class RerankHandle {
  readonly #runtime: Runtime;

  constructor(readonly name: string, runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** Ranks the documents. Throws a ModelportError; no documents are REQUEST_INVALID. */
  async rerank(query: string, documents: readonly (string | JsonObject)[], options: RerankOptions = {}): Promise<Reranked> {
    if (documents.length === 0) throw modelportError('REQUEST_INVALID', { text: 'There is nothing to rank: the list of documents is empty.' }, { retryable: false });
    const { signal, sessionId, metadata, ...settings } = options;
    const { targets } = resolveModel(this.name, this.#runtime.snapshot);
    const { target, callId, ranking, usage, warnings = [] } = await runService(
      this.#runtime,
      { name: this.name, wanted: 'rerank models', targets, signal, sessionId, metadata },
      (generation, { model }) => generation.rerankModel(model),
      async ({ model, call }) => checkedRanking(await model.rerank({ query, documents, ...settings }, call), documents.length),
    );
    return { ranking, warnings, usage: { tokens: usage?.tokens }, backend: target.backend, model: target.model, callId };
  }
}

/** Throws PROTOCOL for a ranking that names a document nobody sent, or one twice. */
function checkedRanking(result: RerankResult, documents: number): RerankResult {
  const ranking = Array.isArray(result.ranking) ? result.ranking : undefined;
  const places = new Set(ranking?.map(({ index }) => index));
  if (ranking && places.size === ranking.length && [...places].every((index) => Number.isInteger(index) && index >= 0 && index < documents)) return result;
  throw modelportError('PROTOCOL', { text: `The ranking does not fit the ${documents} documents that were sent.` }, { retryable: false });
}

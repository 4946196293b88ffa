/** A rerank model orders documents by how well they answer a query. */
import type { Call } from './context.ts';
import type { TokenUsage } from './embedding-model.ts';
import type { JsonObject } from './json.ts';
import type { Carried, ProviderData } from './provider-data.ts';
import type { Warning } from './warning.ts';

/** One rerank model of one backend. Holds no state between calls. */
export interface RerankModel {
  /** Ranks the documents. Throws CallError, and `call.signal.reason` on abort. */
  rerank(request: RerankRequest, call: Call): Promise<RerankResult>;
}

/** What is asked of a rerank model. */
export interface RerankRequest {
  /** What the documents shall answer. */
  readonly query: string;
  /** The documents, at least one: texts, or objects where the vendor takes them (else sent as JSON text, with a warning). */
  readonly documents: readonly (string | JsonObject)[];
  /** How many to return. Default: all. */
  readonly topN?: number;
  /** Vendor settings without a word here, by dialect. */
  readonly providerOptions?: ProviderData;
}

/** The ranking. */
export interface RerankResult extends Carried {
  /** Best first. */
  readonly ranking: readonly RankedDocument[];
  /** What it used up. Absent = the vendor did not say. */
  readonly usage?: TokenUsage;
  /** What of the request was not honoured. Absent = nothing to say. */
  readonly warnings?: readonly Warning[];
}

/** One ranked document. */
export interface RankedDocument {
  /** Its place in the request's `documents`, from 0. */
  readonly index: number;
  /** The vendor's score, higher is better. Comparable only within one ranking. */
  readonly relevanceScore: number;
}

/** An embedding model turns texts into vectors. */
import type { Call } from './context.ts';
import type { Carried, ProviderData } from './provider-data.ts';
import type { Warning } from './warning.ts';

/** One embedding model of one backend. Holds no state between calls. */
export interface EmbeddingModel {
  /** Most texts one call may hold; the host splits and keeps the order. Absent = no limit. */
  readonly maxValuesPerCall?: number;
  /** Embeds every text. Throws CallError, and `call.signal.reason` on abort. */
  embed(request: EmbeddingRequest, call: Call): Promise<EmbeddingResult>;
}

/** What is asked of an embedding model. */
export interface EmbeddingRequest {
  /** The texts, at least one. */
  readonly values: readonly string[];
  /** Length of the vectors, for models that can shorten them. Default: the model's own. */
  readonly dimensions?: number;
  /** Headers to add to the vendor's request; never `authorization`, never `host`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Vendor settings without a word here, by dialect. */
  readonly providerOptions?: ProviderData;
}

/** The vectors. */
export interface EmbeddingResult extends Carried {
  /** One vector per text, in the order of the texts. A `Float32Array` is welcome: asking a vendor for base64 is a third of the bytes. */
  readonly embeddings: readonly ArrayLike<number>[];
  /** What it used up. Absent = the vendor did not say. */
  readonly usage?: TokenUsage;
  /** What of the request was not honoured. Absent = nothing to say. */
  readonly warnings?: readonly Warning[];
}

/** Tokens of a call that makes no text. */
export interface TokenUsage {
  /** Tokens read; `undefined` when the vendor did not say, never 0. */
  readonly tokens?: number | undefined;
}

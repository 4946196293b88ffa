/** What a vendor says about one of its models. */
import type { Capabilities } from './capability.ts';
import type { Open } from './open.ts';

/** One model of a backend. An absent field is unknown; the host fills gaps from its catalogue and the user's config. */
export interface ModelInfo {
  /** The vendor's own name of the model; may hold `/`, `:` and `@`. */
  readonly id: string;
  /** What it is for. Absent = unknown. */
  readonly kind?: Open<'chat' | 'embedding' | 'rerank'>;
  /** Name to show. */
  readonly name?: string;
  /** What it is, in a sentence or two. */
  readonly description?: string;
  /** URL of the vendor's page about it. */
  readonly docs?: string;
  /** True = the vendor will take it away. */
  readonly deprecated?: boolean;
  /** What it can do: true yes, false no, absent unknown. */
  readonly capabilities?: Capabilities;
  /** How much it takes and gives. */
  readonly limits?: Limits;
  /** What it costs. */
  readonly price?: Price;
}

/** How much a model takes and gives. An absent limit is unknown, never a guess. */
export interface Limits {
  /** Window in tokens: request and answer together. */
  readonly contextTokens?: number;
  /** Most tokens of an answer. */
  readonly outputTokens?: number;
  /** Length of an embedding model's vectors. */
  readonly dimensions?: number;
}

/** What a model costs, in US dollars per million tokens. An absent price is unknown, never 0. */
export interface Price {
  /** Day the price was read, ISO 8601 (`2026-11-21`). */
  readonly asOf: string;
  /** Tokens of the request that met no cache. */
  readonly inputUsdPerMillionTokens?: number;
  /** Tokens of the answer. */
  readonly outputUsdPerMillionTokens?: number;
  /** Tokens read from the prompt cache. */
  readonly cacheReadUsdPerMillionTokens?: number;
  /** Tokens written to the prompt cache. */
  readonly cacheWriteUsdPerMillionTokens?: number;
}

/** What an answer used up, as the vendor counted it. */
import type { JsonObject } from './json.ts';

/**
 * Token counts of one answer. A figure the vendor did not send is `undefined`, never 0. Totals include their parts: input includes cached
 * tokens and output includes reasoning, so a vendor that counts them apart is summed by its plugin.
 */
export interface Usage {
  /** Tokens of the request. */
  readonly inputTokens: InputTokens;
  /** Tokens of the answer. */
  readonly outputTokens: OutputTokens;
  /** What the vendor says this answer cost, in US dollars; only where the vendor states it. The host reckons the rest from prices. */
  readonly costUsd?: number;
  /** The vendor's own usage object, verbatim. */
  readonly raw?: JsonObject;
}

/** Tokens of the request. */
export interface InputTokens {
  /** All of them, cached ones included. */
  readonly total?: number | undefined;
  /** Those that met no cache. */
  readonly noCache?: number | undefined;
  /** Those read from the vendor's prompt cache. */
  readonly cacheRead?: number | undefined;
  /** Those written to the vendor's prompt cache. */
  readonly cacheWrite?: number | undefined;
}

/** Tokens of the answer. */
export interface OutputTokens {
  /** All of them, reasoning included. */
  readonly total?: number | undefined;
  /** Those of the visible answer. */
  readonly text?: number | undefined;
  /** Those of the reasoning. */
  readonly reasoning?: number | undefined;
}

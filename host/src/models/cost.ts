/** What an answer cost, out of its real usage and a dated price; unknown as soon as a figure that counts is unknown. */
import type { Price, Usage } from '@modelport/plugin-api';
import type { CataloguePrice } from './catalogue.ts';

/**
 * US dollars; `undefined` = unknown, never a guess. The vendor's own word wins. Totals include their parts: tokens read from or written to
 * the cache are priced as such and taken off the input; reasoning is part of the output and priced as it is. Tokens of a kind whose price is
 * unknown make the whole unknown, unless there were none.
 */
export function costOf({ inputTokens, outputTokens, costUsd }: Usage, price: Price | undefined): number | undefined {
  if (costUsd !== undefined) return costUsd;
  const { total, cacheRead = 0, cacheWrite = 0 } = inputTokens;
  if (price === undefined || total === undefined || outputTokens.total === undefined) return undefined;
  const { upToInputTokens } = price as CataloguePrice;
  if (upToInputTokens !== undefined && total > upToInputTokens) return undefined;
  const parts = [
    [inputTokens.noCache ?? Math.max(0, total - cacheRead - cacheWrite), price.inputUsdPerMillionTokens],
    [cacheRead, price.cacheReadUsdPerMillionTokens],
    [cacheWrite, price.cacheWriteUsdPerMillionTokens],
    [outputTokens.total, price.outputUsdPerMillionTokens],
  ] as const;
  let cost = 0;
  for (const [tokens, perMillion] of parts) {
    if (tokens === 0) continue;
    if (perMillion === undefined) return undefined;
    cost += tokens * perMillion;
  }
  // Twelve digits keep every real figure and drop what binary fractions add.
  return Number((cost / 1e6).toPrecision(12));
}

/**
 * Whether the model that answered is the one that was asked, so that its price holds: the same id, a dated snapshot of it
 * (`gpt-5-mini-2025-08-07`), or the same with or without its maker (`openai/gpt-4o`).
 */
export function isSameModel(asked: string, answered: string): boolean {
  if (asked === answered || asked.endsWith(`/${answered}`) || answered.endsWith(`/${asked}`)) return true;
  return answered.startsWith(asked) && /^[-@]\d{4}-?\d{2}-?\d{2}$/.test(answered.slice(asked.length));
}

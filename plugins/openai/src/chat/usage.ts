/** Token counts of chat completions in the contract's words. */
import type { JsonObject, Usage } from '@modelport/plugin-api';
import type { WireUsage } from './wire.ts';

/** Converts the counts; a figure that was not sent stays `undefined`. `prompt_tokens` includes cached ones, `completion_tokens` reasoning. */
export function toUsage(usage: WireUsage | null | undefined): Usage {
  if (usage === null || usage === undefined) return { inputTokens: {}, outputTokens: {} };
  const input = usage.prompt_tokens ?? undefined;
  const output = usage.completion_tokens ?? undefined;
  const cacheRead = usage.prompt_tokens_details?.cached_tokens ?? usage.prompt_cache_hit_tokens ?? undefined;
  const cacheWrite = usage.prompt_tokens_details?.cache_write_tokens ?? undefined;
  const reasoning = usage.completion_tokens_details?.reasoning_tokens ?? undefined;
  return {
    inputTokens: { total: input, noCache: difference(input, cacheRead, cacheWrite), cacheRead, cacheWrite },
    outputTokens: { total: output, text: difference(output, reasoning), reasoning },
    ...(typeof usage.cost === 'number' ? { costUsd: usage.cost } : {}),
    raw: usage as JsonObject,
  };
}

/** What is left of a total; unknown when the total or every part is. Some servers leave a part out of the total: never below 0. */
export function difference(total: number | undefined, ...parts: readonly (number | undefined)[]): number | undefined {
  if (total === undefined || parts.every((part) => part === undefined)) return undefined;
  return Math.max(0, parts.reduce<number>((rest, part) => rest - (part ?? 0), total));
}

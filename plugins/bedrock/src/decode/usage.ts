/** Token counts in the contract's words. */
import type { JsonObject, Usage } from '@modelport/plugin-api';
import type { WireUsage } from '../wire.ts';

/** The total input is the sum of three counts, since `inputTokens` leaves out what the cache read and wrote. Reasoning is not told apart. */
export function toUsage(usage: WireUsage | null | undefined): Usage {
  if (usage === undefined || usage === null) return { inputTokens: {}, outputTokens: {} };
  const noCache = usage.inputTokens ?? undefined;
  const cacheRead = usage.cacheReadInputTokens ?? undefined;
  const cacheWrite = usage.cacheWriteInputTokens ?? undefined;
  return {
    inputTokens: { total: noCache === undefined ? undefined : noCache + (cacheRead ?? 0) + (cacheWrite ?? 0), noCache, cacheRead, cacheWrite },
    outputTokens: { total: usage.outputTokens ?? undefined },
    raw: usage as JsonObject,
  };
}

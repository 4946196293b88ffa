/** Token counts in the contract's words. */
import type { JsonObject, Usage } from '@modelport/plugin-api';
import type { WireUsage } from '../wire.ts';

/** Adds a later report to an earlier one: counts are cumulative, and a later report may leave out what has not changed. */
export function mergeUsage(before: WireUsage | undefined, later: WireUsage | null | undefined): WireUsage | undefined {
  if (later === undefined || later === null) return before;
  return { ...before, ...Object.fromEntries(Object.entries(later).filter(([, value]) => value !== null && value !== undefined)) };
}

/** The total input is the sum of three counts, since `input_tokens` leaves out what the cache read and wrote. */
export function toUsage(usage: WireUsage | null | undefined): Usage {
  if (usage === undefined || usage === null) return { inputTokens: {}, outputTokens: {} };
  const noCache = usage.input_tokens ?? undefined;
  const cacheRead = usage.cache_read_input_tokens ?? undefined;
  const cacheWrite = usage.cache_creation_input_tokens ?? undefined;
  const total = usage.output_tokens ?? undefined;
  const reasoning = usage.output_tokens_details?.thinking_tokens ?? undefined;
  return {
    inputTokens: { total: noCache === undefined ? undefined : noCache + (cacheRead ?? 0) + (cacheWrite ?? 0), noCache, cacheRead, cacheWrite },
    outputTokens: { total, text: total === undefined || reasoning === undefined ? undefined : total - reasoning, reasoning },
    raw: usage as JsonObject,
  };
}

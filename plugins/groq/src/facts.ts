/** What Groq says of an answer beside OpenAI's fields: its request id, seed, timings, usage by model, and the tools it ran. */
import type { Json, JsonObject } from '@modelport/plugin-api';

interface GroqChunk {
  readonly usage?: Timings | null;
  readonly usage_breakdown?: JsonObject | null;
  readonly choices?: readonly { readonly delta?: Ran | null; readonly message?: Ran | null }[];
  readonly x_groq?: { readonly id?: string | null; readonly seed?: number | null; readonly usage?: (Timings & JsonObject) | null; readonly usage_breakdown?: JsonObject | null; readonly debug?: JsonObject | null } | null;
}

/** In seconds. */
interface Timings {
  readonly queue_time?: number;
  readonly prompt_time?: number;
  readonly completion_time?: number;
  readonly total_time?: number;
}

interface Ran {
  readonly executed_tools?: readonly JsonObject[] | null;
}

/** Vendor data of one completion or chunk; `found` = what earlier chunks gave. Source: the types of groq-sdk. */
export function readFacts(chunk: JsonObject, found: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  const { usage, usage_breakdown: whole, choices, x_groq: own } = chunk as GroqChunk;
  const facts: Record<string, Json> = {};
  if (own?.id) facts['requestId'] = own.id;
  if (typeof own?.seed === 'number') facts['seed'] = own.seed;
  if (own?.debug) facts['debug'] = own.debug;
  const breakdown = whole ?? own?.usage_breakdown;
  if (breakdown) facts['usageBreakdown'] = breakdown;
  const timings = timingsOf(usage ?? own?.usage);
  if (timings !== undefined) facts['timings'] = timings;
  // Beside the usage of a whole answer stand the hits of the hardware's caches.
  if (own?.usage?.['dram_cached_tokens'] !== undefined || own?.usage?.['sram_cached_tokens'] !== undefined) facts['hardwareCache'] = own.usage;
  const ran = choices?.[0]?.message?.executed_tools ?? choices?.[0]?.delta?.executed_tools;
  if (ran && ran.length > 0) facts['executedTools'] = joined((found['executedTools'] ?? []) as readonly JsonObject[], ran);
  return facts;
}

function timingsOf(usage: Timings | null | undefined): Json | undefined {
  if (usage === null || usage === undefined) return undefined;
  const seconds = { queueSeconds: usage.queue_time, promptSeconds: usage.prompt_time, completionSeconds: usage.completion_time, totalSeconds: usage.total_time };
  const known = Object.entries(seconds).filter((entry): entry is [string, number] => typeof entry[1] === 'number');
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/** A tool comes first with its arguments and again, by the same index, with its output. */
function joined(before: readonly JsonObject[], more: readonly JsonObject[]): JsonObject[] {
  const tools = [...before];
  for (const tool of more) {
    const at = tools.findIndex((known) => known['index'] === tool['index']);
    if (at < 0) tools.push(tool);
    else tools[at] = { ...tools[at], ...tool };
  }
  return tools;
}

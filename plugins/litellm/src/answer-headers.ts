/** What the proxy says of an answer in headers: who served, at what cost, after how many tries. */
import type { Json, Usage } from '@modelport/plugin-api';
import type { AnswerHead } from '@modelport/openai/compatible';

/** Header to name, for texts and for numbers. Source: https://docs.litellm.ai/docs/proxy/response_headers. */
const TEXTS: Readonly<Record<string, string>> = {
  'x-litellm-call-id': 'callId', 'x-litellm-model-id': 'deploymentId', 'x-litellm-model-group': 'modelGroup', 'x-litellm-model-api-base': 'apiBase', 'x-litellm-version': 'version',
  'x-litellm-cache-key': 'cacheKey',
};
const NUMBERS: Readonly<Record<string, string>> = {
  'x-litellm-response-cost': 'costUsd', 'x-litellm-key-spend': 'keySpendUsd', 'x-litellm-response-duration-ms': 'durationMs', 'x-litellm-overhead-duration-ms': 'overheadMs',
  'x-litellm-attempted-retries': 'attemptedRetries', 'x-litellm-attempted-fallbacks': 'attemptedFallbacks',
};

/** Vendor data of an answer. The head of a stream is written before its cost is known, so it tells none. */
export function readHead({ headers, isStream }: AnswerHead): Readonly<Record<string, Json>> {
  const facts: Record<string, Json> = {};
  for (const [header, name] of Object.entries(TEXTS)) if (headers[header]) facts[name] = headers[header];
  for (const [header, name] of Object.entries(NUMBERS)) {
    const number = numberOf(headers[header]);
    if (number !== undefined && !(isStream && name === 'costUsd')) facts[name] = number;
  }
  return facts;
}

/** The cost: as the usage of a stream states it (include_cost_in_streaming_usage), else as the header of a whole answer does. */
export function readUsage(usage: Usage, { headers, isStream }: AnswerHead): Usage {
  if (usage.costUsd !== undefined || isStream) return usage;
  const costUsd = numberOf(headers['x-litellm-response-cost']);
  return costUsd === undefined ? usage : { ...usage, costUsd };
}

/** The proxy writes `None` for what it does not know. */
function numberOf(text: string | undefined): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const number = Number(text);
  return Number.isFinite(number) && number >= 0 ? number : undefined;
}

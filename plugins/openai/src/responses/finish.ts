/** How an answer of the Responses API ended and what it used up, in the contract's words. */
import type { ContentPart, FinishReason, ProviderData, ResponseMetadata, Usage } from '@modelport/plugin-api';
import { withoutCookies } from '@modelport/plugin-api/kit';
import type { AnswerContext } from '../answer-context.ts';
import { difference } from '../chat/usage.ts';
import type { WireResponse, WireResponseUsage } from './wire.ts';

/** The counts as the vendor means them. */
export function countedUsage(usage: WireResponseUsage | null | undefined, { vendor, headers }: AnswerContext, isStream: boolean): Usage {
  const counted = toResponsesUsage(usage);
  return vendor.readUsage?.(counted, { headers, isStream }) ?? counted;
}

/** Converts the counts; a figure that was not sent stays `undefined`. */
function toResponsesUsage(usage: WireResponseUsage | null | undefined): Usage {
  if (usage === null || usage === undefined) return { inputTokens: {}, outputTokens: {} };
  const input = usage.input_tokens ?? undefined;
  const output = usage.output_tokens ?? undefined;
  const cacheRead = usage.input_tokens_details?.cached_tokens ?? undefined;
  const cacheWrite = usage.input_tokens_details?.cache_write_tokens ?? undefined;
  const reasoning = usage.output_tokens_details?.reasoning_tokens ?? undefined;
  const cost = typeof usage.cost === 'object' ? usage.cost?.total_cost : usage.cost;
  return {
    inputTokens: { total: input, noCache: difference(input, cacheRead, cacheWrite), cacheRead, cacheWrite },
    outputTokens: { total: output, text: difference(output, reasoning), reasoning },
    ...(typeof cost === 'number' ? { costUsd: cost } : {}),
    raw: usage as NonNullable<Usage['raw']>,
  };
}

/** Why the answer ended; this wire says only why it is not complete. */
export function toResponsesFinish(response: WireResponse, content: { readonly hasCalls: boolean; readonly hasRefusal: boolean }): FinishReason {
  const raw = response.incomplete_details?.reason ?? response.status ?? undefined;
  if (raw === 'max_output_tokens') return { unified: 'length', raw };
  if (raw === 'content_filter') return { unified: 'content-filter', raw };
  if (raw === 'cancelled') return { unified: 'interrupted', raw };
  if (raw !== 'completed' && raw !== undefined) return { unified: 'other', raw };
  return { unified: content.hasCalls ? 'tool-calls' : content.hasRefusal ? 'refusal' : 'stop', raw };
}

/** Whether the caller has tools to run, and whether the model refused. */
export function kindOfContent(content: readonly ContentPart[], dialect: string): { hasCalls: boolean; hasRefusal: boolean } {
  return {
    hasCalls: content.some((part) => part.type === 'tool-call' && part.providerExecuted !== true),
    hasRefusal: content.some((part) => part.type === 'text' && part.providerMetadata?.[dialect]?.['refusal'] === true),
  };
}

/** Id, model and time of an answer. */
export function toResponsesMetadata(response: WireResponse, headers?: Readonly<Record<string, string>>): ResponseMetadata {
  return {
    ...(response.id === undefined ? {} : { id: response.id }),
    ...(response.model === undefined ? {} : { modelId: response.model }),
    ...(typeof response.created_at === 'number' ? { timestamp: new Date(response.created_at * 1000) } : {}),
    ...(headers === undefined ? {} : { headers: withoutCookies(headers) }),
  };
}

/** Vendor data of the whole answer: its id, for `previous_response_id`, service tier and log probabilities. */
export function toResponsesData(response: WireResponse, logprobs: readonly object[], { options, vendor, headers }: AnswerContext, isStream: boolean): ProviderData {
  return {
    [options.dialect]: {
      ...vendor.readHead?.({ headers, isStream }),
      ...(response.id === undefined ? {} : { responseId: response.id }),
      ...(response.service_tier ? { serviceTier: response.service_tier } : {}),
      ...(logprobs.length === 0 ? {} : { logprobs: { content: logprobs as never } }),
    },
  };
}


/** Token counts, finish reasons and warnings of any version of the specification, told apart by their shape and not by their version. */
import type { FinishReason, JsonObject, ProviderData, Usage, Warning } from '@modelport/plugin-api';
import { fieldsOf, isFields, textOf, type Fields } from '../specification.ts';

/** Usage: nested (v3, v4), flat (v2), or prompt and completion (v1). What is no count becomes `undefined`: v1 says NaN for "not said". */
export function toUsage(value: unknown): Usage {
  const usage = fieldsOf(value);
  const { inputTokens, outputTokens, raw } = usage;
  if (isFields(inputTokens) || isFields(outputTokens)) {
    const input = fieldsOf(inputTokens);
    const output = fieldsOf(outputTokens);
    return {
      inputTokens: { total: countOf(input['total']), noCache: countOf(input['noCache']), cacheRead: countOf(input['cacheRead']), cacheWrite: countOf(input['cacheWrite']) },
      outputTokens: { total: countOf(output['total']), text: countOf(output['text']), reasoning: countOf(output['reasoning']) },
      ...(isFields(raw) ? { raw: raw as JsonObject } : {}),
    };
  }
  return {
    inputTokens: { total: countOf(inputTokens ?? usage['promptTokens']), noCache: undefined, cacheRead: countOf(usage['cachedInputTokens']), cacheWrite: undefined },
    outputTokens: { total: countOf(outputTokens ?? usage['completionTokens']), text: undefined, reasoning: countOf(usage['reasoningTokens']) },
  };
}

/** Whether a usage holds a figure at all. */
export function hasFigures({ inputTokens, outputTokens }: Usage): boolean {
  return [...Object.values(inputTokens), ...Object.values(outputTokens)].some((figure) => figure !== undefined);
}

/** A finish reason: `{ unified, raw }` since v3, one word before. `unknown` is that version's word for "not said". */
export function toFinishReason(value: unknown): FinishReason {
  if (isFields(value)) {
    const raw = textOf(value['raw']);
    return { unified: wordOf(value['unified']), ...(raw === undefined ? {} : { raw }) };
  }
  return { unified: wordOf(value) };
}

/**
 * How an answer ended, what it cost in tokens, and the vendor's data. A model that another host handed out (`host.toAISDK`) keeps there what
 * the specification has no word for: it goes back to its place.
 */
export function toEnding({ finishReason, usage, providerMetadata }: Fields): { readonly finishReason: FinishReason; readonly usage: Usage; readonly providerMetadata?: ProviderData } {
  const { modelport, ...data } = fieldsOf(providerMetadata);
  const { costUsd, finishReason: word } = fieldsOf(modelport);
  const own = toProviderData(data);
  const reason = toFinishReason(finishReason);
  const cost = countOf(costUsd);
  return {
    finishReason: typeof word === 'string' ? { ...reason, unified: word } : reason,
    usage: cost === undefined ? toUsage(usage) : { ...toUsage(usage), costUsd: cost },
    ...(own === undefined ? {} : { providerMetadata: own }),
  };
}

/** Warnings of any version as the contract's. */
export function toWarnings(value: unknown): readonly Warning[] {
  return Array.isArray(value) ? value.map(toWarning) : [];
}

/** Vendor data; what is no object of objects is left out. */
export function toProviderData(value: unknown): ProviderData | undefined {
  return isFields(value) && Object.values(value).some((data) => data !== undefined) ? (value as ProviderData) : undefined;
}

function toWarning(value: unknown): Warning {
  const warning = fieldsOf(value);
  const details = textOf(warning['details']);
  const more = details === undefined ? {} : { details };
  switch (warning['type']) {
    case 'unsupported-setting': return { type: 'unsupported', feature: String(warning['setting']), ...more };
    case 'unsupported-tool': return { type: 'unsupported', feature: `tool ${textOf(fieldsOf(warning['tool'])['name']) ?? 'of unknown name'}`, ...more };
    case 'unsupported':
    case 'compatibility':
    case 'deprecated':
    case 'other': return warning as unknown as Warning;
    default: return { type: 'other', message: typeof value === 'string' ? value : textOf(warning['message']) ?? 'The package gave a warning without words.' };
  }
}

function wordOf(value: unknown): string {
  const word = textOf(value);
  return word === undefined || word === '' || word === 'unknown' ? 'other' : word;
}

function countOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** What a provider's `complete()` returns goes the way of a stream, so that both ways of asking give the same answer. */
import type { ChatPart, ChatResult } from '@modelport/plugin-api';
import { AnswerFold } from './fold.ts';
import { StreamNormaliser } from './normalise.ts';
import type { StreamFacts } from './normalise.ts';
import { faultsOf, isRecord, kindOf } from './protocol-fault.ts';
import { mergeUsage } from './usage-figures.ts';

/** Returns the well-formed answer, under the rules of StreamNormaliser. Throws PROTOCOL for what cannot be mended. */
export function checkedResult(result: unknown, facts: StreamFacts = {}): ChatResult {
  const fault = faultsOf(facts.plugin);
  if (!isRecord(result)) throw fault(`what complete() gave is ${kindOf(result)}, not an object`);
  if (!Array.isArray(result['content'])) throw fault(`the content of what complete() gave is ${kindOf(result['content'])}, not an array`);
  if (isPlainAnswer(result as unknown as ChatResult)) return result as unknown as ChatResult;
  const { content, warnings, response, finishReason, usage, providerMetadata } = result as unknown as ChatResult;
  const normaliser = new StreamNormaliser(facts);
  const parts: ChatPart[] = [];
  normaliser.push({ type: 'stream-start', warnings: warnings ?? [] }, parts);
  if (isRecord(response)) parts.push({ ...response, type: 'response-metadata' });
  normaliser.push(content as readonly ChatPart[], parts);
  normaliser.push({ type: 'finish', finishReason, usage, ...(providerMetadata === undefined ? {} : { providerMetadata }) }, parts);
  normaliser.end(parts);
  const fold = new AnswerFold();
  fold.addAll(parts);
  return fold.result();
}

/** Whether there is nothing to mend: an answer of text alone, as most are, takes a third of the time of the way below. */
function isPlainAnswer(result: ChatResult): boolean {
  const { content, warnings, response, finishReason, usage, providerMetadata } = result;
  if (warnings !== undefined || !isRecord(finishReason) || typeof finishReason.unified !== 'string' || finishReason.unified === 'tool-calls') return false;
  if (!isRecord(usage) || (providerMetadata !== undefined && !isRecord(providerMetadata))) return false;
  if (response !== undefined && (!isRecord(response) || !isSaid(response))) return false;
  for (const part of content) {
    if (!isRecord(part) || part['type'] !== 'text' || typeof part['text'] !== 'string' || part['text'] === '') return false;
    for (const key in part) if (key !== 'type' && key !== 'text') return false;
  }
  const rejected: string[] = [];
  return mergeUsage(undefined, usage, rejected) === usage && rejected.length === 0;
}

/** Whether no field is `undefined` and none is the tag of a part. */
function isSaid(response: object): boolean {
  for (const key in response) if (key === 'type' || (response as Record<string, unknown>)[key] === undefined) return false;
  return true;
}

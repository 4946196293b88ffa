/** What a provider's `complete()` returns goes the way of a stream, so that both ways of asking give the same answer. */
import type { ChatPart, ChatResult } from '@modelport/plugin-api';
import { AnswerFold } from './fold.ts';
import { StreamNormaliser } from './normalise.ts';
import type { StreamFacts } from './normalise.ts';
import { faultsOf, isRecord, kindOf } from './protocol-fault.ts';

/** Returns the well-formed answer, under the rules of StreamNormaliser. Throws PROTOCOL for what cannot be mended. */
export function checkedResult(result: unknown, facts: StreamFacts = {}): ChatResult {
  const fault = faultsOf(facts.plugin);
  if (!isRecord(result)) throw fault(`what complete() gave is ${kindOf(result)}, not an object`);
  if (!Array.isArray(result['content'])) throw fault(`the content of what complete() gave is ${kindOf(result['content'])}, not an array`);
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

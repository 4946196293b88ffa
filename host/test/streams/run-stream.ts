/** Runs parts through the normaliser and the fold, as the host does. */
import { CallError } from '@modelport/plugin-api';
import type { ChatPart, FinishPart } from '@modelport/plugin-api';
import { AnswerFold } from '../../src/streams/fold.ts';
import { StreamNormaliser } from '../../src/streams/normalise.ts';
import type { StreamFacts } from '../../src/streams/normalise.ts';

/** What came of a stream. */
export interface Outcome {
  readonly parts: readonly ChatPart[];
  readonly fold: AnswerFold;
  readonly error?: CallError;
}

/** Normalises and folds a source that ends by itself. */
export function runStream(batches: Iterable<ChatPart | readonly ChatPart[]>, facts?: StreamFacts): Outcome {
  const normaliser = new StreamNormaliser(facts);
  const fold = new AnswerFold();
  const parts: ChatPart[] = [];
  let error: CallError | undefined;
  try {
    for (const batch of batches) normaliser.push(batch, parts);
    normaliser.end(parts);
  } catch (thrown) {
    if (!CallError.is(thrown)) throw thrown;
    error = thrown;
    normaliser.cut(parts);
  }
  fold.addAll(parts);
  return { parts, fold, ...(error === undefined ? {} : { error }) };
}

/** A finish without figures. */
export const finish: FinishPart = { type: 'finish', finishReason: { unified: 'stop', raw: 'stop' }, usage: { inputTokens: {}, outputTokens: {} } };

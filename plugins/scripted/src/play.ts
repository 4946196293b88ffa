/** Plays a reply: its steps in order as a stream of parts, with waits that an abort ends and faults where the script puts them. */
import { CallError } from '@modelport/plugin-api';
import type { ChatPart } from '@modelport/plugin-api';

import { Answer } from './answer.ts';
import { warningsFor } from './ignored-settings.ts';
import type { Choice, Situation } from './match.ts';
import type { FaultStep, Step } from './script.ts';
import { placeholdersOf } from './template.ts';
import { wait } from './wait.ts';

/** How fast an answer is streamed. */
export interface Pace {
  /** Words in one delta. Default 1. */
  readonly chunkWords: number;
  /** Pause before each delta, in milliseconds. Default 0: all deltas of a step come in one batch. */
  readonly chunkDelayMs: number;
}

/**
 * Plays a reply. Nothing is yielded before the first step that sends something, so a fault, a delay or a cut in front is what a vendor
 * does that has not begun to answer. Throws the CallError of a `fault` step, and `call.signal.reason` on an abort.
 */
export async function* play(choice: Choice, situation: Situation, pace: Pace): AsyncGenerator<ChatPart | readonly ChatPart[]> {
  const { signal, includeRaw } = situation.call;
  const answer = new Answer(situation, placeholdersOf(situation, choice.groups), pace.chunkWords);
  let opening = openingOf(situation);

  for (const step of stepsOf(choice)) {
    signal.throwIfAborted();
    if ('delayMs' in step) {
      await wait(step.delayMs, signal);
    } else if ('stall' in step) {
      await wait(Infinity, signal);
    } else if ('fault' in step || 'cut' in step) {
      // A stream that broke is billed by its last usage part; before the first part there is nothing to bill.
      if (opening.length === 0) yield { type: 'usage', usage: answer.usage };
      if ('cut' in step) return;
      throw failureOf(step);
    } else {
      const raw: readonly ChatPart[] = includeRaw === true ? [{ type: 'raw', rawValue: step }] : [];
      const parts = [...opening, ...raw, ...answer.perform(step)];
      opening = [];
      yield* paced(parts, pace, signal);
      if (answer.isEnded) break;
    }
  }
  signal.throwIfAborted();
  yield [...opening, ...answer.finish()];
}

function stepsOf({ reply }: Choice): readonly Step[] {
  return typeof reply === 'string' ? [{ text: reply }] : reply;
}

function openingOf(situation: Situation): readonly ChatPart[] {
  return [
    { type: 'stream-start', warnings: warningsFor(situation.request) },
    { type: 'response-metadata', modelId: situation.modelId },
  ];
}

async function* paced(parts: readonly ChatPart[], pace: Pace, signal: AbortSignal): AsyncGenerator<ChatPart | readonly ChatPart[]> {
  if (pace.chunkDelayMs === 0) {
    yield parts;
    return;
  }
  for (const part of parts) {
    if (part.type === 'text-delta' || part.type === 'reasoning-delta') await wait(pace.chunkDelayMs, signal);
    yield part;
  }
}

function failureOf({ fault }: FaultStep): CallError {
  const { code, message, ...facts } = fault;
  return new CallError(code, message ?? `the script failed this call with ${code}`, facts);
}

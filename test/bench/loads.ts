/** The loads of the benchmark: what is asked of every contender, and what one operation of it is. */
import { streamedText, streamModel, WHOLE_MODEL, WHOLE_TEXT, type Pace } from './answers.ts';
import type { Contender } from './contender.ts';

/** One thing that is measured. */
export interface Load {
  readonly id: string;
  /** What the table says above its rows. */
  readonly title: string;
  /** The largest ratio to bare undici that everything off may have, in CPU; absent where no aim is set. RULES of the project: 1.1 a call, 1.3 a part. */
  readonly aim?: number;
  /** Whether the time to the first piece of text is what counts, instead of the time of the whole. */
  readonly firstPart?: true;
  /** Whether the delay of the event loop is told. */
  readonly loopDelay?: true;
  /** Calls of one round. */
  readonly calls: number;
  /** How many of them run at the same time. */
  readonly concurrency: number;
  /** Parts of one streamed answer; absent = the answer comes whole. */
  readonly parts?: number;
  readonly pace?: Pace;
}

/** All loads. `quick` keeps their shape and does far less. */
export function loads(quick: boolean): readonly Load[] {
  const scale = (full: number, small: number): number => (quick ? small : full);
  return [
    { id: 'call', title: 'A call, one after the other', aim: 1.1, calls: scale(300, 4), concurrency: 1 },
    { id: 'calls', title: 'A call, 32 at a time', aim: 1.1, calls: scale(640, 8), concurrency: scale(32, 4) },
    { id: 'streams', title: 'A part, 64 streams of 200 parts at a time', aim: 1.3, loopDelay: true, calls: scale(64, 4), concurrency: scale(64, 4), parts: scale(200, 20), pace: 'fast' },
    { id: 'long', title: 'A part, one stream of 20,000 parts', aim: 1.3, calls: 1, concurrency: 1, parts: scale(20_000, 200), pace: 'fast' },
    { id: 'paced', title: 'A part, 64 paced streams, an event a write', aim: 1.3, loopDelay: true, calls: scale(64, 4), concurrency: scale(64, 4), parts: scale(100, 5), pace: 'paced' },
    { id: 'first', title: 'The first part of a stream, one after the other', firstPart: true, calls: scale(200, 4), concurrency: 1, parts: 3, pace: 'fast' },
  ];
}

/** What one round of one load gave. */
export interface Round {
  /** CPU of the process, user and system, in microseconds an operation: a call, or a part where the load streams. */
  readonly cpuUs: number;
  /** Time by the clock in microseconds an operation; with `firstPart`, the median time to the first piece of text. */
  readonly wallUs: number;
  /** How late the event loop was, 99th percentile, in microseconds; 0 where the load does not tell it. */
  readonly loopDelayUs: number;
}

/** Runs the calls of one load over a contender. Rejects when an answer is not the one that was sent. */
export async function runCalls(contender: Contender, load: Load, firstPartsUs: number[]): Promise<void> {
  const { parts, pace = 'fast' } = load;
  const model = parts === undefined ? WHOLE_MODEL : streamModel(parts, pace);
  const expected = parts === undefined ? WHOLE_TEXT : streamedText(parts);
  let left = load.calls;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      let text = '';
      if (parts === undefined) text = await contender.generate(model);
      else {
        const began = performance.now();
        await contender.stream(model, (piece) => {
          if (text === '') firstPartsUs.push((performance.now() - began) * 1_000);
          text += piece;
        });
      }
      if (text !== expected) throw new Error(`A call of the load "${load.id}" gave ${text.length} characters of text that are not the ${expected.length} sent.`);
    }
  };
  await Promise.all(Array.from({ length: load.concurrency }, work));
}

/** How many operations one round has. */
export function operationsOf({ calls, parts, firstPart }: Load): number {
  return parts === undefined || firstPart ? calls : calls * parts;
}

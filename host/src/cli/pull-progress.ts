/** How a pull is told: a bar on a terminal, a line now and then elsewhere, an object per step for a program. */
import type { PullProgress } from '@modelport/plugin-api';
import type { LocalTarget } from './local-target.ts';
import type { Session } from './session.ts';
import { sizeText } from './size-text.ts';

/** Tells the steps of one pull. */
export interface PullTeller {
  tell(progress: PullProgress): Promise<void>;
  /** The pull is over, well or not: what was begun on the line ends. */
  end(): Promise<void>;
}

/** Shortest time between two lines where there is no terminal, in milliseconds. */
const LINE_EVERY_MS = 1_000;
/** Shortest time between two drawings of the bar, in milliseconds. */
const DRAW_EVERY_MS = 100;
const BAR_WIDTH = 24;

const words: Readonly<Record<PullProgress['phase'], string>> = { starting: 'starting', downloading: 'downloading', verifying: 'verifying', complete: 'complete' };

/** The teller that fits: `--json`, a terminal, or neither. `now` is a clock in milliseconds. */
export function createPullTeller(target: LocalTarget, session: Session, isTerminal: boolean, now: () => number = () => performance.now()): PullTeller {
  const { out } = session;
  if (session.json) return { tell: (progress) => out.line(JSON.stringify({ model: target.model, backend: target.backend, ...progress })), end: async () => undefined };
  const isDue = throttle(isTerminal ? DRAW_EVERY_MS : LINE_EVERY_MS, now);
  const rate = createRate(now);
  const name = `${target.model}@${target.backend}`;
  let untold: string | undefined;
  const write = async (text: string): Promise<void> => {
    untold = undefined;
    // The rest of a longer line before it is wiped.
    await (isTerminal ? out.write(`\r${text}\u001B[K`) : out.line(text));
  };
  return {
    tell: async (progress) => {
      untold = `${name}  ${isTerminal ? barOf(progress) : ''}${progressText(progress, rate(progress))}`;
      if (isDue(progress.phase)) await write(untold);
    },
    end: async () => {
      if (untold !== undefined) await write(untold);
      if (!out.atLineStart) await out.line();
    },
  };
}

/** `downloading  47%  2.4 GB of 5.2 GB  31 MB/s`. */
export function progressText({ phase, completedBytes, totalBytes, detail }: PullProgress, bytesPerSecond?: number): string {
  if (phase !== 'downloading') return detail === undefined || phase === 'starting' ? words[phase] : `${words[phase]} (${detail})`;
  const share = totalBytes === undefined || totalBytes === 0 || completedBytes === undefined ? [] : [`${String(Math.floor((completedBytes / totalBytes) * 100)).padStart(3)}%`, `${sizeText(completedBytes)} of ${sizeText(totalBytes)}`];
  return [words[phase], ...share, ...(bytesPerSecond === undefined ? [] : [`${sizeText(bytesPerSecond)}/s`])].join('  ');
}

function barOf({ phase, completedBytes = 0, totalBytes = 0 }: PullProgress): string {
  const share = phase === 'downloading' && totalBytes > 0 ? completedBytes / totalBytes : phase === 'starting' ? 0 : 1;
  const full = Math.round(share * BAR_WIDTH);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}]  `;
}

/** True for the first of each phase, and then once in a while. */
function throttle(everyMs: number, now: () => number): (phase: string) => boolean {
  let phaseBefore: string | undefined;
  let last = 0;
  return (phase) => {
    if (phase === phaseBefore && now() - last < everyMs) return false;
    phaseBefore = phase;
    last = now();
    return true;
  };
}

/** Bytes per second since the first figure; none before a second has passed, and what a resumed pull had already does not count. */
function createRate(now: () => number): (progress: PullProgress) => number | undefined {
  let first: { readonly bytes: number; readonly at: number } | undefined;
  return ({ phase, completedBytes }) => {
    if (phase !== 'downloading' || completedBytes === undefined) return undefined;
    first ??= { bytes: completedBytes, at: now() };
    const seconds = (now() - first.at) / 1_000;
    return seconds < 1 ? undefined : (completedBytes - first.bytes) / seconds;
  };
}

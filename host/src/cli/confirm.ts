/** A question that is answered with yes or no, on a terminal. */
import { createInterface } from 'node:readline';
import type { Session } from './session.ts';

/** Whether stdin and stdout are a terminal, so that somebody can answer. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY;
}

/** Asks; anything but `y` or `yes`, and no answer at all, is no. Rejects with the reason of the session's signal. */
export async function confirm(question: string, { out, signal }: Session): Promise<boolean> {
  // Without `terminal` the line editor stays away, and Ctrl-C is the signal it is everywhere else.
  const lines = createInterface({ input: process.stdin, terminal: false, signal });
  try {
    await out.write(`${question} [y/N] `);
    for await (const line of lines) return /^y(es)?$/i.test(line.trim());
    signal.throwIfAborted();
    await out.line();
    return false;
  } finally {
    lines.close();
  }
}

/** How an error is told: what, where, remedy; as text or as JSON; with a stack only under --debug. */
import { exitCodeOf, FAILED } from './exit-codes.ts';
import type { Output } from './output.ts';

/** An error as `--json` prints it, under `error`. */
export interface ToldError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly details: object;
}

interface Tellable {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly details: object;
  readonly context?: { readonly partial?: unknown };
  readonly stack?: string;
  readonly cause?: unknown;
}

/** How to tell it. */
export interface TellSettings {
  readonly json: boolean;
  readonly debug: boolean;
}

/** Writes an error to stderr and gives the exit code that goes with it. */
export async function tellFailure(error: unknown, output: Output, { json, debug }: TellSettings): Promise<number> {
  const told = isTellable(error) ? error : unforeseen(error);
  if (json) {
    await output.line(JSON.stringify({ error: toJson(told, debug) }));
  } else {
    const { paint } = output;
    if (!output.atLineStart) await output.line();
    await output.line(`${paint.red(paint.bold('error'))} ${paint.bold(told.code)}: ${told.message}`);
    if (told.remedy !== '') await output.line(`${paint.cyan('fix')}: ${told.remedy}`);
    if (debug) await output.line(paint.dim(stackOf(error)));
  }
  return isTellable(error) ? exitCodeOf(told.code) : FAILED;
}

/** The JSON shape of an error. What a call knew when it failed (backend, status, what had arrived) is part of its details. */
export function toJson({ code, message, remedy, details, context = {}, stack }: Tellable, debug = false): ToldError & { readonly stack?: string } {
  return { code, message, remedy, details: { ...details, ...context }, ...(debug && stack !== undefined ? { stack } : {}) };
}

/** Anything with a code and a remedy: the host's errors and the command line's own. */
function isTellable(error: unknown): error is Tellable {
  const candidate = error as Partial<Tellable> | null | undefined;
  return typeof candidate === 'object' && candidate !== null && typeof candidate.code === 'string' && typeof candidate.remedy === 'string' && typeof candidate.message === 'string';
}

function unforeseen(error: unknown): Tellable {
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? error.stack : undefined;
  return { code: 'INTERNAL', message, remedy: 'This is a fault in modelport: run the command again with --debug and report what it shows.', details: {}, ...(stack === undefined ? {} : { stack }) };
}

/** The stack and those of the causes. The host's errors hold redacted copies of what plugins threw. */
function stackOf(error: unknown): string {
  const stacks: string[] = [];
  for (let current: unknown = error; current !== undefined && current !== null && stacks.length < 5; current = (current as { readonly cause?: unknown }).cause) {
    stacks.push((current as { readonly stack?: string }).stack ?? String(current));
  }
  return stacks.join('\ncaused by: ');
}

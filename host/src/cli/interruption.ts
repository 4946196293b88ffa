/** Ctrl-C and SIGTERM: the first ends the work in order, the second ends the process at once. */

const signals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/** Longest time an interrupted command has to end in order, in milliseconds. */
const GRACE_MS = 8_000;

/** Listens for signals for as long as the process lives. */
export class Interruption {
  readonly #controller = new AbortController();
  #exitCode: number | undefined;

  constructor() {
    for (const [name, number] of Object.entries(signals)) process.on(name, () => this.#received(name, 128 + number));
  }

  /** Aborts at the first signal, and when the reader of stdout went away. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What the shell is told: 128 + the signal's number; `undefined` while no signal came. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** The reader of stdout is gone: nobody needs the rest, and nothing failed. */
  readerGone(): void {
    this.#exitCode ??= 0;
    this.#controller.abort(new Error('The reader of the output went away.'));
  }

  #received(name: string, exitCode: number): void {
    if (this.#controller.signal.aborted) process.exit(exitCode);
    this.#exitCode = exitCode;
    this.#controller.abort(new Error(`Interrupted by ${name}.`));
    // What does not stop is left behind; the timer itself keeps nothing alive.
    setTimeout(() => process.exit(exitCode), GRACE_MS).unref();
  }
}

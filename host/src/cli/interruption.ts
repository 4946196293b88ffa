/** Ctrl-C ends the work at once and in order, SIGTERM lets what runs finish first; a second signal ends the process then and there. */

const signals = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const;

/** Longest time an interrupted command has to end in order, in milliseconds. */
const GRACE_MS = 8_000;
/** The same after SIGTERM, when running calls may finish first: the host gives them 10 s. */
const FINISH_MS = 10_000 + GRACE_MS;

/** Listens for signals for as long as the process lives. */
export class Interruption {
  readonly #controller = new AbortController();
  #exitCode: number | undefined;
  #finish: (() => Promise<unknown>) | undefined;
  #finishing = false;

  constructor() {
    for (const [name, number] of Object.entries(signals)) process.on(name, () => this.#received(name, 128 + number));
  }

  /** Aborts at the first signal (at SIGTERM only where nothing can finish first), and when the reader of stdout went away. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What the shell is told: 128 + the signal's number, 0 for a SIGTERM that let the work finish; `undefined` while no signal came. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }

  /** The reader of stdout is gone: nobody needs the rest, and nothing failed. */
  readerGone(): void {
    this.#exitCode ??= 0;
    this.#controller.abort(new Error('The reader of the output went away.'));
  }

  /** Says how what runs now can finish in order, should SIGTERM come. Returns what takes that back. */
  finishWith(finish: () => Promise<unknown>): () => void {
    this.#finish = finish;
    return () => { if (this.#finish === finish) this.#finish = undefined; };
  }

  #received(name: string, exitCode: number): void {
    if (this.#controller.signal.aborted || this.#finishing) process.exit(exitCode);
    if (name === 'SIGTERM' && this.#finish !== undefined) {
      this.#finishing = true;
      this.#exitCode = 0;
      this.#finish().catch(() => undefined);
    } else {
      this.#exitCode = exitCode;
      this.#controller.abort(new Error(`Interrupted by ${name}.`));
    }
    // What does not stop is left behind; the timer itself keeps nothing alive.
    setTimeout(() => process.exit(exitCode), this.#finishing ? FINISH_MS : GRACE_MS).unref();
  }
}

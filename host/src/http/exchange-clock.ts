/** The time limits of one exchange: which one has passed, and when to look again. */
import { CallError } from '@modelport/plugin-api';
import type { ExchangePhase } from './network-error.ts';
import type { HttpLimits } from './settings.ts';

/** How often a request that waits behind a busy pool looks whether it still does, in milliseconds. */
const busyPoolMs = 1_000;

/** What the limits are measured against, beyond the clock's own times. */
export interface ClockView {
  readonly origin: string;
  /** Whether the request waits for a free connection and not for the server. */
  readonly queued: boolean;
  /** Whether the head of the answer has come. */
  readonly answered: boolean;
  /** Whether the reader waits for the server, and not the server for the reader. */
  readonly awaited: boolean;
}

/** Times on the clock of `performance.now()`, and the limits they are held to. */
export class ExchangeClock {
  phase: ExchangePhase = 'connect';
  /** When the reader was last given something, or began to wait. */
  heardAt = 0;
  readonly #limits: HttpLimits;
  readonly #idleMs: number;
  readonly #beganAt: number;
  readonly #sentAt: number;

  /** `beganAt` is when the request began, before any redirect; `sentAt` when this exchange did. */
  constructor(limits: HttpLimits, idleMs: number, beganAt: number, sentAt: number) {
    this.#limits = limits;
    this.#idleMs = idleMs;
    this.#beganAt = beganAt;
    this.#sentAt = sentAt;
  }

  /** The TIMEOUT error of a limit that has passed. */
  passed(now: number, view: ClockView): CallError | undefined {
    const { connectMs, firstPartMs, totalMs } = this.#limits;
    const { origin } = view;
    if (totalMs > 0 && now - this.#beganAt >= totalMs) return timeout('total', `The request to ${origin} took longer than ${totalMs} ms.`);
    if (this.phase === 'body') {
      if (!view.awaited) this.heardAt = now;
      if (this.#idleMs > 0 && now - this.heardAt >= this.#idleMs) return timeout('idle', `${origin} fell silent for ${this.#idleMs} ms in the middle of its answer.`);
      return undefined;
    }
    const waited = now - this.#sentAt;
    if (this.phase === 'connect' && connectMs > 0 && waited >= connectMs && !view.queued) return timeout('connect', `${origin} could not be connected to within ${connectMs} ms.`);
    if (firstPartMs === 0 || waited < firstPartMs) return undefined;
    if (this.phase === 'connect') return timeout('header', `No connection to ${origin} came free within ${firstPartMs} ms: all are busy.`);
    return timeout('header', `${origin} sent ${view.answered ? 'headers but no body' : 'no answer'} within ${firstPartMs} ms.`);
  }

  /**
   * How long until a limit could pass next, in milliseconds; Infinity when none can. Never longer than the shortest limit that could begin in
   * the meantime, so that one timer serves all limits and nobody touches it while parts arrive.
   */
  next(now: number): number {
    const { connectMs, firstPartMs, totalMs } = this.#limits;
    let delay = totalMs > 0 ? this.#beganAt + totalMs - now : Number.POSITIVE_INFINITY;
    if (this.phase === 'body') return this.#idleMs > 0 ? Math.min(delay, this.heardAt + this.#idleMs - now) : delay;
    if (this.#idleMs > 0) delay = Math.min(delay, this.#idleMs);
    if (firstPartMs > 0) delay = Math.min(delay, this.#sentAt + firstPartMs - now);
    if (this.phase !== 'connect' || connectMs === 0) return delay;
    const left = this.#sentAt + connectMs - now;
    return Math.min(delay, left > 0 ? left : busyPoolMs);
  }
}

function timeout(limit: 'connect' | 'header' | 'idle' | 'total', text: string): CallError {
  return new CallError('TIMEOUT', text, { limit, retryable: true });
}

/** Step 7: a request becomes a call: one controller and one timer, an id; nothing is sent yet. */
import { randomUUID } from 'node:crypto';
import type { Call } from '@modelport/plugin-api';
import { modelportError } from '../errors/modelport-error.ts';
import type { Leaseholder } from '../lifecycle/generation.ts';

/** Time limits of a call, in milliseconds; 0 = none. */
export interface CallLimits {
  /** To a connection, where the alias says it. Absent = the backend's. */
  readonly connectMs?: number | undefined;
  /** From the request to the first part. Default 300000. */
  readonly firstPartMs: number;
  /** Longest silence between two parts. Default 60000. */
  readonly idleMs: number;
  /** The whole call, retries included. Default 0. */
  readonly totalMs: number;
  /** Longest time a reader that began to read leaves the stream alone (`streams.abandonedMs`). Absent = no limit. */
  readonly abandonedMs?: number;
}

/** What a call is started with, apart from the request. */
export interface CallSettings {
  /** Id the call is already known by. Default: a new one. */
  readonly id?: string | undefined;
  readonly limits: CallLimits;
  readonly signal?: AbortSignal | undefined;
  readonly sessionId?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly includeRaw?: boolean | undefined;
}

/** An id for a call, unique in every host. */
export function newCallId(): string {
  return `call_${randomUUID()}`;
}

/**
 * One started request. It is the `Call` that plugins get, and the holder of the lease on a generation. Its one timer looks after all
 * limits: time counts only while the call waits for the provider, so a slow reader is never taken for a silent vendor.
 */
export class ActiveCall implements Call, Leaseholder {
  readonly id: string;
  readonly sessionId?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly includeRaw?: boolean;
  /** Longest time to a connection, in milliseconds, where it is not the backend's. */
  readonly connectMs?: number;
  readonly startedAt = performance.now();
  attempt = 1;
  /** Told once when the call aborts; cheaper than a listener on the signal, of which every call would need one. */
  onAbort: ((reason: unknown) => void) | undefined;
  readonly #controller = new AbortController();
  readonly #limits: CallLimits;
  readonly #outer: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;
  #waitingSince = 0;
  #started = false;
  #waits = 0;
  /** Since when, and after how many waits, nobody was seen to read on. */
  #resting: { readonly since: number; readonly waits: number } | undefined;

  constructor({ id = newCallId(), limits, signal, sessionId, metadata, includeRaw }: CallSettings) {
    this.id = id;
    this.#limits = limits;
    this.#outer = signal;
    if (sessionId !== undefined) this.sessionId = sessionId;
    if (metadata !== undefined) this.metadata = metadata;
    if (includeRaw !== undefined) this.includeRaw = includeRaw;
    if (limits.connectMs !== undefined) this.connectMs = limits.connectMs;
    if (signal?.aborted) this.#onOuterAbort();
    else signal?.addEventListener('abort', this.#onOuterAbort, { once: true });
    this.#arm(this.#nextCheck(this.startedAt));
  }

  /** Aborts on cancel, on a limit, when the generation must go, and when the host closes. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the call for this reason. Later reasons change nothing. */
  abort(reason: unknown): void {
    if (this.#controller.signal.aborted) return;
    this.#controller.abort(reason);
    this.onAbort?.(reason);
  }

  /** Says that the call waits for the provider from now on. */
  waits(): void {
    this.#waits += 1;
    this.#waitingSince = performance.now();
  }

  /** Says that something came: the silence is over, and the first part is there. */
  arrived(): void {
    this.#waitingSince = 0;
    this.#started = true;
  }

  /** A new attempt begins: the limit for the first part counts anew. */
  nextAttempt(): void {
    this.attempt += 1;
    this.#started = false;
  }

  /** Frees the timer and the listener. Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#outer?.removeEventListener('abort', this.#onOuterAbort);
  }

  readonly #onOuterAbort = (): void => {
    this.abort(modelportError('ABORTED', { text: 'The call was aborted by its signal.' }, { callId: this.id, retryable: false, cause: this.#outer?.reason }));
  };

  #arm(afterMs: number): void {
    if (!Number.isFinite(afterMs)) return;
    this.#timer = setTimeout(() => this.#check(), Math.min(Math.max(1, Math.ceil(afterMs)), 2 ** 31 - 1));
  }

  #silenceLimit(): number {
    return this.#started ? this.#limits.idleMs : this.#limits.firstPartMs;
  }

  /** Milliseconds until a limit could be over. */
  #nextCheck(now: number): number {
    const { idleMs, totalMs, abandonedMs = 0 } = this.#limits;
    const silence = this.#silenceLimit();
    const bySilence = silence > 0 ? (this.#waitingSince === 0 ? silence : this.#waitingSince + silence - now) : Infinity;
    const byTotal = totalMs > 0 ? this.startedAt + totalMs - now : Infinity;
    // The shorter idle limit takes over with the first part, maybe before the limit for the first part is due.
    const byIdle = idleMs > 0 ? idleMs : Infinity;
    const byReader = abandonedMs > 0 ? (this.#resting?.since ?? now) + abandonedMs - now : Infinity;
    return Math.min(bySilence, byTotal, byIdle, byReader);
  }

  #check(): void {
    if (this.#controller.signal.aborted) return;
    const now = performance.now();
    const { totalMs, abandonedMs = 0 } = this.#limits;
    const silence = this.#silenceLimit();
    this.#resting = this.#waitingSince > 0 || !this.#started ? undefined : this.#resting?.waits === this.#waits ? this.#resting : { since: now, waits: this.#waits };
    if (totalMs > 0 && now - this.startedAt >= totalMs) return this.#timeOut('total', `The call took longer than ${totalMs} ms (calls.timeouts.totalMs).`);
    if (silence > 0 && this.#waitingSince > 0 && now - this.#waitingSince >= silence) {
      return this.#started
        ? this.#timeOut('idle', `Nothing came for ${silence} ms in the middle of the answer (calls.timeouts.idleMs).`)
        : this.#timeOut('header', `The first part did not come within ${silence} ms (calls.timeouts.firstPartMs).`);
    }
    if (abandonedMs > 0 && this.#resting && now - this.#resting.since >= abandonedMs) {
      const text = `The stream was left half-read for ${abandonedMs} ms and is released (streams.abandonedMs).`;
      return this.abort(modelportError('ABORTED', { text, remedy: 'Read a stream to its end, or leave its loop with `break`.' }, { callId: this.id, retryable: false }));
    }
    this.#arm(this.#nextCheck(now));
  }

  #timeOut(limit: 'header' | 'idle' | 'total', text: string): void {
    this.abort(modelportError('TIMEOUT', { text }, { limit, callId: this.id, retryable: limit !== 'total' }));
  }
}

/** One activation of one backend: calls lease it, and once retired it drains, closes, and reports what was left. */
import type { ChatModel, EmbeddingModel, Provider, RerankModel } from '@modelport/plugin-api';
import { type ModelportError, modelportError } from '../errors/modelport-error.ts';
import { withLimit } from './time-limit.ts';

/** Something that runs on a generation and can be told to stop. */
export interface Leaseholder {
  /** Stops it for this reason; it gives the lease back soon after. */
  abort(reason: unknown): void;
}

/** How a generation ends. */
export interface Retirement {
  /** How long running calls may go on, in milliseconds; 0 = they are aborted at once. */
  readonly drainMs: number;
  /** What they are aborted with. Default: GENERATION_RETIRED, retryable. */
  readonly reason?: ModelportError | undefined;
  /** Waited for before the provider's `close()`, so that several close in order. Must not reject. */
  readonly turn?: Promise<unknown> | undefined;
}

/** Time a leaseholder has to let go once it was aborted, in milliseconds. */
export const ABANDON_AFTER_MS = 5_000;
/** Longest wait for a provider's `close()`, in milliseconds. */
const CLOSE_LIMIT_MS = 5_000;
/** Model objects kept per generation; they are cheap to make anew. */
const MODELS_KEPT = 500;

/** A live provider with the calls that run on it. */
export class Generation {
  readonly #holders = new Set<Leaseholder>();
  readonly #chatModels = new Map<string, ChatModel>();
  readonly #embeddingModels = new Map<string, EmbeddingModel>();
  readonly #controller: AbortController;
  #closed: Promise<readonly string[]> | undefined;
  /** Why the drain ends early; set by whoever hurries it. */
  #hurry: { readonly reason: unknown } | undefined;
  /** Wakes the drain: the last lease is back, or there is a hurry. */
  #wake: (() => void) | undefined;
  #abandoned = 0;

  constructor(
    /** Key under `backends:`. */
    readonly backend: string,
    /** Counted per backend from 1. */
    readonly number: number,
    /** Hash of what it was started with. */
    readonly identity: string,
    readonly provider: Provider,
    /** Aborts when the generation must be gone; the plugin's context holds its signal. */
    controller: AbortController,
    /** What the code of its plugin runs under, for tracing an error that nobody handled. */
    readonly frame: object = controller,
  ) {
    this.#controller = controller;
  }

  /** How many calls run on it now. */
  get leases(): number {
    return this.#holders.size;
  }

  /** Whether it takes no new calls. */
  get retired(): boolean {
    return this.#closed !== undefined;
  }

  /** Takes a lease. The holder gives it back with `release`, in a `finally`. */
  lease(holder: Leaseholder): void {
    this.#holders.add(holder);
  }

  /** Gives a lease back; the last one lets a retired generation close. `abandoned`: the provider did not stop, nobody waits for it any more. */
  release(holder: Leaseholder, abandoned = false): void {
    if (!this.#holders.delete(holder)) return;
    if (abandoned) this.#abandoned += 1;
    if (this.#holders.size === 0) this.#wake?.();
  }

  /** The chat model of that id, or `undefined` where the backend has no chat models. */
  chatModel(modelId: string): ChatModel | undefined {
    return this.#provider(this.#chatModels, modelId, this.provider.chatModel);
  }

  /** The embedding model of that id, or `undefined` where the backend has none. */
  embeddingModel(modelId: string): EmbeddingModel | undefined {
    return this.#provider(this.#embeddingModels, modelId, this.provider.embeddingModel);
  }

  /** The rerank model of that id, or `undefined` where the backend has none. */
  rerankModel(modelId: string): RerankModel | undefined {
    return this.provider.rerankModel?.(modelId);
  }

  /**
   * Takes no new calls from now on; closes when the last lease is given back. After `drainMs` running calls, and the signal of the plugin's
   * context, are aborted; 5 s later they are abandoned. Resolves, once closed, with what was left over; never rejects. Asked again, it
   * answers the same; a `drainMs` of 0 then ends a drain that is under way.
   */
  retire({ drainMs, reason, turn }: Retirement): Promise<readonly string[]> {
    const cause = reason ?? modelportError('GENERATION_RETIRED', { backend: this.backend }, { retryable: true, backend: this.backend });
    if (this.#closed === undefined) this.#closed = this.#drainAndClose(drainMs, cause, turn);
    else if (drainMs <= 0) this.#endDrain(cause);
    return this.#closed;
  }

  #endDrain(reason: unknown): void {
    this.#hurry ??= { reason };
    this.#wake?.();
  }

  async #drainAndClose(drainMs: number, reason: ModelportError, turn: Promise<unknown> | undefined): Promise<readonly string[]> {
    const leftovers: string[] = [];
    if (drainMs <= 0) this.#hurry = { reason };
    if (!(await this.#drained(drainMs, () => this.#hurry !== undefined))) {
      const cause = this.#hurry?.reason ?? reason;
      this.#controller.abort(cause);
      for (const holder of [...this.#holders]) holder.abort(cause);
      await this.#drained(ABANDON_AFTER_MS, () => false);
    }
    const stuck = this.#holders.size + this.#abandoned;
    if (stuck > 0) leftovers.push(`${stuck === 1 ? '1 call' : `${stuck} calls`} did not stop within ${ABANDON_AFTER_MS} ms of the abort`);
    this.#holders.clear();
    await turn;
    this.#controller.abort(reason);
    try {
      await withLimit(Promise.resolve().then(() => this.provider.close?.()), CLOSE_LIMIT_MS, () => new Error(`did not finish within ${CLOSE_LIMIT_MS} ms`));
    } catch (error) {
      leftovers.push(`close() failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    return leftovers;
  }

  /** Waits for the last lease. False when the time is over first, or when the wait is cut short. */
  async #drained(limitMs: number, cutShort: () => boolean): Promise<boolean> {
    const idle = (): boolean => this.#holders.size === 0;
    if (idle()) return true;
    if (cutShort()) return false;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, Math.min(limitMs, 2 ** 31 - 1));
      this.#wake = () => {
        if (!idle() && !cutShort()) return;
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
    return idle();
  }

  #provider<Model>(made: Map<string, Model>, modelId: string, make: ((modelId: string) => Model) | undefined): Model | undefined {
    const known = made.get(modelId);
    if (known !== undefined || make === undefined) return known;
    if (made.size >= MODELS_KEPT) made.clear();
    const model = make.call(this.provider, modelId);
    made.set(modelId, model);
    return model;
  }
}

/** One activation of one backend: calls lease it, and once retired it drains, closes, and reports what was left. */
import type { ChatModel, EmbeddingModel, Provider, RerankModel } from '@modelport/plugin-api';
import { modelportError, type ModelportError } from '../errors/modelport-error.ts';
import { withLimit } from './time-limit.ts';

/** Something that runs on a generation and can be told to stop. */
export interface Leaseholder {
  /** Stops it for this reason; it gives the lease back soon after. */
  abort(reason: unknown): void;
}

/** Time a leaseholder has to let go once it was aborted, in milliseconds. */
const ABANDON_AFTER_MS = 5_000;
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
  #retired: Promise<readonly string[]> | undefined;
  #idle: (() => void) | undefined;

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
  ) {
    this.#controller = controller;
  }

  /** How many calls run on it now. */
  get leases(): number {
    return this.#holders.size;
  }

  /** Whether it takes no new calls. */
  get retired(): boolean {
    return this.#retired !== undefined;
  }

  /** Takes a lease. The holder gives it back with `release`, in a `finally`. */
  lease(holder: Leaseholder): void {
    this.#holders.add(holder);
  }

  /** Gives a lease back; the last one lets a retired generation close. */
  release(holder: Leaseholder): void {
    this.#holders.delete(holder);
    if (this.#holders.size === 0) this.#idle?.();
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
   * Takes no new calls from now on; closes when the last lease is given back. After `drainMs` milliseconds running calls are aborted with
   * GENERATION_RETIRED (0 = at once), 5 s later abandoned. Resolves, once closed, with what was left over. Idempotent.
   */
  retire(drainMs: number, reason: ModelportError = modelportError('GENERATION_RETIRED', { backend: this.backend }, { retryable: true, backend: this.backend })): Promise<readonly string[]> {
    return (this.#retired ??= this.#drainAndClose(drainMs, reason));
  }

  /** Ends a drain early: aborts what still runs, with this reason. */
  cut(reason: unknown): void {
    for (const holder of this.#holders) holder.abort(reason);
  }

  async #drainAndClose(drainMs: number, reason: ModelportError): Promise<readonly string[]> {
    const leftovers: string[] = [];
    if (!(await this.#idleWithin(drainMs))) {
      this.cut(reason);
      if (!(await this.#idleWithin(ABANDON_AFTER_MS))) leftovers.push(`${this.leases} calls did not stop`);
    }
    this.#controller.abort(reason);
    try {
      await withLimit(Promise.resolve().then(() => this.provider.close?.()), CLOSE_LIMIT_MS, () => new Error(`close() did not finish within ${CLOSE_LIMIT_MS} ms`));
    } catch (error) {
      leftovers.push(`close() failed: ${error instanceof Error ? error.message : String(error)}`);
    }
    this.#holders.clear();
    return leftovers;
  }

  /** Waits for the last lease. False when time is over first. */
  async #idleWithin(limitMs: number): Promise<boolean> {
    if (this.#holders.size === 0) return true;
    if (limitMs <= 0) return false;
    return new Promise((resolve) => {
      const timer = setTimeout(() => { this.#idle = undefined; resolve(false); }, limitMs);
      this.#idle = () => { clearTimeout(timer); this.#idle = undefined; resolve(true); };
    });
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

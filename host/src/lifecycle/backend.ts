/** One configured backend over its whole life: idle, starting, active, swapped, stale, quarantined, gone. */
import type { ModelInfo } from '@modelport/plugin-api';
import { ModelportError, modelportError } from '../errors/modelport-error.ts';
import { activate } from './activate.ts';
import type { Generation, Leaseholder, Retirement } from './generation.ts';
import type { BackendPlan } from './plan.ts';
import type { Services } from './services.ts';

/** Where a backend stands. `stale`: an edit could not start, the generation before it still serves. */
export type BackendState = 'disabled' | 'idle' | 'starting' | 'active' | 'stale' | 'needs-secret' | 'quarantined' | 'removed';

/** Why a backend does not serve, or serves with old options. */
export interface BackendFailure {
  readonly error: ModelportError;
  /** When it failed. */
  readonly since: Date;
}

interface Start {
  readonly plan: BackendPlan;
  readonly controller: AbortController;
  /** Resolves when the start is over, well or not, or given up. */
  readonly done: Promise<void>;
  readonly over: () => void;
}

/** Holds the current generation of a backend and makes the next one. */
export class Backend {
  /** Models as the backend last listed or described them, by id. */
  readonly listed = new Map<string, ModelInfo>();
  #plan: BackendPlan;
  #generation: Generation | undefined;
  #starting: Start | undefined;
  #failure: BackendFailure | undefined;
  #removed = false;
  #count = 0;
  readonly #services: Services;
  /** Generations that were told to go and have not closed yet. */
  readonly #retiring = new Map<Generation, Promise<unknown>>();

  constructor(plan: BackendPlan, services: Services) {
    this.#plan = plan;
    this.#services = services;
    if (plan.failure) this.#failure = { error: plan.failure, since: new Date() };
  }

  /** The plan it runs by, or will start by. */
  get plan(): BackendPlan {
    return this.#plan;
  }

  /** The generation that serves, when one does. */
  get generation(): Generation | undefined {
    return this.#generation;
  }

  /** Why it does not serve, or serves with old options. */
  get failure(): BackendFailure | undefined {
    return this.#failure;
  }

  /** Generations that finish their last calls. */
  get draining(): number {
    return this.#retiring.size;
  }

  /** Whether code runs under this frame for a generation that starts, serves or still drains. */
  hasFrame(frame: object): boolean {
    return this.#starting?.controller === frame || this.#generation?.frame === frame || [...this.#retiring.keys()].some((generation) => generation.frame === frame);
  }

  /** Where it stands now. */
  get state(): BackendState {
    if (this.#removed) return 'removed';
    if (!this.#plan.config.enabled) return 'disabled';
    if (this.#failure) return this.#generation ? 'stale' : this.#failure.error.code === 'SECRET_MISSING' ? 'needs-secret' : 'quarantined';
    if (this.#generation) return 'active';
    return this.#starting ? 'starting' : 'idle';
  }

  /**
   * Leases the current generation to a holder, starting it first where none serves. Throws BACKEND_REMOVED, BACKEND_DISABLED, or the
   * error that quarantined the backend. Synchronous while a generation serves.
   */
  acquire(holder: Leaseholder): Generation | Promise<Generation> {
    const generation = this.#generation;
    if (generation === undefined || this.#removed) return this.#acquireLate(holder);
    generation.lease(holder);
    return generation;
  }

  /** Starts now what would start at the first call. Never throws: the state tells. */
  async start(): Promise<void> {
    if (this.#generation === undefined && !this.#failure && this.#plan.config.enabled && !this.#removed) await this.#startOnce();
  }

  /** Forgets a failure and tries again, beside the serving generation where there is one. Never throws: the state tells. */
  async retry(): Promise<void> {
    if (this.#removed || !this.#plan.config.enabled || this.#plan.failure) return;
    if (this.#generation && !this.#failure) return;
    this.#failure = undefined;
    await this.#startOnce();
  }

  /**
   * Takes an edited plan over. The same identity keeps the generation; another one starts a new generation beside the old at once where
   * one serves or starts, otherwise at the next call. Resolves when a start it caused is over; never throws.
   */
  async update(plan: BackendPlan): Promise<void> {
    const before = this.#plan;
    const wasBusy = this.#generation !== undefined || this.#starting !== undefined;
    this.#plan = plan;
    // What a package lacked may have been mended on disk without a change of identity.
    const sameFailure = before.failure?.code === plan.failure?.code && before.failure?.message === plan.failure?.message;
    if (plan.identity === before.identity && sameFailure) return this.#starting?.done;
    this.#giveUpStart();
    this.#failure = undefined;
    if (!plan.config.enabled) return this.#dropGeneration();
    if (plan.identity === this.#generation?.identity) return;
    if (plan.failure) return this.#fail(plan.failure);
    if (wasBusy || plan.config.eager) await this.#startOnce();
  }

  /** Retires the serving generation even though its successor could not start (a leaked key): `reload --force`. */
  retireStale(): void {
    const failure = this.#failure;
    if (failure && this.#generation) this.quarantine(failure.error);
  }

  /** Takes the backend out of service for what happened after its start; what runs may finish. */
  quarantine(error: ModelportError): void {
    const generation = this.#generation;
    this.#generation = undefined;
    this.#fail(error);
    if (generation) this.#retire(generation, { drainMs: this.#services.drainMs() });
  }

  /** Takes a crash of the code under a frame: a start that crashed has failed, a generation that serves is quarantined, one that drains goes on. */
  crash(frame: object | undefined, error: ModelportError): void {
    if (frame !== undefined && this.#starting?.controller === frame) {
      this.#giveUpStart();
      this.#fail(error);
    } else if (frame === undefined || this.#generation?.frame === frame) {
      this.quarantine(error);
    }
  }

  /** Takes the backend out: no new calls; running ones drain. Resolves when everything of it is closed. */
  async remove(): Promise<void> {
    if (this.#removed) return;
    this.#removed = true;
    this.#services.events.tell('backend:removed', this.#news());
    this.#giveUpStart();
    this.#dropGeneration();
    await Promise.all(this.#retiring.values());
  }

  /** Aborts what still runs with this reason and closes everything, the provider after `turn`. Resolves when it is closed; never rejects. */
  async close(reason: ModelportError, turn?: Promise<unknown>): Promise<void> {
    this.#removed = true;
    this.#giveUpStart();
    for (const generation of this.#retiring.keys()) void generation.retire({ drainMs: 0, reason });
    this.#dropGeneration({ drainMs: 0, reason, turn });
    await Promise.all([...this.#retiring.values(), turn]);
  }

  async #acquireLate(holder: Leaseholder): Promise<Generation> {
    for (;;) {
      const { name, config } = this.#plan;
      if (this.#removed) throw modelportError('BACKEND_REMOVED', { backend: name, near: [] }, { backend: name });
      if (!config.enabled) throw modelportError('BACKEND_DISABLED', { backend: name }, { backend: name });
      if (this.#generation) {
        this.#generation.lease(holder);
        return this.#generation;
      }
      if (this.#failure) throw this.#failure.error;
      await this.#startOnce();
    }
  }

  /** Starts the current plan; concurrent callers share one start. Resolves when it is over, well or not, or superseded. */
  #startOnce(): Promise<void> {
    if (this.#starting?.plan.identity === this.#plan.identity) return this.#starting.done;
    this.#giveUpStart();
    const { promise, resolve } = Promise.withResolvers<void>();
    const start: Start = { plan: this.#plan, controller: new AbortController(), done: promise, over: resolve };
    this.#starting = start;
    void this.#run(start).finally(resolve);
    return promise;
  }

  async #run(start: Start): Promise<void> {
    let generation: Generation;
    try {
      generation = await activate(start.plan, ++this.#count, this.#services, start.controller, (what) => { if (what === 'models') this.listed.clear(); });
    } catch (error) {
      if (this.#starting !== start) return;
      this.#starting = undefined;
      this.#fail(ModelportError.is(error) ? error : modelportError('INTERNAL', { text: `Backend "${start.plan.name}" could not start.` }, { cause: this.#services.redactor.redactError(error) }));
      return;
    }
    // A newer edit, a removal or the host's close came first: the late generation is never published.
    if (this.#starting === start) this.#publish(generation);
    else this.#hold(generation, generation.retire({ drainMs: 0 }));
  }

  #publish(generation: Generation): void {
    const previous = this.#generation;
    this.#starting = undefined;
    this.#failure = undefined;
    this.#generation = generation;
    this.listed.clear();
    const news = { ...this.#news(), generation: generation.number };
    if (previous === undefined) {
      this.#services.events.tell('backend:activated', news);
      return;
    }
    this.#services.events.tell('backend:swapped', { ...news, previous: previous.number });
    this.#retire(previous, { drainMs: this.#services.drainMs() });
  }

  /** Gives the start in flight up: its late result is closed, and who waits for it looks again at once. */
  #giveUpStart(): void {
    const start = this.#starting;
    this.#starting = undefined;
    start?.controller.abort(new Error('This start was given up: the config has changed, or the host closes.'));
    start?.over();
  }

  #dropGeneration(retirement: Retirement = { drainMs: this.#services.drainMs() }): void {
    const generation = this.#generation;
    this.#generation = undefined;
    if (generation) this.#retire(generation, retirement);
  }

  #retire(generation: Generation, retirement: Retirement): void {
    const news = { ...this.#news(), generation: generation.number };
    this.#services.events.tell('generation:retired', news);
    const closed = generation.retire(retirement).then((found) => {
      const leftovers = found.map((text) => this.#services.redactor.redact(text));
      // Nobody waits for a generation to close, so nobody else would hear of it.
      if (leftovers.length > 0) this.#services.log.warn(`Generation ${generation.number} of backend "${news.backend}" (${news.plugin}) did not close well: ${leftovers.join('; ')}.`);
      this.#retiring.delete(generation);
      this.#services.events.tell('generation:closed', { ...news, leftovers });
    });
    this.#hold(generation, closed);
  }

  #hold(generation: Generation, closed: Promise<unknown>): void {
    this.#retiring.set(generation, closed.finally(() => this.#retiring.delete(generation)));
  }

  #fail(error: ModelportError): void {
    this.#failure = { error, since: new Date() };
    const stale = this.#generation !== undefined;
    // The next call hears of a quarantine; calls on a stale backend go well, so the log tells.
    if (stale) this.#services.log.warn(`Backend "${this.#plan.name}" keeps its earlier settings: ${error.message}`, { code: error.code, remedy: error.remedy });
    this.#services.events.tell(stale ? 'backend:stale' : 'backend:quarantined', { ...this.#news(), error });
  }

  #news(): { readonly backend: string; readonly plugin: string } {
    return { backend: this.#plan.name, plugin: this.#plan.plugin };
  }
}

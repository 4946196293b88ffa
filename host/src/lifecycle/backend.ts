/** One configured backend over its whole life: idle, starting, active, swapped, stale, quarantined, gone. */
import type { ModelInfo } from '@modelport/plugin-api';
import { ModelportError, modelportError } from '../errors/modelport-error.ts';
import { activate } from './activate.ts';
import type { Generation, Leaseholder } from './generation.ts';
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
  done: Promise<void>;
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
  readonly #retiring = new Set<Promise<unknown>>();
  readonly #draining = new Set<Generation>();
  readonly #changed: (backend: string, what: string) => void;

  constructor(plan: BackendPlan, services: Services, changed: (backend: string, what: string) => void) {
    this.#plan = plan;
    this.#services = services;
    this.#changed = changed;
    if (plan.failure) this.#fail(plan.failure);
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
    return this.#draining.size;
  }

  /** Where it stands now. */
  get state(): BackendState {
    if (this.#removed) return 'removed';
    if (!this.#plan.config.enabled) return 'disabled';
    if (this.#failure) return this.#generation ? 'stale' : this.#failure.error.code === 'SECRET_MISSING' ? 'needs-secret' : 'quarantined';
    if (this.#starting) return 'starting';
    return this.#generation ? 'active' : 'idle';
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
  async retry(plan: BackendPlan = this.#plan): Promise<void> {
    this.#plan = plan;
    this.#failure = undefined;
    if (plan.failure) this.#fail(plan.failure);
    else if (plan.config.enabled && !this.#removed) await this.#startOnce();
  }

  /**
   * Takes an edited plan over. The same identity keeps the generation; another one starts a new generation beside the old at once where
   * one serves or starts, otherwise at the next call. Resolves when a start it caused is over; never throws.
   */
  async update(plan: BackendPlan): Promise<void> {
    const unchanged = plan.identity === this.#plan.identity;
    const wasBusy = this.#generation !== undefined || this.#starting !== undefined;
    this.#plan = plan;
    if (unchanged) return this.#starting?.done;
    this.#failure = undefined;
    this.#giveUpStart();
    if (!plan.config.enabled) return this.#dropGeneration();
    if (plan.failure) return this.#fail(plan.failure);
    if (plan.identity === this.#generation?.identity) return;
    if (wasBusy) await this.#startOnce();
  }

  /** Retires the serving generation even though its successor could not start (a leaked key): `reload --force`. */
  retireStale(): void {
    if (this.#failure) this.#dropGeneration();
  }

  /** Puts the backend in quarantine for something that happened after its start; what runs may finish. */
  quarantine(error: ModelportError): void {
    this.#dropGeneration();
    this.#fail(error);
  }

  /** Takes the backend out: no new calls; running ones drain. */
  remove(): void {
    if (this.#removed) return;
    this.#removed = true;
    this.#giveUpStart();
    this.#dropGeneration();
    this.#services.events.tell('backend:removed', this.#news());
  }

  /** Retires everything and waits until it is closed. `drainMs`: how long running calls may go on. */
  async close(drainMs: number, reason: ModelportError): Promise<void> {
    this.#removed = true;
    this.#giveUpStart();
    this.#dropGeneration(drainMs, reason);
    const timer = setTimeout(() => { for (const generation of this.#draining) generation.cut(reason); }, drainMs);
    await Promise.all(this.#retiring);
    clearTimeout(timer);
  }

  /** Stops everything that runs on this backend now, draining generations included. */
  cut(reason: unknown): void {
    this.#generation?.cut(reason);
    for (const generation of this.#draining) generation.cut(reason);
  }

  async #acquireLate(holder: Leaseholder): Promise<Generation> {
    for (;;) {
      if (this.#removed) throw modelportError('BACKEND_REMOVED', { backend: this.#plan.name, near: [] }, { backend: this.#plan.name });
      if (!this.#plan.config.enabled) throw modelportError('BACKEND_DISABLED', { backend: this.#plan.name }, { backend: this.#plan.name });
      if (this.#generation) {
        this.#generation.lease(holder);
        return this.#generation;
      }
      if (this.#failure) throw this.#failure.error;
      await this.#startOnce();
    }
  }

  /** Starts the current plan; concurrent callers share one start. Resolves when it is over, well or not. */
  #startOnce(): Promise<void> {
    if (this.#starting?.plan.identity === this.#plan.identity) return this.#starting.done;
    this.#giveUpStart();
    const start: Start = { plan: this.#plan, controller: new AbortController(), done: Promise.resolve() };
    this.#starting = start;
    start.done = this.#run(start);
    return start.done;
  }

  async #run(start: Start): Promise<void> {
    let generation: Generation;
    try {
      generation = await activate(start.plan, ++this.#count, this.#services, start.controller.signal, (what) => this.#changed(start.plan.name, what));
    } catch (error) {
      if (this.#starting !== start) return;
      this.#starting = undefined;
      this.#fail(ModelportError.is(error) ? error : modelportError('INTERNAL', { text: `Backend "${start.plan.name}" could not start.` }, { cause: this.#services.redactor.redactError(error) }));
      return;
    }
    if (this.#starting !== start) {
      // A newer edit, a removal or the host's close came first: the late generation is never published.
      void this.#retire(generation, 0);
      return;
    }
    this.#starting = undefined;
    this.#failure = undefined;
    const previous = this.#generation;
    this.#generation = generation;
    const news = { ...this.#news(), generation: generation.number };
    if (previous) {
      this.#services.events.tell('backend:swapped', { ...news, previous: previous.number });
      void this.#retire(previous, this.#services.drainMs());
    } else {
      this.#services.events.tell('backend:activated', news);
    }
  }

  #giveUpStart(): void {
    const start = this.#starting;
    this.#starting = undefined;
    start?.controller.abort(new Error('superseded'));
  }

  #dropGeneration(drainMs = this.#services.drainMs(), reason?: ModelportError): void {
    const generation = this.#generation;
    this.#generation = undefined;
    if (generation) void this.#retire(generation, drainMs, reason);
  }

  async #retire(generation: Generation, drainMs: number, reason?: ModelportError): Promise<void> {
    const news = { ...this.#news(), generation: generation.number };
    this.#services.events.tell('generation:retired', news);
    this.#draining.add(generation);
    const closed = generation.retire(drainMs, reason);
    this.#retiring.add(closed);
    const leftovers = await closed;
    this.#retiring.delete(closed);
    this.#draining.delete(generation);
    this.#services.events.tell('generation:closed', { ...news, leftovers });
  }

  #fail(error: ModelportError): void {
    this.#failure = { error, since: new Date() };
    this.#services.events.tell(this.#generation ? 'backend:stale' : 'backend:quarantined', { ...this.#news(), error });
  }

  #news(): { readonly backend: string; readonly plugin: string } {
    return { backend: this.#plan.name, plugin: this.#plan.plugin };
  }
}

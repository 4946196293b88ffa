/** A running host seen from the inside: the current snapshot, its backends, and the calls under way. */
import { modelportError, type ModelportError } from '../errors/modelport-error.ts';
import { nearNames } from '../errors/near-names.ts';
import type { Target } from '../flow/resolve.ts';
import type { ActiveCall, CallLimits } from '../flow/start-call.ts';
import { Backend } from './backend.ts';
import type { Services } from './services.ts';
import type { Alias, Snapshot } from './snapshot.ts';

const defaultLimits: CallLimits = { firstPartMs: 300_000, idleMs: 60_000, totalMs: 0 };

/** Holds what every handle of one host shares. */
export class Runtime {
  readonly services: Services;
  #snapshot: Snapshot;
  readonly #backends = new Map<string, Backend>();
  readonly #calls = new Set<ActiveCall>();
  #closing: Promise<void> | undefined;
  #idle: (() => void) | undefined;

  constructor(services: Services, snapshot: Snapshot) {
    this.services = services;
    this.#snapshot = snapshot;
    for (const plan of snapshot.plans.values()) this.#backends.set(plan.name, this.#create(plan.name, snapshot));
  }

  /** The config that new calls run under. */
  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** Every backend of the current snapshot. */
  get backends(): readonly Backend[] {
    return [...this.#backends.values()];
  }

  /** How many calls are under way. */
  get callsUnderWay(): number {
    return this.#calls.size;
  }

  /** Whether `close()` has begun. */
  get closing(): boolean {
    return this.#closing !== undefined;
  }

  /** A backend by name. Throws BACKEND_REMOVED with near names. */
  backend(name: string): Backend {
    const backend = this.#backends.get(name);
    if (backend) return backend;
    throw modelportError('BACKEND_REMOVED', { backend: name, near: nearNames(name, this.#backends.keys()) }, { backend: name, retryable: false });
  }

  /** Throws HOST_CLOSED once `close()` has begun. */
  assertOpen(): void {
    if (this.#closing) throw modelportError('HOST_CLOSED', {}, { retryable: false });
  }

  /** Time limits of a call: the alias's, else the backend's, else the top level's, else the defaults, key by key. */
  limitsFor(alias: Alias | undefined, target: Target | undefined): CallLimits {
    const { config } = this.#snapshot;
    const layers = [alias?.config.calls, target && config.backends[target.backend]?.calls, config.calls];
    if (layers.every((layer) => layer?.timeouts === undefined)) return defaultLimits;
    const first = (key: keyof CallLimits): number => layers.find((layer) => layer?.timeouts?.[key] !== undefined)?.timeouts?.[key] ?? defaultLimits[key];
    return { firstPartMs: first('firstPartMs'), idleMs: first('idleMs'), totalMs: first('totalMs') };
  }

  /** A call starts. */
  began(call: ActiveCall, name: string): void {
    this.#calls.add(call);
    if (this.services.events.listenerCount('call:started') > 0) this.services.events.tell('call:started', { callId: call.id, name });
  }

  /** A call is over. */
  ended(call: ActiveCall, name: string, target: Target | undefined, error: ModelportError | undefined): void {
    this.#calls.delete(call);
    if (this.#calls.size === 0) this.#idle?.();
    if (this.services.events.listenerCount('call:ended') > 0) {
      this.services.events.tell('call:ended', { callId: call.id, name, backend: target?.backend, model: target?.model, code: error?.code, durationMs: performance.now() - call.startedAt });
    }
  }

  /**
   * Puts a new snapshot in force: new calls run under it from this moment; backends are kept, swapped or removed by their identity.
   * Resolves when every start it caused is over, well or not.
   */
  async apply(snapshot: Snapshot): Promise<void> {
    const before = this.#snapshot;
    this.#snapshot = snapshot;
    for (const [name, backend] of this.#backends) {
      if (snapshot.plans.has(name)) continue;
      this.#backends.delete(name);
      backend.remove();
    }
    const starts: Promise<void>[] = [];
    for (const plan of snapshot.plans.values()) {
      const backend = this.#backends.get(plan.name);
      if (backend) starts.push(backend.update(plan));
      else this.#backends.set(plan.name, this.#create(plan.name, snapshot));
    }
    const changed = [...snapshot.plans.values()].filter((plan) => before.plans.get(plan.name)?.identity !== plan.identity).map((plan) => plan.name);
    this.services.events.tell('config:applied', { snapshot: snapshot.number, changed });
    await Promise.all(starts);
  }

  /**
   * Takes no new calls; running ones have `drainMs` to finish, then they end with HOST_CLOSED; then every generation closes.
   * Idempotent.
   */
  close(drainMs: number): Promise<void> {
    return (this.#closing ??= this.#close(drainMs));
  }

  async #close(drainMs: number): Promise<void> {
    const reason = modelportError('HOST_CLOSED', {}, { retryable: false });
    if (this.#calls.size > 0 && drainMs > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, drainMs);
        this.#idle = () => { clearTimeout(timer); resolve(); };
      });
    }
    for (const call of this.#calls) call.abort(reason);
    for (const backend of this.backends.toReversed()) await backend.close(0, reason);
  }

  #create(name: string, snapshot: Snapshot): Backend {
    const plan = snapshot.plans.get(name);
    if (!plan) throw new Error(`no plan for ${name}`);
    return new Backend(plan, this.services, (_backend, what) => { if (what === 'models') this.#backends.get(name)?.listed.clear(); });
  }
}

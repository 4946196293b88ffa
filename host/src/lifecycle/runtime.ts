/** A running host seen from the inside: the current snapshot, its backends, and the calls under way. */
import { modelportError, type ModelportError } from '../errors/modelport-error.ts';
import { nearNames } from '../errors/near-names.ts';
import type { Target } from '../flow/resolve.ts';
import type { ActiveCall, CallLimits } from '../flow/start-call.ts';
import { Backend } from './backend.ts';
import type { Leaseholder } from './generation.ts';
import type { Services } from './services.ts';
import type { Alias, Snapshot } from './snapshot.ts';

/** Time limits where the config says nothing, in milliseconds. */
const defaultLimits = { firstPartMs: 300_000, idleMs: 60_000, totalMs: 0 } as const;

/** Holds what every handle of one host shares. */
export class Runtime {
  readonly services: Services;
  #snapshot: Snapshot;
  readonly #backends = new Map<string, Backend>();
  /** Backends that the config names no more, as long as something of them is open. */
  readonly #leaving = new Set<Backend>();
  readonly #calls = new Set<Leaseholder>();
  #refusing = false;
  #drained: Promise<void> | undefined;
  #closed: Promise<void> | undefined;
  #idle: (() => void) | undefined;

  constructor(services: Services, snapshot: Snapshot) {
    this.services = services;
    this.#snapshot = snapshot;
    for (const plan of snapshot.plans.values()) this.#backends.set(plan.name, new Backend(plan, services));
  }

  /** The config that new calls run under. */
  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  /** Every backend of the current snapshot. */
  get backends(): readonly Backend[] {
    return [...this.#backends.values()];
  }

  /** Whether the host has begun to close. */
  get closing(): boolean {
    return this.#refusing;
  }

  /** A backend by name. Throws BACKEND_REMOVED with near names. */
  backend(name: string): Backend {
    const backend = this.#backends.get(name);
    if (backend) return backend;
    throw modelportError('BACKEND_REMOVED', { backend: name, near: nearNames(name, this.#backends.keys()) }, { backend: name, retryable: false });
  }

  /** Throws HOST_CLOSED once the host has begun to close. */
  assertOpen(): void {
    if (this.#refusing) throw modelportError('HOST_CLOSED', {}, { retryable: false });
  }

  /** Time limits of a call: the alias's, else the backend's, else the top level's, else the defaults, key by key. */
  limitsFor(alias: Alias | undefined, target: Target | undefined): CallLimits {
    const { config } = this.#snapshot;
    const { abandonedMs } = config.streams;
    const layers = [alias?.config.calls, target && config.backends[target.backend]?.calls, config.calls];
    if (layers.every((layer) => layer?.timeouts === undefined)) return { ...defaultLimits, abandonedMs };
    const first = (key: keyof typeof defaultLimits): number => layers.find((layer) => layer?.timeouts?.[key] !== undefined)?.timeouts?.[key] ?? defaultLimits[key];
    // What a backend says of connecting its HTTP client knows.
    const connectMs = alias?.config.calls?.timeouts?.connectMs;
    return { firstPartMs: first('firstPartMs'), idleMs: first('idleMs'), totalMs: first('totalMs'), abandonedMs, ...(connectMs !== undefined && { connectMs }) };
  }

  /** Something that leases backends runs: the host waits for it before it closes, and aborts it when it takes too long. */
  hold(call: Leaseholder): void {
    this.#calls.add(call);
  }

  /** It is over. */
  letGo(call: Leaseholder): void {
    this.#calls.delete(call);
    if (this.#calls.size === 0) this.#idle?.();
  }

  /** A call starts. */
  began(call: ActiveCall, name: string): void {
    this.hold(call);
    if (this.services.events.listenerCount('call:started') > 0) this.services.events.tell('call:started', { callId: call.id, name });
  }

  /** A call is over. */
  ended(call: ActiveCall, name: string, target: Target | undefined, error: ModelportError | undefined): void {
    this.letGo(call);
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
    const starts: Promise<void>[] = [];
    const created: Backend[] = [];
    for (const [name, backend] of this.#backends) {
      if (snapshot.plans.has(name)) continue;
      this.#backends.delete(name);
      this.#leaving.add(backend);
      void backend.remove().finally(() => this.#leaving.delete(backend));
    }
    for (const plan of snapshot.plans.values()) {
      const known = this.#backends.get(plan.name);
      if (known) {
        starts.push(known.update(plan));
        continue;
      }
      const backend = new Backend(plan, this.services);
      this.#backends.set(plan.name, backend);
      if (plan.config.eager) created.push(backend);
    }
    const changed = [...snapshot.plans.values()].filter((plan) => before.plans.get(plan.name)?.identity !== plan.identity).map((plan) => plan.name);
    this.services.events.tell('config:applied', { snapshot: snapshot.number, changed });
    await Promise.all([...starts, ...created.map((backend) => backend.start())]);
  }

  /** Takes no new calls from now on; running ones have `drainMs` to finish, then they are aborted with HOST_CLOSED. Idempotent. */
  drain(drainMs: number): Promise<void> {
    this.#refusing = true;
    return (this.#drained ??= this.#drain(drainMs));
  }

  /** Closes every generation, the backends in reverse order; call it after `drain`. Never rejects. Idempotent. */
  close(): Promise<void> {
    this.#refusing = true;
    return (this.#closed ??= this.#close());
  }

  async #drain(drainMs: number): Promise<void> {
    if (this.#calls.size > 0 && drainMs > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(drainMs, 2 ** 31 - 1));
        this.#idle = () => { clearTimeout(timer); resolve(); };
      });
      this.#idle = undefined;
    }
    const reason = modelportError('HOST_CLOSED', {}, { retryable: false });
    for (const call of [...this.#calls]) call.abort(reason);
  }

  async #close(): Promise<void> {
    const reason = modelportError('HOST_CLOSED', {}, { retryable: false });
    // All drain at the same time; each provider closes when those made after it have closed.
    let turn: Promise<unknown> = Promise.resolve();
    for (const backend of [...this.#leaving, ...this.#backends.values()].reverse()) turn = backend.close(reason, turn);
    await turn;
  }
}

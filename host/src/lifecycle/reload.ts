/** Edits of the config, one after the other: an edit is read and checked whole, then put in force, or it changes nothing. */
import { readConfig, type ConfigSource, type LoadedConfig } from '../flow/config.ts';
import { forgetFailedImport } from '../flow/plugin.ts';
import { ModelportError, modelportError } from '../errors/modelport-error.ts';
import type { Runtime } from './runtime.ts';
import { toLayer, type Overrides } from './overrides.ts';
import { createSnapshot, replanBackend, type Snapshot, type SnapshotSurroundings } from './snapshot.ts';

/** What a reload needs from its host. */
export interface ReloadParts {
  readonly runtime: Runtime;
  readonly source: ConfigSource;
  readonly overrides: Overrides;
  /** How packages are found, by the config at hand. */
  readonly surroundings: (loaded: LoadedConfig) => Omit<SnapshotSurroundings, 'code'>;
  /** Told when a snapshot is about to be in force. May throw: then nothing changes. */
  readonly onSnapshot: (snapshot: Snapshot) => void;
}

/** What a reload came to. */
export type ReloadOutcome =
  | { readonly applied: true; readonly snapshot: number; /** Over when every start it caused is over. */ readonly settled: Promise<void> }
  | { readonly applied: false; readonly error: ModelportError }
  /** A newer edit came before this one was begun. */
  | { readonly applied: false; readonly superseded: true };

/** Applies edits in order. While one is under way, only the newest of those that wait is done. */
export class Reloader {
  readonly #parts: ReloadParts;
  #overrides: Overrides;
  #running: Promise<unknown> = Promise.resolve();
  #settled: Promise<void> = Promise.resolve();
  #newest = 0;
  /** The last refusal, until an edit is applied: a watcher that sees one save twice tells it once. */
  #refused: ModelportError | undefined;

  constructor(parts: ReloadParts) {
    this.#parts = parts;
    this.#overrides = parts.overrides;
  }

  /** Files worth watching: those of the config in force, and those in which the last refused edit went wrong. */
  get files(): readonly string[] {
    const { files } = this.#parts.runtime.snapshot.loaded;
    const { problems = [], file } = (this.#refused?.details ?? {}) as { readonly problems?: readonly { readonly file?: string | undefined }[]; readonly file?: string };
    const faulty = [...problems.map((problem) => problem.file), file].filter((name) => name !== undefined);
    return [...new Set([...files, ...faulty])];
  }

  /**
   * Reads the config again and puts it in force. Never rejects: an invalid config is told in the outcome, and the first time in the log and
   * as `config:rejected`.
   */
  reload(): Promise<ReloadOutcome> {
    const mine = ++this.#newest;
    return this.#inTurn(() => (mine < this.#newest ? ({ applied: false, superseded: true } as const) : this.#apply(this.#overrides)));
  }

  /** Changes what the application brings in code and puts it in force; never superseded. Throws when the result is no valid config. */
  async override(change: (overrides: Overrides) => Overrides): Promise<void> {
    const outcome = await this.#inTurn(async () => {
      const changed = change(this.#overrides);
      const applied = await this.#apply(changed, false);
      if (applied.applied) this.#overrides = changed;
      return applied;
    });
    if ('error' in outcome) throw outcome.error;
    if (outcome.applied) await outcome.settled;
  }

  /** Looks for a backend's package again, as it may have been installed or mended, and starts it. Throws BACKEND_REMOVED and HOST_CLOSED. */
  async retry(name: string): Promise<void> {
    const { runtime } = this.#parts;
    runtime.backend(name);
    const planned = await this.#inTurn(async () => {
      runtime.assertOpen();
      const { found } = runtime.backend(name).plan;
      if (found) forgetFailedImport(found);
      const before = runtime.snapshot;
      const snapshot = await replanBackend(before, name, { ...this.#parts.surroundings(before.loaded), code: toLayer(this.#overrides).code });
      return { settled: this.#inForce(snapshot) };
    });
    await planned.settled;
    await runtime.backend(name).retry();
  }

  /** Resolves when no edit waits, and every start that the last one caused is over. */
  async idle(): Promise<void> {
    for (let seen: unknown; seen !== this.#running;) {
      seen = this.#running;
      await seen;
      await this.#settled;
    }
  }

  #inTurn<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.#running.then(work);
    this.#running = done.catch(() => undefined);
    return done;
  }

  async #apply(overrides: Overrides, tellsRefusal = true): Promise<ReloadOutcome> {
    const { runtime, source, surroundings } = this.#parts;
    try {
      const { layer, code } = toLayer(overrides);
      const loaded = await readConfig({ ...source, overlay: layer });
      const snapshot = await createSnapshot(runtime.snapshot.number + 1, loaded, { ...surroundings(loaded), code });
      const settled = this.#inForce(snapshot);
      this.#refused = undefined;
      return { applied: true, snapshot: snapshot.number, settled };
    } catch (error) {
      const failure = ModelportError.is(error) ? error : modelportError('INTERNAL', { text: 'The config could not be applied.' }, { cause: error });
      if (tellsRefusal && failure.code !== 'HOST_CLOSED') this.#tellRefusal(failure);
      return { applied: false, error: failure };
    }
  }

  /** From here on nothing waits: the snapshot is in force when this returns. */
  #inForce(snapshot: Snapshot): Promise<void> {
    const { runtime, onSnapshot } = this.#parts;
    runtime.assertOpen();
    onSnapshot(snapshot);
    return (this.#settled = runtime.apply(snapshot));
  }

  #tellRefusal(failure: ModelportError): void {
    if (this.#refused?.message === failure.message) return;
    this.#refused = failure;
    const { events, log } = this.#parts.runtime.services;
    log.warn(`The config on disk is not applied, the last good one serves. ${failure.message}`, { code: failure.code, remedy: failure.remedy });
    events.tell('config:rejected', { error: failure });
  }
}

/** Edits of the config, one after the other: an edit is read and checked whole, then put in force, or it changes nothing. */
import { readConfig, type ConfigSource, type LoadedConfig } from '../flow/config.ts';
import { ModelportError, modelportError } from '../errors/modelport-error.ts';
import type { Runtime } from './runtime.ts';
import { toLayer, type Overrides } from './overrides.ts';
import { createSnapshot, type Snapshot, type SnapshotSurroundings } from './snapshot.ts';

/** What a reload needs from its host. */
export interface ReloadParts {
  readonly runtime: Runtime;
  readonly source: ConfigSource;
  readonly overrides: Overrides;
  /** How packages are found, by the config at hand. */
  readonly surroundings: (loaded: LoadedConfig) => Omit<SnapshotSurroundings, 'code'>;
  /** Told when a snapshot is about to be in force. May throw: then nothing changes. */
  readonly onSnapshot: (snapshot: Snapshot, before: Snapshot) => void;
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
  #number = 1;
  #running: Promise<unknown> = Promise.resolve();
  #newest = 0;

  constructor(parts: ReloadParts) {
    this.#parts = parts;
    this.#overrides = parts.overrides;
  }

  /** Reads the config again and puts it in force. Never rejects: an invalid config is told in the outcome and as `config:rejected`. */
  reload(): Promise<ReloadOutcome> {
    const mine = ++this.#newest;
    const outcome = this.#running.then(() => (mine < this.#newest ? ({ applied: false, superseded: true } as const) : this.#apply(this.#overrides)));
    this.#running = outcome;
    return outcome;
  }

  /** Changes what the application brings in code and puts it in force; never superseded. Throws when the result is no valid config. */
  override(change: (overrides: Overrides) => Overrides): Promise<void> {
    const done = this.#running.then(async () => {
      const changed = change(this.#overrides);
      const outcome = await this.#apply(changed);
      if ('error' in outcome) throw outcome.error;
      this.#overrides = changed;
      if ('settled' in outcome) await outcome.settled;
    });
    this.#running = done.catch(() => undefined);
    return done;
  }

  async #apply(overrides: Overrides): Promise<ReloadOutcome> {
    const { runtime, source, surroundings, onSnapshot } = this.#parts;
    try {
      const { layer, code } = toLayer(overrides);
      const loaded = await readConfig({ ...source, overlay: layer });
      const snapshot = await createSnapshot(this.#number + 1, loaded, { ...surroundings(loaded), code });
      if (runtime.closing) throw modelportError('HOST_CLOSED', {});
      onSnapshot(snapshot, runtime.snapshot);
      this.#number = snapshot.number;
      return { applied: true, snapshot: snapshot.number, settled: runtime.apply(snapshot) };
    } catch (error) {
      const failure = ModelportError.is(error) ? error : modelportError('INTERNAL', { text: 'The config could not be applied.' }, { cause: error });
      runtime.services.events.tell('config:rejected', { error: failure });
      return { applied: false, error: failure };
    }
  }
}


/** Things to close, in reverse order, once, to the end even when one throws. */
import { modelportError } from '../errors/modelport-error.ts';
import { withLimit } from '../lifecycle/time-limit.ts';

/** Longest wait for one thing to close, in milliseconds. */
const CLOSE_LIMIT_MS = 5_000;

interface Closable {
  readonly owner: string;
  readonly name: string;
  readonly close: () => unknown;
}

/** Remembers what was made, in order. */
export class Closables {
  readonly #closables = new Set<Closable>();

  /** Remembers one thing; the answer forgets it again. */
  add(closable: Closable): () => void {
    this.#closables.add(closable);
    return () => void this.#closables.delete(closable);
  }

  /** Remembers a thing that can be closed: by `close`, else by `Symbol.asyncDispose` or `Symbol.dispose`. Anything else is left alone. */
  addValue(name: string, owner: string, value: unknown): void {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return;
    const closable = value as Readonly<Record<string | symbol, unknown>>;
    const close = [closable['close'], closable[Symbol.asyncDispose], closable[Symbol.dispose]].find((member) => typeof member === 'function');
    if (close) this.add({ name, owner, close: () => (close as (this: unknown) => unknown).call(value) });
  }

  /** Closes everything, the last first, each within 5 s. Throws CLOSE_FAILED at the end, naming each fault and its owner. */
  async close(): Promise<void> {
    const failures: string[] = [];
    for (const closable of [...this.#closables].reverse()) {
      // One that is gone by now was closed by itself meanwhile.
      if (!this.#closables.delete(closable)) continue;
      try {
        await withLimit(Promise.resolve().then(closable.close), CLOSE_LIMIT_MS, () => new Error(`did not close within ${CLOSE_LIMIT_MS} ms`));
      } catch (error) {
        failures.push(`${closable.name} of ${closable.owner}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (failures.length > 0) throw modelportError('CLOSE_FAILED', { failures });
  }
}

/** Work on a backend under a lease: an abort ends the wait, whatever the backend or its provider does about it. */
import type { ActiveCall } from '../flow/start-call.ts';
import type { Backend } from '../lifecycle/backend.ts';
import { ABANDON_AFTER_MS, type Generation } from '../lifecycle/generation.ts';

/**
 * Leases the current generation, does the work, gives the lease back. Rejects with the reason of the call's signal when it aborts: at once
 * while the backend starts, and after the 5 s a provider has to end by itself while it works. Otherwise throws what the backend or the
 * work threw.
 */
export async function withLease<T>(backend: Backend, call: ActiveCall, work: (generation: Generation) => Promise<T>): Promise<T> {
  call.signal.throwIfAborted();
  const leased = backend.acquire(call);
  const generation = leased instanceof Promise ? await leaseUnlessAborted(leased, call) : leased;
  let abandoned = false;
  try {
    return await unlessAborted(work(generation), call.signal, ABANDON_AFTER_MS, () => { abandoned = true; });
  } finally {
    generation.release(call, abandoned);
  }
}

/** A lease that comes after the abort is given back. */
function leaseUnlessAborted(leased: Promise<Generation>, call: ActiveCall): Promise<Generation> {
  return unlessAborted(leased, call.signal, 0, () => { void leased.then((generation) => { generation.release(call); }, () => undefined); });
}

/** Settles as `work` does; once `signal` has been aborted for `graceMs` milliseconds, tells `onGivenUp` and rejects with its reason. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal, graceMs: number, onGivenUp: () => void = () => undefined): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let giveUp: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    const end = (): void => { onGivenUp(); reject(signal.reason); };
    giveUp = () => { if (graceMs > 0) timer = setTimeout(end, graceMs); else end(); };
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
  work.catch(() => undefined);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    clearTimeout(timer);
    if (giveUp) signal.removeEventListener('abort', giveUp);
  }
}

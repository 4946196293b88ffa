/** A pull under a lease: progress as it comes, never going back, and complete or failed at its end. */
import type { LocalModels, PullProgress } from '@modelport/plugin-api';
import { toCallFailure } from '../errors/call-failure.ts';
import { modelportError, type ErrorContext, type ModelportError } from '../errors/modelport-error.ts';
import type { Target } from '../flow/resolve.ts';
import { ActiveCall } from '../flow/start-call.ts';
import { ABANDON_AFTER_MS, type Generation } from '../lifecycle/generation.ts';
import type { Runtime } from '../lifecycle/runtime.ts';
import { unlessAborted } from './leased-work.ts';

/** How to pull. */
export interface PullSettings {
  /** Fetch again even when it is there. Default false. */
  readonly force?: boolean;
  /** Cancels the pull; what was fetched is kept where the server can resume. */
  readonly signal?: AbortSignal;
}

/** Longest silence of a pull, in milliseconds: verifying a large model on a slow disk takes minutes, in which nothing is said. */
const PULL_IDLE_MS = 900_000;

/**
 * Pulls a model. The lease begins with the first `next()`; leaving the loop cancels the pull. Figures that go back are held where they
 * were. Throws a ModelportError: NOT_PROVIDED, ABORTED, PROTOCOL for a pull that ends without being complete, or what the backend met.
 */
export async function* pullModel(runtime: Runtime, target: Target, { force, signal }: PullSettings): AsyncGenerator<PullProgress, void, undefined> {
  runtime.assertOpen();
  const name = `${target.model}@${target.backend}`;
  const call = new ActiveCall({ limits: { ...runtime.limitsFor(undefined, target), idleMs: PULL_IDLE_MS, firstPartMs: PULL_IDLE_MS, totalMs: 0 }, signal });
  runtime.began(call, name);
  let facts: ErrorContext = { backend: target.backend, model: target.model, callId: call.id };
  let generation: Generation | undefined;
  let iterator: AsyncIterator<PullProgress> | undefined;
  let failure: ModelportError | undefined;
  let abandoned = false;
  try {
    call.signal.throwIfAborted();
    const backend = runtime.backend(target.backend);
    facts = { ...facts, plugin: backend.plan.plugin };
    const leased = backend.acquire(call);
    // A lease that comes after the abort is given back.
    generation = leased instanceof Promise ? await unlessAborted(leased, call.signal, 0, () => { void leased.then((late) => late.release(call), () => undefined); }) : leased;
    const local: LocalModels | undefined = generation.provider.local;
    if (local === undefined) throw modelportError('NOT_PROVIDED', { backend: target.backend, plugin: backend.plan.plugin, wanted: 'local models', provides: backend.plan.manifest?.provides ?? [] });
    iterator = local.pull(target.model, force === undefined ? {} : { force }, call)[Symbol.asyncIterator]();
    let before: PullProgress = { phase: 'starting' };
    for (;;) {
      call.signal.throwIfAborted();
      call.waits();
      const { done, value } = await unlessAborted(iterator.next(), call.signal, ABANDON_AFTER_MS, () => { abandoned = true; });
      call.arrived();
      if (call.signal.aborted) throw call.signal.reason;
      if (done === true) throw modelportError('PROTOCOL', { text: `The pull of ${target.model} ended without being complete.` }, { retryable: true });
      before = forward(before, value);
      yield before;
      if (before.phase === 'complete') return;
    }
  } catch (error) {
    failure = toCallFailure(call.signal.aborted ? call.signal.reason : error, facts, runtime.services.redactor);
    throw failure;
  } finally {
    // A generator with a pending next() never settles its return().
    if (iterator !== undefined && !abandoned) await unlessAborted(Promise.resolve(iterator.return?.()), call.signal, ABANDON_AFTER_MS).catch(() => undefined);
    generation?.release(call, abandoned);
    runtime.ended(call, name, target, failure);
    call.close();
  }
}

/** The progress with figures that do not go back. */
function forward(before: PullProgress, now: PullProgress): PullProgress {
  const furthest = (name: 'completedBytes' | 'totalBytes'): object => {
    const value = Math.max(before[name] ?? 0, now[name] ?? 0);
    return before[name] === undefined && now[name] === undefined ? {} : { [name]: value };
  };
  return { ...now, ...furthest('completedBytes'), ...furthest('totalBytes') };
}

/** One request to a backend that answers once (embeddings, reranking, listings): lease, call, typed failure, release. */
import { modelportError, type ErrorContext, type ModelportError } from '../errors/modelport-error.ts';
import type { Target } from '../flow/resolve.ts';
import { ActiveCall, type CallSettings } from '../flow/start-call.ts';
import { toCallFailure } from '../errors/call-failure.ts';
import type { Generation } from '../lifecycle/generation.ts';
import type { Runtime } from '../lifecycle/runtime.ts';
import { withLease } from './leased-work.ts';

/** Settings of such a request. */
export type ServiceOptions = Pick<CallSettings, 'signal' | 'sessionId' | 'metadata'>;

/** What a request knows of where it runs. */
export interface ServiceCall<Model> {
  readonly model: Model;
  readonly call: ActiveCall;
}

/**
 * Runs `work` on the first target that can serve, under a lease and the call's limits. `pick` takes what it needs of the generation, or
 * answers `undefined` where the backend does not offer it (NOT_PROVIDED). Every failure is a ModelportError.
 */
export async function runService<Model, Result>(
  runtime: Runtime,
  request: { readonly name: string; readonly wanted: string; readonly targets: readonly Target[] } & ServiceOptions,
  pick: (generation: Generation, target: Target) => Model | undefined,
  work: (service: ServiceCall<Model>) => Promise<Result>,
): Promise<Result & { readonly target: Target; readonly callId: string }> {
  runtime.assertOpen();
  const call = new ActiveCall({ ...request, limits: runtime.limitsFor(undefined, request.targets[0]) });
  runtime.began(call, request.name);
  const { redactor } = runtime.services;
  let target: Target | undefined;
  let failure: ModelportError | undefined;
  try {
    for (target of request.targets) {
      let worked = false;
      let facts: ErrorContext = { backend: target.backend, model: target.model, callId: call.id };
      try {
        const backend = runtime.backend(target.backend);
        facts = { ...facts, plugin: backend.plan.plugin };
        const at = target;
        const result = await withLease(backend, call, async (generation) => {
          worked = true;
          const model = pick(generation, at);
          if (model === undefined) throw modelportError('NOT_PROVIDED', { backend: at.backend, plugin: backend.plan.plugin, wanted: request.wanted, provides: backend.plan.manifest?.provides ?? [] });
          call.waits();
          return work({ model, call });
        });
        runtime.ended(call, request.name, target, undefined);
        return { ...result, target, callId: call.id };
      } catch (error) {
        failure = toCallFailure(call.signal.aborted ? call.signal.reason : error, facts, redactor);
        // A backend that could not serve at all leaves it to the next target; one that was asked has answered.
        if (call.signal.aborted || (worked && failure.code !== 'NOT_PROVIDED')) break;
      }
    }
    failure ??= modelportError('INTERNAL', { text: `"${request.name}" has no target.` }, { callId: call.id });
    runtime.ended(call, request.name, target, failure);
    throw failure;
  } finally {
    call.close();
  }
}

/** One request to a backend that answers once (embeddings, reranking, listings): lease, call, typed failure, release. */
import type { Call } from '@modelport/plugin-api';
import { modelportError } from '../errors/modelport-error.ts';
import type { Target } from '../flow/resolve.ts';
import { ActiveCall, type CallSettings } from '../flow/start-call.ts';
import { toCallFailure } from '../flow/stream.ts';
import type { Generation } from '../lifecycle/generation.ts';
import type { Runtime } from '../lifecycle/runtime.ts';

/** Settings of such a request. */
export type ServiceOptions = Pick<CallSettings, 'signal' | 'sessionId' | 'metadata'>;

/** What a request knows of where it runs. */
export interface ServiceCall<Model> {
  readonly model: Model;
  readonly call: Call;
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
  let last: unknown = modelportError('INTERNAL', { text: `"${request.name}" has no target.` });
  let target: Target | undefined;
  try {
    for (target of request.targets) {
      const backend = runtime.backend(target.backend);
      const facts = { plugin: backend.plan.plugin, backend: target.backend, model: target.model, callId: call.id };
      let generation: Generation;
      try {
        generation = await backend.acquire(call);
      } catch (error) {
        last = toCallFailure(error, facts, runtime.services.redactor);
        continue;
      }
      try {
        const model = pick(generation, target);
        if (model === undefined) throw modelportError('NOT_PROVIDED', { backend: target.backend, plugin: backend.plan.plugin, wanted: request.wanted, provides: backend.plan.manifest?.provides ?? [] });
        call.waits();
        const result = await work({ model, call });
        runtime.ended(call, request.name, target, undefined);
        return { ...result, target, callId: call.id };
      } catch (error) {
        throw toCallFailure(call.signal.aborted ? call.signal.reason : error, facts, runtime.services.redactor);
      } finally {
        generation.release(call);
      }
    }
    throw last;
  } catch (error) {
    const failure = toCallFailure(error, { callId: call.id }, runtime.services.redactor);
    runtime.ended(call, request.name, target, failure);
    throw failure;
  } finally {
    call.close();
  }
}

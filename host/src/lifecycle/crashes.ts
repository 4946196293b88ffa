/** Puts the backend whose plugin left an error unhandled out of service, and no other. */
import { ModelportError, modelportError } from '../errors/modelport-error.ts';
import { reasonOf } from '../packages/thrown-reason.ts';
import type { Backend } from './backend.ts';
import { stackLeadsInto, watchCrashes } from './crash-watch.ts';
import type { Runtime } from './runtime.ts';

/** Watches for crashed plugins of one host, until the answer is called. A crashed backend is quarantined with PLUGIN_CRASHED. */
export function quarantineCrashed(runtime: Runtime): () => void {
  return watchCrashes((reason, frame) => {
    if (frame !== undefined) {
      const owner = runtime.backends.find((backend) => backend.hasFrame(frame));
      if (owner) return tell([owner], reason, runtime, frame);
    }
    return tell(suspects(runtime.backends, reason), reason, runtime);
  });
}

/** Backends in whose package the error arose. The stack tells the package; where several backends share it, those with calls under way are meant. */
function suspects(backends: readonly Backend[], reason: unknown): readonly Backend[] {
  // The host's own errors belong to whoever called and did not listen.
  if (ModelportError.is(reason)) return [];
  const active = backends.filter(({ generation, plan }) => generation !== undefined && plan.found !== undefined && stackLeadsInto(plan.found.folder, reason));
  const busy = active.filter(({ generation }) => (generation?.leases ?? 0) > 0);
  return busy.length > 0 ? busy : active;
}

function tell(backends: readonly Backend[], reason: unknown, { services }: Runtime, frame?: object): boolean {
  for (const backend of backends) {
    const { name, plugin, found } = backend.plan;
    const details = { plugin: found?.name ?? plugin, version: found?.version, folder: found?.folder ?? plugin, backend: name, reason: services.redactor.redact(reasonOf(reason)) };
    const error = modelportError('PLUGIN_CRASHED', details, { plugin: details.plugin, backend: name, cause: services.redactor.redactError(reason) });
    // Nobody called, so nobody would hear of it.
    services.log.error(error.message, { code: error.code, remedy: error.remedy });
    backend.crash(frame, error);
  }
  return backends.length > 0;
}

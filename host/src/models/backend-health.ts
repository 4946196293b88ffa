/** How every backend feels, asked at the same time: each within its limit, and none hides the others. */
import type { Health } from '@modelport/plugin-api';
import { ModelportError, modelportError } from '../errors/modelport-error.ts';
import { checkHealth } from '../lifecycle/ask-backend.ts';
import type { Backend } from '../lifecycle/backend.ts';
import type { Runtime } from '../lifecycle/runtime.ts';
import { LocalModelsHandle } from './local-handle.ts';

/** Options of `host.health()`. */
export interface HealthOptions {
  /** Only these backends. Default: every one that is not switched off. */
  readonly backends?: readonly string[];
  /** Longest wait for one backend, in milliseconds. Default 10000. */
  readonly limitMs?: number;
  /** Ends the check: it rejects with ABORTED. */
  readonly signal?: AbortSignal;
}

/** How one backend feels. */
export interface BackendHealth {
  /** Key under `backends:`. */
  readonly backend: string;
  /** Package name of its plugin. */
  readonly plugin: string;
  /** What its own free check found; `unhealthy` also for a backend that could not start, with the reason. */
  readonly health: Health;
  /** Ids of the models on its machine, where it has local models and could say. */
  readonly models?: readonly string[];
}

const LIMIT_MS = 10_000;

/** Checks the backends, starting those that idle. Throws BACKEND_REMOVED for an unknown name, HOST_CLOSED and ABORTED; all else is told per backend. */
export async function checkAllHealth(runtime: Runtime, { backends, limitMs = LIMIT_MS, signal }: HealthOptions = {}): Promise<BackendHealth[]> {
  runtime.assertOpen();
  const chosen = backends?.map((name) => runtime.backend(name)) ?? runtime.backends.filter(({ plan }) => plan.config.enabled);
  const found = await Promise.all(chosen.map((backend) => checkOne(runtime, backend, limitMs, signal)));
  if (signal?.aborted === true) throw modelportError('ABORTED', { text: 'The check was aborted by its signal.' }, { retryable: false, cause: signal.reason });
  return found;
}

async function checkOne(runtime: Runtime, backend: Backend, limitMs: number, signal: AbortSignal | undefined): Promise<BackendHealth> {
  const { name, plugin } = backend.plan;
  const limit = AbortSignal.timeout(limitMs);
  const asked = { signal: signal === undefined ? limit : AbortSignal.any([signal, limit]) };
  try {
    const health = await checkHealth(runtime, name, asked);
    if (health.status !== 'healthy' || backend.generation?.provider.local === undefined) return { backend: name, plugin, health };
    const models = (await new LocalModelsHandle(name, runtime).list(asked)).map(({ id }) => id);
    return { backend: name, plugin, health, models };
  } catch (error) {
    if (!ModelportError.is(error)) throw error;
    const reason = limit.aborted ? `It did not answer within ${limitMs} ms.` : error.message;
    return { backend: name, plugin, health: { status: 'unhealthy', reason, ...(limit.aborted ? {} : { remedy: error.remedy }) } };
  }
}

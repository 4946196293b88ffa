/** The models of all backends, asked for live: each backend within its time, and none hides the others by failing. */
import type { Capability, ModelInfo } from '@modelport/plugin-api';
import { ModelportError, modelportError } from '../errors/modelport-error.ts';
import { listModels as askBackend } from '../lifecycle/ask-backend.ts';
import type { Backend } from '../lifecycle/backend.ts';
import type { Generation } from '../lifecycle/generation.ts';
import type { Runtime } from '../lifecycle/runtime.ts';
import { knownModel } from './known-model.ts';

/** Options of `host.models.list()`. */
export interface ListOptions {
  /** Only this backend. Default: every enabled backend that has models. */
  readonly backend?: string;
  /** Only models known to have this capability. Default: all. */
  readonly capability?: Capability;
  /** Ask even where a list of the last 5 minutes is at hand. Default false. */
  readonly fresh?: boolean;
  /** Longest wait for one backend, in milliseconds. Default 15000. */
  readonly limitMs?: number;
  /** Ends the listing: it rejects with ABORTED. */
  readonly signal?: AbortSignal;
}

/** What one backend has. */
export interface BackendModels {
  /** Key under `backends:`. */
  readonly backend: string;
  /** Package name of its plugin. */
  readonly plugin: string;
  /** Models in the order of the vendor's list, then those only the config names; facts of the config lie over the vendor's. */
  readonly models: readonly ModelInfo[];
  /** When the vendor was asked; absent for a backend that cannot list, or failed: then only the config's models are told. */
  readonly listedAt?: Date;
  /** Why the backend could not be asked; absent when all went well, or when it has no list. */
  readonly error?: ModelportError;
}

/** How long a list is good, in milliseconds. A new generation, and a plugin that says its models changed, end it earlier. */
const GOOD_FOR_MS = 300_000;
const LIMIT_MS = 15_000;

const listings = new WeakMap<Generation, Date>();

/** Asks the backends, all at the same time. Throws BACKEND_REMOVED for an unknown `backend`, HOST_CLOSED, and ABORTED; all else is told per backend. */
export async function listAllModels(runtime: Runtime, options: ListOptions = {}): Promise<BackendModels[]> {
  runtime.assertOpen();
  const backends = options.backend === undefined ? runtime.backends.filter(mayHaveModels) : [runtime.backend(options.backend)];
  const listed = await Promise.all(backends.map((backend) => listOne(runtime, backend, options)));
  if (options.signal?.aborted) throw modelportError('ABORTED', { text: 'The listing was aborted by its signal.' }, { retryable: false, cause: options.signal.reason });
  return listed;
}

function mayHaveModels({ plan }: Backend): boolean {
  if (!plan.config.enabled || plan.config.declaredBy === 'tools') return false;
  return plan.manifest === undefined || plan.manifest.provides.some((word) => ['chat', 'embedding', 'rerank', 'models'].includes(word));
}

async function listOne(runtime: Runtime, backend: Backend, { capability, fresh = false, limitMs = LIMIT_MS, signal }: ListOptions): Promise<BackendModels> {
  let listedAt = fresh ? undefined : lastListing(backend);
  let error: ModelportError | undefined;
  const { manifest } = backend.plan;
  if (listedAt === undefined && (manifest === undefined || manifest.provides.includes('models'))) {
    try {
      await ask(runtime, backend.plan.name, limitMs, signal);
      listedAt = new Date();
      if (backend.generation) listings.set(backend.generation, listedAt);
    } catch (thrown) {
      if (!ModelportError.is(thrown)) throw thrown;
      // A backend without a list has told everything there is to tell.
      if (thrown.code !== 'NOT_PROVIDED') error = thrown;
    }
  }
  const ids = new Set([...(listedAt === undefined ? [] : backend.listed.keys()), ...Object.keys(backend.plan.config.models)]);
  const models = [...ids].map((id) => knownModel(backend, id)).filter((model) => capability === undefined || model.capabilities?.[capability] === true);
  return { backend: backend.plan.name, plugin: backend.plan.plugin, models, ...(listedAt && { listedAt }), ...(error && { error }) };
}

/** When the serving generation was asked, where that list is still good. */
function lastListing({ generation, listed }: Backend): Date | undefined {
  const at = generation && listings.get(generation);
  return at !== undefined && listed.size > 0 && Date.now() - at.getTime() < GOOD_FOR_MS ? at : undefined;
}

async function ask(runtime: Runtime, name: string, limitMs: number, signal: AbortSignal | undefined): Promise<void> {
  const controller = new AbortController();
  const onAbort = (): void => { controller.abort(signal?.reason); };
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(() => { controller.abort(new Error('time is up')); }, limitMs);
  try {
    await askBackend(runtime, name, { signal: controller.signal });
  } catch (error) {
    if (!controller.signal.aborted || signal?.aborted) throw error;
    throw modelportError('TIMEOUT', { text: `Backend "${name}" did not list its models within ${limitMs} ms.` }, { backend: name, limit: 'total', retryable: true });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

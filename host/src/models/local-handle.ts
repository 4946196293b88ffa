/** The models on the machine of one backend: what is there, what is loaded, pulling and removing. */
import type { AvailableModel, Call, LocalModel, LocalModelDetails, LocalModels, PullProgress, RunningModel } from '@modelport/plugin-api';
import type { Runtime } from '../lifecycle/runtime.ts';
import { pullModel, type PullSettings } from './local-pull.ts';
import { runService } from './service-run.ts';

/** Options of one request about local models. */
export interface LocalOptions {
  /** Ends the request. */
  readonly signal?: AbortSignal;
}

/** How to load. */
export interface LoadSettings extends LocalOptions {
  /** How long the model stays in memory after its last call, in milliseconds. Default: the backend's own. */
  readonly keepAliveMs?: number;
}

/**
 * Holds the name of a backend; each request asks what it means now, and starts the backend where it idles. Everything throws a
 * ModelportError: NOT_PROVIDED where the backend has no local models or cannot do what is asked, BACKEND_REMOVED, HOST_CLOSED, ABORTED, or
 * what the backend met.
 */
export class LocalModelsHandle {
  /** Key under `backends:`. */
  readonly backend: string;
  readonly #runtime: Runtime;

  constructor(backend: string, runtime: Runtime) {
    this.backend = backend;
    this.#runtime = runtime;
  }

  /** Models on disk. */
  list(options: LocalOptions = {}): Promise<readonly LocalModel[]> {
    return this.#run('', options, (local, call) => Array.fromAsync(local.list(call)));
  }

  /** Models in memory. */
  running(options: LocalOptions = {}): Promise<readonly RunningModel[]> {
    return this.#run('', options, (local, call) => Array.fromAsync(local.running(call)));
  }

  /** Models that could be pulled. NOT_PROVIDED where the backend has no list of them. */
  available(options: LocalOptions = {}): Promise<readonly AvailableModel[]> {
    return this.#run('', options, (local, call) => Array.fromAsync(local.available!(call)), 'available');
  }

  /** All that is known of a model on disk. Throws MODEL_NOT_PULLED. */
  show(modelId: string, options: LocalOptions = {}): Promise<LocalModelDetails> {
    return this.#run(modelId, options, (local, call) => local.show(modelId, call));
  }

  /**
   * Fetches a model; leaving the loop or aborting cancels it, and a repeated pull goes on where the server can. Ends after a `complete`
   * progress, or throws: MODEL_NOT_FOUND where there is no such model anywhere.
   */
  pull(modelId: string, settings: PullSettings = {}): AsyncIterable<PullProgress> {
    return pullModel(this.#runtime, { backend: this.backend, model: modelId }, settings);
  }

  /** Deletes a model from disk. Throws MODEL_NOT_PULLED. */
  remove(modelId: string, options: LocalOptions = {}): Promise<void> {
    return this.#run(modelId, options, (local, call) => local.remove(modelId, call));
  }

  /** Loads a model into memory and resolves when it can answer. Throws MODEL_NOT_PULLED. */
  load(modelId: string, { keepAliveMs, ...options }: LoadSettings = {}): Promise<void> {
    return this.#run(modelId, options, (local, call) => local.load!(modelId, keepAliveMs === undefined ? {} : { keepAliveMs }, call), 'load');
  }

  /** Frees a model's memory; fine when it is not loaded. */
  unload(modelId: string, options: LocalOptions = {}): Promise<void> {
    return this.#run(modelId, options, (local, call) => local.unload!(modelId, call), 'unload');
  }

  /** `needed` is an optional member the work cannot do without. */
  async #run<Result>(model: string, options: LocalOptions, work: (local: LocalModels, call: Call) => Promise<Result>, needed?: 'available' | 'load' | 'unload'): Promise<Result> {
    const { backend } = this;
    const wanted = needed === undefined ? 'local models' : needed === 'available' ? 'list of models to pull' : `way to ${needed} a model`;
    const request = { name: model === '' ? backend : `${model}@${backend}`, wanted, targets: [{ backend, model }], ...options };
    const { result } = await runService(
      this.#runtime, request,
      ({ provider: { local } }) => (local === undefined || (needed !== undefined && local[needed] === undefined) ? undefined : local),
      async ({ model: local, call }) => ({ result: await work(local, call) }),
    );
    return result;
  }
}

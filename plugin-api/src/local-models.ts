/** Models that live on this machine: listed, pulled, loaded and removed. */
import type { Call } from './context.ts';
import type { JsonObject } from './json.ts';
import type { ModelInfo } from './model-info.ts';
import type { Provider } from './plugin.ts';

/** The local models of one backend. Everything throws CallError, and `call.signal.reason` on abort. */
export interface LocalModels {
  /** Models on disk. */
  list(call: Call): AsyncIterable<LocalModel>;
  /** Models in memory. */
  running(call: Call): AsyncIterable<RunningModel>;
  /** What is known of one model on disk. Throws MODEL_NOT_PULLED. */
  show(modelId: string, call: Call): Promise<LocalModelDetails>;
  /**
   * Fetches a model. Ends after a `complete` progress, or throws; an end without either is a fault of the plugin. Repeating it resumes
   * where the server can. Throws MODEL_NOT_FOUND when there is no such model anywhere.
   */
  pull(modelId: string, options: PullOptions, call: Call): AsyncIterable<PullProgress>;
  /** Models that could be pulled. Absent = the backend has no list. */
  available?(call: Call): AsyncIterable<AvailableModel>;
  /** Deletes a model from disk. Throws MODEL_NOT_PULLED. */
  remove(modelId: string, call: Call): Promise<void>;
  /** Loads a model into memory and resolves when it can answer. Throws MODEL_NOT_PULLED. Absent = the first call loads it. */
  load?(modelId: string, options: LoadOptions, call: Call): Promise<void>;
  /** Frees a model's memory; fine when it is not loaded. Absent = the backend decides. */
  unload?(modelId: string, call: Call): Promise<void>;
}

/** A model on disk. */
export interface LocalModel {
  /** Its id, as `chatModel` takes it. */
  readonly id: string;
  /** Size on disk, in bytes. */
  readonly sizeBytes?: number;
  /** Digest of its content, as the backend writes it. */
  readonly digest?: string;
  /** When it was last changed on disk. */
  readonly modifiedAt?: Date;
  /** How its weights are stored, for example `Q4_K_M`. */
  readonly quantization?: string;
  /** Its number of weights, as the backend writes it, for example `8B`. */
  readonly parameters?: string;
}

/** A model in memory. */
export interface RunningModel extends LocalModel {
  /** Memory it takes, in bytes. */
  readonly memoryBytes?: number;
  /** When it will be unloaded if nobody calls it. */
  readonly expiresAt?: Date;
}

/** All that is known of a model on disk. */
export interface LocalModelDetails extends LocalModel {
  /** What it can do. */
  readonly info?: ModelInfo;
  /** Its chat template, as written. */
  readonly template?: string;
  /** The backend's own answer, verbatim. */
  readonly raw?: JsonObject;
}

/** A model that could be pulled. */
export interface AvailableModel {
  /** Its id, as `pull` takes it. */
  readonly id: string;
  /** Bytes to fetch. */
  readonly sizeBytes?: number;
  /** Day the list was read, ISO 8601. */
  readonly asOf: string;
}

/** How to pull. */
export interface PullOptions {
  /** True = fetch again even when it is there. Default false. */
  readonly force?: boolean;
}

/** How to load. */
export interface LoadOptions {
  /** How long it stays in memory after its last call, in milliseconds. Default: the backend's own. */
  readonly keepAliveMs?: number;
}

/** How far a pull has come. The figures are of the whole model, not of a layer of it, and never go back. */
export interface PullProgress {
  /** What is being done. `complete` comes once, last, and only when the model is usable. */
  readonly phase: 'starting' | 'downloading' | 'verifying' | 'complete';
  /** Bytes fetched so far. */
  readonly completedBytes?: number;
  /** Bytes there are to fetch, as far as known: it may grow. */
  readonly totalBytes?: number;
  /** Digest of the model, once known. */
  readonly digest?: string;
  /** The backend's own words. */
  readonly detail?: string;
}

/** Whether a provider can manage models on this machine: it has `local`. */
export function isLocalModelManager(provider: Provider): provider is Provider & { readonly local: LocalModels } {
  return provider.local !== undefined;
}

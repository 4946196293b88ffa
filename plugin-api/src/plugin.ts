/** A plugin is one package whose default export is `definePlugin(...)`; it starts a provider for each configured backend. */
import { PLUGIN_BRAND } from './contract.ts';
import type { ChatModel } from './chat-model.ts';
import type { Call, PluginContext } from './context.ts';
import type { EmbeddingModel } from './embedding-model.ts';
import type { Health } from './health.ts';
import type { LocalModels } from './local-models.ts';
import type { ModelInfo } from './model-info.ts';
import type { RerankModel } from './rerank-model.ts';
import type { ToolSource } from './tool.ts';

/** The default export of a plugin's module, made with `definePlugin`. */
export interface Plugin<Options = unknown> {
  /** Major of the contract this plugin is written against. A module that serves two majors default-exports an array, one plugin each. */
  readonly api: 1;
  /**
   * Schema of the options: any Standard Schema (zod, valibot, arktype). The plugin gets its output. Absent = the options are passed on
   * as the manifest's static schema let them through.
   */
  readonly options?: StandardSchema<Options>;
  /**
   * Makes the provider of one backend; called once per generation, on first use unless the backend is `eager`. May await the disk or an
   * `import()`, opens no connection and calls no vendor. Bounded: one that never settles is reported, and its late result is closed.
   */
  start(context: PluginContext<Options>): Provider | Promise<Provider>;
}

/**
 * The part of Standard Schema version 1 the contract needs: a structural copy of `@standard-schema/spec`, so that nothing is imported
 * and every library that implements the specification fits. Source: https://standardschema.dev
 */
export interface StandardSchema<Out> {
  /** The specification's own property. */
  readonly '~standard': {
    /** Version of Standard Schema. */
    readonly version: 1;
    /** Library that made the schema. */
    readonly vendor: string;
    /** Carries the output type, has no value at run time. */
    readonly types?: { readonly output: Out } | undefined;
    /** Answers `{ value }` or `{ issues: [{ message, path? }] }`, or a promise of either. */
    readonly validate: (value: unknown) => unknown;
  };
}

/**
 * What a plugin offers for one backend. Every member is optional; a member that is present must be named in the manifest's `provides`
 * (`checkHealth` and `close` need no word).
 */
export interface Provider {
  /**
   * The chat model of that id. Sync, pure and cheap: it checks nothing and opens nothing, the host calls it per generation and id and
   * may forget the result. An id the vendor does not know becomes MODEL_NOT_FOUND at the call.
   */
  chatModel?(modelId: string): ChatModel;
  /** The embedding model of that id, under the rules of `chatModel`. */
  embeddingModel?(modelId: string): EmbeddingModel;
  /** The rerank model of that id, under the rules of `chatModel`. */
  rerankModel?(modelId: string): RerankModel;
  /** Every model the vendor offers now, embedding and rerank models too. Asks the vendor each time: the host caches. */
  listModels?(call: Call): AsyncIterable<ModelInfo>;
  /** What is known of one model; `undefined` when the vendor does not know it. Absent = the host searches `listModels`. */
  describeModel?(modelId: string, call: Call): Promise<ModelInfo | undefined>;
  /** Models on this machine: list, pull, load, remove. */
  readonly local?: LocalModels;
  /** Tools this backend lends to agents. */
  readonly tools?: ToolSource;
  /** Whether the backend answers: free of charge and bounded, never a paid completion. Reports `unhealthy` rather than throwing. */
  checkHealth?(call: Call): Promise<Health>;
  /** Releases what the provider holds. Called once, after every call of the generation has ended or been aborted; bounded to 5 s. */
  close?(): void | Promise<void>;
}

/** What a plugin's module may default-export: one plugin, or one for each major of the contract it serves. */
export type PluginModule = Plugin | readonly Plugin[];

/**
 * Returns its argument, typed and marked with the string brand `$modelport: 'plugin'` (not enumerable), so that a host recognises it
 * whatever copy of this package made it. A frozen plugin stays as it is and is recognised by its shape. For two majors, default-export
 * an array of the `definePlugin` results of both contract versions.
 */
export function definePlugin<Options = unknown>(plugin: Plugin<Options>): Plugin<Options> {
  if (Object.isExtensible(plugin)) Object.defineProperty(plugin, PLUGIN_BRAND, { value: 'plugin' });
  return plugin;
}

/**
 * Whether a value is a plugin: it carries the brand of `definePlugin`, or has the shape of one (a number `api` and a function `start`).
 * True for a plugin of another major too: compare `api` before use.
 */
export function isPlugin(value: unknown): value is Plugin {
  if (typeof value !== 'object' || value === null) return false;
  const candidate = value as { readonly [PLUGIN_BRAND]?: unknown; readonly api?: unknown; readonly start?: unknown };
  return candidate[PLUGIN_BRAND] === 'plugin' || (typeof candidate.api === 'number' && typeof candidate.start === 'function');
}

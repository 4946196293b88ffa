/** What a plugin's author says about it, so that the kit knows what to ask and what to hold it to. */
import type { Capability, ChatRequest, JsonObject, RerankRequest } from '@modelport/plugin-api';
import type { UpstreamAdapter } from './upstream-adapter.ts';

/** One way in which a plugin is tested. A plugin with two wires has two declarations. */
export interface ConformanceDeclaration {
  /** Name of this run, where there are several. Default: the plugin's id. */
  readonly name?: string;
  /** The scripted vendor. Absent = the plugin asks nobody; then only what needs no vendor can pass. */
  readonly upstream?: UpstreamAdapter;
  /** Options of the plugin, over those of the upstream. Default: none. */
  readonly options?: JsonObject;
  /** The chat model to ask; needed where the manifest provides `chat`. */
  readonly chat?: ChatDeclaration;
  /** The embedding model to ask; needed where the manifest provides `embedding`. */
  readonly embedding?: EmbeddingDeclaration;
  /** The rerank model to ask; needed where the manifest provides `rerank`. */
  readonly rerank?: RerankDeclaration;
  /** A tool to run; needed where the manifest provides `tools`. */
  readonly tool?: ToolDeclaration;
}

/** The chat model to ask. */
export interface ChatDeclaration {
  /** Id of the model. */
  readonly model: string;
  /** What it can do: each word turns cases on. What `describeModel` claims is added. Default: nothing beyond text. */
  readonly capabilities?: readonly Capability[];
  /** Settings the wire cannot carry, with a value each: each must be warned of. Default: none. */
  readonly unsupported?: Partial<ChatRequest>;
}

/** The embedding model to ask. */
export interface EmbeddingDeclaration {
  /** Id of the model. */
  readonly model: string;
}

/** The rerank model to ask. */
export interface RerankDeclaration {
  /** Id of the model. */
  readonly model: string;
  /** A request with at least two documents. */
  readonly request: RerankRequest;
}

/** A tool to run. */
export interface ToolDeclaration {
  /** Its name. */
  readonly name: string;
  /** An input its schema takes. */
  readonly input: unknown;
  /** What its output's `value` must be. */
  readonly output: unknown;
}

/** Returns its argument, typed: the default export of a plugin's `conformance.ts`. An array holds one declaration for each way of use. */
export function defineConformance<const Declaration extends ConformanceDeclaration | readonly ConformanceDeclaration[]>(declaration: Declaration): Declaration {
  return declaration;
}

/** What users reach a host's models, tools and agents by. */
import type { Agent } from '../agents/agent.ts';
import { createAgents } from '../agents/agents.ts';
import { resolveModel } from '../flow/resolve.ts';
import { EmbeddingHandle } from '../models/embedding-handle.ts';
import { listAllModels, type BackendModels, type ListOptions } from '../models/list-models.ts';
import { LocalModelsHandle } from '../models/local-handle.ts';
import { ModelHandle } from '../models/model-handle.ts';
import { queryModels, type ModelMatch, type ModelQuery } from '../models/model-query.ts';
import { RerankHandle } from '../models/rerank-handle.ts';
import { Tools } from '../tools/tools.ts';
import type { Backend } from './backend.ts';
import type { Events } from './events.ts';
import type { Runtime } from './runtime.ts';

/** Gives handles by name; the same name gives the same handle. */
export interface Handles<Handle> {
  /** The handle of an alias or spec. Throws SPEC_INVALID and SPEC_UNKNOWN (for agents AGENT_UNKNOWN), with near names. */
  get(name: string): Handle;
  /** The names the config gives: aliases, or agents. */
  names(): readonly string[];
}

/** Chat models by name, and what models there are. */
export interface ModelHandles extends Handles<ModelHandle> {
  /**
   * What models the backends have now, asked all at once, each within its time. Starts backends that idle. Throws BACKEND_REMOVED,
   * HOST_CLOSED and ABORTED; a backend that fails tells so in its own entry. What was listed is known to `describe()` afterwards.
   */
  list(options?: ListOptions): Promise<BackendModels[]>;
  /**
   * Models by backend, vendor, capability and price, out of what is known now: the config, the catalogue, the plugins' manifests, and what
   * backends listed before. Cheapest first. Asks no one and starts nothing. Throws BACKEND_REMOVED for an unknown backend.
   */
  query(query?: ModelQuery): Promise<ModelMatch[]>;
}

/** Everything a host hands out by name. */
export interface HostHandles {
  readonly models: ModelHandles;
  readonly embeddings: Handles<EmbeddingHandle>;
  readonly rerankers: Handles<RerankHandle>;
  /** Models on the machine of a backend, by the backend's name; `names()` are the backends that have some. `get` throws BACKEND_REMOVED. */
  readonly localModels: Handles<LocalModelsHandle>;
  readonly agents: Handles<Agent>;
  readonly tools: Tools;
  readonly events: Events;
}

/** Makes the handles of a host. */
export function createHandles(runtime: Runtime): HostHandles {
  const aliases = (): readonly string[] => [...runtime.snapshot.aliases.keys()];
  const check = (name: string): boolean => resolveModel(name, runtime.snapshot).alias !== undefined;
  const models = handlesOf(aliases, check, (name, wasAlias) => new ModelHandle(name, runtime, wasAlias));
  const tools = new Tools(runtime);
  return {
    models: { ...models, list: (options) => listAllModels(runtime, options), query: (query) => queryModels(runtime, query) },
    embeddings: handlesOf(aliases, check, (name) => new EmbeddingHandle(name, runtime)),
    rerankers: handlesOf(aliases, check, (name) => new RerankHandle(name, runtime)),
    localModels: {
      names: () => runtime.backends.filter(hasLocalModels).map(({ plan }) => plan.name),
      get: (name) => new LocalModelsHandle(runtime.backend(name).plan.name, runtime),
    },
    agents: createAgents(runtime, models, tools),
    tools,
    events: runtime.services.events,
  };
}

/** By its manifest; a plugin given in code has none, and shows it once it has started. */
function hasLocalModels({ plan, generation }: Backend): boolean {
  return plan.config.enabled && (plan.manifest === undefined ? generation?.provider.local !== undefined : plan.manifest.provides.includes('local'));
}

/** Handles kept per kind; they are cheap, and a program that makes up specs must not grow for ever. */
const HANDLES_KEPT = 1_000;

function handlesOf<Handle>(names: () => readonly string[], check: (name: string) => boolean, make: (name: string, wasAlias: boolean) => Handle): Handles<Handle> {
  const made = new Map<string, Handle>();
  return {
    names,
    get: (name) => {
      const wasAlias = check(name);
      const known = made.get(name);
      if (known !== undefined) return known;
      if (made.size >= HANDLES_KEPT) made.clear();
      const handle = make(name, wasAlias);
      made.set(name, handle);
      return handle;
    },
  };
}

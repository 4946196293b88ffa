/** All tools of a host by name: local functions that were registered, and those that backends lend under `tools:`. */
import { randomUUID } from 'node:crypto';
import type { OfferedTool, ToolCallContext, ToolOutput } from '@modelport/plugin-api';
import { modelportError, type ModelportError } from '../errors/modelport-error.ts';
import { nearNames } from '../errors/near-names.ts';
import { ActiveCall } from '../flow/start-call.ts';
import { toCallFailure } from '../errors/call-failure.ts';
import { checkValue } from '../models/data-schema.ts';
import { withLease } from '../models/leased-work.ts';
import type { Generation } from '../lifecycle/generation.ts';
import type { Runtime } from '../lifecycle/runtime.ts';
import type { Tool } from './define-tool.ts';

/** One tool with where it comes from. */
export interface ListedTool {
  readonly name: string;
  readonly description: string | undefined;
  /** `the application`, or the key under `tools:`. */
  readonly owner: string;
  readonly tool: Tool;
}

/** Registry and runner of tools. */
export class Tools {
  readonly #runtime: Runtime;
  readonly #local = new Map<string, ListedTool>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** Adds a local tool. Throws TOKEN_TAKEN when the name is taken by another local tool. */
  register(tool: Tool, owner = 'the application'): this {
    const { name, description } = tool.definition;
    const taken = this.#local.get(name);
    if (taken) throw modelportError('TOKEN_TAKEN', { token: `tool:${name}`, owner: taken.owner, newcomer: owner });
    this.#local.set(name, { name, description, owner, tool });
    return this;
  }

  /** Takes a local tool back. False when there was none. */
  unregister(name: string): boolean {
    return this.#local.delete(name);
  }

  /** Every tool there is; starts the backends that lend some. Throws what a backend failed with. */
  async list(signal?: AbortSignal): Promise<ListedTool[]> {
    const lent = await Promise.all(Object.keys(this.#runtime.snapshot.config.tools).map((set) => this.#listSet(set, signal)));
    return [...this.#local.values(), ...lent.flat()];
  }

  /**
   * The tools of the given names; a name is a key under `tools:` (all its tools) or a local tool. Throws TOOL_UNKNOWN with near names, and
   * TOKEN_TAKEN when two of them bear one name.
   */
  async pick(names: readonly string[], signal?: AbortSignal): Promise<Tool[]> {
    const sets = this.#runtime.snapshot.config.tools;
    const picked = await Promise.all(names.map(async (name) => {
      const local = this.#local.get(name);
      if (local) return [local];
      if (sets[name]) return this.#listSet(name, signal);
      throw modelportError('TOOL_UNKNOWN', { tool: name, near: nearNames(name, [...this.#local.keys(), ...Object.keys(sets)]) });
    }));
    const byName = new Map<string, ListedTool>();
    for (const listed of picked.flat()) {
      const taken = byName.get(listed.name);
      if (taken && taken.owner !== listed.owner) throw modelportError('TOKEN_TAKEN', { token: `tool:${listed.name}`, owner: taken.owner, newcomer: listed.owner });
      byName.set(listed.name, listed);
    }
    return [...byName.values()].map(({ tool }) => tool);
  }

  /**
   * Runs one tool by name; a local one first, then those lent. Throws TOOL_UNKNOWN with near names, or what a backend failed with that might
   * have lent it; what the tool itself met is in the output.
   */
  async execute(name: string, input: unknown, { toolCallId = `tool_${randomUUID()}`, signal }: { readonly toolCallId?: string; readonly signal?: AbortSignal } = {}): Promise<ToolOutput> {
    const tool = this.#local.get(name) ?? (await this.#findLent(name, signal));
    return tool.tool.run(input, toolContext(toolCallId, signal));
  }

  async #findLent(name: string, signal: AbortSignal | undefined): Promise<ListedTool> {
    const listed = await Promise.allSettled(Object.keys(this.#runtime.snapshot.config.tools).map((set) => this.#listSet(set, signal)));
    const tools = listed.flatMap((set) => (set.status === 'fulfilled' ? set.value : []));
    const found = tools.find((tool) => tool.name === name);
    if (found) return found;
    for (const set of listed) if (set.status === 'rejected') throw set.reason;
    throw modelportError('TOOL_UNKNOWN', { tool: name, near: nearNames(name, [...this.#local.keys(), ...tools.map((tool) => tool.name)]) });
  }

  async #listSet(set: string, signal: AbortSignal | undefined): Promise<ListedTool[]> {
    const settings = this.#runtime.snapshot.config.tools[set];
    if (!settings) return [];
    const offered = await this.#withSource(settings.backend, signal, async (generation, call) => {
      const tools: OfferedTool[] = [];
      for await (const tool of generation.provider.tools?.list(call) ?? []) tools.push(tool);
      return tools;
    });
    return offered
      .filter(({ name }) => (settings.include?.includes(name) ?? true) && !settings.exclude?.includes(name))
      .map((tool) => this.#lend(set, settings.backend, settings.prefix ?? '', tool));
  }

  #lend(owner: string, backend: string, prefix: string, offered: OfferedTool): ListedTool {
    const { effects = 'once', ...definition } = offered;
    const name = prefix + offered.name;
    const run = async (input: unknown, context: ToolCallContext): Promise<ToolOutput> => {
      const checked = await checkValue(offered.inputSchema, input);
      if ('problems' in checked) return { type: 'error-text', value: `The arguments do not fit: ${checked.problems.join('; ')}` };
      return this.#withSource(backend, context.signal, async ({ provider }, { signal }) => {
        if (!provider.tools) throw modelportError('NOT_PROVIDED', { backend, plugin: this.#runtime.backend(backend).plan.plugin, wanted: 'tools', provides: Object.keys(provider) });
        // The signal of the lease: it aborts with the caller's, and when the backend must go.
        return provider.tools.execute({ toolName: offered.name, toolCallId: context.id, input: checked.value }, { ...context, signal });
      });
    };
    return { name, description: offered.description, owner, tool: Object.freeze({ definition: { ...definition, name }, effects, run }) };
  }

  /** Runs something on the current generation of a tool backend, under a lease. Throws a ModelportError; ABORTED when `signal` aborts. */
  async #withSource<T>(name: string, signal: AbortSignal | undefined, work: (generation: Generation, call: ActiveCall) => Promise<T>): Promise<T> {
    const runtime = this.#runtime;
    runtime.assertOpen();
    const backend = runtime.backend(name);
    const call = new ActiveCall({ limits: { firstPartMs: 0, idleMs: 0, totalMs: 0 }, signal });
    const label = `tools.${name}`;
    runtime.began(call, label);
    let failure: ModelportError | undefined;
    try {
      return await withLease(backend, call, (generation) => work(generation, call));
    } catch (error) {
      failure = toCallFailure(call.signal.aborted ? call.signal.reason : error, { backend: name, plugin: backend.plan.plugin, callId: call.id }, runtime.services.redactor);
      throw failure;
    } finally {
      call.close();
      runtime.ended(call, label, undefined, failure);
    }
  }
}

/** The context of one run of a tool where nobody can be asked. `idempotencyKey`: the same for every run of the same work. */
export function toolContext(toolCallId: string, signal: AbortSignal | undefined, idempotencyKey = toolCallId): ToolCallContext {
  return {
    id: toolCallId,
    signal: signal ?? new AbortController().signal,
    attempt: 1,
    idempotencyKey,
    progress: () => undefined,
    requestInput: () => Promise.reject(modelportError('CAPABILITY_MISSING', { text: 'The tool asks for input, but nobody can answer here.' }, { retryable: false })),
  };
}

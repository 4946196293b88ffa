/** What users hold to talk to a model: a name, and nothing else, so that it stays good when the config changes. */
import type { Capabilities, ChatRequest, ChatResult, Price } from '@modelport/plugin-api';
import type { Runtime } from '../lifecycle/runtime.ts';
import type { Snapshot } from '../lifecycle/snapshot.ts';
import { resolveModel, type Resolution, type Target } from '../flow/resolve.ts';
import { ActiveCall, newCallId, type CallSettings } from '../flow/start-call.ts';
import { toCallFailure } from '../errors/call-failure.ts';
import { ChatRun } from '../flow/stream.ts';
import { toAnswer, type Answer } from './answer.ts';
import { AnswerStream, type AnswerSource } from './answer-stream.ts';
import type { AliasConfig } from '../config/config-types.ts';
import { prepareRequest, type ChatInput, type ChatOptions, type PreparedRequest, type RequestDefaults } from './chat-input.ts';
import { checkRequest } from './check-request.ts';
import { knownModel, modelsHaving } from './known-model.ts';
import { modelMetadata, type ModelMetadata } from './model-metadata.ts';
import { withObject } from './structured-output.ts';

/** Facts of a handle as of now. */
export interface ModelDescription {
  /** Alias or spec. */
  readonly name: string;
  /** Targets in order of preference, each with what is known of it, who says each fact, and the state of its backend. */
  readonly targets: readonly (Target & { readonly state: string; readonly plugin: string } & ModelMetadata)[];
  /** Capabilities of the first target: yes, no, or absent for unknown. */
  readonly capabilities: Capabilities;
}

/** A model by its alias or spec. Injected singletons may keep it for ever: each call asks anew what the name means. */
export class ModelHandle {
  readonly #runtime: Runtime;
  readonly #wasAlias: boolean;
  #defaults: ChatOptions;
  #resolved: { readonly snapshot: Snapshot; readonly resolution: Resolution } | undefined;

  constructor(
    /** The alias or spec it was asked for by. */
    readonly name: string,
    runtime: Runtime,
    wasAlias: boolean,
    defaults: ChatOptions = {},
  ) {
    this.#runtime = runtime;
    this.#wasAlias = wasAlias;
    this.#defaults = defaults;
  }

  /**
   * Asks and waits for the whole answer. Throws a ModelportError: REQUEST_INVALID and CAPABILITY_MISSING before anything is sent,
   * OUTPUT_INVALID when `schema` does not fit, otherwise what the backend met, with `context.partial` where something had arrived.
   */
  async generate<T = undefined>(input: ChatInput, options: ChatOptions<T> = {}): Promise<Answer<T>> {
    const id = newCallId();
    const prepared = this.#blamed(id, () => this.#prepare(input, options));
    const run = this.#start(id, prepared);
    const result = await run.complete();
    return this.#answer<T>(id, run, result, prepared);
  }

  /**
   * Asks and gives the answer as it comes. Nothing is sent, and nothing held, before the first read. Errors reach the reader and `answer`,
   * typed as in `generate`. What the name means is settled here; the backend serves that is current at the first read.
   */
  stream<T = undefined>(input: ChatInput, options: ChatOptions<T> = {}): AnswerStream<T> {
    const id = newCallId();
    const prepared = settled(() => this.#blamed(id, () => this.#prepare(input, options)));
    let run: ChatRun | undefined;
    let onCut: ((error: unknown) => void) | undefined;
    const source: AnswerSource<T> = {
      next: async () => (run ??= this.#start(id, prepared(), (error) => onCut?.(error))).next(),
      onCut: (listener) => { onCut = listener; },
      stop: async (reason) => run?.stop(reason),
      answer: () => this.#answer<T>(id, run as ChatRun, (run as ChatRun).result(), prepared()),
    };
    return new AnswerStream<T>(id, source);
  }

  /** What the name means now: targets, states, known capabilities and limits. Asks no backend. Throws ALIAS_REMOVED. */
  describe(): ModelDescription {
    const { targets } = this.#resolve();
    const described = targets.map((target) => {
      const backend = this.#runtime.backend(target.backend);
      return { backend: target.backend, model: target.model, state: backend.state, plugin: backend.plan.plugin, ...modelMetadata(backend, target.model) };
    });
    return { name: this.name, targets: described, capabilities: described[0]?.info.capabilities ?? {} };
  }

  /** The same model with other defaults: options given here hold for its calls unless a call says otherwise. */
  with(defaults: ChatOptions): ModelHandle {
    return new ModelHandle(this.name, this.#runtime, this.#wasAlias, { ...this.#defaults, ...defaults });
  }

  /** Changes the defaults of this handle, for every holder, from the next call on. */
  reconfigure(defaults: ChatOptions): void {
    this.#defaults = { ...this.#defaults, ...defaults };
  }

  /** A name means the same as long as the snapshot is the same. */
  #resolve(): Resolution {
    const { snapshot } = this.#runtime;
    if (this.#resolved?.snapshot !== snapshot) this.#resolved = { snapshot, resolution: resolveModel(this.name, snapshot, this.#wasAlias) };
    return this.#resolved.resolution;
  }

  /** Everything about a call that is settled before anything runs. */
  #prepare(input: ChatInput, options: ChatOptions): PreparedCall {
    const { targets, alias } = this.#resolve();
    const prepare = (target?: Target): PreparedRequest => {
      const own = target && this.#modelDefaults(target);
      const aliases = [...(own ? [own] : []), ...[...(target?.through ?? []), ...(alias ? [alias.config] : [])].map(defaultsOf)];
      const ready = prepareRequest(input, { options, handle: this.#defaults, aliases });
      checkRequest(ready.request);
      return ready;
    };
    const { request, schema } = prepare();
    // Only targets that were named by an alias of their own, or have settings of their own, differ.
    const requests = new Map(targets.filter((target) => target.through ?? this.#modelDefaults(target)).map((target) => [target, prepare(target).request]));
    const { signal, sessionId, metadata, includeRaw } = this.#defaults;
    const settings = { signal: options.signal ?? signal, sessionId: options.sessionId ?? sessionId, metadata: options.metadata ?? metadata, includeRaw: options.includeRaw ?? includeRaw };
    return { request, schema, requests, targets, settings: { ...settings, limits: this.#runtime.limitsFor(alias, targets[0]) } };
  }

  #start(id: string, { request, requests, targets, settings }: PreparedCall, onCut?: (error: unknown) => void): ChatRun {
    const runtime = this.#runtime;
    this.#blamed(id, () => { runtime.assertOpen(); });
    const call = new ActiveCall({ ...settings, id });
    runtime.began(call, this.name);
    return new ChatRun({
      call,
      requestFor: (target) => requests.get(target) ?? request,
      targets,
      onCut,
      backend: (name) => runtime.backend(name),
      having: (capability) => modelsHaving(capability, runtime.backends, [...runtime.snapshot.aliases.values()].flatMap((alias) => alias.targets)),
      redactor: runtime.services.redactor,
      onEnd: (target, error) => runtime.ended(call, this.name, target, error),
    });
  }

  #answer<T>(callId: string, run: ChatRun, result: ChatResult, { schema }: PreparedCall): Answer<T> | Promise<Answer<T>> {
    const answer = toAnswer(result, { ...run.target, attempts: run.attempts, callId, price: this.#priceOf(run.target) });
    return (schema === undefined ? answer : withObject(answer, schema)) as Answer<T> | Promise<Answer<T>>;
  }

  /** What the config gives to every call of a model: the weakest of all settings. */
  #modelDefaults({ backend, model }: Target): RequestDefaults | undefined {
    return this.#runtime.snapshot.config.backends[backend]?.models[model]?.defaults as RequestDefaults | undefined;
  }

  /** The price of a target as of now; a backend that is gone by now has none. */
  #priceOf({ backend, model }: Target): Price | undefined {
    const owner = this.#runtime.backends.find(({ plan }) => plan.name === backend);
    return owner && knownModel(owner, model).price;
  }

  /** Every failure carries the call's id, also one from before the call. */
  #blamed<T>(callId: string, work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw toCallFailure(error, { callId, retryable: false }, this.#runtime.services.redactor);
    }
  }
}

interface PreparedCall extends PreparedRequest {
  readonly requests: ReadonlyMap<Target, ChatRequest>;
  readonly targets: readonly Target[];
  readonly settings: CallSettings;
}

/** Does the work now and tells its outcome whenever it is asked for. */
function settled<T>(work: () => T): () => T {
  try {
    const value = work();
    return () => value;
  } catch (error) {
    return () => { throw error; };
  }
}

/** What an alias adds to a request. The config was checked: a key that is there has a value. */
function defaultsOf({ defaults, instructions }: AliasConfig): RequestDefaults {
  return { ...defaults, ...(instructions === undefined ? {} : { instructions }) } as RequestDefaults;
}

/** What users hold to talk to a model: a name, and nothing else, so that it stays good when the config changes. */
import type { Capabilities, ModelInfo } from '@modelport/plugin-api';
import type { Runtime } from '../lifecycle/runtime.ts';
import { resolveModel, type Resolution, type Target } from '../flow/resolve.ts';
import { ActiveCall, checkRequest } from '../flow/start-call.ts';
import { ChatRun } from '../flow/stream.ts';
import { toAnswer, type Answer } from './answer.ts';
import { AnswerStream, type AnswerSource } from './answer-stream.ts';
import type { Alias } from '../lifecycle/snapshot.ts';
import { toChatRequest, type ChatInput, type ChatOptions, type RequestDefaults } from './chat-input.ts';
import { knownModel } from './known-model.ts';
import { withObject } from './structured-output.ts';
import type { DataSchema } from './data-schema.ts';

/** Facts of a handle as of now. */
export interface ModelDescription {
  /** Alias or spec. */
  readonly name: string;
  /** Targets in order of preference, each with what is known of it and the state of its backend. */
  readonly targets: readonly (Target & { readonly state: string; readonly plugin: string; readonly info: ModelInfo })[];
  /** Capabilities of the first target: yes, no, or absent for unknown. */
  readonly capabilities: Capabilities;
}

/** A model by its alias or spec. Injected singletons may keep it for ever: each call asks anew what the name means. */
export class ModelHandle {
  readonly #runtime: Runtime;
  readonly #wasAlias: boolean;
  #defaults: ChatOptions;

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
    const { run, call, schema } = this.#start(input, options);
    const result = await run.complete();
    const answer = toAnswer(result, { ...run.target, attempts: run.attempts, callId: call.id });
    return (schema === undefined ? answer : await withObject(answer, schema)) as Answer<T>;
  }

  /** Asks and gives the answer as it comes. Nothing is sent before the first read. Errors reach the reader, typed as in `generate`. */
  stream<T = undefined>(input: ChatInput, options: ChatOptions<T> = {}): AnswerStream<T> {
    const { run, call, schema } = this.#start(input, options);
    const source: AnswerSource<T> = {
      next: () => run.next(),
      stop: (reason) => run.stop(reason),
      answer: () => {
        const answer = toAnswer(run.result(), { ...run.target, attempts: run.attempts, callId: call.id });
        return (schema === undefined ? answer : withObject(answer, schema as DataSchema<T>)) as Answer<T> | Promise<Answer<T>>;
      },
    };
    return new AnswerStream<T>(call.id, source);
  }

  /** What the name means now: targets, states, known capabilities and limits. Asks no backend. Throws ALIAS_REMOVED. */
  describe(): ModelDescription {
    const { targets } = this.#resolve();
    const described = targets.map((target) => {
      const backend = this.#runtime.backend(target.backend);
      return { ...target, state: backend.state, plugin: backend.plan.plugin, info: knownModel(backend, target.model) };
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

  #resolve(): Resolution {
    return resolveModel(this.name, this.#runtime.snapshot, this.#wasAlias);
  }

  #start(input: ChatInput, given: ChatOptions): { readonly run: ChatRun; readonly call: ActiveCall; readonly schema: DataSchema<unknown> | undefined } {
    const runtime = this.#runtime;
    runtime.assertOpen();
    const { targets, alias } = this.#resolve();
    const options = { ...this.#defaults, ...given };
    const request = toChatRequest(input, options, alias && defaultsOf(alias));
    checkRequest(request);
    const call = new ActiveCall({ ...options, limits: runtime.limitsFor(alias, targets[0]) });
    runtime.began(call, this.name);
    const run = new ChatRun({
      call,
      request,
      targets,
      backend: (name) => runtime.backend(name),
      redactor: runtime.services.redactor,
      onEnd: (target, error) => runtime.ended(call, this.name, target, error),
    });
    return { run, call, schema: options.schema };
  }
}

/** What an alias adds to a request. The config was checked: a key that is there has a value. */
function defaultsOf({ config }: Alias): RequestDefaults {
  return { ...config.defaults, ...(config.instructions === undefined ? {} : { instructions: config.instructions }) } as RequestDefaults;
}

/** Step 8: the provider's parts become a well-formed stream and a folded result; every failure becomes one typed error. */
import type { Capability, ChatModel, ChatPart, ChatRequest, ChatResult } from '@modelport/plugin-api';
import { toCallFailure } from '../errors/call-failure.ts';
import { type ModelportError, modelportError, type ErrorContext } from '../errors/modelport-error.ts';
import type { Backend } from '../lifecycle/backend.ts';
import { ABANDON_AFTER_MS, type Generation } from '../lifecycle/generation.ts';
import type { Attempt } from '../models/answer.ts';
import type { Redactor } from '../secrets/redact.ts';
import { checkedResult } from '../streams/check-result.ts';
import { AnswerFold } from '../streams/fold.ts';
import { StreamNormaliser } from '../streams/normalise.ts';
import type { Target } from './resolve.ts';
import type { ActiveCall } from './start-call.ts';
import { checkCapabilities, checkFileUrls } from '../models/check-capabilities.ts';
import { knownModel } from '../models/known-model.ts';

type PartIterator = AsyncIterator<ChatPart | readonly ChatPart[]>;

/** What a run needs: the call, what to send, where to, and how to find a backend. */
export interface ChatRunParts {
  readonly call: ActiveCall;
  /** What is sent to a target. */
  readonly requestFor: (target: Target) => ChatRequest;
  readonly targets: readonly Target[];
  readonly backend: (name: string) => Backend;
  /** Configured models known to have a capability, for the refusal of one that has not. */
  readonly having: (capability: Capability) => readonly string[];
  readonly redactor: Redactor;
  /** Told when the run was cut off while nobody was reading: the reader may never come back to hear of it. */
  readonly onCut?: ((error: ModelportError) => void) | undefined;
  /** Told once, when the run is over, well or not. */
  readonly onEnd: (target: Target | undefined, error: ModelportError | undefined) => void;
}

/** One request on its way over its targets: the first backend that can serve does. */
export class ChatRun {
  readonly #parts: ChatRunParts;
  readonly #fold = new AnswerFold();
  readonly #attempts: Attempt[] = [];
  #target: Target | undefined;
  #plugin: string | undefined;
  #iterator: PartIterator | undefined;
  #failure: ModelportError | undefined;
  #generation: Generation | undefined;
  #normaliser: StreamNormaliser | undefined;
  #abandon: ((reason: unknown) => void) | undefined;
  #abandonTimer: NodeJS.Timeout | undefined;
  /** What the reader waits for now: nothing, a lease, or the provider. */
  #waitingFor: 'lease' | 'provider' | undefined;
  /** Whether the provider did not end within its time after an abort. */
  #abandoned = false;
  #over = false;

  constructor(parts: ChatRunParts) {
    this.#parts = parts;
    parts.call.onAbort = this.#onAbort;
  }

  /** Tries at targets so far, the serving one last. */
  get attempts(): readonly Attempt[] {
    return this.#attempts;
  }

  /** The target that serves; set once the first part came. */
  get target(): Target {
    return this.#target as Target;
  }

  /** What came so far, folded as a whole answer. */
  result(): ChatResult {
    return this.#fold.result();
  }

  /** The next batch of well-formed parts; `undefined` after the last. The lease begins with the first call. Throws a ModelportError. */
  async next(): Promise<readonly ChatPart[] | undefined> {
    if (this.#failure) throw this.#failure;
    if (this.#over) return undefined;
    const { call } = this.#parts;
    const out: ChatPart[] = [];
    this.#waitingFor = 'provider';
    try {
      if (this.#iterator === undefined) this.#open(await this.#begin());
      call.waits();
      const { done, value } = await this.#untilAbandoned((this.#iterator as PartIterator).next());
      call.arrived();
      if (call.signal.aborted) throw call.signal.reason;
      if (done) this.#normaliser?.end(out);
      else this.#normaliser?.push(value, out);
      this.#fold.addAll(out);
      if (done) this.#end(undefined);
      return done && out.length === 0 ? undefined : out;
    } catch (error) {
      // What the batch held before its fault is good: it is kept, and given out before the error.
      this.#normaliser?.cut(out);
      this.#fold.addAll(out);
      const failure = await this.#fail(error);
      if (out.length === 0) throw failure;
      return out;
    } finally {
      this.#waitingFor = undefined;
    }
  }

  /** The whole result at once: the provider's own `complete` where it has one, else the folded stream. Throws a ModelportError. */
  async complete(): Promise<ChatResult> {
    const { call, requestFor } = this.#parts;
    this.#waitingFor = 'provider';
    try {
      const model = await this.#begin();
      if (model.complete) {
        call.waits();
        const result = await this.#untilAbandoned(model.complete(requestFor(this.target), call));
        if (call.signal.aborted) throw call.signal.reason;
        const checked = checkedResult(result, { plugin: this.#plugin as string });
        this.#end(undefined);
        return checked;
      }
      this.#open(model);
    } catch (error) {
      throw await this.#fail(error);
    }
    while ((await this.next()) !== undefined) { /* the fold keeps it */ }
    return this.#fold.result();
  }

  /** Ends the run early: aborts, waits for the provider to let go, frees the lease. Idempotent. */
  async stop(reason: unknown): Promise<void> {
    if (!this.#over) await this.#fail(reason);
  }

  #open(model: ChatModel): void {
    const { call, requestFor } = this.#parts;
    this.#iterator = model.stream(requestFor(this.target), call)[Symbol.asyncIterator]();
    this.#normaliser = new StreamNormaliser({ plugin: this.#plugin as string, includeRaw: call.includeRaw === true });
  }

  /** Leases the first target that can serve. A target that cannot is an attempt; the last one's failure is thrown. */
  async #begin(): Promise<ChatModel> {
    const { call, requestFor, targets, having, backend: find } = this.#parts;
    call.signal.throwIfAborted();
    for (const [index, target] of targets.entries()) {
      this.#target = target;
      this.#plugin = undefined;
      try {
        const request = requestFor(target);
        const backend = find(target.backend);
        this.#plugin = backend.plan.plugin;
        checkCapabilities(request, knownModel(backend, target.model), target.backend, having);
        const leased = backend.acquire(call);
        const generation = leased instanceof Promise ? await this.#leaseOrAbort(leased) : leased;
        this.#generation = generation;
        const model = generation.chatModel(target.model);
        if (!model) {
          throw modelportError('NOT_PROVIDED', { backend: target.backend, plugin: backend.plan.plugin, wanted: 'chat models', provides: backend.plan.manifest?.provides ?? [] });
        }
        checkFileUrls(request, model, `${target.model}@${target.backend}`);
        this.#attempts.push({ backend: target.backend, model: target.model, generation: generation.number });
        return model;
      } catch (error) {
        this.#release();
        if (call.signal.aborted) throw error;
        this.#attempts.push({ backend: target.backend, model: target.model, code: this.#toError(error).code });
        if (index === targets.length - 1) throw error;
        call.nextAttempt();
      }
    }
    throw modelportError('INTERNAL', { text: 'The alias has no target.' });
  }

  /** A start may take long; an abort does not wait for it. A lease that comes late is given back. */
  async #leaseOrAbort(leased: Promise<Generation>): Promise<Generation> {
    this.#waitingFor = 'lease';
    try {
      return await this.#untilAbandoned(leased);
    } catch (error) {
      const { call } = this.#parts;
      void leased.then((generation) => generation.release(call), () => undefined);
      throw error;
    } finally {
      this.#waitingFor = 'provider';
    }
  }

  /**
   * Settles as `work` does. After an abort the provider has 5 s to end by itself, so that its own clean-up runs; then it is abandoned.
   * One callback a run instead of a race: a race per batch costs more than the batch.
   */
  #untilAbandoned<T>(work: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#abandon = reject;
      work.then(resolve, reject);
    });
  }

  readonly #onAbort = (reason: unknown): void => {
    if (this.#over) return;
    if (this.#waitingFor === 'lease') this.#abandon?.(reason);
    else if (this.#waitingFor === 'provider') this.#abandonTimer ??= setTimeout(() => { this.#abandoned = true; this.#abandon?.(reason); }, ABANDON_AFTER_MS);
    // Nobody waits for the provider now: a reader that comes back late, or never, must not hold the lease.
    else if (!this.#failure) void this.#failUnread(reason);
  };

  async #failUnread(reason: unknown): Promise<void> {
    const cut: ChatPart[] = [];
    this.#normaliser?.cut(cut);
    this.#fold.addAll(cut);
    const failing = this.#fail(reason);
    if (this.#failure) this.#parts.onCut?.(this.#failure);
    await failing;
  }

  /** Ends the run for this reason. Whoever reads on is told the same. */
  async #fail(error: unknown): Promise<ModelportError> {
    const failure = (this.#failure ??= this.#toError(error));
    if (!this.#over) {
      const last = this.#attempts.at(-1);
      if (last && last.code === undefined) this.#attempts[this.#attempts.length - 1] = { ...last, code: failure.code };
      this.#parts.call.abort(failure);
      await this.#letGo();
      this.#end(failure);
    }
    return failure;
  }

  /** Asks the provider's iterator to clean up; one that does not within 5 s is abandoned. */
  async #letGo(): Promise<void> {
    const iterator = this.#iterator;
    if (!iterator?.return) return;
    const ended = Promise.resolve().then(() => iterator.return?.()).then(() => undefined, () => undefined);
    if (this.#abandoned) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => { this.#abandoned = true; resolve(); }, ABANDON_AFTER_MS);
      void ended.then(() => { clearTimeout(timer); resolve(); });
    });
  }

  #end(error: ModelportError | undefined): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#abandonTimer);
    this.#release();
    this.#parts.call.close();
    this.#parts.onEnd(this.#target, error);
  }

  #release(): void {
    this.#generation?.release(this.#parts.call, this.#abandoned);
    this.#generation = undefined;
  }

  #toError(error: unknown): ModelportError {
    const { call, redactor } = this.#parts;
    const facts: ErrorContext = { plugin: this.#plugin, backend: this.#target?.backend, model: this.#target?.model, callId: call.id, partial: this.#normaliser === undefined ? undefined : this.#fold.partial() };
    const cause = call.signal.aborted && !this.#over ? (call.signal.reason as unknown) : error;
    return toCallFailure(cause, facts, redactor);
  }
}

/** A running answer: parts as they come, or text only, or the folded answer at the end. */
import type { ChatPart } from '@modelport/plugin-api';
import { modelportError } from '../errors/modelport-error.ts';
import type { Answer } from './answer.ts';

/** What feeds an AnswerStream: batches of parts, an answer once they are over, and a way to stop. */
export interface AnswerSource<T> {
  /** The next batch; `undefined` after the last. Rejects with a ModelportError. */
  next(): Promise<readonly ChatPart[] | undefined>;
  /** The answer; called once, after the last batch. */
  answer(): Answer<T> | Promise<Answer<T>>;
  /** Ends the call early and frees what it holds. Idempotent. */
  stop(reason: unknown): Promise<void>;
  /** Takes who is to hear that the call was cut off while nobody was reading. */
  onCut?(listener: (error: unknown) => void): void;
}

/**
 * An async iterable of parts. It can be read once: by iterating it, by iterating `text`, or by awaiting `answer` alone, which reads it to
 * its end. After iterating, `answer` is the folded whole. Leaving a loop early (`break`) aborts the request and frees the connection.
 */
export class AnswerStream<T = unknown> implements AsyncIterable<ChatPart>, AsyncDisposable {
  readonly #source: AnswerSource<T>;
  #read = false;
  #settled: PromiseWithResolvers<Answer<T>> | undefined;
  #end: { readonly answer: Promise<Answer<T>> } | { readonly error: unknown } | undefined;
  /** What cut the call off while nobody was reading. A reader that comes back is told too, after what had arrived. */
  #cut: { readonly error: unknown } | undefined;

  constructor(
    /** Id of the call, as in events, logs and errors. */
    readonly callId: string,
    source: AnswerSource<T>,
  ) {
    this.#source = source;
    source.onCut?.((error) => {
      this.#cut = { error };
      this.#settled?.reject(error);
    });
  }

  /**
   * The whole answer. Rejects with the ModelportError that ended the stream (its `context.partial` holds what had arrived), or with
   * ABORTED after an early `break`. Asked for before anything iterates, it reads the stream itself. Unread, it never becomes an unhandled rejection.
   */
  get answer(): Promise<Answer<T>> {
    if (!this.#settled) {
      this.#settled = Promise.withResolvers();
      this.#settled.promise.catch(() => undefined);
      if (this.#end) this.#settle();
      else if (this.#cut) this.#settled.reject(this.#cut.error);
      // Whoever iterates in this same turn reads; the answer then only listens.
      else if (!this.#read) setImmediate(() => { if (!this.#read) void this.#drain(); });
    }
    return this.#settled.promise;
  }

  /** The text of the answer as it comes, without the other parts. Counts as reading the stream. */
  get text(): AsyncIterable<string> {
    return { [Symbol.asyncIterator]: () => textOf(this[Symbol.asyncIterator]()) };
  }

  /** Reads the parts. Throws REQUEST_INVALID when the stream is read a second time. */
  [Symbol.asyncIterator](): AsyncIterator<ChatPart, undefined> {
    this.#claim();
    let batch: readonly ChatPart[] = [];
    let index = 0;
    let over = false;
    let pending: Promise<IteratorResult<ChatPart, undefined>> | undefined;
    const following = async (): Promise<IteratorResult<ChatPart, undefined>> => {
      for (;;) {
        const next = over ? undefined : await this.#next();
        if (next === undefined) {
          over = true;
          return { done: true, value: undefined };
        }
        if (next.length > 0) {
          batch = next;
          index = 1;
          return { done: false, value: next[0] as ChatPart };
        }
      }
    };
    const step = (): Promise<IteratorResult<ChatPart, undefined>> => {
      const part = batch[index];
      if (part === undefined || over) return following();
      index += 1;
      return Promise.resolve({ done: false as const, value: part });
    };
    return {
      next: () => {
        if (pending === undefined && index < batch.length) return step();
        // One read at a time: a reader that does not wait still gets the parts in order.
        const turn = pending === undefined ? step() : pending.then(step, step);
        const isOver = (): void => { if (pending === turn) pending = undefined; };
        turn.then(isOver, isOver);
        return (pending = turn);
      },
      return: async () => {
        if (!over) {
          over = true;
          await this.close();
        }
        return { done: true, value: undefined };
      },
    };
  }

  /** Stops the call and frees what it holds; `answer` then rejects with ABORTED unless it was already there. Idempotent. */
  async close(): Promise<void> {
    if (this.#end) return;
    this.#read = true;
    const error = modelportError('ABORTED', { text: 'The stream was closed before its end.' }, { callId: this.callId, retryable: false });
    this.#finish({ error });
    await this.#source.stop(error);
  }

  /** Same as `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #claim(): void {
    if (this.#read) throw modelportError('REQUEST_INVALID', { text: 'This stream was already read: a stream can be read once.', remedy: 'Keep the parts of the first reading, or await `stream.answer`.' }, { callId: this.callId, retryable: false });
    this.#read = true;
  }

  async #next(): Promise<readonly ChatPart[] | undefined> {
    if (this.#end) return undefined;
    try {
      const batch = await this.#source.next();
      if (batch === undefined) await this.#complete();
      return batch;
    } catch (error) {
      this.#finish({ error });
      throw error;
    }
  }

  /** The answer is made before the loop ends, so that a schema that does not fit fails the loop too. */
  async #complete(): Promise<void> {
    const answer = Promise.resolve(this.#source.answer());
    await answer;
    this.#finish({ answer });
  }

  async #drain(): Promise<void> {
    this.#read = true;
    try {
      while ((await this.#next()) !== undefined) { /* the fold keeps what matters */ }
    } catch { /* told through `answer` */ }
  }

  #finish(end: { readonly answer: Promise<Answer<T>> } | { readonly error: unknown }): void {
    if (this.#end) return;
    this.#end = end;
    this.#settle();
  }

  #settle(): void {
    if (!this.#settled || !this.#end) return;
    if ('error' in this.#end) this.#settled.reject(this.#end.error);
    else this.#settled.resolve(this.#end.answer);
  }
}

async function* textOf(parts: AsyncIterator<ChatPart, undefined>): AsyncGenerator<string, undefined> {
  try {
    for (;;) {
      const { done, value } = await parts.next();
      if (done) return undefined;
      if (value.type === 'text-delta' && value.delta !== '') yield value.delta;
    }
  } finally {
    await parts.return?.();
  }
}

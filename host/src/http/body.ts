/** The body of an answer: read once, in one of three ways, holding back the server when the reader is slow. */
import { CallError } from '@modelport/plugin-api';

/** How many bytes may wait for a slow reader before the connection is paused. */
const highWaterBytes = 64 * 1024;

/** Longest body that is collected into one text, in bytes. A server that never ends must not fill the memory. */
const collectedBytes = 256 * 1024 * 1024;

/** The connection behind a body. */
export interface BodyFlow {
  pause(): void;
  resume(): void;
  /** From now on the reader waits for the server: silence counts from here. */
  listening(): void;
  /** The reader has left before the end. */
  leave(): void;
}

/** A body that can be read piece by piece or collected whole. */
export interface ReadableBody extends AsyncIterable<Uint8Array> {
  collect(): Promise<Buffer>;
}

interface Waiter<Value> {
  readonly resolve: (value: Value) => void;
  readonly reject: (reason: unknown) => void;
}

const done: IteratorReturnResult<undefined> = Object.freeze({ value: undefined, done: true });

/**
 * Chunks on their way from a socket to one reader. What arrives in one turn is handed on as one array, so a reader pays once per network
 * read however finely the server cut its chunks.
 */
export class SocketBody implements ReadableBody, AsyncIterableIterator<Uint8Array> {
  readonly #flow: BodyFlow;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #state: 'open' | 'ended' | 'failed' | 'left' = 'open';
  #failure: unknown;
  #paused = false;
  #taken = false;
  #waiter: Waiter<IteratorResult<Uint8Array>> | undefined;
  #collector: Waiter<Buffer> | undefined;
  #flush: (() => void) | undefined;
  #flushing = false;

  constructor(flow: BodyFlow) {
    this.#flow = flow;
  }

  /** Whether the reader waits for the server, and not the server for the reader. */
  get awaited(): boolean {
    return this.#waiter !== undefined || this.#collector !== undefined;
  }

  /** A chunk has arrived. */
  push(chunk: Buffer): void {
    if (this.#state !== 'open') return;
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#collector !== undefined) {
      this.#flow.listening();
      if (this.#bytes > collectedBytes) {
        this.fail(new CallError('PROTOCOL', `The answer is longer than ${collectedBytes} bytes, too long to be read as one text.`, { retryable: false }));
        this.#flow.leave();
      }
      return;
    }
    if (this.#waiter !== undefined) {
      // Handed on once the parser is through with this read: the chunks that follow in it come along.
      if (!this.#flushing) {
        this.#flushing = true;
        queueMicrotask(this.#flush ??= () => this.#handOn());
      }
    }
    if (this.#bytes >= highWaterBytes && !this.#paused) {
      this.#paused = true;
      this.#flow.pause();
    }
  }

  /** The whole body has arrived. */
  end(): void {
    if (this.#state !== 'open') return;
    this.#state = 'ended';
    if (this.#collector !== undefined) this.#collector.resolve(this.#take());
    else if (this.#waiter !== undefined && !this.#flushing) this.#handOn();
  }

  /** The body breaks off. What has arrived is read first. */
  fail(reason: unknown): void {
    if (this.#state !== 'open') return;
    this.#state = 'failed';
    this.#failure = reason;
    if (this.#collector !== undefined) {
      this.#chunks = [];
      this.#collector.reject(reason);
    } else if (this.#waiter !== undefined && !this.#flushing) this.#handOn();
  }

  collect(): Promise<Buffer> {
    this.#claim();
    if (this.#state === 'ended') return Promise.resolve(this.#take());
    if (this.#state === 'failed') return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#collector = { resolve, reject };
      this.#flow.listening();
      this.#release();
    });
  }

  [Symbol.asyncIterator](): this {
    this.#claim();
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#bytes > 0) return Promise.resolve({ value: this.#take(), done: false });
    if (this.#state !== 'open') return this.#finish();
    return new Promise((resolve, reject) => {
      this.#waiter = { resolve, reject };
      this.#flow.listening();
    });
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    const open = this.#state === 'open';
    this.#state = 'left';
    this.#chunks = [];
    this.#bytes = 0;
    const waiter = this.#waiter;
    this.#waiter = undefined;
    waiter?.resolve(done);
    if (open) this.#flow.leave();
    return Promise.resolve(done);
  }

  #claim(): void {
    if (this.#taken) throw new CallError('INTERNAL', 'The body of an answer can be read once, and this one was read before.');
    this.#taken = true;
  }

  #handOn(): void {
    this.#flushing = false;
    const waiter = this.#waiter;
    if (waiter === undefined) return;
    this.#waiter = undefined;
    if (this.#bytes > 0) waiter.resolve({ value: this.#take(), done: false });
    else this.#finish().then(waiter.resolve, waiter.reject);
  }

  #take(): Buffer {
    const chunks = this.#chunks;
    const whole = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, this.#bytes);
    this.#chunks = [];
    this.#bytes = 0;
    this.#release();
    return whole;
  }

  #release(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#flow.resume();
  }

  /** The end, or the failure, which is told once. */
  #finish(): Promise<IteratorResult<Uint8Array>> {
    if (this.#state !== 'failed') return Promise.resolve(done);
    this.#state = 'left';
    return Promise.reject(this.#failure);
  }
}

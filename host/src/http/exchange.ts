/** One HTTP request on the wire: its answer, its time limits, its abort, and the end of its connection. */
import type { CallError } from '@modelport/plugin-api';
import type { Dispatcher } from 'undici';
import { Answer } from './answer.ts';
import { SocketBody, type BodyFlow } from './body.ts';
import { contentDecoder, type ContentDecoder } from './content-encoding.ts';
import { ExchangeClock } from './exchange-clock.ts';
import { isClosedConnection, toNetworkError } from './network-error.ts';
import type { ExchangeFollower } from './observer.ts';
import { currentPluginFrame, outsidePluginFrame } from './plugin-frame.ts';
import type { HttpLimits } from './settings.ts';
import type { Upload } from './upload.ts';

/** The network as an exchange needs it. */
export interface Wire {
  readonly dispatcher: Dispatcher;
  /** Whether the request starting right now is the first on a new connection. */
  onNewConnection(): boolean;
  /** Whether every connection to the origin is busy, so that a request waits for its turn and not for the server. */
  isSaturated(origin: string): boolean;
}

/** What one exchange is to do. */
export interface ExchangeOrder {
  readonly wire: Wire;
  readonly origin: string;
  readonly options: Dispatcher.DispatchOptions;
  readonly signal: AbortSignal;
  readonly limits: HttpLimits;
  readonly idleMs: number;
  /** When the request began, before any redirect, on the clock of `performance.now()`. */
  readonly beganAt: number;
  /** Whether sending the same request twice changes nothing, and its body can be sent twice. */
  readonly repeatable: boolean;
  readonly refusePrivate: (address: string) => CallError;
  readonly follower: ExchangeFollower | undefined;
  /** The body, when it streams. */
  readonly upload: Upload | undefined;
}

/** Given to undici when an exchange is cut; its own reader is told the real reason. */
const cut = new Error('the exchange was cut');

/** Up to this many known bytes are read to the end after the reader left: cheaper than a new connection. */
const remainderBytes = 16 * 1024;
const remainderMs = 1_000;

/** How long an answer of unknown length may still end by itself: the last chunk mostly comes right behind the last event. */
const lastChunkMs = 25;

/** Drives one request through undici's `dispatch`. One object, one timer and one abort listener per request. */
export class Exchange implements Dispatcher.DispatchHandler, BodyFlow {
  readonly #order: ExchangeOrder;
  readonly #resolve: (answer: Answer) => void;
  readonly #reject: (reason: unknown) => void;
  #controller: Dispatcher.DispatchController | undefined;
  #body: SocketBody | undefined;
  #decoder: ContentDecoder | undefined;
  readonly #clock: ExchangeClock;
  #timer: NodeJS.Timeout | undefined;
  #over = false;
  #left = false;
  #told = false;
  #reused = false;
  #repeated = false;
  #answering = false;
  #remaining = Number.POSITIVE_INFINITY;

  private constructor(order: ExchangeOrder, resolve: (answer: Answer) => void, reject: (reason: unknown) => void) {
    this.#order = order;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#clock = new ExchangeClock(order.limits, order.idleMs, order.beganAt, performance.now());
  }

  /** Sends the request; resolves with the head of the answer. Rejects with NETWORK, TIMEOUT, HOST_NOT_ALLOWED, REQUEST_INVALID or the signal's reason. */
  static send(order: ExchangeOrder): Promise<Answer> {
    return new Promise((resolve, reject) => new Exchange(order, resolve, reject).#start());
  }

  #start(): void {
    const { wire, options, signal } = this.#order;
    signal.addEventListener('abort', this);
    // Sockets that open for this request, a proxy's too, are the host's and not the plugin's.
    if (currentPluginFrame() === undefined) wire.dispatcher.dispatch(options, this);
    else outsidePluginFrame(() => wire.dispatcher.dispatch(options, this));
    if (!this.#over) this.#arm(performance.now());
  }

  /** The call was aborted. */
  handleEvent(): void {
    this.#cut(this.#order.signal.reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    // Thrown, not aborted: undici then keeps the connection, on which nothing was written yet.
    if (this.#over) throw cut;
    this.#controller = controller;
    this.#reused = !this.#order.wire.onNewConnection();
    this.#clock.phase = 'header';
  }

  onResponseStarted(): void {
    this.#answering = true;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, rawHeaders: Record<string, string | string[] | undefined>): void {
    if (status < 200 || this.#over) return;
    const headers = joinRepeated(rawHeaders);
    const length = headers['content-length'];
    if (length !== undefined) this.#remaining = Number(length);
    this.#body = new SocketBody(this);
    const decoder = this.#order.options.method === 'HEAD' ? undefined : contentDecoder(headers['content-encoding'], this.#order.origin);
    if (decoder !== undefined) {
      delete headers['content-encoding'];
      delete headers['content-length'];
      this.#decodeWith(decoder, this.#body);
    }
    this.#order.follower?.response(status, headers);
    this.#resolve(new Answer(status, headers, this.#body, this.#order.origin));
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#clock.phase = 'body';
    this.#remaining -= chunk.length;
    if (this.#left) return;
    if (this.#decoder !== undefined) {
      if (!this.#decoder.input.write(chunk)) controller.pause();
      return;
    }
    this.#order.follower?.chunk(chunk);
    this.#body?.push(chunk);
  }

  onResponseEnd(): void {
    if (this.#over) return;
    this.#finish();
    if (this.#decoder !== undefined) {
      this.#decoder.input.end();
      return;
    }
    this.#tellEnd();
    this.#body?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#over) return;
    if (this.#reused && !this.#answering && !this.#repeated && this.#order.repeatable && isClosedConnection(error)) {
      // The server gave up an idle connection just as it was taken. Nothing was answered, and the request may be sent twice.
      this.#repeated = true;
      this.#clock.phase = 'connect';
      queueMicrotask(() => { if (!this.#over) this.#order.wire.dispatcher.dispatch(this.#order.options, this); });
      return;
    }
    const failure = this.#order.upload?.failure;
    this.#fail(failure !== undefined ? failure.thrown : toNetworkError(error, this.#order.origin, this.#body === undefined ? this.#clock.phase : 'body', this.#order.refusePrivate));
  }

  pause(): void {
    if (this.#decoder === undefined) this.#controller?.pause();
    else this.#decoder.output.pause();
  }

  resume(): void {
    if (this.#decoder === undefined) this.#controller?.resume();
    else this.#decoder.output.resume();
  }

  listening(): void {
    this.#clock.heardAt = performance.now();
  }

  leave(): void {
    if (this.#over) {
      this.#decoder?.output.destroy();
      return;
    }
    this.#left = true;
    this.#order.signal.removeEventListener('abort', this);
    this.#tellEnd('the reader left');
    this.#decoder?.output.destroy();
    this.#controller?.resume();
    if (this.#over) return;
    clearTimeout(this.#timer);
    if (this.#remaining !== Number.POSITIVE_INFINITY && this.#remaining > remainderBytes) this.close();
    else this.#timer = setTimeout(closeExchange, this.#remaining <= remainderBytes ? remainderMs : lastChunkMs, this);
  }

  /** Closes the connection of an exchange whose reader has left, if it has not ended by itself. */
  close(): void {
    if (!this.#over) this.#cut(cut);
  }

  /** Ends the exchange when a limit has passed, else sets the timer for the next one. */
  checkLimits(): void {
    if (this.#over) return;
    const now = performance.now();
    const { origin, wire } = this.#order;
    const queued = this.#clock.phase === 'connect' && wire.isSaturated(origin);
    const error = this.#clock.passed(now, { origin, queued, answered: this.#body !== undefined, awaited: this.#body?.awaited ?? false });
    if (error === undefined) this.#arm(now);
    else this.#cut(error);
  }

  #arm(now: number): void {
    const delay = this.#clock.next(now);
    this.#timer = delay === Number.POSITIVE_INFINITY ? undefined : setTimeout(checkExchange, Math.max(1, Math.ceil(delay)), this);
  }

  #decodeWith(decoder: ContentDecoder, body: SocketBody): void {
    this.#decoder = decoder;
    decoder.input.on('drain', () => this.#controller?.resume());
    decoder.output.on('data', (chunk: Buffer) => {
      this.#order.follower?.chunk(chunk);
      body.push(chunk);
    });
    decoder.output.on('end', () => {
      this.#tellEnd();
      body.end();
    });
    decoder.output.on('error', (error) => this.#cut(toNetworkError(error, this.#order.origin, 'body', this.#order.refusePrivate)));
  }

  /** Ends the exchange for its reader and closes the connection. */
  #cut(reason: unknown): void {
    this.#fail(reason);
    this.#controller?.abort(cut);
  }

  #fail(reason: unknown): void {
    this.#finish();
    if (this.#decoder !== undefined && !this.#decoder.input.destroyed) this.#decoder.input.destroy();
    this.#tellEnd(reason);
    if (this.#body === undefined) this.#reject(reason);
    else this.#body.fail(reason);
  }

  /** Tells the follower how it ended, once. */
  #tellEnd(reason?: unknown): void {
    const { follower } = this.#order;
    if (follower === undefined || this.#told) return;
    this.#told = true;
    if (reason === undefined) follower.end();
    else follower.failed(reason);
  }

  /** Lets go of timer and signal. */
  #finish(): void {
    this.#over = true;
    clearTimeout(this.#timer);
    this.#order.signal.removeEventListener('abort', this);
  }
}

function checkExchange(exchange: Exchange): void {
  exchange.checkLimits();
}

function closeExchange(exchange: Exchange): void {
  exchange.close();
}

/** Repeated headers as one text; undici's object is fresh for each answer and is changed in place. */
function joinRepeated(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  for (const name in headers) {
    const value = headers[name];
    if (typeof value !== 'string') headers[name] = Array.isArray(value) ? value.join(', ') : '';
  }
  return headers as Record<string, string>;
}

/** A log of everything that goes over the wire, one JSON object a line, without secrets. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { redactHeaders, redactUrl } from './credentials.ts';
import type { ExchangeFollower, ExchangeObserver, ObservedRequest } from './observer.ts';

/** How a wire log is kept. */
export interface WireLogOptions {
  /** File that lines are appended to; made, with its folder, at the first exchange, readable by its owner only. */
  readonly file: string;
  /** Longest part of a body that is kept, in bytes. Default 65536. */
  readonly bodyBytes?: number;
  /** Called when the file cannot be written; the log is off from then on. Default does nothing. */
  readonly onError?: (error: Error) => void;
}

/** More of a body is kept until it is redacted, so that a secret across the limit is still found whole. */
const marginBytes = 4 * 1024;

/** Writes three lines an exchange: `request`, `response`, and `end` or `failed`. */
export class WireLog implements ExchangeObserver {
  readonly #options: WireLogOptions;
  readonly #bodyBytes: number;
  #stream: WriteStream | undefined;
  #broken = false;
  #exchanges = 0;

  constructor(options: WireLogOptions) {
    this.#options = options;
    this.#bodyBytes = options.bodyBytes ?? 64 * 1024;
  }

  request(request: ObservedRequest): ExchangeFollower {
    const { redact } = request;
    const began = performance.now();
    const line = { exchange: this.#exchanges += 1, backend: request.backend, callId: request.callId, attempt: request.attempt };
    const body = request.body === undefined ? undefined : Buffer.from(request.body as string);
    this.#write({ event: 'request', ...line, method: request.method, url: redactUrl(request.url, redact), headers: redactHeaders(request.headers, redact), ...this.#shown(body === undefined ? [] : [body], body?.length ?? 0, redact) });
    const kept: Uint8Array[] = [];
    let keptBytes = 0;
    let bytes = 0;
    const close = (event: string, more: object): void => {
      this.#write({ event, ...line, afterMs: Math.round(performance.now() - began), ...more, ...this.#shown(kept, bytes, redact) });
    };
    return {
      response: (status, headers) => { this.#write({ event: 'response', ...line, afterMs: Math.round(performance.now() - began), status, headers: redactHeaders(headers, redact) }); },
      chunk: (chunk) => {
        bytes += chunk.length;
        const room = this.#bodyBytes + marginBytes - keptBytes;
        if (room <= 0) return;
        // A copy: the chunk is a view of a whole network read.
        const part = Uint8Array.prototype.slice.call(chunk, 0, room);
        kept.push(part);
        keptBytes += part.length;
      },
      end: () => { close('end', {}); },
      failed: (reason) => { close('failed', { reason: redact(String((reason as { readonly message?: unknown } | undefined)?.message ?? reason)) }); },
    };
  }

  /** Waits until every line is in the file. Idempotent. */
  async close(): Promise<void> {
    const stream = this.#stream;
    this.#stream = undefined;
    this.#broken = true;
    if (stream !== undefined && !stream.destroyed) await new Promise<void>((resolve) => { stream.once('close', resolve).end(); });
  }

  #shown(parts: readonly Uint8Array[], bytes: number, redact: (text: string) => string): object {
    if (bytes === 0) return {};
    const text = redact(Buffer.concat(parts).subarray(0, this.#bodyBytes + marginBytes).toString('utf8'));
    return { bytes, body: bytes > this.#bodyBytes ? text.slice(0, this.#bodyBytes) : text, ...(bytes > this.#bodyBytes ? { cut: true } : {}) };
  }

  #write(entry: object): void {
    if (this.#broken) return;
    this.#open().write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
  }

  #open(): WriteStream {
    if (this.#stream !== undefined) return this.#stream;
    mkdirSync(dirname(this.#options.file), { recursive: true });
    this.#stream = createWriteStream(this.#options.file, { flags: 'a', mode: 0o600 });
    this.#stream.on('error', (error) => {
      this.#broken = true;
      this.#options.onError?.(error);
    });
    return this.#stream;
  }
}

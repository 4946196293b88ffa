/** Records exchanges into a cassette. */
import { isUtf8 } from 'node:buffer';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CallError } from '@modelport/plugin-api';
import { chunkBytes, recordedChunk, recordedRequest, type Cassette, type RecordedChunk, type RecordedExchange } from './cassette.ts';
import { redactHeaders } from './credentials.ts';
import type { ExchangeFollower, ExchangeObserver, ObservedRequest } from './observer.ts';

/** An exchange while it runs. */
interface Recording {
  request: RecordedExchange['request'];
  response?: { status: number; headers: Record<string, string>; chunks: RecordedChunk[] };
  failure?: NonNullable<RecordedExchange['failure']>;
}

/** Observes the exchanges of any number of backends, in the order their requests were sent. */
export class CassetteRecorder implements ExchangeObserver {
  readonly #recordings: Recording[] = [];

  request(request: ObservedRequest): ExchangeFollower {
    const recording: Recording = { request: recordedRequest(request) };
    this.#recordings.push(recording);
    return {
      response: (status, headers) => { recording.response = { status, headers: redactHeaders(headers, request.redact), chunks: [] }; },
      chunk: (bytes) => { recording.response?.chunks.push(recordedChunk(bytes)); },
      end: () => { if (recording.response !== undefined) redactChunks(recording.response, request.redact); },
      failed: (reason) => {
        if (recording.response !== undefined) redactChunks(recording.response, request.redact);
        // An abort or a reader that left is the caller's doing, not the server's: what had arrived is the whole recording.
        if (CallError.is(reason)) recording.failure = { code: reason.code, message: request.redact(reason.message), retryable: reason.facts.retryable ?? false };
      },
    };
  }

  /** What was recorded so far. */
  cassette(): Cassette {
    return { cassette: 1, exchanges: structuredClone(this.#recordings) };
  }

  /** Writes the cassette to a file, making its folder; a reader never sees half of it. */
  async save(file: string): Promise<void> {
    await mkdir(dirname(file), { recursive: true });
    const unfinished = `${file}.${process.pid}.tmp`;
    await writeFile(unfinished, `${JSON.stringify(this.cassette(), undefined, 2)}\n`, { mode: 0o600 });
    await rename(unfinished, file);
  }
}

/**
 * Redacts a whole body at once, since a secret may be cut by chunk borders; what is no UTF-8 as bytes, so that a secret in it is found too.
 * Where something was found, the borders are kept as shares of the new length; where nothing was, the chunks stay as they are.
 */
function redactChunks(response: { chunks: RecordedChunk[] }, redact: (text: string) => string): void {
  const parts = response.chunks.map(chunkBytes);
  const whole = Buffer.concat(parts);
  const encoding = isUtf8(whole) ? 'utf8' : 'latin1';
  const text = whole.toString(encoding);
  const clean = redact(text);
  if (clean === text) return;
  const bytes = Buffer.from(clean, encoding);
  let seen = 0;
  let from = 0;
  response.chunks = parts.map((part) => {
    seen += part.length;
    const to = Math.round((bytes.length * seen) / whole.length);
    const chunk = recordedChunk(bytes.subarray(from, to));
    from = to;
    return chunk;
  });
}

/** A cassette: recorded HTTP exchanges as a JSON file, without secrets, chunk by chunk. */
import { createHash } from 'node:crypto';
import { redactHeaders, redactUrl } from './credentials.ts';
import type { ObservedRequest } from './observer.ts';

/** One chunk: as text where its bytes are UTF-8 by themselves, else in base64. */
export type RecordedChunk = { readonly text: string } | { readonly base64: string };

/** What was asked. Two requests are the same when method, URL and body are. */
export interface RecordedRequest {
  readonly method: string;
  /** With the credentials of its query replaced. */
  readonly url: string;
  /** With the credentials replaced; for the eye, never compared. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the redacted body in hex; of nothing when there is no body, or a streamed one. */
  readonly bodyHash: string;
  /** The redacted body, where it is text; for the eye. */
  readonly body?: string;
}

/** What came back, with content encoding undone. */
export interface RecordedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly chunks: readonly RecordedChunk[];
}

/** One exchange. Without `response` the head never came; with `failure` the exchange broke off after what is recorded. */
export interface RecordedExchange {
  readonly request: RecordedRequest;
  readonly response?: RecordedResponse;
  readonly failure?: { readonly code: string; readonly message: string; readonly retryable: boolean };
}

/** The file. */
export interface Cassette {
  readonly cassette: 1;
  readonly exchanges: readonly RecordedExchange[];
}

/** A request as a cassette holds and compares it. */
export function recordedRequest(request: ObservedRequest): RecordedRequest {
  const { body, redact } = request;
  const shown = typeof body === 'string' ? redact(body) : body === undefined ? '' : redactBytes(body, redact);
  return {
    method: request.method,
    url: redactUrl(request.url, redact),
    headers: redactHeaders(request.headers, redact),
    bodyHash: createHash('sha256').update(shown).digest('hex'),
    ...(typeof shown === 'string' && shown !== '' ? { body: shown } : {}),
  };
}

/** A chunk for the file. */
export function recordedChunk(bytes: Uint8Array): RecordedChunk {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString('utf8');
  // A chunk may end inside a character: then only base64 keeps its bytes.
  return Buffer.from(text, 'utf8').equals(buffer) ? { text } : { base64: buffer.toString('base64') };
}

/** The bytes of a recorded chunk. */
export function chunkBytes(chunk: RecordedChunk): Buffer {
  return 'text' in chunk ? Buffer.from(chunk.text, 'utf8') : Buffer.from(chunk.base64, 'base64');
}

/** Bytes that are text are redacted as text; others are left as they are, for a secret in them would not be found. */
function redactBytes(bytes: Uint8Array, redact: (text: string) => string): string | Uint8Array {
  const chunk = recordedChunk(bytes);
  return 'text' in chunk ? redact(chunk.text) : bytes;
}

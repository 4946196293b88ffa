/** The way to the network that the host hands to a plugin. */
import type { Call } from './context.ts';

/** HTTP with the host's pools, time limits, host allow-list (held per redirect), proxy, redaction and recording. */
export interface HttpClient {
  /**
   * Sends one request and resolves with the head of the answer. A status is never an error here (see `toCallError` in the kit). Throws
   * NETWORK, TIMEOUT (connect, header, idle or total), HOST_NOT_ALLOWED, or `call.signal.reason` on abort; the body throws the same.
   */
  request(request: HttpRequest, call: Call): Promise<HttpResponse>;
  /**
   * The platform's `fetch` over the same limits and allow-list, for vendor SDKs that ask for one. Costs about three times the CPU of
   * `request`. Belongs to no call: pass the call's signal along.
   */
  readonly fetch: typeof globalThis.fetch;
}

/** One HTTP request. */
export interface HttpRequest {
  /** Absolute URL, http or https. */
  readonly url: string;
  /** HTTP method in capitals. Default: POST when there is a body, else GET. */
  readonly method?: string;
  /** Headers as they go out. Default: none; the client adds `host` and `content-length` itself. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Body: text (sent as UTF-8), bytes, or a stream of bytes that is read once. Absent = no body. */
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Longest silence between two reads of the answer's body, in milliseconds, for this request. 0 = no limit. Default: the call's own limit. */
  readonly idleMs?: number;
}

/**
 * The head of an HTTP answer and a body that is read once, in one of the three ways. An unread body holds its connection: read it,
 * or leave the loop over it, which closes the connection.
 */
export interface HttpResponse {
  /** HTTP status code. */
  readonly status: number;
  /** Headers by lower-case name; repeated headers are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it arrives, content encoding undone, one array per network read. Leaving the loop closes the connection. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The whole body as UTF-8 text. Throws as `request` does. */
  text(): Promise<string>;
  /** The whole body parsed as JSON. Throws PROTOCOL when it is not JSON, else as `request` does. */
  json(): Promise<unknown>;
}

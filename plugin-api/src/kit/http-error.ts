/** An HTTP answer that is an error becomes a CallError, whose code says what to do about it. */
import type { CallErrorCode, CallErrorFacts } from '../errors.ts';
import { CallError } from '../errors.ts';
import type { HttpResponse } from '../http.ts';
import type { Open } from '../open.ts';
import { requestIdOf } from './request-id.ts';
import { retryAfterMs } from './retry-after.ts';
import { isHtml, readVendorError } from './vendor-error.ts';
import type { VendorError } from './vendor-error.ts';

/** What is known of an answer that is an error. */
export interface FailedResponse {
  /** HTTP status; below 400 for an error object inside an answer that began well. */
  readonly status: number;
  /** Headers by lower-case name. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The body as text, or the first part of it; or an error object that is already parsed. Default: empty. */
  readonly body?: unknown;
}

/** How to read a vendor's errors. */
export interface CallErrorOptions {
  /** The code for what this vendor says, asked before the general rules; `undefined` leaves it to them. Default: the general rules. */
  readonly dialect?: (error: VendorError) => Open<CallErrorCode> | undefined;
  /** What was thrown underneath. Default: nothing. */
  readonly cause?: unknown;
}

const RETRYABLE: ReadonlySet<string> = new Set(['RATE_LIMITED', 'OVERLOADED', 'NETWORK', 'TIMEOUT']);

/** Words that mean the same wherever they are met. General ones (`invalid_request_error`) are absent: the status knows better. */
const CODE_OF_WORD: ReadonlyMap<string, CallErrorCode> = new Map([
  ['invalid_api_key', 'AUTH_INVALID'], ['authentication_error', 'AUTH_INVALID'], ['permission_error', 'AUTH_INVALID'],
  ['insufficient_quota', 'QUOTA_EXCEEDED'], ['billing_error', 'QUOTA_EXCEEDED'], ['billing_hard_limit_reached', 'QUOTA_EXCEEDED'],
  ['billing_not_active', 'QUOTA_EXCEEDED'], ['insufficient_credits', 'QUOTA_EXCEEDED'],
  ['rate_limit_exceeded', 'RATE_LIMITED'], ['rate_limit_error', 'RATE_LIMITED'],
  ['context_length_exceeded', 'CONTEXT_OVERFLOW'], ['exceed_context_size_error', 'CONTEXT_OVERFLOW'], ['request_too_large', 'CONTEXT_OVERFLOW'],
  ['content_filter', 'CONTENT_FILTERED'], ['content_policy_violation', 'CONTENT_FILTERED'], ['responsibleaipolicyviolation', 'CONTENT_FILTERED'],
  ['model_not_found', 'MODEL_NOT_FOUND'], ['deploymentnotfound', 'MODEL_NOT_FOUND'],
  ['overloaded_error', 'OVERLOADED'], ['api_error', 'OVERLOADED'], ['server_error', 'OVERLOADED'], ['timeout_error', 'TIMEOUT'],
]);

const CODE_OF_STATUS: ReadonlyMap<number, CallErrorCode> = new Map([
  [401, 'AUTH_INVALID'], [402, 'QUOTA_EXCEEDED'], [403, 'AUTH_INVALID'], [404, 'MODEL_NOT_FOUND'], [408, 'TIMEOUT'],
  // Another request holds what this one needs; it is worth a second try.
  [409, 'OVERLOADED'],
  [410, 'MODEL_NOT_FOUND'], [413, 'CONTEXT_OVERFLOW'], [425, 'OVERLOADED'], [429, 'RATE_LIMITED'],
  // Groq: no flexible capacity now. nginx and Ollama: the connection on our side was seen to close, though nobody here aborted.
  [498, 'OVERLOADED'], [499, 'NETWORK'],
  [501, 'CAPABILITY_MISSING'],
]);

/**
 * Makes a CallError of an answer that is an error. The code comes from the plugin's dialect, else from a word of the vendor's that is known in
 * the field, else from the status: 401, 403 AUTH_INVALID; 402 QUOTA_EXCEEDED; 404, 410 MODEL_NOT_FOUND; 408 TIMEOUT; 413 CONTEXT_OVERFLOW;
 * 429 RATE_LIMITED; 499 NETWORK; 409, 425, 498 and 5xx OVERLOADED; 501 CAPABILITY_MISSING; other 4xx REQUEST_INVALID; below 400 PROTOCOL.
 * The message holds at most 500 characters of the vendor's own, never the whole body. `x-should-retry: false` is believed.
 */
export function toCallError(response: FailedResponse, options: CallErrorOptions = {}): CallError {
  const headers = response.headers ?? {};
  const error = readVendorError(response.status, response.body, headers);
  const code = options.dialect?.(error) ?? codeOf(error);
  const facts: { -readonly [Name in keyof CallErrorFacts]: CallErrorFacts[Name] } = {
    retryable: RETRYABLE.has(code) && headers['x-should-retry'] !== 'false',
    status: response.status,
  };
  const waitMs = retryAfterMs(headers);
  if (waitMs !== undefined) facts.retryAfterMs = waitMs;
  const requestId = requestIdOf(headers);
  if (requestId !== undefined) facts.requestId = requestId;
  if (options.cause !== undefined) facts.cause = options.cause;
  return new CallError(code, messageOf(response, error, headers), facts);
}

/**
 * Reads what `toCallError` needs from an HTTP answer: at most 64 KiB of its body, so that an endless error page costs nothing. A body
 * that breaks off is taken as far as it came: the status is the news. Throws only `call.signal.reason`, as the body does on abort.
 */
export async function readFailedResponse(response: HttpResponse, signal: AbortSignal): Promise<FailedResponse> {
  const decoder = new TextDecoder();
  let body = '';
  try {
    for await (const bytes of response.body) {
      body += decoder.decode(bytes, { stream: true });
      if (body.length >= 65_536) break;
    }
  } catch {
    if (signal.aborted) throw signal.reason;
  }
  return { status: response.status, headers: response.headers, body: body + decoder.decode() };
}

function codeOf(error: VendorError): CallErrorCode {
  // Too large for one request is not helped by waiting, though some vendors call it a rate limit.
  if (error.status === 413) return 'CONTEXT_OVERFLOW';
  for (const word of [error.code, error.type]) {
    const known = word === undefined ? undefined : CODE_OF_WORD.get(word.toLowerCase());
    if (known !== undefined) return known;
  }
  const known = CODE_OF_STATUS.get(error.status);
  if (known !== undefined) return known;
  if (error.status >= 500) return 'OVERLOADED';
  return error.status >= 400 ? 'REQUEST_INVALID' : 'PROTOCOL';
}

function messageOf(response: FailedResponse, error: VendorError, headers: Readonly<Record<string, string>>): string {
  const start = `The vendor answered with status ${response.status}`;
  if (isHtml(response.body, headers)) return `${start}: the answer is an HTML page, is a proxy in between?`;
  return error.message === undefined ? `${start} and no message.` : `${start}: ${error.message}`;
}

/** A failed call, told by code and facts, the same across every copy of this package. */
import { CALL_ERROR_BRAND } from './contract.ts';
import type { Open } from './open.ts';
import type { Usage } from './usage.ts';

/** Why a call failed. A plugin's own codes start with `x-`. */
export type CallErrorCode =
  /** No secret is set. Not retryable. */
  | 'AUTH_MISSING'
  /** The vendor refuses the secret, or what it may do. Not retryable. */
  | 'AUTH_INVALID'
  /** Too many requests or tokens for now. Retryable, after `retryAfterMs` where given. */
  | 'RATE_LIMITED'
  /** Money, credits or a fixed quota are used up: waiting does not help. Not retryable. */
  | 'QUOTA_EXCEEDED'
  /** The request does not fit the model's window. Not retryable; another model may take it. */
  | 'CONTEXT_OVERFLOW'
  /** The vendor's filter refused the request before any answer. Not retryable. */
  | 'CONTENT_FILTERED'
  /** The vendor, or the plugin before sending, finds the request wrong. Not retryable. */
  | 'REQUEST_INVALID'
  /** The vendor has no such model, or not for this account. Not retryable. */
  | 'MODEL_NOT_FOUND'
  /** The model exists but is not on this machine: pull it first. Not retryable. */
  | 'MODEL_NOT_PULLED'
  /** The model or wire cannot do what is asked, and leaving it out would change the answer's meaning. Not retryable. */
  | 'CAPABILITY_MISSING'
  /** The vendor is overloaded or has failed inside. Retryable. */
  | 'OVERLOADED'
  /** The connection could not be made or broke. Retryable. */
  | 'NETWORK'
  /** A time limit of the host, or the vendor's own, passed; `facts.limit` says which of the host's. Retryable. */
  | 'TIMEOUT'
  /** The caller, or the host on its behalf, aborted. Made by the host; a plugin rejects with `signal.reason`. Not retryable. */
  | 'ABORTED'
  /** The answer is not what the wire's documentation says. Not retryable unless the facts say so. */
  | 'PROTOCOL'
  /** The URL's host is not in the plugin's manifest, options or permissions. Not retryable. */
  | 'HOST_NOT_ALLOWED'
  /** A fault of the plugin or the host. Not retryable. */
  | 'INTERNAL';

/** What is known about a failure, as data: nothing that decides a retry has to be read out of a message. */
export interface CallErrorFacts {
  /** Whether the same request may succeed later. Default: as written beside the code in `CallErrorCode`; false for codes that are not listed. */
  readonly retryable?: boolean;
  /** How long the vendor asks to wait, in milliseconds. Absent = it did not say. */
  readonly retryAfterMs?: number;
  /** HTTP status of the answer. Absent = there was none. */
  readonly status?: number;
  /** The vendor's id of the request, to quote to its support. */
  readonly requestId?: string;
  /** Which time limit passed, for TIMEOUT. */
  readonly limit?: 'connect' | 'header' | 'idle' | 'total';
  /** What the failed call used up, where the vendor said so. */
  readonly usage?: Usage;
  /** What was thrown underneath. Also the `cause` of the error. Shown to users only as a redacted copy. */
  readonly cause?: unknown;
}

/**
 * A failed call. Failures are thrown, never yielded; the host adds plugin, backend, model, call id and the partial result. The message says
 * what happened in words a user can act on, and never holds a secret or a whole body. Check with `CallError.is` and `code`, never `instanceof`.
 */
export class CallError extends Error {
  /** Why the call failed. */
  readonly code: Open<CallErrorCode>;
  /** What is known about it, frozen. Empty when nothing was given. */
  readonly facts: CallErrorFacts;

  constructor(code: Open<CallErrorCode>, message: string, facts: CallErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.facts = Object.freeze({ ...facts });
  }

  static {
    // On the prototype, not on each error: the name and the brand stay out of logs that print own properties.
    Object.defineProperty(this.prototype, 'name', { value: 'CallError', configurable: true, writable: true });
    Object.defineProperty(this.prototype, CALL_ERROR_BRAND, { value: true });
  }

  /** Whether a value is a CallError of any copy of this package, by its `Symbol.for('modelport.CallError')` brand. */
  static is(error: unknown): error is CallError {
    return typeof error === 'object' && error !== null && (error as { readonly [CALL_ERROR_BRAND]?: unknown })[CALL_ERROR_BRAND] === true;
  }
}

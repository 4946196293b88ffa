/** The one error of the host: a code of the catalogue, its details, and the command that mends it. */
import type { CallErrorFacts, ChatResult } from '@modelport/plugin-api';
import { errorCatalogue, type ErrorCode, type ErrorDetails, type ErrorRow } from './catalogue.ts';

const brand = Symbol.for('modelport.ModelportError');

/** Where a call stood when it failed, and what had arrived by then. */
export interface ErrorContext extends Omit<CallErrorFacts, 'cause'> {
  /** Package name of the plugin. */
  readonly plugin?: string | undefined;
  /** Key under `backends:`. */
  readonly backend?: string | undefined;
  /** The vendor's model id. */
  readonly model?: string | undefined;
  readonly callId?: string | undefined;
  /** What had arrived before the failure, folded. */
  readonly partial?: ChatResult | undefined;
  readonly cause?: unknown;
}

/**
 * Every failure a user of the host sees. Check it with `ModelportError.is(error)` and `error.code`, never with `instanceof` and
 * never by its message. Codes outside the catalogue are a plugin's own and start with `x-`.
 */
export class ModelportError extends Error {
  /** A code of the catalogue, or a plugin's own, which starts with `x-`. */
  readonly code: ErrorCode | (string & {});
  /** The details the code carries; see the catalogue. */
  readonly details: object;
  /** The command or the step that mends it, as one sentence. */
  readonly remedy: string;
  /** Facts of a failed call: `retryable`, `status`, `backend`, `partial`, ... */
  readonly context: Omit<ErrorContext, 'cause'>;

  constructor(code: ErrorCode | `x-${string}`, details: object, context: ErrorContext = {}) {
    const { cause, ...facts } = context;
    const entry = (errorCatalogue[code as ErrorCode] ?? errorCatalogue.INTERNAL) as unknown as ErrorRow<object>;
    super(entry.message(details), cause === undefined ? undefined : { cause });
    this.name = 'ModelportError';
    this.code = code;
    this.details = details;
    this.remedy = entry.remedy(details);
    this.context = facts;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Whether a value is a ModelportError, from any copy of this package. */
  static is(error: unknown): error is ModelportError {
    return typeof error === 'object' && error !== null && (error as { [brand]?: unknown })[brand] === true;
  }
}

/** Makes an error of the catalogue, with its details checked against the code. */
export function modelportError<Code extends ErrorCode>(code: Code, details: ErrorDetails<Code>, context?: ErrorContext): ModelportError {
  return new ModelportError(code, details as object, context);
}

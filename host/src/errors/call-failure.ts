/** The error a user sees for whatever a call threw: blamed, redacted, with the partial result. */
import { CallError } from '@modelport/plugin-api';
import type { Redactor } from '../secrets/redact.ts';
import { errorCatalogue, type ErrorCode } from './catalogue.ts';
import { ModelportError, modelportError, type ErrorContext } from './modelport-error.ts';
import { isRetryableByDefault } from './retryable.ts';

/** Makes the ModelportError of a failed call. `facts` say where the call stood; what the error itself says wins, but for the partial result. */
export function toCallFailure(error: unknown, facts: ErrorContext, redactor: Redactor): ModelportError {
  if (ModelportError.is(error)) {
    // SECRET_MISSING is the state of a backend; a call that met it failed with the contract's word.
    if (error.code === 'SECRET_MISSING') return modelportError('AUTH_MISSING', { text: error.message, remedy: error.remedy }, { ...facts, ...error.context, retryable: false, cause: redactor.redactError(error) });
    const context = { ...facts, retryable: isRetryableByDefault(error.code), ...error.context, ...(facts.partial === undefined ? {} : { partial: facts.partial }), cause: redactor.redactError(error.cause) };
    return new ModelportError(error.code as ErrorCode, error.details, context);
  }
  const known = callErrorOf(error);
  if (known !== undefined) {
    const { cause: _cause, retryable, ...own } = known.facts;
    const listed = known.code in errorCatalogue || known.code.startsWith('x-');
    const code = (listed ? known.code : 'INTERNAL') as ErrorCode;
    return new ModelportError(code, { text: redactor.redact(known.message) }, { ...facts, ...own, retryable: retryable ?? isRetryableByDefault(code), cause: redactor.redactError(error) });
  }
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return modelportError('INTERNAL', { text: redactor.redact(`${facts.plugin ?? 'The plugin'} threw ${message}`) }, { ...facts, retryable: false, cause: redactor.redactError(error) });
}

/** How deep a call error may lie below errors of a vendor's SDK. */
const DEEPEST_CAUSE = 4;

/** The call error itself, or the one below what a vendor's SDK made of it: `fetch` and SDKs wrap what the host's client threw. */
function callErrorOf(error: unknown): CallError | undefined {
  let current = error;
  for (let depth = 0; depth <= DEEPEST_CAUSE && typeof current === 'object' && current !== null; depth += 1) {
    if (CallError.is(current)) return current;
    current = (current as { readonly cause?: unknown }).cause;
  }
  return undefined;
}

/** The proxy's words for what went wrong: its own refusals, and the exception of the vendor behind it, whose name begins the message. */
import type { CallErrorCode } from '@modelport/plugin-api';
import type { VendorError } from '@modelport/plugin-api/kit';

/** Types of the proxy's own errors. Source: `ProxyErrorTypes` of litellm. */
const CODE_OF_TYPE: ReadonlyMap<string, CallErrorCode> = new Map([
  ['budget_exceeded', 'QUOTA_EXCEEDED'], ['auth_error', 'AUTH_INVALID'], ['expired_key', 'AUTH_INVALID'], ['token_not_found_in_db', 'AUTH_INVALID'],
  ['key_model_access_denied', 'AUTH_INVALID'], ['team_model_access_denied', 'AUTH_INVALID'], ['user_model_access_denied', 'AUTH_INVALID'], ['no_db_connection', 'OVERLOADED'],
  ['throttling_error', 'RATE_LIMITED'], ['cache_ping_error', 'OVERLOADED'],
]);

/** Exceptions of litellm, as its messages begin: `litellm.RateLimitError: ...`. Source: https://docs.litellm.ai/docs/exception_mapping. */
const CODE_OF_EXCEPTION: ReadonlyMap<string, CallErrorCode> = new Map([
  ['ContextWindowExceededError', 'CONTEXT_OVERFLOW'], ['ContentPolicyViolationError', 'CONTENT_FILTERED'], ['RateLimitError', 'RATE_LIMITED'], ['Timeout', 'TIMEOUT'],
  ['BudgetExceededError', 'QUOTA_EXCEEDED'], ['AuthenticationError', 'AUTH_INVALID'], ['PermissionDeniedError', 'AUTH_INVALID'], ['NotFoundError', 'MODEL_NOT_FOUND'],
  ['UnsupportedParamsError', 'REQUEST_INVALID'], ['ServiceUnavailableError', 'OVERLOADED'], ['InternalServerError', 'OVERLOADED'], ['BadGatewayError', 'OVERLOADED'],
  ['APIConnectionError', 'OVERLOADED'],
]);

/** The code for the proxy's words; `undefined` leaves it to OpenAI's. */
export function errorCode({ type, code, message = '' }: VendorError): CallErrorCode | undefined {
  for (const word of [type, code]) {
    const known = word === undefined ? undefined : CODE_OF_TYPE.get(word);
    if (known !== undefined) return known;
  }
  // A message may name several, the outer one first: the inner one says more.
  const named = [...message.matchAll(/litellm\.(?:exceptions\.)?(\w+)/g)].map(([, name = '']) => CODE_OF_EXCEPTION.get(name)).filter((known) => known !== undefined);
  if (named.length > 0) return named.at(-1);
  if (/^No deployments available|no healthy deployment/i.test(message)) return 'OVERLOADED';
  if (/invalid model name passed in/i.test(message)) return 'MODEL_NOT_FOUND';
  return /budget has been exceeded/i.test(message) ? 'QUOTA_EXCEEDED' : undefined;
}

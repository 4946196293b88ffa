/** Groq's words for what went wrong. Source: https://console.groq.com/docs/errors. */
import { CallError, type CallErrorCode } from '@modelport/plugin-api';
import { toCallError, type FailedResponse, type VendorError } from '@modelport/plugin-api/kit';

const CODE_OF_WORD: ReadonlyMap<string, CallErrorCode> = new Map([
  ['model_decommissioned', 'MODEL_NOT_FOUND'], ['model_not_active', 'MODEL_NOT_FOUND'], ['model_terms_required', 'AUTH_INVALID'], ['organization_restricted', 'AUTH_INVALID'],
  ['capacity_exceeded', 'OVERLOADED'],
]);

/** The code for Groq's own words; `undefined` leaves it to OpenAI's. */
export function errorCode({ code, type, status, message = '' }: VendorError): CallErrorCode | undefined {
  for (const word of [code, type]) {
    const known = word === undefined ? undefined : CODE_OF_WORD.get(word);
    if (known !== undefined) return known;
  }
  // A stream that stops early says why in a sentence, without a code.
  return status < 400 && /capacity|overloaded|try again/i.test(message) ? 'OVERLOADED' : undefined;
}

/** What of a failed generation is shown, in characters. */
const SHOWN = 300;

/**
 * A 400 that is the model's fault, not the request's: it wrote a tool call or JSON that does not parse. Asked again it mostly does better,
 * so it is PROTOCOL and retryable; the message shows how the failed text begins.
 */
export function readError(failed: FailedResponse): CallError | undefined {
  const error = errorOf(failed.body);
  if (error?.code !== 'tool_use_failed' && error?.code !== 'json_validate_failed') return undefined;
  const { message, facts } = toCallError(failed);
  const { failed_generation: text } = error;
  const shown = typeof text !== 'string' || text === '' ? '' : ` The model wrote: ${text.length > SHOWN ? `${text.slice(0, SHOWN)}...` : text}`;
  return new CallError('PROTOCOL', message + shown, { ...facts, retryable: true });
}

function errorOf(body: unknown): { readonly code?: unknown; readonly failed_generation?: unknown } | undefined {
  try {
    const value = (typeof body === 'string' ? JSON.parse(body) : body) as { readonly error?: object } | null;
    return value?.error;
  } catch {
    return undefined;
  }
}

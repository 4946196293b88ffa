/** Anthropic's words for what went wrong. */
import type { CallError, CallErrorCode, HttpResponse } from '@modelport/plugin-api';
import { parseObject, readFailedResponse, toCallError, type VendorError } from '@modelport/plugin-api/kit';

type Headers = Readonly<Record<string, string>>;

/** The exact words in `error.details.error_code`. Source: the error classes of the official client. */
const CODE_OF_DETAIL: ReadonlyMap<string, CallErrorCode> = new Map([
  ['contract_spend_limit_reached', 'QUOTA_EXCEEDED'], ['enforced_spend_limit_reached', 'QUOTA_EXCEEDED'],
  ['linked_organization_spend_limit_reached', 'QUOTA_EXCEEDED'], ['linked_organization_billing_unavailable', 'QUOTA_EXCEEDED'],
  ['organization_on_hold', 'AUTH_INVALID'], ['ramp_limit_exceeded', 'RATE_LIMITED'],
  ['request_body_too_large_after_decoding', 'CONTEXT_OVERFLOW'],
]);

/** Throws the CallError of an answer with an error status. Throws `signal.reason` on abort. */
export async function throwFailed(response: HttpResponse, signal: AbortSignal): Promise<never> {
  const failed = await readFailedResponse(response, signal);
  throw toCallError(failed, { dialect: (error) => codeOf(error, detailOf(failed.body)) });
}

/** The CallError of an error object inside an answer with status 200. */
export function insideAnswer(body: unknown, headers: Headers): CallError {
  return toCallError({ status: 200, headers, body }, { dialect: (error) => codeOf(error, detailOf(body)) });
}

/** Reads a body that came whole. Throws PROTOCOL, or the CallError of an error object. */
export function readWhole(text: string, headers: Headers): object {
  const value = parseObject(text, headers);
  const { type, error } = value as { readonly type?: unknown; readonly error?: unknown };
  if (type === 'error' || (error !== undefined && error !== null)) throw insideAnswer(value, headers);
  return value;
}

/** The vendor has one word, `invalid_request_error`, for a wrong field, a full window and an empty account: only its text tells them apart. */
function codeOf({ status, type, message = '' }: VendorError, detail: string | undefined): CallErrorCode | undefined {
  const exact = detail === undefined ? undefined : CODE_OF_DETAIL.get(detail);
  if (exact !== undefined) return exact;
  switch (type) {
    case 'invalid_request_error':
      if (/prompt is too long|exceeds? (the )?context (limit|window)|input length and `?max_tokens/i.test(message)) return 'CONTEXT_OVERFLOW';
      if (/credit balance|usage limits|spend(ing)? limit/i.test(message)) return 'QUOTA_EXCEEDED';
      if (/content filtering policy|usage policy/i.test(message)) return 'CONTENT_FILTERED';
      return status === 413 ? 'CONTEXT_OVERFLOW' : 'REQUEST_INVALID';
    case 'not_found_error':
      return /^model\b/i.test(message) ? 'MODEL_NOT_FOUND' : 'REQUEST_INVALID';
    case 'conflict_error':
      return 'REQUEST_INVALID';
    default:
      // A gateway's own 404 is a wrong address, not a missing model.
      return status === 404 && type === undefined ? 'REQUEST_INVALID' : undefined;
  }
}

function detailOf(body: unknown): string | undefined {
  let value = body;
  if (typeof body === 'string') {
    try {
      value = JSON.parse(body);
    } catch {
      return undefined;
    }
  }
  const code = (value as { readonly error?: { readonly details?: { readonly error_code?: unknown } | null } | null } | null)?.error?.details?.error_code;
  return typeof code === 'string' ? code : undefined;
}

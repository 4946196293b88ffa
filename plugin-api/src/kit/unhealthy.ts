/** What a question about a vendor's health means when it fails. */
import type { Call } from '../context.ts';
import { CallError } from '../errors.ts';
import type { Health } from '../health.ts';

/**
 * The health of a backend whose question threw: `unhealthy`, with the reason and, where only a person can mend it, the remedy. `remedy` may
 * name another one for an error; `undefined` leaves the secret to be named where the key is missing or refused. Throws only `call.signal.reason` on abort.
 */
export function toUnhealthy(error: unknown, call: Call, remedy?: (error: CallError) => string | undefined): Health {
  if (call.signal.aborted) throw call.signal.reason;
  if (!CallError.is(error)) return { status: 'unhealthy', reason: error instanceof Error ? error.message : String(error) };
  const isKey = error.code === 'AUTH_MISSING' || error.code === 'AUTH_INVALID';
  const what = remedy?.(error) ?? (isKey ? 'Set the secret apiKey of this backend to a valid key.' : undefined);
  return { status: 'unhealthy', reason: error.message, ...(what === undefined ? {} : { remedy: what }) };
}

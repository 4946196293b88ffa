/** How long a vendor asks to wait before the next attempt. */

/** Longest wait that is believed, in milliseconds: one day. A longer one is taken for this, so that no timer overflows. */
export const MAX_RETRY_AFTER_MS = 86_400_000;

/**
 * Reads `retry-after-ms` (milliseconds), else `retry-after` (seconds, or an HTTP date measured against the answer's own `date` header
 * so that a wrong clock on either side does no harm). Header names in lower case. `undefined` when neither is there or readable; a date
 * in the past is 0; at most `MAX_RETRY_AFTER_MS`. Source: RFC 9110, section 10.2.3.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number = Date.now()): number | undefined {
  const milliseconds = toNumber(headers['retry-after-ms']);
  if (milliseconds !== undefined) return bounded(milliseconds);
  const text = headers['retry-after'];
  const seconds = toNumber(text);
  if (seconds !== undefined) return bounded(seconds * 1000);
  // A bare number that is no sane number of seconds (-1) must not be read as a year.
  if (text === undefined || !/[a-z]/i.test(text)) return undefined;
  const date = Date.parse(text);
  if (Number.isNaN(date)) return undefined;
  const sentAt = Date.parse(headers['date'] ?? '');
  return bounded(date - (Number.isNaN(sentAt) ? now : sentAt));
}

function toNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*\d+(\.\d+)?(e\d+)?\s*$/i.test(text) ? Number(text) : undefined;
}

function bounded(milliseconds: number): number {
  return Math.ceil(Math.min(Math.max(milliseconds, 0), MAX_RETRY_AFTER_MS));
}

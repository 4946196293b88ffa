/** What the host throws when a plugin's stream breaks the contract in a way that cannot be mended without lying. */
import { CallError } from '@modelport/plugin-api';

/** A PROTOCOL error that says what the plugin did. Not retryable: the same plugin would do it again. */
export function protocolFault(what: string, cause?: unknown): CallError {
  return new CallError('PROTOCOL', `The plugin broke the contract: ${what}.`, { retryable: false, ...(cause === undefined ? {} : { cause }) });
}

/** A value's kind in words, never the value: it may be a secret or megabytes long. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Whether a value is an object and no array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

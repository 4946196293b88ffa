/** What the host throws when a plugin's stream breaks the contract in a way that cannot be mended without lying. */
import { CallError } from '@modelport/plugin-api';
import type { Usage } from '@modelport/plugin-api';

/** Makes a PROTOCOL error that says what the plugin did. Not retryable: the same plugin would do it again. */
export type Fault = (what: string, cause?: unknown) => CallError;

/** The faults of one plugin, named in the message where its name is known. */
export function faultsOf(plugin: string | undefined): Fault {
  const who = plugin === undefined ? 'The plugin' : `The plugin ${plugin}`;
  return (what, cause) => new CallError('PROTOCOL', `${who} broke the contract: ${what}.`, { retryable: false, ...(cause === undefined ? {} : { cause }) });
}

/** A stream ended before its `finish`. Retryable: the next try may get the whole answer. */
export function cutStream(usage: Usage | undefined): CallError {
  return new CallError('PROTOCOL', 'The stream ended before its finish: the answer may be cut.', { retryable: true, ...(usage === undefined ? {} : { usage }) });
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

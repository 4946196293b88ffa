/** Whether the same request may succeed later, for failures whose source does not say. */

/** Codes of failures that pass: the doc of each code in the contract says so; GENERATION_RETIRED means a successor already serves. */
const passing: ReadonlySet<string> = new Set(['RATE_LIMITED', 'OVERLOADED', 'NETWORK', 'TIMEOUT', 'GENERATION_RETIRED']);

/** The default of `retryable` for a code; false for every code that is not known to pass, a plugin's own `x-` codes included. */
export function isRetryableByDefault(code: string): boolean {
  return passing.has(code);
}

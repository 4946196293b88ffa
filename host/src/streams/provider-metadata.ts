/** Vendor data that arrives in pieces becomes one object: per dialect, the last value of a key wins. */
import type { ProviderData } from '@modelport/plugin-api';
import { isRecord } from './protocol-fault.ts';

/** Merges two pieces of vendor data, neither of which is changed. What is no object is left out, since vendors send what they like. */
export function mergeProviderData(earlier: ProviderData | undefined, later: ProviderData | undefined): ProviderData | undefined {
  if (!isRecord(later)) return earlier;
  if (earlier === undefined) return later;
  // Spread, not assignment: a key named `__proto__` stays an ordinary key.
  const merged = { ...earlier, ...later };
  const both = Object.keys(later).filter((dialect) => isRecord(earlier[dialect]) && isRecord(later[dialect]));
  return { ...merged, ...Object.fromEntries(both.map((dialect) => [dialect, { ...earlier[dialect], ...later[dialect] }])) };
}

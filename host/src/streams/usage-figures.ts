/** Usage arrives in pieces and is cumulative: the latest figure counts, and one that is not a count is none at all. */
import type { Usage } from '@modelport/plugin-api';
import { isRecord } from './protocol-fault.ts';

const inputFigures = ['total', 'noCache', 'cacheRead', 'cacheWrite'] as const;
const outputFigures = ['total', 'text', 'reasoning'] as const;

/** Usage of which nothing is known; its figures are absent, not 0. */
export const unknownUsage: Usage = Object.freeze({ inputTokens: Object.freeze({}), outputTokens: Object.freeze({}) });

/**
 * Lays the newer usage over the older one. A figure the newer one lacks is kept from the older, because vendors send input and output
 * tokens in different frames. Figures that are negative or no finite number are left out and their paths added to `rejected`. Returns
 * `newer` itself where there is nothing to change.
 */
export function mergeUsage(older: Usage | undefined, newer: unknown, rejected: string[]): Usage {
  if (!isRecord(newer)) {
    if (newer !== undefined && newer !== null) rejected.push('usage');
    return older ?? unknownUsage;
  }
  const count = rejected.length;
  const input = mergeFigures(inputFigures, 'inputTokens', older?.inputTokens, newer['inputTokens'], rejected);
  const output = mergeFigures(outputFigures, 'outputTokens', older?.outputTokens, newer['outputTokens'], rejected);
  const cost = figure('costUsd', newer['costUsd'], rejected) ?? older?.costUsd;
  const raw = (newer['raw'] as Usage['raw']) ?? older?.raw;
  const same = count === rejected.length && isRecord(newer['inputTokens']) && isRecord(newer['outputTokens'])
    && input === newer['inputTokens'] && output === newer['outputTokens'] && cost === newer['costUsd'] && raw === newer['raw'];
  if (same) return newer as unknown as Usage;
  const { costUsd: _cost, raw: _raw, ...others } = { ...older, ...newer };
  return { ...others, inputTokens: input, outputTokens: output, ...(cost === undefined ? {} : { costUsd: cost }), ...(raw === undefined ? {} : { raw }) };
}

type Figures = Readonly<Record<string, number | undefined>>;

/** Merges one group of figures; returns the newer group itself where nothing has to change. */
function mergeFigures(names: readonly string[], group: string, older: object | undefined, newer: unknown, rejected: string[]): Figures {
  if (!isRecord(newer)) {
    if (newer !== undefined && newer !== null) rejected.push(`usage.${group}`);
    return (older ?? {}) as Figures;
  }
  let changed: Record<string, number | undefined> | undefined;
  for (const name of names) {
    const value = figure(`${group}.${name}`, newer[name], rejected) ?? (older as Figures | undefined)?.[name];
    if (value === newer[name]) continue;
    changed ??= { ...(newer as Figures) };
    if (value === undefined) delete changed[name];
    else changed[name] = value;
  }
  return changed ?? (newer as Figures);
}

function figure(path: string, value: unknown, rejected: string[]): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  rejected.push(`usage.${path}`);
  return undefined;
}

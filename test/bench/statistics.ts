/** Medians and quartiles: on a shared machine the mean belongs to whoever else was busy. */

/** The middle of what was seen, and the quartiles around it. */
export interface Spread {
  readonly median: number;
  /** A quarter of what was seen is smaller. */
  readonly low: number;
  /** A quarter of what was seen is larger. */
  readonly high: number;
}

/** The value below which that share of the values lies, between two values by proportion. NaN for no values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? Number.NaN;
  const above = sorted[Math.ceil(place)] ?? Number.NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** The median of the values. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Median and quartiles of the values. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/** The spread of each value over the one seen beside it in the same round. */
export function ratios(values: readonly number[], floor: readonly number[]): Spread {
  return spreadOf(values.map((value, round) => value / (floor[round] as number)));
}

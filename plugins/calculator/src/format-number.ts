/** A number as a person writes it: no noise of binary fractions. */

/**
 * Whole numbers up to 2^53 exactly; everything else rounded to 15 significant digits, all that a 64-bit float can promise
 * (so `0.1 + 0.2` reads `0.3`).
 */
export function formatNumber(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : String(Number(value.toPrecision(15)));
}

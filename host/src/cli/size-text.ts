/** Sizes as a person reads them: decimal units, as model libraries write them. */

const units = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `4.9 GB`; empty for what is not known. */
export function sizeText(bytes: number | undefined): string {
  if (bytes === undefined) return '';
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** Columns of text, as wide as their longest cell. */

/** One cell: its text, and the colour it gets once its width is known. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** Lines of a table. `heads` may be empty: then there is no heading line. The last column is not padded. */
export function tableLines(heads: readonly string[], rows: readonly (readonly (Cell | string)[])[], paintHead: (text: string) => string = (text) => text): string[] {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? { text: cell } : cell)));
  const all: readonly (readonly Cell[])[] = heads.length > 0 ? [heads.map((text) => ({ text, paint: paintHead })), ...cells] : cells;
  const widths: number[] = [];
  for (const row of all) row.forEach(({ text }, column) => { widths[column] = Math.max(widths[column] ?? 0, text.length); });
  return all.map((row) => row
    .map(({ text, paint = (plain: string) => plain }, column) => paint(text) + (column === row.length - 1 ? '' : ' '.repeat((widths[column] ?? 0) - text.length)))
    .join('  ')
    .trimEnd());
}

/** Every line indented by some spaces. */
export function indented(text: string, by = 2): string {
  return text.split('\n').map((line) => (line === '' ? line : ' '.repeat(by) + line)).join('\n');
}

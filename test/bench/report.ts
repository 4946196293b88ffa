/** What was measured, as a table for people and as data for programs. */
import type { LoadResult, StartResult } from './measure.ts';
import { median, ratios, spreadOf, type Spread } from './statistics.ts';

/** Largest ratio a start may have to node + undici, by the state of the compile cache. RULES of the project. */
const START_AIMS = { warm: 1.5, cold: 2.0 } as const;
/** Milliseconds that 200 configured plugins may add to a start. RULES of the project. */
const PLUGINS_AIM_MS = 30;

/** One row of the report. */
export interface Row {
  readonly title: string;
  /** To the first row, round by round; CPU of the process. */
  readonly cpu: Spread;
  /** To the first row, round by round; by the clock. */
  readonly wall: Spread;
  /** Medians of what was seen: microseconds an operation, or milliseconds a start. */
  readonly absolute: { readonly cpu: number; readonly wall: number };
  /** Median of the 99th percentiles of how late the event loop was, in milliseconds. */
  readonly loopDelayMs?: number;
  /** Milliseconds by the clock more than with one plugin. */
  readonly addedMs?: Spread;
}

/** One table of the report. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly unit: 'us' | 'ms';
  readonly rows: readonly Row[];
  readonly aims: readonly Aim[];
}

/** An aim and what was seen of it. */
export interface Aim {
  readonly text: string;
  readonly seen: number;
  readonly limit: number;
}

/** Turns the loads into sections. */
export function sectionsOfLoads(results: readonly LoadResult[]): Section[] {
  return results.map(({ load, series }) => {
    const [floor] = series;
    const floorCpu = floor!.rounds.map(({ cpuUs }) => cpuUs);
    const floorWall = floor!.rounds.map(({ wallUs }) => wallUs);
    const rows = series.map(({ entry, rounds, loopDelaysUs }): Row => {
      const cpu = rounds.map(({ cpuUs }) => cpuUs);
      const wall = rounds.map(({ wallUs }) => wallUs);
      return {
        title: entry.title, cpu: ratios(cpu, floorCpu), wall: ratios(wall, floorWall), absolute: { cpu: median(cpu), wall: median(wall) },
        ...(load.loopDelay ? { loopDelayMs: median(loopDelaysUs) / 1_000 } : {}),
      };
    });
    const own = rows.find((_, index) => series[index]!.entry.id === 'modelport');
    const aims = load.aim === undefined || own === undefined ? [] : [{ text: 'Modelport, CPU', seen: own.cpu.median, limit: load.aim }];
    return { id: load.id, title: load.title, unit: 'us', rows, aims };
  });
}

/** Turns the starts into sections. */
export function sectionsOfStarts(results: readonly StartResult[]): Section[] {
  return results.map(({ cache, series }) => {
    const [floor, one] = series;
    const wallOf = (index: number): number[] => series[index]!.starts.map(({ wallMs }) => wallMs);
    const rows = series.map(({ starter, starts }, index): Row => {
      const cpu = starts.map(({ cpuMs }) => cpuMs);
      const wall = wallOf(index);
      return {
        title: starter.title, cpu: ratios(cpu, floor!.starts.map(({ cpuMs }) => cpuMs)), wall: ratios(wall, wallOf(0)), absolute: { cpu: median(cpu), wall: median(wall) },
        ...(index < 2 ? {} : { addedMs: spreadOf(wall.map((ms, round) => ms - one!.starts[round]!.wallMs)) }),
      };
    });
    const last = rows.at(-1)!;
    const aims: Aim[] = [{ text: `${rows[1]!.title}, time`, seen: rows[1]!.wall.median, limit: START_AIMS[cache] }];
    if (last.addedMs !== undefined) aims.push({ text: `${last.title}, more milliseconds than with one`, seen: last.addedMs.median, limit: PLUGINS_AIM_MS });
    return { id: `start-${cache}`, title: `Process start to the first answer, ${cache} compile cache`, unit: 'ms', rows, aims };
  });
}

function ratioText({ median: middle, low, high }: Spread): string {
  return `${middle.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

/** One section as lines of a Markdown table with its aims below. */
export function formatSection({ title, rows, aims }: Section): string {
  const more: readonly (readonly [string, (row: Row) => string])[] = [
    ...(rows.some(({ loopDelayMs }) => loopDelayMs !== undefined) ? [['loop delay p99', ({ loopDelayMs = Number.NaN }: Row) => `${loopDelayMs.toFixed(1)} ms`] as const] : []),
    ...(rows.some(({ addedMs }) => addedMs !== undefined) ? [['more than with one', ({ addedMs }: Row) => (addedMs === undefined ? '' : `${addedMs.median.toFixed(0)} ms`)] as const] : []),
  ];
  const table = [
    [title, 'CPU', 'time', ...more.map(([name]) => name)],
    ...rows.map((row, index) => [row.title, ...(index === 0 ? ['1', '1'] : [ratioText(row.cpu), ratioText(row.wall)]), ...more.map(([, text]) => text(row))]),
  ];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((cells) => cells[column]!.length)));
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`;
  return [
    line(table[0]!),
    `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`,
    ...table.slice(1).map(line),
    ...aims.map(({ text, seen, limit }) => `\n${text}: ${seen.toFixed(2)}, aim ${limit}: ${seen <= limit ? 'met' : 'missed'}.`),
  ].join('\n');
}

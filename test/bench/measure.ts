/** Runs the loads and the starts in rounds, every contender once a round, and gathers what each took. */
import { Child } from './child.ts';
import type { Order, Report } from './client.ts';
import { CONTENDERS, type ContenderEntry } from './contender.ts';
import type { Load, Round } from './loads.ts';
import { createStarters, type CompileCache, type Start, type Starter } from './start.ts';

/** The rounds of one contender under one load, in order. */
export interface LoadSeries {
  readonly entry: ContenderEntry;
  readonly rounds: readonly Round[];
  /** How late the event loop was, in the rounds that watched it; microseconds. */
  readonly loopDelaysUs: readonly number[];
}

/** All series of one load, the floor first. */
export interface LoadResult {
  readonly load: Load;
  readonly series: readonly LoadSeries[];
}

/** The starts of one starter, in order. */
export interface StartSeries {
  readonly starter: Starter;
  readonly starts: readonly Start[];
}

/** All starts with one state of the compile cache, the floor first. */
export interface StartResult {
  readonly cache: CompileCache;
  readonly series: readonly StartSeries[];
}

/** How much is measured. */
export interface Effort {
  /** Rounds of each load; one in four watches the loop where the load tells its delay. */
  readonly rounds: number;
  /** Rounds before them that count for nothing: the compiler is still at work. */
  readonly warmUp: number;
  /** Starts of each starter. */
  readonly starts: number;
  /** Numbers of configured plugins, the smallest first. */
  readonly plugins: readonly number[];
}

/** Called with a word on what runs now. */
export type OnProgress = (what: string) => void;

/** Measures every load over every contender. Rejects when one of them answers wrong. */
export async function measureLoads(baseUrl: string, loads: readonly Load[], { rounds, warmUp }: Effort, only: readonly string[] | undefined, onProgress: OnProgress): Promise<LoadResult[]> {
  const entries = CONTENDERS.filter(({ id }, index) => index === 0 || only === undefined || only.includes(id));
  const clients = entries.map((entry) => ({ entry, child: new Child<Order, Report>('client.ts', [entry.id, baseUrl]) }));
  try {
    for (const { child } of clients) await child.ask();
    const results: LoadResult[] = [];
    for (const load of loads) {
      const gathered = clients.map(({ entry, child }) => ({ entry, child, rounds: [] as Round[], loopDelaysUs: [] as number[] }));
      for (let round = -warmUp; round < rounds; round += 1) {
        onProgress(`${load.title}: round ${Math.max(0, round + 1)} of ${rounds}`);
        for (const { entry, child, rounds: measured, loopDelaysUs } of gathered) {
          const taken = await runRound(child, entry, { load, watchLoop: false });
          if (round >= 0) measured.push(taken);
          if (load.loopDelay && round >= 0 && round % 4 === 0) loopDelaysUs.push((await runRound(child, entry, { load, watchLoop: true })).loopDelayUs);
        }
      }
      results.push({ load, series: gathered });
    }
    return results;
  } finally {
    await Promise.all(clients.map(({ child }) => child.close('close')));
  }
}

async function runRound(child: Child<Order, Report>, entry: ContenderEntry, order: Order): Promise<Round> {
  const report = await child.ask(order);
  if ('round' in report) return report.round;
  throw new Error(`${entry.title}: ${'error' in report ? report.error : 'no round'}`);
}

/** Measures the starts. Rejects when one of them answers wrong. */
export async function measureStarts(baseUrl: string, { starts, plugins }: Effort, onProgress: OnProgress): Promise<StartResult[]> {
  await using starters = await createStarters(baseUrl, plugins);
  const results: StartResult[] = [];
  for (const cache of ['warm', 'cold'] as const) {
    const series = starters.all.map((starter) => ({ starter, starts: [] as Start[] }));
    // The first start of each fills the compile cache and the file cache.
    for (let round = -1; round < starts; round += 1) {
      onProgress(`Start with a ${cache} compile cache: round ${round + 1} of ${starts}`);
      for (const { starter, starts: measured } of series) {
        const taken = await starters.start(starter, cache);
        if (round >= 0) measured.push(taken);
      }
    }
    results.push({ cache, series });
  }
  return results;
}

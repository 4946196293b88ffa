/** One contender in a process of its own: runs the rounds it is sent over IPC and answers with what they took. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Contender, CreateContender } from './contender.ts';
import { operationsOf, runCalls, type Load, type Round } from './loads.ts';
import { median } from './statistics.ts';

/** What the benchmark sends to a client. */
export type Order = { readonly load: Load; readonly watchLoop: boolean } | 'close';

/** What a client sends back. */
export type Report = { readonly ready: true } | { readonly round: Round } | { readonly error: string };

const [id = '', baseUrl = ''] = process.argv.slice(2);
const send = (report: Report): void => void process.send?.(report);
const { createContender } = (await import(`./contenders/${id}.ts`)) as { readonly createContender: CreateContender };
const contender: Contender = await createContender(baseUrl);

/** One round. The delay of the loop is watched in rounds of its own, because watching it takes a timer. */
async function run(load: Load, watchLoop: boolean): Promise<Round> {
  const firstPartsUs: number[] = [];
  const delay = watchLoop ? monitorEventLoopDelay({ resolution: 1 }) : undefined;
  delay?.enable();
  const cpu = process.cpuUsage();
  const began = performance.now();
  await runCalls(contender, load, firstPartsUs);
  const wallUs = (performance.now() - began) * 1_000;
  const { user, system } = process.cpuUsage(cpu);
  delay?.disable();
  const operations = operationsOf(load);
  return {
    cpuUs: (user + system) / operations,
    wallUs: load.firstPart ? median(firstPartsUs) : wallUs / operations,
    loopDelayUs: delay === undefined ? 0 : delay.percentile(99) / 1_000,
  };
}

process.on('message', async (order: Order) => {
  if (order === 'close') {
    await contender.close?.();
    process.disconnect();
    return;
  }
  try {
    send({ round: await run(order.load, order.watchLoop) });
  } catch (error) {
    send({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
process.on('disconnect', () => process.exit());
send({ ready: true });

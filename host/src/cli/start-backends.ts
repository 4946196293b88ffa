/** Starts backends to see whether they can: a start opens no connection, but it runs the plugins' code. */
import type { Host } from '@modelport/host';

/** How many plugins are imported at the same time: one that blocks holds up few others. */
const AT_ONCE = 8;

/** Starts every backend that is not switched off; how each went is in `host.describe()`. */
export async function startAll(host: Host): Promise<void> {
  const waiting = (await host.describe()).backends.filter(({ state }) => state === 'idle').map(({ name }) => name);
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await host.retry(name);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

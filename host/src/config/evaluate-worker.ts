/** Runs one .js or .ts config file in a thread of its own and posts what it exports as plain data. */
import { parentPort, workerData } from 'node:worker_threads';

/** What the thread posts back. */
export type Evaluation =
  | { readonly type: 'value'; readonly value: unknown }
  | { readonly type: 'foreign'; readonly values: readonly { readonly path: readonly (string | number)[]; readonly what: string }[] }
  | { readonly type: 'failed'; readonly name: string; readonly message: string; readonly stack: string };

/** What cannot leave the thread as plain data, with its path. */
function findForeign(value: unknown): { path: (string | number)[]; what: string }[] {
  const found: { path: (string | number)[]; what: string }[] = [];
  const visit = (current: unknown, path: (string | number)[], above: readonly unknown[]): void => {
    if (current === null || current === undefined || ['string', 'boolean', 'number'].includes(typeof current)) return;
    if (typeof current !== 'object') found.push({ path, what: `a ${typeof current}` });
    else if (above.includes(current)) found.push({ path, what: 'a value that contains itself' });
    else if (Array.isArray(current)) current.forEach((item, index) => visit(item, [...path, index], [...above, current]));
    else if (Object.getPrototypeOf(current) !== Object.prototype && Object.getPrototypeOf(current) !== null) {
      found.push({ path, what: current instanceof Promise ? 'a promise (await it in the file)' : `an instance of ${current.constructor?.name || 'a class'}` });
    } else for (const [name, entry] of Object.entries(current)) visit(entry, [...path, name], [...above, current]);
  };
  visit(value, [], []);
  return found;
}

async function evaluate(url: string): Promise<Evaluation> {
  try {
    const module = (await import(url)) as { readonly default?: unknown };
    if (!('default' in module)) return { type: 'failed', name: 'Error', message: 'it has no default export: write `export default { ... }`', stack: '' };
    const value = module.default;
    const values = findForeign(value);
    return values.length > 0 ? { type: 'foreign', values } : { type: 'value', value };
  } catch (error) {
    const { name = 'Error', message = String(error), stack = '' } = (error ?? {}) as Partial<Error>;
    return { type: 'failed', name, message, stack };
  }
}

// Not awaited: a thread whose file awaits for ever then just ends, and whoever started it says so.
void evaluate((workerData as { readonly url: string }).url).then((evaluation) => parentPort?.postMessage(evaluation));

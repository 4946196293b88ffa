/** Byte streams for the tests of the readers. */

/** A body that arrives in the given reads, text or bytes. */
export async function* bodyOf(...reads: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array, void, undefined> {
  for (const read of reads) yield typeof read === 'string' ? new TextEncoder().encode(read) : read;
}

/** Everything a reader yields, batches joined. */
export async function collect<Item>(batches: AsyncIterable<readonly Item[]>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const batch of batches) items.push(...batch);
  return items;
}

/** What a reader yields before it throws, and what it throws. */
export async function collectUntilThrown<Item>(batches: AsyncIterable<readonly Item[]>): Promise<{ items: Item[]; error: unknown }> {
  const items: Item[] = [];
  try {
    for await (const batch of batches) items.push(...batch);
  } catch (error) {
    return { items, error };
  }
  return { items, error: undefined };
}

/** The bytes of a text cut in reads of one size. */
export function cut(text: string, size: number): Uint8Array[] {
  const bytes = new TextEncoder().encode(text);
  const reads: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += size) reads.push(bytes.subarray(start, start + size));
  return reads;
}

/** How many characters the string searches look at while `work` runs: a measure of work that no clock can blur. */
export async function searchedCharacters(work: () => Promise<unknown>): Promise<number> {
  let searched = 0;
  const { indexOf, includes } = String.prototype;
  const replace = String.prototype.replace as (this: string, pattern: string | RegExp, replacement: string) => string;
  String.prototype.indexOf = function (this: string, sought: string, start = 0): number {
    const found = indexOf.call(this, sought, start);
    searched += (found === -1 ? this.length : found) - start;
    return found;
  };
  String.prototype.includes = function (this: string, sought: string, start = 0): boolean {
    searched += this.length - start;
    return includes.call(this, sought, start);
  };
  String.prototype.replace = function (this: string, pattern: string | RegExp, replacement: string): string {
    searched += this.length;
    return replace.call(this, pattern, replacement);
  } as typeof String.prototype.replace;
  try {
    await work();
  } finally {
    Object.assign(String.prototype, { indexOf, includes, replace });
  }
  return searched;
}

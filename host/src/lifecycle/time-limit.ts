/** Waits for something, but never longer than it was given. */

/**
 * Settles as `work` does, or rejects with `late()` after `limitMs` milliseconds (0 = no limit). The work itself is not stopped:
 * its late outcome goes to `onLate`, so that it is neither lost nor an unhandled rejection.
 */
export async function withLimit<T>(work: Promise<T>, limitMs: number, late: () => Error, onLate?: (value: T) => void): Promise<T> {
  if (limitMs <= 0) return work;
  let over = false;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      over = true;
      reject(late());
    }, limitMs);
  });
  work.then((value) => { if (over) onLate?.(value); }, () => undefined);
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** A wait that an abort ends at once, with the reason of the signal. */

/** Resolves after `milliseconds`; rejects with `signal.reason` as soon as the signal aborts. `Infinity` waits for the abort alone. */
export function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    let timer: NodeJS.Timeout | undefined;
    const aborted = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal.addEventListener('abort', aborted, { once: true });
    if (milliseconds === Infinity) return;
    timer = setTimeout(() => {
      signal.removeEventListener('abort', aborted);
      resolve();
    }, milliseconds);
  });
}

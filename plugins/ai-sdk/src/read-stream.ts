/** A web stream as parts that can be read a little further after an error, and that lets go of its connection however reading ends. */
import { toBridgeError } from './error.ts';
import { isFields, type Fields } from './specification.ts';

/**
 * The objects of a stream, in order. Leaving a loop over it does not cancel it by itself: a reader may go on with a second loop. Cancelled
 * when the signal aborts and when it was read to its end or broke; `return()` of the iterator cancels too.
 */
export function readStream(stream: ReadableStream<unknown>, signal: AbortSignal): AsyncIterable<Fields> {
  const reader = stream.getReader();
  const iterator: AsyncIterator<Fields> = {
    async next() {
      for (;;) {
        signal.throwIfAborted();
        let read;
        try {
          read = await reader.read();
        } catch (error) {
          throw toBridgeError(error, signal);
        }
        signal.throwIfAborted();
        if (read.done) return { done: true, value: undefined };
        if (isFields(read.value)) return { done: false, value: read.value };
      }
    },
    async return() {
      await reader.cancel().catch(() => undefined);
      return { done: true, value: undefined };
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}

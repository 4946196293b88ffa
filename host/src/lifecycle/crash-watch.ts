/** Errors that a plugin leaves unhandled after its start: traced to the backend they came from. Everybody else's are left to Node. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { pathToFileURL } from 'node:url';
import { sep } from 'node:path';

/** Takes a rejection that nobody handled; true when it was its own. */
export type CrashOwner = (reason: unknown, frame: object | undefined) => boolean;

const frames = new AsyncLocalStorage<object>();
const owners = new Set<CrashOwner>();

/** Runs a function; what it starts, and leaves unhandled at any later time, is traced to `frame`. */
export function inCrashFrame<Result>(frame: object, run: () => Result): Result {
  return frames.run(frame, run);
}

/** Asks `owner` about every unhandled rejection of the process, until the answer is called. */
export function watchCrashes(owner: CrashOwner): () => void {
  if (owners.size === 0) process.on('unhandledRejection', onRejection);
  owners.add(owner);
  return () => {
    if (owners.delete(owner) && owners.size === 0) process.off('unhandledRejection', onRejection);
  };
}

/** Whether an error's stack leads through files of a folder. */
export function stackLeadsInto(folder: string, error: unknown): boolean {
  const stack = typeof error === 'object' && error !== null ? (error as { readonly stack?: unknown }).stack : undefined;
  if (typeof stack !== 'string') return false;
  return stack.includes(`${pathToFileURL(folder).href}/`) || stack.includes(folder + sep);
}

function onRejection(reason: unknown): void {
  const frame = frames.getStore();
  for (const owner of owners) if (owner(reason, frame)) return;
  // Somebody else listens too: then it is theirs, as it would be without us.
  if (process.listenerCount('unhandledRejection') > 1) return;
  // Node does its default, whatever `--unhandled-rejections` says, when it finds the rejection while nobody listens.
  process.off('unhandledRejection', onRejection);
  void Promise.reject(reason);
  process.nextTick(() => setImmediate(() => { if (owners.size > 0) process.on('unhandledRejection', onRejection); }));
}

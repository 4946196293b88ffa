/** Marks which code runs for which plugin, so that a socket can be traced to who opened it. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { HostGrant } from './host-policy.ts';

const frames = new AsyncLocalStorage<HostGrant | undefined>();

/** Runs a function, and everything it starts, as code of the plugin that the grant is for. */
export function inPluginFrame<Result>(grant: HostGrant, run: () => Result): Result {
  return frames.run(grant, run);
}

/** Runs a function as code of the host, also where a plugin called it. */
export function outsidePluginFrame<Result>(run: () => Result): Result {
  return frames.run(undefined, run);
}

/** The grant of the plugin whose code runs now; undefined for the host's own. */
export function currentPluginFrame(): HostGrant | undefined {
  return frames.getStore();
}

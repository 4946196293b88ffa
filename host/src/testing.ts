/** @modelport/host/testing: a host for an application's own tests, with models given in code, no file and no key. */
import { createHost, type Host, type HostOptions } from './host.ts';
import type { Overrides } from './lifecycle/overrides.ts';

/** Options of `createTestHost`: what the application brings in code, and any option of `createHost` but the file. */
export interface TestHostOptions extends Overrides, Omit<HostOptions, 'overrides' | 'watch'> {}

/**
 * Makes a host out of ready models: `createTestHost({ models: { default: script([...]) } })`. It reads no config file (unless `config`
 * names one) and no environment (unless `environment` is given), so a test means the same on every machine.
 */
export function createTestHost({ backends, models, secrets, ...options }: TestHostOptions = {}): Promise<Host> {
  const overrides: Overrides = { ...(backends && { backends }), ...(models && { models }), ...(secrets && { secrets }) };
  return createHost({ config: {}, environment: {}, ...options, overrides });
}

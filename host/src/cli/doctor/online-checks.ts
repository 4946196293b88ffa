/** Checks that leave the process: the health of backends and the package registry. Only on request. */
import { spawn } from 'node:child_process';
import type { Host } from '@modelport/host';
import { failed, type Finding } from './findings.ts';

/** Longest wait for the registry, in milliseconds. */
const REGISTRY_LIMIT_MS = 15_000;

/** Asks every active backend for its health, all at once. */
export async function checkBackends(host: Host, signal: AbortSignal): Promise<Finding[]> {
  const active = (await host.describe()).backends.filter(({ state }) => state === 'active' || state === 'stale');
  return Promise.all(active.map(async ({ name }): Promise<Finding> => {
    try {
      const health = await host.checkHealth(name, { signal });
      if (health.status === 'unknown') return { area: 'online', name, level: 'ok', text: 'has no health check' };
      if (health.status === 'healthy') return { area: 'online', name, level: 'ok', text: ['healthy', health.version, health.device].filter((word) => word !== undefined).join(', ') };
      return { area: 'online', name, level: 'error', text: health.reason, ...(health.remedy === undefined ? {} : { remedy: health.remedy }) };
    } catch (error) {
      return failed('online', name, error as { readonly code: string; readonly message: string; readonly remedy: string });
    }
  }));
}

/** Asks npm whether its registry answers. */
export async function checkRegistry(folder: string, signal: AbortSignal): Promise<Finding> {
  const outcome = await new Promise<string | undefined>((resolve) => {
    const child = spawn('npm', ['ping', '--fetch-retries=0'], { cwd: folder, stdio: 'ignore', shell: process.platform === 'win32', timeout: REGISTRY_LIMIT_MS, signal });
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? undefined : code === null ? 'no answer in time' : `npm ping ended with exit code ${code}`));
  });
  return outcome === undefined
    ? { area: 'online', name: 'package registry', level: 'ok', text: 'answers' }
    : { area: 'online', name: 'package registry', level: 'warning', text: outcome, remedy: '`npm ping` shows more; without a registry only `plugins add` is out of work.' };
}

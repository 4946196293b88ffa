/** Starts a registry once for all tests of this folder and publishes every package of the workspace to it. */
import type { TestProject } from 'vitest/node';
import { ROOT, runCommand, runPnpm } from '../../config/check/command.ts';
import { startRegistry } from './local-registry.ts';
import type { Registry } from './local-registry.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The registry that holds the packages of this workspace, or why there is none. */
    readonly registry: Registry | { readonly failure: string };
  }
}

/**
 * Called by vitest before the first test of the project; what it returns runs after the last. It never throws: that would end the run
 * of every other project too. The tests of this folder fail with what it provides instead.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let registry: Awaited<ReturnType<typeof startRegistry>> | undefined;
  try {
    const built = await runCommand('tsc', ['-b']);
    if (built.code !== 0) throw new Error(`The packages do not build, so they cannot be published:\n${built.output}`);
    registry = await startRegistry();
    const { url, npmrc, folder } = registry;
    const variables = { NPM_CONFIG_USERCONFIG: npmrc, npm_config_userconfig: npmrc };
    const published = await runPnpm(['publish', '-r', '--no-git-checks', '--ignore-scripts', '--registry', url], ROOT, variables);
    if (published.code !== 0) throw new Error(`The packages cannot be published:\n${published.output}`);
    project.provide('registry', { url, npmrc, folder });
  } catch (error) {
    project.provide('registry', { failure: error instanceof Error ? error.message : String(error) });
  }
  return async () => registry?.close();
}

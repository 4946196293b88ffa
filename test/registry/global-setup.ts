/** Starts a registry once for all tests of this folder and publishes every package of the workspace to it. */
import type { TestProject } from 'vitest/node';
import { ROOT, runCommand, runPnpm } from '../../config/check/command.ts';
import { startRegistry } from './local-registry.ts';
import type { Registry } from './local-registry.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The registry that holds the packages of this workspace. */
    readonly registry: Registry;
  }
}

/** Called by vitest before the first test of the project; what it returns runs after the last. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const built = await runCommand('tsc', ['-b']);
  if (built.code !== 0) throw new Error(`The packages do not build, so they cannot be published:\n${built.output}`);
  const registry = await startRegistry();
  try {
    const variables = { NPM_CONFIG_USERCONFIG: registry.npmrc, npm_config_userconfig: registry.npmrc };
    const published = await runPnpm(['publish', '-r', '--no-git-checks', '--ignore-scripts', '--registry', registry.url], ROOT, variables);
    if (published.code !== 0) throw new Error(`The packages cannot be published:\n${published.output}`);
  } catch (error) {
    await registry.close();
    throw error;
  }
  const { url, npmrc, folder } = registry;
  project.provide('registry', { url, npmrc, folder });
  return () => registry.close();
}

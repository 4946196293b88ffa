/** Every plugin of the house with what it claims, from source. */
import { existsSync, readdirSync } from 'node:fs';
import type { PluginModule } from '@modelport/plugin-api';
import type { ConformanceDeclaration, SubjectOptions } from '@modelport/testing/conformance';

const plugins = new URL('../../plugins/', import.meta.url);

/** Names of the folders below plugins/ that hold a plugin. */
export const pluginFolders: readonly string[] = readdirSync(plugins).filter((name) => existsSync(new URL(`${name}/src/index.ts`, plugins)));

/** Those of them that say what they claim. */
export const declaredFolders: readonly string[] = pluginFolders.filter((name) => existsSync(new URL(`${name}/test/conformance.ts`, plugins)));

/** Plugins and their declarations, one entry for each declaration. */
export async function declaredPlugins(): Promise<readonly SubjectOptions[]> {
  const subjects = await Promise.all(declaredFolders.map(async (name) => {
    const folder = new URL(`${name}/`, plugins);
    const { default: plugin } = (await import(new URL('src/index.ts', folder).href)) as { readonly default: PluginModule };
    const { default: declared } = (await import(new URL('test/conformance.ts', folder).href)) as { readonly default: ConformanceDeclaration | readonly ConformanceDeclaration[] };
    const declarations: readonly ConformanceDeclaration[] = Array.isArray(declared) ? declared : [declared as ConformanceDeclaration];
    return declarations.map((declaration) => ({ folder: folder.pathname, plugin, declaration }));
  }));
  return subjects.flat();
}

/** Packages of which one copy is best: the contract, and each plugin. */
import { readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BackendDescription } from '@modelport/host';
import { shortPath } from '../paths.ts';
import type { Finding } from './findings.ts';

const CONTRACT = '@modelport/plugin-api';

/** Looks which copy of the contract the host and every plugin use, and whether one plugin lies in two folders. */
export async function checkSinglePackages(backends: readonly BackendDescription[], hostFolder: string): Promise<Finding[]> {
  const users = new Map<string, string[]>();
  for (const { name, folder } of [{ name: 'the host', folder: hostFolder }, ...backends.map(({ plugin, folder }) => ({ name: plugin, folder }))]) {
    const copy = folder === undefined ? undefined : await copyUsedBy(folder);
    if (copy !== undefined) users.set(copy, [...new Set([...(users.get(copy) ?? []), name])]);
  }
  const copies = [...users].map(([copy, names]) => `${shortPath(copy)} (${names.join(', ')})`);
  const contract: Finding = copies.length <= 1
    ? { area: 'packages', name: CONTRACT, level: 'ok', text: `one copy: ${[...users.keys()].map((copy) => shortPath(copy)).join('')}` }
    // Identity never hangs on a class, so copies agree; they only cost a few kB and may differ in version.
    : { area: 'packages', name: CONTRACT, level: 'warning', text: `${copies.length} copies: ${copies.join('; ')}`, remedy: 'They work together; `npm dedupe` (or that of your package manager) leaves one.' };
  return [contract, ...twins(backends)];
}

/** Plugins of one name in two folders: two plugins, which a reader of the config may not expect. */
function twins(backends: readonly BackendDescription[]): Finding[] {
  const byName = Map.groupBy(backends.filter(({ folder }) => folder !== undefined), ({ plugin }) => plugin);
  return [...byName].flatMap(([plugin, group]): Finding[] => {
    const folders = [...new Set(group.map(({ folder, version }) => `${version ?? ''} in ${shortPath(folder ?? '')}`))];
    return folders.length < 2 ? [] : [{ area: 'packages', name: plugin, level: 'warning', text: `${folders.length} copies: ${folders.join('; ')}`, remedy: 'Each copy is a plugin of its own: name the same file as the origin of both backends, or pin one range.' }];
  });
}

/** Real folder, with version, of the contract that code in a folder imports. */
async function copyUsedBy(folder: string): Promise<string | undefined> {
  for (let here = folder; ; here = dirname(here)) {
    const candidate = join(here, 'node_modules', CONTRACT);
    try {
      const { version } = JSON.parse(await readFile(join(candidate, 'package.json'), 'utf8')) as { readonly version?: string };
      return `${await realpath(candidate)} ${version ?? ''}`.trim();
    } catch {
      if (dirname(here) === here) return undefined;
    }
  }
}

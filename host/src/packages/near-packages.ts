/** Installed plugins whose name is close to one that was not found. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { nearNames } from '../errors/near-names.ts';
import { readPackageFile } from './package-file.ts';

/** Entries listed over all searched folders, and package.json files read: the search for a better name stays cheap. */
const MOST_NAMES = 5_000;
const MOST_READS = 20;

/** Names of installed plugins near to `name`, best first: in full, or without scope and `modelport-plugin-` (`acme` finds `modelport-plugin-acme`). */
export async function nearPackages(name: string, folders: readonly string[]): Promise<readonly string[]> {
  const installed = await installedNames(folders);
  const byStem = new Map<string, string[]>();
  for (const full of installed.keys()) byStem.set(stemOf(full), [...(byStem.get(stemOf(full)) ?? []), full]);
  const candidates = new Set([...nearNames(name, installed.keys(), MOST_READS), ...nearNames(stemOf(name), byStem.keys(), MOST_READS).flatMap((stem) => byStem.get(stem) ?? [])]);
  candidates.delete(name);
  const plugins: string[] = [];
  for (const candidate of [...candidates].slice(0, MOST_READS)) {
    const file = readPackageFile(join(installed.get(candidate) ?? '', candidate));
    if (file.state === 'there' && isPluginPackage(file.packageJson)) plugins.push(candidate);
  }
  return plugins.slice(0, 3);
}

/** Package names in these folders, each with the folder that holds it first. */
async function installedNames(folders: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const folder of folders) {
    for (const entry of await readdir(folder).catch(() => [])) {
      if (names.size >= MOST_NAMES) return names;
      if (entry.startsWith('.')) continue;
      const found = entry.startsWith('@') ? (await readdir(join(folder, entry)).catch(() => [])).map((scoped) => `${entry}/${scoped}`) : [entry];
      for (const full of found) if (!names.has(full)) names.set(full, folder);
    }
  }
  return names;
}

/** Whether a package.json is a plugin's: it has a manifest, or says so in its keywords. */
function isPluginPackage(packageJson: Readonly<Record<string, unknown>>): boolean {
  const { modelport, keywords } = packageJson as { readonly modelport?: unknown; readonly keywords?: unknown };
  return modelport !== undefined || (Array.isArray(keywords) && keywords.some((word) => word === 'modelport' || word === 'modelport-plugin'));
}

function stemOf(name: string): string {
  return name.replace(/^@[^/]+\//, '').replace(/^modelport-plugin-|^modelport-/, '');
}

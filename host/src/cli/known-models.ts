/** The model ids backends listed last, kept beside the config, so that an editor can offer them without asking anyone. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ModelInfo } from '@modelport/plugin-api';

/** Model ids by backend. */
export type KnownModels = Readonly<Record<string, readonly string[]>>;

/** Writes what was listed over what was known; a backend that could not answer keeps what it had. Nothing is kept for a config without a file. */
export async function rememberModels(files: readonly string[], lists: readonly { readonly backend: string; readonly models?: readonly ModelInfo[] }[]): Promise<void> {
  const file = fileOf(files);
  const listed = lists.filter(({ models }) => models !== undefined && models.length > 0);
  if (file === undefined || listed.length === 0) return;
  const known = { ...(await readKnownModels(files)), ...Object.fromEntries(listed.map(({ backend, models = [] }) => [backend, models.map(({ id }) => id)])) };
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, `${JSON.stringify(known, undefined, 2)}\n`);
  } catch { /* A folder that may not be written costs the editor a completion, nothing more. */ }
}

/** What is known; empty when nothing was listed yet or the file is unreadable. */
export async function readKnownModels(files: readonly string[]): Promise<KnownModels> {
  const file = fileOf(files);
  if (file === undefined) return {};
  try {
    return JSON.parse(await readFile(file, 'utf8')) as KnownModels;
  } catch {
    return {};
  }
}

/** In the state folder beside the config. */
function fileOf(files: readonly string[]): string | undefined {
  const config = files.at(-1);
  return config === undefined ? undefined : join(dirname(config), '.modelport', 'known-models.json');
}

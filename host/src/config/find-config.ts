/** Which file is the config: `--config`, then MODELPORT_CONFIG, then a search from the working folder upward. */
import { homedir } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import { modelportError } from '../errors/modelport-error.ts';
import { expandHome } from './expand-path.ts';

/** File names looked for in each folder, in this order. `package.json` is not among them: its `modelport` key is a plugin's manifest. */
export const searchPlaces: readonly string[] = [
  ...['ts', 'js', 'json', 'yaml', 'yml', 'toml'].map((extension) => `modelport.config.${extension}`),
  ...['', '.json', '.yaml'].map((extension) => `.modelportrc${extension}`),
];

/** The outcome of looking for a config. */
export interface FoundConfig {
  /** Absolute path; absent when there is none. */
  readonly file?: string;
  readonly how: 'named by --config' | 'named by MODELPORT_CONFIG' | 'found by search' | 'not found';
  /** The folders that are searched, in order; empty when the file was named. */
  readonly searched: readonly string[];
  /** The file names looked for in each of them, in order. */
  readonly places: readonly string[];
}

/** The text of one config file. */
export interface ConfigText {
  readonly file: string;
  readonly text: string;
}

/**
 * Which file would be used for a working folder. The search goes from `cwd` up to the home folder, or to the root of the file system when
 * `cwd` is not below home; the first file found is the config, files further up are not merged in. Reads no values and runs no code.
 */
export async function findConfig(cwd: string, environment: NodeJS.ProcessEnv = process.env, named?: string): Promise<FoundConfig> {
  const byName = named ?? environment['MODELPORT_CONFIG'];
  if (byName !== undefined && byName !== '') {
    return { file: resolve(cwd, expandHome(byName)), how: named === undefined ? 'named by MODELPORT_CONFIG' : 'named by --config', searched: [], places: [] };
  }
  const searched = foldersUpward(cwd);
  const places = { searched, places: searchPlaces };
  const explorer = await textExplorer();
  for (const folder of searched) {
    const found = await explorer.search(folder);
    if (found) return { file: found.filepath, how: 'found by search', ...places };
  }
  return { how: 'not found', ...places };
}

/**
 * Reads one file as text (UTF-8 or UTF-16 by its mark).
 * @throws CONFIG_UNREADABLE when the file is missing, a folder, not readable, or a package.json.
 */
export async function readConfigText(file: string): Promise<ConfigText> {
  if (basename(file) === 'package.json') {
    throw modelportError('CONFIG_UNREADABLE', { file, reason: 'a package.json holds no config; its "modelport" key is a plugin\'s manifest' });
  }
  try {
    const loaded = await (await textExplorer()).load(file);
    return { file, text: (loaded?.config as string | undefined) ?? '' };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code === 'EACCES' ? 'permission denied' : message;
    throw modelportError('CONFIG_UNREADABLE', { file, reason }, { cause: error });
  }
}

function foldersUpward(cwd: string): string[] {
  const home = homedir();
  const folders = [resolve(cwd)];
  for (let folder = folders[0] ?? cwd; folder !== home && dirname(folder) !== folder; folder = dirname(folder)) folders.push(dirname(folder));
  return folders;
}

/** Our loaders keep the text, so that places survive; no cache, since an edited file must be read again. */
async function textExplorer(): Promise<import('cosmiconfig').PublicExplorer> {
  const { cosmiconfig } = await import('cosmiconfig');
  const keepText = (_file: string, text: string): string => text;
  const extensions = ['.ts', '.js', '.json', '.yaml', '.yml', '.toml', '.mjs', '.cjs', '.mts', '.cts', 'noExt', 'default'];
  return cosmiconfig('modelport', {
    searchPlaces: [...searchPlaces],
    loaders: Object.fromEntries(extensions.map((extension) => [extension, keepText])),
    searchStrategy: 'none', // One folder at a time: its wider strategies would also read ~/.config or stop at the first package.json.
    ignoreEmptySearchPlaces: false,
    cache: false,
  });
}

/** Finds the file to import for a package: by its `exports`, else by `main`, forgiving what bundlers forgive. */
import { stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';

/** The entry of a package, or why there is none to import. */
export type PluginEntry =
  | { readonly state: 'there'; readonly file: string }
  | { readonly state: 'not-built'; readonly entry: string }
  | { readonly state: 'none'; readonly reason: string };

/** What Node itself looks for in an `import`. Source: https://nodejs.org/api/packages.html#conditional-exports */
const IMPORT_CONDITIONS = ['node', 'import', 'module-sync', 'node-addons'];

/** Sets of conditions tried in turn: what Node asks for, then CommonJS only, then names that only bundlers set. */
const FORGIVEN: readonly (readonly string[])[] = [[], ['require'], ['require', 'module', 'production', 'development']];

/** The entry of the package in `folder`. `conditions` are asked for beside those of Node. */
export async function findEntry(folder: string, packageJson: Readonly<Record<string, unknown>>, conditions: readonly string[] = runningConditions()): Promise<PluginEntry> {
  const { exports, main, module } = packageJson as { readonly exports?: unknown; readonly main?: unknown; readonly module?: unknown };
  if (exports !== undefined && exports !== null) {
    for (const forgiven of FORGIVEN) {
      const target = exportTarget(exports, new Set([...conditions, ...IMPORT_CONDITIONS, ...forgiven]));
      if (typeof target === 'string') return fileOf(folder, [target]);
    }
    return { state: 'none', reason: `its exports have no "." that Node can import (${offered(exports)})` };
  }
  const mains = [main, module].filter((entry): entry is string => typeof entry === 'string' && entry !== '');
  const entry = await fileOf(folder, [...mains, 'index']);
  if (entry.state === 'not-built' && mains.length === 0) return { state: 'none', reason: 'its package.json has neither exports nor main, and there is no index.js' };
  return entry;
}

/** The target of "." in an `exports` value; `null` and `undefined` mean that it offers none under these conditions. */
function exportTarget(exports: unknown, conditions: ReadonlySet<string>): string | null | undefined {
  if (typeof exports === 'string' || exports === null) return exports;
  if (Array.isArray(exports)) return exports.map((option) => exportTarget(option, conditions)).find((target) => typeof target === 'string');
  if (typeof exports !== 'object') return undefined;
  const entries = Object.entries(exports);
  if (entries.some(([key]) => key.startsWith('.'))) return exportTarget((exports as { readonly '.'?: unknown })['.'], conditions);
  for (const [condition, option] of entries) {
    if (condition !== 'default' && !conditions.has(condition)) continue;
    const target = exportTarget(option, conditions);
    if (target !== undefined) return target;
  }
  return undefined;
}

/** The first of these entries that is a file: as written, with an extension, or as a folder with an index. */
async function fileOf(folder: string, entries: readonly string[]): Promise<PluginEntry> {
  for (const entry of entries) {
    const file = resolve(folder, entry);
    if (relative(folder, file).split(sep)[0] === '..') return { state: 'none', reason: `its entry ${entry} lies outside the package` };
    for (const candidate of [file, `${file}.js`, `${file}.mjs`, `${file}.cjs`, ...['js', 'mjs', 'cjs'].map((extension) => join(file, `index.${extension}`))]) {
      if (await isFile(candidate)) return { state: 'there', file: candidate };
    }
  }
  return { state: 'not-built', entry: entries[0] ?? '' };
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then((found) => found.isFile(), () => false);
}

function offered(exports: unknown): string {
  if (typeof exports !== 'object' || exports === null) return 'they are no object';
  const keys = Object.keys((exports as { readonly '.'?: object | null })['.'] ?? exports);
  return keys.length > 0 ? `they offer ${keys.join(', ')}` : 'they are empty';
}

/** The `--conditions` this process was started with, so that a plugin resolves as the host's own imports do. */
function runningConditions(): readonly string[] {
  const words = [...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/), ...process.execArgv];
  return words.flatMap((word, index) => {
    if (word === '-C' || word === '--conditions') return words[index + 1] ?? [];
    return /^(?:--conditions|-C)=(.+)$/.exec(word)?.[1] ?? [];
  });
}

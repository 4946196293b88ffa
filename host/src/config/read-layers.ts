/** A config file and the files it extends, as one tree: what it extends first, itself above. */
import { existsSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ConfigProblem } from '../errors/config-problem.ts';
import { ModelportError } from '../errors/modelport-error.ts';
import { expandPath, isPathLike } from './expand-path.ts';
import { readConfigText, searchPlaces } from './find-config.ts';
import { fillIn } from './interpolate.ts';
import { emptyMap, entriesOf, entryOf, problemAt, withEntry, type LayerNode, type MapNode, type Origin } from './layer-node.ts';
import { mergeLayers } from './merge.ts';
import { parseJson, parseYaml, type ParsedText } from './parse-yaml.ts';

/** What reading the files gave. */
export interface ReadLayers {
  readonly root: MapNode;
  /** Every file read, the config itself last. */
  readonly files: readonly string[];
  /** False when a file could not be read as values, so that the merged tree has gaps. */
  readonly complete: boolean;
}

/**
 * Reads a file with everything it extends; `searched` = nobody named it, so programs of other users are not run. @throws CONFIG_UNREADABLE
 * for the file itself; what it extends becomes problems.
 */
export async function readFileLayers(file: string, environment: NodeJS.ProcessEnv, problems: ConfigProblem[], searched = false): Promise<ReadLayers> {
  const reader = new LayerReader(environment, problems, searched);
  const root = await reader.read(file, 'file', []);
  return { root, files: [...reader.files], complete: reader.complete };
}

/** Prepares the values given in code, with what they extend; paths are read from `cwd`. */
export async function readCodeLayers(root: MapNode, cwd: string, environment: NodeJS.ProcessEnv, problems: ConfigProblem[]): Promise<ReadLayers> {
  const reader = new LayerReader(environment, problems);
  const merged = await reader.withExtended(root, join(cwd, 'config-in-code'), []);
  return { root: merged, files: [...reader.files], complete: reader.complete };
}

class LayerReader {
  readonly files = new Set<string>();
  complete = true;
  private readonly environment: NodeJS.ProcessEnv;
  private readonly problems: ConfigProblem[];

  private readonly searched: boolean;

  constructor(environment: NodeJS.ProcessEnv, problems: ConfigProblem[], searched = false) {
    this.environment = environment;
    this.problems = problems;
    this.searched = searched;
  }

  async read(file: string, layer: 'file' | 'extends', above: readonly string[]): Promise<MapNode> {
    const base: Origin = { layer, file };
    const { text } = await readConfigText(file);
    if (this.searched && isCode(file)) await (await import('./foreign-code.ts')).refuseForeignCode(file, this.environment);
    const parsed = await parseByExtension(file, text, base, this.environment);
    this.problems.push(...parsed.problems);
    if (!parsed.readable) this.complete = false;
    let root = emptyMap(base);
    if (parsed.root.kind === 'map') root = parsed.root;
    else if (parsed.root.kind !== 'scalar' || parsed.root.value !== null) {
      this.complete = false;
      this.problems.push(problemAt('wrong-type', [], parsed.root.origin, `expected a map of settings, got ${parsed.root.kind === 'list' ? 'a list' : 'a single value'}`));
    }
    const merged = await this.withExtended(markProfiles(root), file, above);
    this.files.add(file);
    return merged;
  }

  async withExtended(root: MapNode, file: string, above: readonly string[]): Promise<MapNode> {
    const extended = entryOf(root, 'extends');
    let below = emptyMap(root.origin);
    for (const node of extended?.kind === 'list' ? extended.items : extended ? [extended] : []) {
      const next = await this.extendedFile(node, file, above);
      if (next) below = mergeLayers(below, next);
    }
    return mergeLayers(below, withEntry(root, 'extends', undefined));
  }

  private async extendedFile(node: LayerNode, file: string, above: readonly string[]): Promise<MapNode | undefined> {
    if (node.kind !== 'scalar' || typeof node.value !== 'string' || node.value === '') {
      this.problems.push(problemAt('wrong-type', ['extends'], node.origin, 'expected a path such as "./base.yaml", a package name, or a list of them'));
      return undefined;
    }
    const text = fillIn(node.value, ['extends'], node.origin, this.environment, this.problems);
    const target = isPathLike(text) ? expandPath(text, dirname(file)) : await resolvePackageConfig(text, file);
    const chain = [...above, file];
    if (target === undefined) this.fail('missing', node, notFound(text, file));
    else if (chain.includes(target)) this.fail('cycle', node, `these files extend each other: ${[...chain.slice(chain.indexOf(target)), target].join(' -> ')}`);
    else {
      try {
        return await this.read(target, 'extends', chain);
      } catch (error) {
        if (!ModelportError.is(error)) throw error;
        this.fail('missing', node, error.message);
      }
    }
    return undefined;
  }

  private fail(kind: 'missing' | 'cycle', node: LayerNode, message: string): void {
    this.complete = false;
    this.problems.push(problemAt(kind, ['extends'], node.origin, message));
  }
}

function isCode(file: string): boolean {
  return ['.ts', '.js', '.mjs', '.cjs', '.mts', '.cts'].includes(extname(file));
}

async function parseByExtension(file: string, text: string, base: Origin, environment: NodeJS.ProcessEnv): Promise<ParsedText> {
  const extension = extname(file);
  if (isCode(file)) return await (await import('./evaluate-module.ts')).evaluateModule(file, base, environment);
  if (text.trim() === '') return { root: emptyMap(base), problems: [], readable: true };
  if (extension === '.toml') return await (await import('./parse-toml.ts')).parseToml(text, base);
  return extension === '.json' ? await parseJson(text, base) : await parseYaml(text, base);
}

/** The file a package offers as its config: its entry, else a file of a searched name in its folder. Runs no code. */
async function resolvePackageConfig(name: string, from: string): Promise<string | undefined> {
  const { fileURLToPath } = await import('node:url');
  const { resolve: resolveEntry } = await import('import-meta-resolve');
  try {
    const entry = fileURLToPath(resolveEntry(name, pathToFileURL(from).href));
    if (existsSync(entry)) return entry;
  } catch {
    // No entry by that name; a package that only holds a config file has none.
  }
  const { findPackageJSON } = await import('node:module');
  try {
    const packageFile = findPackageJSON(name, pathToFileURL(from).href);
    return packageFile && searchPlaces.map((place) => join(dirname(packageFile), place)).find((place) => existsSync(place));
  } catch {
    return undefined;
  }
}

function notFound(text: string, file: string): string {
  const hint = existsSync(resolve(dirname(file), text)) ? `; for the file beside this one write "./${text}"` : '; install it, or write a path that begins with "./"';
  return `the package "${text}" is not found from ${dirname(file)}, or offers no config${hint}`;
}

/** Gives what stands under `profiles.<name>` the origin of that profile. */
export function markProfiles(root: MapNode): MapNode {
  const profiles = entryOf(root, 'profiles');
  if (profiles?.kind !== 'map') return root;
  const entries = entriesOf(profiles).map(([name, node]) => [name, marked(node, name)] as const);
  return withEntry(root, 'profiles', { ...profiles, entries: new Map(entries) });
}

function marked(node: LayerNode, name: string): LayerNode {
  const origin: Origin = { ...node.origin, layer: 'profile', name };
  const key = node.key && { ...node.key, layer: 'profile' as const, name };
  if (node.kind === 'scalar') return { ...node, origin, key };
  if (node.kind === 'list') return { ...node, origin, key, items: node.items.map((item) => marked(item, name)) };
  return { ...node, origin, key, entries: new Map([...node.entries].map(([entry, inner]) => [entry, marked(inner, name)])) };
}

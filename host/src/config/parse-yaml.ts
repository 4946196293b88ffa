/** YAML and JSON text as placed values: every key and value keeps its line and column. */
import type { Document, LineCounter, Node, Pair, YAMLMap } from 'yaml';
import type { ConfigProblem } from '../errors/config-problem.ts';
import { emptyMap, problemAt, type ConfigPath, type LayerNode, type MapNode, type Origin } from './layer-node.ts';

/** What the text of one file gave. */
export interface ParsedText {
  /** The values; what stood in a part that could not be read is left out. */
  readonly root: LayerNode;
  readonly problems: readonly ConfigProblem[];
  /** False when the text breaks the rules of its format, so that its values cannot be judged. */
  readonly readable: boolean;
}

/** Nodes one file may unfold to: a bound on aliases that repeat aliases. */
const maximumNodes = 100_000;

/** Reads YAML 1.2 (core schema, with `<<` merges). Duplicate keys and syntax errors become problems; it never throws. */
export async function parseYaml(text: string, base: Origin): Promise<ParsedText> {
  const yaml = await import('yaml');
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, merge: true, logLevel: 'error' });
  const problems: ConfigProblem[] = [...document.errors, ...document.warnings].map((error) =>
    problemAt('syntax', [], place(error.pos[0], lines, base), plainSyntax(error.code, error.message)));
  if (problems.length > 0) return { root: emptyMap(base), problems, readable: false };
  const root = new YamlPlacer(yaml, document, lines, base, problems).convert(document.contents, [], undefined);
  return { root: root ?? emptyMap(base), problems, readable: true };
}

/** Reads JSON strictly (no comments, no trailing comma), with the same places as YAML. */
export async function parseJson(text: string, base: Origin): Promise<ParsedText> {
  try {
    JSON.parse(text);
  } catch (error) {
    const message = (error as Error).message;
    const offset = /position (\d+)/.exec(message)?.[1];
    const before = text.slice(0, offset === undefined ? text.length : Number(offset)).split('\n');
    const origin = { ...base, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
    return { root: emptyMap(base), problems: [problemAt('syntax', [], origin, plainJsonError(message))], readable: false };
  }
  // A tab may indent JSON but not YAML; one space in its place keeps every column.
  return await parseYaml(text.replaceAll('\t', ' '), base);
}

function plainJsonError(message: string): string {
  const reason = message.replace(/ in JSON.*$/s, '').replace(/, "?\.{0,3}.*is not valid JSON$/s, '').replace(/ \(line.*$/s, '');
  return `this is no valid JSON: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
}

function plainSyntax(code: string, message: string): string {
  if (code === 'MULTIPLE_DOCS') return 'a config is one YAML document; a second one begins here';
  if (code === 'TAB_AS_INDENT') return 'YAML is indented with spaces; here stands a tab';
  return `this is no valid YAML: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

function place(offset: number, lines: LineCounter, base: Origin): Origin {
  const { line, col } = lines.linePos(offset);
  return { ...base, line, column: col };
}

class YamlPlacer {
  private count = 0;
  private readonly yaml: typeof import('yaml');
  private readonly document: Document.Parsed;
  private readonly lines: LineCounter;
  private readonly base: Origin;
  private readonly problems: ConfigProblem[];

  constructor(yaml: typeof import('yaml'), document: Document.Parsed, lines: LineCounter, base: Origin, problems: ConfigProblem[]) {
    this.yaml = yaml;
    this.document = document;
    this.lines = lines;
    this.base = base;
    this.problems = problems;
  }

  convert(node: Node | null, path: ConfigPath, key: Origin | undefined, above: readonly Node[] = []): LayerNode | undefined {
    const origin = node?.range ? place(node.range[0], this.lines, this.base) : (key ?? this.base);
    if (node === null) return path.length === 0 ? undefined : { kind: 'scalar', value: null, origin, key };
    this.count += 1;
    if (this.count > maximumNodes) {
      if (this.count === maximumNodes + 1) this.problems.push(problemAt('syntax', path, origin, `the aliases of this file unfold to more than ${maximumNodes} values`));
      return undefined;
    }
    if (this.yaml.isAlias(node)) {
      const target = node.resolve(this.document);
      if (!target || above.includes(target)) {
        this.problems.push(problemAt('syntax', path, origin, target ? `the alias *${node.source} contains itself` : `there is no anchor &${node.source} above`));
        return undefined;
      }
      const converted = this.convert(target, path, key, [...above, target]);
      return converted && { ...converted, origin, key };
    }
    if (this.yaml.isMap(node)) return { kind: 'map', entries: this.entries(node, path, [...above, node]), origin, key };
    if (this.yaml.isSeq(node)) {
      const items = node.items.map((item, index) => this.convert(item as Node, [...path, index], undefined, [...above, node]));
      return { kind: 'list', items: items.filter((item) => item !== undefined), origin, key };
    }
    const value: unknown = this.yaml.isScalar(node) ? node.value : undefined;
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return { kind: 'scalar', value, origin, key };
    if (typeof value === 'number' && Number.isFinite(value)) return { kind: 'scalar', value, origin, key };
    this.problems.push(problemAt('wrong-type', path, origin, 'expected text, a number, true, false, a list or a map'));
    return undefined;
  }

  private entries(map: YAMLMap, path: ConfigPath, above: readonly Node[]): Map<string, LayerNode> {
    const entries = new Map<string, LayerNode>();
    const merged = new Map<string, LayerNode>();
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      const at = pair.key?.range ? place(pair.key.range[0], this.lines, this.base) : this.base;
      const name: unknown = this.yaml.isScalar(pair.key) ? pair.key.value : undefined;
      if (isMergeKey(name)) {
        for (const [inherited, node] of this.inherited(pair.value, path, above)) if (!merged.has(inherited)) merged.set(inherited, node);
        continue;
      }
      if (typeof name !== 'string' && typeof name !== 'number' && typeof name !== 'boolean') {
        this.problems.push(problemAt('syntax', path, at, 'a key must be plain text'));
        continue;
      }
      const known = entries.get(String(name))?.key;
      if (known) this.problems.push(problemAt('duplicate-name', [...path, String(name)], at, `this key is written twice, in line ${known.line} and in line ${at.line}`));
      const value = this.convert(pair.value, [...path, String(name)], at, above);
      if (value) entries.set(String(name), value);
    }
    for (const [name, node] of merged) if (!entries.has(name)) entries.set(name, node);
    return entries;
  }

  /** What `<<: *anchor` or `<<: [*one, *two]` brings in; the first of a list wins. */
  private inherited(value: Node | null, path: ConfigPath, above: readonly Node[]): [string, LayerNode][] {
    const converted = this.convert(value, path, undefined, above);
    const maps = converted?.kind === 'list' ? converted.items : [converted];
    return maps.flatMap((map) => (map?.kind === 'map' ? [...(map satisfies MapNode).entries] : []));
  }
}

/** With `merge: true` the parser turns the key `<<` into a symbol of that name. */
function isMergeKey(name: unknown): boolean {
  return name === '<<' || (typeof name === 'symbol' && name.description === '<<');
}

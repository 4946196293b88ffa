/** A value of a config layer that remembers, at every depth, where it was written. */
import type { ConfigProblem, ConfigProblemKind } from '../errors/config-problem.ts';

/** Where a value came from: the layer that set it last, and the place inside that layer. */
export interface Origin {
  /** `default` = no layer wrote it; the others are named after what wrote it. */
  readonly layer: 'default' | 'extends' | 'file' | 'profile' | 'environment' | 'flag' | 'code';
  /** Absolute path of the file that wrote the value; absent for variables, flags and code. */
  readonly file?: string;
  /** From 1; absent where the format gives no positions (.js and .ts). */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** The variable, the flag or the profile. */
  readonly name?: string;
}

/** A key path from the top of the config: map keys and list positions. */
export type ConfigPath = readonly (string | number)[];

interface Placed {
  /** Where the value stands. */
  readonly origin: Origin;
  /** Where its key stands; absent in lists and at the top. */
  readonly key?: Origin | undefined;
}

export interface MapNode extends Placed { readonly kind: 'map'; readonly entries: ReadonlyMap<string, LayerNode> }
export interface ListNode extends Placed { readonly kind: 'list'; readonly items: readonly LayerNode[] }
export interface ScalarNode extends Placed { readonly kind: 'scalar'; readonly value: string | number | boolean | null }
/** One value of a layer. */
export type LayerNode = MapNode | ListNode | ScalarNode;

/** A map without entries. */
export function emptyMap(origin: Origin): MapNode {
  return { kind: 'map', entries: new Map(), origin };
}

/** The same map with one entry set, and with one taken out when `node` is undefined. */
export function withEntry(map: MapNode, name: string, node: LayerNode | undefined): MapNode {
  const entries = new Map(map.entries);
  if (node) entries.set(name, node);
  else entries.delete(name);
  return { ...map, entries };
}

/** The entry of a map; undefined where the node is no map or has no such entry. */
export function entryOf(node: LayerNode | undefined, name: string): LayerNode | undefined {
  return node?.kind === 'map' ? node.entries.get(name) : undefined;
}

/** The entries of a map; none where the node is something else. */
export function entriesOf(node: LayerNode | undefined): [string, LayerNode][] {
  return node?.kind === 'map' ? [...node.entries] : [];
}

/** The text of a scalar that holds text. */
export function textOf(node: LayerNode | undefined): string | undefined {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

/** The node at a path. */
export function nodeAt(root: LayerNode, path: ConfigPath): LayerNode | undefined {
  let node: LayerNode | undefined = root;
  for (const step of path) {
    if (node?.kind === 'map') node = node.entries.get(String(step));
    else if (node?.kind === 'list') node = node.items[Number(step)];
    else return undefined;
  }
  return node;
}

/** The node at a path, or the deepest of its parents that was written. */
export function nearestNode(root: LayerNode, path: ConfigPath): LayerNode {
  for (let length = path.length; length > 0; length -= 1) {
    const node = nodeAt(root, path.slice(0, length));
    if (node) return node;
  }
  return root;
}

/** The plain value, without places. */
export function toPlain(node: LayerNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toPlain);
  return Object.fromEntries([...node.entries].map(([name, entry]) => [name, toPlain(entry)]));
}

/** Whether a value is an object literal: no class, no array. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * Gives plain data (of code, a flag, or a file whose format has no positions) its places. Whatever is no plain data is a problem and
 * left out; an `undefined` entry counts as not written.
 */
export function placeValue(value: unknown, place: (path: ConfigPath) => { origin: Origin; key?: Origin | undefined }, problems: ConfigProblem[]): LayerNode {
  const above = new Set<object>();
  const visit = (current: unknown, path: ConfigPath): LayerNode | undefined => {
    const placed = place(path);
    if (current === null || typeof current === 'string' || typeof current === 'boolean') return { kind: 'scalar', value: current, ...placed };
    if (typeof current === 'number' && Number.isFinite(current)) return { kind: 'scalar', value: current, ...placed };
    if (typeof current === 'object' && above.has(current)) {
      problems.push(problemAt('wrong-type', path, placed.origin, 'a value that contains itself cannot stand in a config'));
      return undefined;
    }
    if (Array.isArray(current)) {
      above.add(current);
      const items = current.map((item, index) => visit(item, [...path, index])).filter((item) => item !== undefined);
      above.delete(current);
      return { kind: 'list', items, ...placed };
    }
    if (isPlainObject(current)) {
      above.add(current);
      const entries = new Map<string, LayerNode>();
      for (const [name, entry] of Object.entries(current)) {
        const node = entry === undefined ? undefined : visit(entry, [...path, name]);
        if (node) entries.set(name, node);
      }
      above.delete(current);
      return { kind: 'map', entries, ...placed };
    }
    problems.push(problemAt('wrong-type', path, placed.origin, `expected plain data, got ${nameOfForeign(current)}`));
    return undefined;
  };
  return visit(value, []) ?? emptyMap(place([]).origin);
}

function nameOfForeign(value: unknown): string {
  if (typeof value !== 'object' || value === null) return Number.isNaN(value) || typeof value === 'number' ? 'a number that is not finite' : `a ${typeof value}`;
  return `an instance of ${value.constructor?.name || 'a class'}`;
}

/** `backends.openai.models."gpt-4.1"`: keys that hold a dot, a quote or a space stand in quotes. */
export function formatPath(path: ConfigPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    const word = /^[^\s."'[\]]+$/.test(step) ? step : JSON.stringify(step);
    return text === '' ? word : `${text}.${word}`;
  }, '');
}

/** A problem at a place; a value that no file wrote is named by its variable or flag. */
export function problemAt(kind: ConfigProblemKind, path: ConfigPath, origin: Origin, message: string, near: readonly string[] = []): ConfigProblem {
  const written = origin.layer === 'profile' && origin.name !== undefined && path[0] !== 'profiles' ? ['profiles', origin.name, ...path] : path;
  const setBy = (origin.layer === 'flag' || origin.layer === 'environment') && origin.name !== undefined ? ` (set by ${origin.name})` : '';
  return {
    kind,
    path: formatPath(written),
    message: `${message.replace(/\.$/, '')}${setBy}.`,
    ...(origin.file === undefined ? {} : { file: origin.file }),
    ...(origin.line === undefined ? {} : { line: origin.line }),
    ...(origin.column === undefined ? {} : { column: origin.column }),
    ...(near.length === 0 ? {} : { near }),
  };
}

/** `file:line:column`, or the variable, flag or layer where no file wrote the value. */
export function formatOrigin(origin: Origin): string {
  if (origin.file === undefined) return origin.name ?? origin.layer;
  return [origin.file, origin.line, origin.column].filter((part) => part !== undefined).join(':');
}

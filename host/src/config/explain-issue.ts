/** What the schema found wrong, in plain words and with the place where it was written. */
import type { z } from 'zod';
import type { ConfigProblem } from '../errors/config-problem.ts';
import { nearNames } from '../errors/near-names.ts';
import { entryOf, nearestNode, nodeAt, problemAt, toPlain, type ConfigPath, type LayerNode, type MapNode } from './layer-node.ts';

type Issue = z.core.$ZodIssue;
/** The keys that may stand at a path. */
export type KeysAt = (path: ConfigPath) => readonly string[];

/** The problems of a merged config, in the order of its keys. */
export function explainIssues(issues: readonly Issue[], root: MapNode, keysAt: KeysAt): ConfigProblem[] {
  return issues.flatMap((issue) => explain(issue, issue.path as ConfigPath, root, keysAt));
}

function explain(issue: Issue, path: ConfigPath, root: MapNode, keysAt: KeysAt): ConfigProblem[] {
  const node = nodeAt(root, path);
  const place = node?.origin ?? nearestNode(root, path).key ?? nearestNode(root, path).origin;
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, path, node, root, keysAt));
    case 'invalid_type':
      if (node === undefined) return [problemAt('missing', path, place, `this is missing: expected ${inWords(issue.expected)}`)];
      return [problemAt('wrong-type', path, place, `expected ${inWords(issue.expected)}, got ${kindOf(node)}`)];
    case 'invalid_value': {
      const values = issue.values.map(String);
      const expected = values.length === 1 ? values[0] : `one of ${values.join(', ')}`;
      const written = node?.kind === 'scalar' ? String(node.value) : undefined;
      if (node === undefined) return [problemAt('missing', path, place, `this is missing: expected ${expected}`)];
      return [problemAt('wrong-type', path, place, `expected ${expected}, got ${kindOf(node)}`, written === undefined ? [] : nearNames(written, values))];
    }
    case 'too_small':
    case 'too_big':
      return [problemAt('out-of-range', path, place, `expected ${bound(issue)}, got ${amount(node)}`)];
    case 'invalid_union':
      return explainUnion(issue, path, node, root, keysAt);
    case 'invalid_key':
      return [problemAt('invalid-name', path, node?.key ?? place, issue.issues[0]?.message ?? 'this name is not allowed')];
    case 'invalid_format':
      return [problemAt('invalid-name', path, place, issue.message)];
    default:
      return [problemAt('conflict', path, place, issue.message)];
  }
}

function unknownKey(key: string, path: ConfigPath, parent: LayerNode | undefined, root: MapNode, keysAt: KeysAt): ConfigProblem {
  const node = entryOf(parent, key) ?? nearestNode(root, [...path, key]);
  const valid = keysAt(path);
  const near = nearNames(key, valid);
  const hint = near.length > 0 ? '' : path[0] === 'backends' && path.length === 2 ? '; an option of the plugin stands under `options`' : `; known here: ${valid.join(', ')}`;
  return problemAt('unknown-key', [...path, key], node.key ?? node.origin, `this key is not known${hint}`, near);
}

/** Of the forms a value may have, the one whose kind was written is the one that was meant. */
function explainUnion(issue: Extract<Issue, { code: 'invalid_union' }>, path: ConfigPath, node: LayerNode | undefined, root: MapNode, keysAt: KeysAt): ConfigProblem[] {
  const forms = issue.errors;
  const meant = forms.filter((form) => !form.some((inner) => inner.path.length === 0 && (inner.code === 'invalid_type' || inner.code === 'invalid_value')));
  const chosen = meant.toSorted((a, b) => a.length - b.length)[0];
  if (chosen) return chosen.flatMap((inner) => explain(inner, [...path, ...(inner.path as ConfigPath)], root, keysAt));
  const place = node?.origin ?? nearestNode(root, path).origin;
  const expected = [...new Set(forms.flat().flatMap((inner) => {
    if (inner.path.length > 0) return [];
    if (inner.code === 'invalid_value') return inner.values.map(String);
    return inner.code === 'invalid_type' ? [inWords(inner.expected)] : [];
  }))];
  const options = forms.flat().flatMap((inner) => (inner.code === 'invalid_value' ? inner.values.map(String) : []));
  const written = node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
  return [problemAt(node ? 'wrong-type' : 'missing', path, place, `expected ${expected.join(' or ')}, got ${node ? kindOf(node) : 'nothing'}`, written === undefined ? [] : nearNames(written, options))];
}

function inWords(expected: string): string {
  const words: Record<string, string> = {
    string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', object: 'a map', record: 'a map', null: 'null', json: 'plain data',
  };
  return words[expected] ?? expected;
}

/** The kind of a value, never the value itself: it may be a key that was put in the wrong place. */
function kindOf(node: LayerNode): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'a map';
  if (node.value === null) return 'null';
  if (typeof node.value === 'boolean') return String(node.value);
  if (typeof node.value === 'number') return `the number ${node.value}`;
  return node.value === '' ? 'an empty text' : 'a text';
}

function bound(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>): string {
  const limit = Number(issue.code === 'too_small' ? issue.minimum : issue.maximum);
  if (issue.origin === 'string') return 'a text that is not empty';
  const unit = issue.origin === 'array' ? ` entr${limit === 1 ? 'y' : 'ies'}` : '';
  if (issue.inclusive === false) return `${issue.code === 'too_small' ? 'more' : 'less'} than ${limit}${unit}`;
  return `at ${issue.code === 'too_small' ? 'least' : 'most'} ${limit}${unit}`;
}

function amount(node: LayerNode | undefined): string {
  if (node?.kind === 'list') return `${node.items.length}`;
  const value = node && toPlain(node);
  return typeof value === 'number' ? String(value) : value === '' ? 'an empty one' : 'a longer one';
}

/** Keys of the config that are checked but have no effect in this version: whoever writes one is told. */
import type { ConfigProblem } from '../errors/config-problem.ts';
import { nodeAt, problemAt, type ConfigPath, type LayerNode, type MapNode } from './layer-node.ts';

/** Members of `calls` that do nothing yet. */
const callKeys = ['retry', 'limits', 'breaker', 'fallback', 'cache', 'contextGuard'].map((key) => ['calls', key]);

/** Paths that do nothing yet; `*` stands for every name. */
const notYet: readonly ConfigPath[] = [
  ...callKeys,
  ...callKeys.flatMap((path) => [['backends', '*', ...path], ['models', '*', ...path], ['tools', '*', ...path]]),
  ['agents', '*', 'calls'], ['agents', '*', 'history'], ['agents', '*', 'unfinishedTool'],
  ['budgets'], ['store'], ['telemetry'], ['policy', 'scripts'], ['policy', 'minReleaseAgeDays'],
];

/** One warning for each such key that is written. */
export function findNotYet(root: MapNode): ConfigProblem[] {
  return notYet.flatMap((pattern) => written(root, pattern, [])).map(({ path, node }) => problemAt('no-effect', path, node.key ?? node.origin, 'this key is checked, but has no effect in this version'));
}

function written(root: MapNode, pattern: ConfigPath, path: ConfigPath): { readonly path: ConfigPath; readonly node: LayerNode }[] {
  const [step, ...rest] = pattern;
  if (step === undefined) {
    const node = nodeAt(root, path);
    return node === undefined ? [] : [{ path, node }];
  }
  if (step !== '*') return written(root, rest, [...path, step]);
  const names = nodeAt(root, path);
  return names?.kind === 'map' ? [...names.entries.keys()].flatMap((name) => written(root, rest, [...path, name])) : [];
}

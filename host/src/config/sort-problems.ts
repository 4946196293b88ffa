/** Problems in the order a person mends them: file by file, from top to bottom, each once. */
import type { ConfigProblem } from '../errors/config-problem.ts';
import { formatPath } from './layer-node.ts';

/** Sorts by file, line and column, and drops repeats. Problems that no file holds come last. */
export function sortProblems(problems: readonly ConfigProblem[]): ConfigProblem[] {
  const unique = new Map(problems.map((problem) => [JSON.stringify([problem.file, problem.line, problem.column, problem.path, problem.message]), problem]));
  const files = [...new Set(problems.map(({ file }) => file))];
  const rank = ({ file }: ConfigProblem): number => (file === undefined ? files.length : files.indexOf(file));
  return [...unique.values()].toSorted((a, b) => rank(a) - rank(b) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

/** Of the problems of a config with a profile laid over it, those the profile itself holds. Its variables may be missing until it is used. */
export function problemsOfProfile(problems: readonly ConfigProblem[], profile: string): ConfigProblem[] {
  const path = formatPath(['profiles', profile]);
  return problems.filter((problem) => problem.kind !== 'missing-variable' && (problem.path === path || problem.path.startsWith(`${path}.`)));
}

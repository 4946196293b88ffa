/** `${VAR}`, `${VAR:-fallback}` and `$${` in the text values of a config. */
import type { ConfigProblem } from '../errors/config-problem.ts';
import { nearNames } from '../errors/near-names.ts';
import { problemAt, type ConfigPath, type LayerNode, type MapNode, type Origin } from './layer-node.ts';

const pattern = /\$\$\{|\$\{([^}]*)\}/g;
const reference = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s;

/** Whether a text is nothing but references, so that the file itself holds none of the value. */
export function isOnlyReferences(text: string): boolean {
  return text.includes('${') && text.replaceAll(pattern, (whole) => (whole === '$${' ? 'x' : '')).trim() === '';
}

/**
 * Fills in a map. Keys are never touched, nor plugin names, nor anything below a key `command` (a command line is not text to paste
 * values into). A missing variable without a fallback is a problem; an empty one counts as missing only for `:-`, as in a shell.
 */
export function interpolate(root: MapNode, environment: NodeJS.ProcessEnv, problems: ConfigProblem[], top: ConfigPath = []): MapNode {
  const visit = (node: LayerNode, path: ConfigPath): LayerNode => {
    if (isLeftAlone(path)) return node;
    if (node.kind === 'scalar') return typeof node.value === 'string' ? { ...node, value: fillIn(node.value, path, node.origin, environment, problems) } : node;
    if (node.kind === 'list') return { ...node, items: node.items.map((item, index) => visit(item, [...path, index])) };
    return { ...node, entries: new Map([...node.entries].map(([name, entry]) => [name, visit(entry, [...path, name])])) };
  };
  return visit(root, top) as MapNode;
}

/** One text with its variables filled in. */
export function fillIn(text: string, path: ConfigPath, origin: Origin, environment: NodeJS.ProcessEnv, problems: ConfigProblem[]): string {
  return text.replaceAll(pattern, (whole: string, inside: string | undefined) => {
    if (inside === undefined) return '${';
    const [, name, fallback] = reference.exec(inside) ?? [];
    if (name === undefined) {
      problems.push(problemAt('syntax', path, origin, `"${whole}" is no variable: write \${NAME} or \${NAME:-fallback}, and $\${ for the two characters themselves`));
      return whole;
    }
    const value = environment[name];
    if (fallback !== undefined) return value === undefined || value === '' ? fallback : value;
    if (value !== undefined) return value;
    problems.push(problemAt('missing-variable', path, origin, `the environment variable ${name} is not set; set it, or write \${${name}:-fallback}`, name.length < 6 ? [] : nearNames(name, Object.keys(environment))));
    return whole;
  });
}

function isLeftAlone(path: ConfigPath): boolean {
  const last = path.at(-1);
  if (last === 'command') return true;
  return last === 'plugin' && path.length === 3 && ['backends', 'tools', 'presets'].includes(String(path[0]));
}

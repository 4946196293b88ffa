/** Names that refer to other names: backends, aliases, tools and presets that exist, share one space, and run in no ring. */
import type { ConfigProblem } from '../errors/config-problem.ts';
import { nearNames } from '../errors/near-names.ts';
import { ModelportError } from '../errors/modelport-error.ts';
import { nearSpecs, parseModelSpec, type SpecNames } from '../models/model-spec.ts';
import { entriesOf, entryOf, formatOrigin, problemAt, textOf, type ConfigPath, type LayerNode, type MapNode } from './layer-node.ts';
import { faultOfPluginName } from './plugin-name.ts';

/** Checks every reference of a merged config; what is allowed but looks mistyped is a warning. It reads the tree as written, so it also works when the schema found faults. */
export function checkNames(root: MapNode, problems: ConfigProblem[], warnings: ConfigProblem[]): void {
  const backends = new Map(entriesOf(entryOf(root, 'backends')));
  const aliases = new Map(entriesOf(entryOf(root, 'models')));
  const tools = entriesOf(entryOf(root, 'tools'));
  checkPlugins(root, backends, tools, problems);
  checkTools(backends, tools, problems);
  const names = specNames(backends, aliases, tools);
  for (const [name, node] of aliases) {
    const twin = backends.get(name);
    if (twin) problems.push(problemAt('duplicate-name', ['models', name], placeOf(node), `an alias cannot be called like a backend; the backend stands at ${formatOrigin(placeOf(twin))}`));
    for (const { path, text, node: target } of targetsOf(name, node)) checkSpec(text, path, target, names, problems, warnings);
  }
  checkRings(aliases, problems);
  for (const [name, agent] of entriesOf(entryOf(root, 'agents'))) checkAgent(name, agent, names, problems, warnings);
  checkBudgets(root, backends, aliases, problems);
}

/** The targets an alias node names, with their paths. */
export function targetsOf(name: string, node: LayerNode): { readonly path: ConfigPath; readonly text: string; readonly node: LayerNode }[] {
  const gather = (current: LayerNode | undefined, path: ConfigPath): { path: ConfigPath; text: string; node: LayerNode }[] => {
    if (current?.kind === 'list') return current.items.flatMap((item, index) => gather(item, [...path, index]));
    const text = textOf(current);
    return current === undefined || text === undefined ? [] : [{ path, text, node: current }];
  };
  const path = ['models', name];
  return node.kind === 'map' ? [...gather(node.entries.get('spec'), [...path, 'spec']), ...gather(node.entries.get('any'), [...path, 'any'])] : gather(node, path);
}

/** Which backends count where a spec names none: those switched on, and not there for tools alone. */
function specNames(backends: ReadonlyMap<string, LayerNode>, aliases: ReadonlyMap<string, LayerNode>, tools: readonly [string, LayerNode][]): SpecNames {
  const forTools = new Set(tools.map(([, tool]) => textOf(entryOf(tool, 'backend'))));
  const counts = ([name, node]: [string, LayerNode]): boolean => {
    const enabled = entryOf(node, 'enabled');
    return !forTools.has(name) && !(enabled?.kind === 'scalar' && enabled.value === false);
  };
  const shorthand = tools.filter(([, tool]) => entryOf(tool, 'plugin')).map(([name]) => name);
  return {
    aliases: [...aliases.keys()],
    backends: [...backends].filter(counts).map(([name]) => name),
    known: [...backends.keys(), ...shorthand],
  };
}

function checkSpec(text: string, path: ConfigPath, node: LayerNode, names: SpecNames, problems: ConfigProblem[], warnings: ConfigProblem[]): void {
  const aliases = [...names.aliases];
  const backends = [...(names.known ?? names.backends)];
  const at = text.lastIndexOf('@');
  if (at > 0 && aliases.includes(text.slice(0, at)) && backends.includes(text.slice(at + 1))) {
    problems.push(problemAt('conflict', path, node.origin, `"${text}" puts the alias "${text.slice(0, at)}" at a backend; an alias already says its backend, so write the alias alone or a model id`));
    return;
  }
  try {
    const parsed = parseModelSpec(text, { ...names, aliases });
    // With one chat backend every text is a model id: a mistyped name would pass in silence.
    const near = parsed.alias === undefined && parsed.model === text.trim() ? nearSpecs(text, { ...names, aliases, knownIds: [] }).filter((name) => aliases.includes(name) || at > 0) : [];
    if (near.length > 0) warnings.push(problemAt('unknown-name', path, node.origin, `"${text}" is read as a model id of "${parsed.alias ?? parsed.backend}"`, near));
  } catch (error) {
    if (!ModelportError.is(error)) throw error;
    if (error.code === 'SPEC_INVALID') problems.push(problemAt('unknown-name', path, node.origin, error.message.replace(/\.$/, '')));
    else problems.push(problemAt('unknown-name', path, node.origin, `no alias or backend is meant by "${text}"; ${known(aliases, backends)}`, nearSpecs(text, { ...names, aliases })));
  }
}

function known(aliases: readonly string[], backends: readonly string[]): string {
  const listed = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.length > 12 ? `${names.slice(0, 12).join(', ')}, ...` : names.join(', '));
  return `write \`model@backend\` or an alias (backends: ${listed(backends)}; aliases: ${listed(aliases)})`;
}

function checkRings(aliases: ReadonlyMap<string, LayerNode>, problems: ConfigProblem[]): void {
  const told = new Set<string>();
  const visit = (name: string, above: readonly string[]): void => {
    const node = aliases.get(name);
    if (node === undefined) return;
    if (above.includes(name)) {
      const ring = above.slice(above.indexOf(name));
      const key = ring.toSorted().join(' ');
      if (!told.has(key)) problems.push(problemAt('cycle', ['models', name], placeOf(node), `these aliases name each other: ${[...ring, name].join(' -> ')}`));
      told.add(key);
      return;
    }
    for (const { text } of targetsOf(name, node)) visit(text.trim(), [...above, name]);
  };
  for (const name of aliases.keys()) if (![...told].some((ring) => ring.split(' ').includes(name))) visit(name, []);
}

function checkAgent(name: string, agent: LayerNode, names: SpecNames, problems: ConfigProblem[], warnings: ConfigProblem[]): void {
  const model = entryOf(agent, 'model');
  const text = textOf(model);
  if (model && text !== undefined) checkSpec(text, ['agents', name, 'model'], model, names, problems, warnings);
  else if (!model && ![...names.aliases].includes('default')) problems.push(problemAt('missing', ['agents', name, 'model'], placeOf(agent), 'the agent names no model, and there is no alias `models.default`'));
}

function checkPlugins(root: MapNode, backends: ReadonlyMap<string, LayerNode>, tools: readonly [string, LayerNode][], problems: ConfigProblem[]): void {
  for (const [name, node] of backends) {
    if (node.kind === 'map' && !node.entries.has('plugin') && !node.entries.has('preset')) {
      problems.push(problemAt('missing', ['backends', name, 'plugin'], placeOf(node), 'this is missing: expected a package name, or a path that begins with "./"'));
    }
  }
  for (const [section, entries] of [['backends', [...backends]], ['tools', tools], ['presets', entriesOf(entryOf(root, 'presets'))]] as const) {
    for (const [name, node] of entries) {
      const plugin = entryOf(node, 'plugin');
      const fault = plugin && faultOfPluginName(textOf(plugin) ?? 'plugin');
      if (plugin && fault) problems.push(problemAt('invalid-name', [section, name, 'plugin'], plugin.origin, fault));
    }
  }
}

function checkTools(backends: ReadonlyMap<string, LayerNode>, tools: readonly [string, LayerNode][], problems: ConfigProblem[]): void {
  for (const [name, node] of tools) {
    if (node.kind !== 'map') continue;
    const plugin = entryOf(node, 'plugin');
    const backend = entryOf(node, 'backend');
    const twin = backends.get(name);
    if (plugin && backend) problems.push(problemAt('conflict', ['tools', name], placeOf(node), 'expected either `backend` or `plugin`, not both'));
    else if (!plugin && !backend) problems.push(problemAt('missing', ['tools', name], placeOf(node), 'expected `backend` (a name under `backends`) or `plugin`'));
    if (plugin && twin) {
      problems.push(problemAt('duplicate-name', ['tools', name], placeOf(node), `with \`plugin\` this declares a backend called "${name}", but one stands at ${formatOrigin(placeOf(twin))}; rename one, or write \`backend: ${name}\``));
    }
    const text = textOf(backend);
    if (backend && text !== undefined && !backends.has(text)) problems.push(problemAt('unknown-name', ['tools', name, 'backend'], backend.origin, `there is no backend "${text}"`, nearNames(text, backends.keys())));
  }
}

function checkBudgets(root: MapNode, backends: ReadonlyMap<string, LayerNode>, aliases: ReadonlyMap<string, LayerNode>, problems: ConfigProblem[]): void {
  const budgets = entryOf(root, 'budgets');
  for (const [index, budget] of (budgets?.kind === 'list' ? budgets.items : []).entries()) {
    const scope = entryOf(budget, 'scope');
    const [kind, name] = textOf(scope)?.split(/:(.*)/s) ?? [];
    const valid = kind === 'backend' ? backends : kind === 'alias' ? aliases : undefined;
    if (scope && name && valid && !valid.has(name)) problems.push(problemAt('unknown-name', ['budgets', index, 'scope'], scope.origin, `there is no ${kind} "${name}"`, nearNames(name, valid.keys())));
  }
}

const placeOf = (node: LayerNode): LayerNode['origin'] => node.key ?? node.origin;

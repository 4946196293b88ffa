/** `preset: name` at a backend: the preset's values stand below the backend's own. */
import type { ConfigProblem } from '../errors/config-problem.ts';
import { nearNames } from '../errors/near-names.ts';
import { builtInPresets } from './built-in-presets.ts';
import { emptyMap, entriesOf, entryOf, placeValue, problemAt, textOf, withEntry, type ConfigPath, type LayerNode, type MapNode, type Origin } from './layer-node.ts';
import { mergeLayers } from './merge.ts';

/**
 * Lays each backend over its preset: the config's own of that name, else the built-in one. An unknown preset is a problem, a vendor that
 * ended its service a warning; a preset without a plugin leaves that to the backend.
 */
export function applyPresets(root: MapNode, problems: ConfigProblem[], warnings: ConfigProblem[]): MapNode {
  const backends = entryOf(root, 'backends');
  if (backends?.kind !== 'map') return root;
  const own = new Map(entriesOf(entryOf(root, 'presets')));
  const entries = new Map<string, LayerNode>();
  for (const [name, backend] of backends.entries) {
    entries.set(name, backend);
    const preset = entryOf(backend, 'preset');
    const text = textOf(preset);
    if (backend.kind !== 'map' || preset === undefined || text === undefined) continue;
    const path = ['backends', name, 'preset'];
    const below = own.get(text) ?? builtIn(text, path, preset.origin, warnings);
    if (!below) problems.push(problemAt('unknown-name', path, preset.origin, `there is no preset "${text}", neither under \`presets\` nor built in`, nearNames(text, [...own.keys(), ...Object.keys(builtInPresets())])));
    else if (below.kind === 'map') {
      const merged = mergeLayers(withoutReplacedSecrets(below, backend), backend);
      entries.set(name, merged);
      if (!merged.entries.has('plugin')) problems.push(problemAt('missing', ['backends', name, 'plugin'], backend.key ?? backend.origin, `neither this backend nor the preset "${text}" names a plugin`));
    }
  }
  return withEntry(root, 'backends', { ...emptyMap(backends.origin), key: backends.key, entries });
}

/** The values count as written where the preset is named: the plugin is looked up from there, and a fault in them is told there. */
function builtIn(name: string, path: ConfigPath, origin: Origin, warnings: ConfigProblem[]): LayerNode | undefined {
  const presets = builtInPresets();
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (preset === undefined) return undefined;
  const { plugin, options, secrets, title, retired, docs } = preset;
  if (retired !== undefined) warnings.push(problemAt('no-effect', path, origin, `${title} ended its service on ${retired} (${docs})`));
  return placeValue({ plugin, options, secrets }, () => ({ origin }), []);
}

/** A secret is had from one place: the backend's reference takes the place of the preset's instead of standing beside it. */
function withoutReplacedSecrets(preset: MapNode, backend: MapNode): MapNode {
  const secrets = entryOf(preset, 'secrets');
  if (secrets?.kind !== 'map') return preset;
  const own = entryOf(backend, 'secrets');
  const kept = new Map([...secrets.entries].filter(([name]) => entryOf(own, name) === undefined));
  return withEntry(preset, 'secrets', { ...secrets, entries: kept });
}

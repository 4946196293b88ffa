/** `preset: name` at a backend: the preset's values stand below the backend's own. */
import type { ConfigProblem } from '../errors/config-problem.ts';
import { nearNames } from '../errors/near-names.ts';
import { emptyMap, entriesOf, entryOf, problemAt, textOf, withEntry, type LayerNode, type MapNode } from './layer-node.ts';
import { mergeLayers } from './merge.ts';

/** Lays each backend over its preset. An unknown preset is a problem; a preset without a plugin leaves that to the backend. */
export function applyPresets(root: MapNode, problems: ConfigProblem[]): MapNode {
  const backends = entryOf(root, 'backends');
  if (backends?.kind !== 'map') return root;
  const presets = new Map(entriesOf(entryOf(root, 'presets')));
  const entries = new Map<string, LayerNode>();
  for (const [name, backend] of backends.entries) {
    entries.set(name, backend);
    const preset = entryOf(backend, 'preset');
    const text = textOf(preset);
    if (backend.kind !== 'map' || preset === undefined || text === undefined) continue;
    const below = presets.get(text);
    if (!below) problems.push(problemAt('unknown-name', ['backends', name, 'preset'], preset.origin, `there is no preset "${text}" under \`presets\``, nearNames(text, presets.keys())));
    else if (below.kind === 'map') {
      const merged = mergeLayers(below, backend);
      entries.set(name, merged);
      if (!merged.entries.has('plugin')) problems.push(problemAt('missing', ['backends', name, 'plugin'], backend.key ?? backend.origin, `neither this backend nor the preset "${text}" names a plugin`));
    }
  }
  return withEntry(root, 'backends', { ...emptyMap(backends.origin), key: backends.key, entries });
}

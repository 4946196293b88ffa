/** One layer laid over another: maps merge by key, null deletes, lists and scalars replace. */
import { dirname } from 'node:path';
import { splitPluginName } from './plugin-name.ts';
import { isPathLike } from './expand-path.ts';
import { entryOf, textOf, type ConfigPath, type LayerNode, type MapNode } from './layer-node.ts';

/**
 * The merge of two layers. Two things are replaced whole, since half of the old one would not fit the new: an alias under `models`, and a
 * backend (or tool) whose `plugin` changes.
 */
export function mergeLayers(below: MapNode, above: MapNode): MapNode {
  return mergeMaps(below, above, []);
}

/** A null says "delete": what is left of them (there was nothing to delete) goes, with its path told. Nulls in lists are values. */
export function dropNulls(node: MapNode, dropped: (path: ConfigPath, node: LayerNode) => void, path: ConfigPath = []): MapNode {
  const entries = new Map<string, LayerNode>();
  for (const [name, entry] of node.entries) {
    if (isNull(entry)) dropped([...path, name], entry);
    else entries.set(name, entry.kind === 'map' ? dropNulls(entry, dropped, [...path, name]) : entry);
  }
  return { ...node, entries };
}

function mergeMaps(below: MapNode, above: MapNode, path: ConfigPath): MapNode {
  const entries = new Map(below.entries);
  for (const [name, entry] of above.entries) {
    const old = entries.get(name);
    if (old === undefined) entries.set(name, entry);
    else if (isNull(entry)) entries.delete(name);
    else if (old.kind === 'map' && entry.kind === 'map' && !isReplacedWhole(old, entry, [...path, name])) entries.set(name, mergeMaps(old, entry, [...path, name]));
    else entries.set(name, entry);
  }
  // A merged map keeps the place where a file first wrote it: there its missing keys are looked for.
  return { ...(below.origin.file === undefined ? above : below), entries };
}

function isReplacedWhole(old: MapNode, entry: MapNode, path: ConfigPath): boolean {
  const [section, name, ...deeper] = path[0] === 'profiles' ? path.slice(2) : path;
  if (name === undefined || deeper.length > 0) return false;
  if (section === 'models') return true;
  if (section !== 'backends' && section !== 'tools' && section !== 'presets') return false;
  const plugin = entryOf(entry, 'plugin');
  return plugin !== undefined && identityOf(plugin) !== identityOf(entryOf(old, 'plugin'));
}

/** A path names another plugin when another folder reads it; a range does not change which plugin is meant. */
function identityOf(plugin: LayerNode | undefined): string | undefined {
  const text = textOf(plugin);
  if (text === undefined || plugin === undefined) return undefined;
  return isPathLike(text) ? `${text} in ${plugin.origin.file === undefined ? '' : dirname(plugin.origin.file)}` : splitPluginName(text).plugin;
}

function isNull(node: LayerNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** What wrote a value of the finished config, whose shape differs a little from what a person writes. */
import type { Config } from './config-types.ts';
import { nodeAt, type ConfigPath, type LayerNode, type MapNode, type Origin } from './layer-node.ts';

/** The origin of a value; layer `default` where nothing wrote it, undefined where the config has no such value. */
export function findOrigin(path: ConfigPath, config: Config, root: MapNode): Origin | undefined {
  const node = nodeAt(root, path) ?? writtenAs(path, config, root);
  if (node) return node.origin;
  return path.length > 0 && valueAt(config, path) !== undefined ? { layer: 'default' } : undefined;
}

/** The node behind a value that stands elsewhere in the config than where it was written. */
function writtenAs(path: ConfigPath, config: Config, root: MapNode): LayerNode | undefined {
  const [section, name, part, ...rest] = path;
  if (name === undefined) return undefined;
  const entry = nodeAt(root, [String(section), name]);
  if (section === 'models' && part === 'targets') {
    const targets = entry?.kind === 'map' ? (entry.entries.get('any') ?? entry.entries.get('spec')) : entry;
    return (targets && nodeAt(targets, rest)) ?? targets;
  }
  if (section === 'models' && part === 'defaults') return entry && rest.length > 0 ? nodeAt(entry, rest) : undefined;
  const isBackend = section === 'backends' || section === 'tools';
  if (section === 'backends' && config.backends[name]?.declaredBy === 'tools') {
    const node = nodeAt(root, ['tools', name, ...path.slice(2)]);
    if (node) return node;
    return part === 'range' || part === 'from' ? nodeAt(root, ['tools', name, 'plugin']) : undefined;
  }
  if (isBackend && (part === 'range' || part === 'from' || part === 'backend')) return nodeAt(root, [section, name, 'plugin']);
  // A literal secret may be written as the value itself.
  if (part === 'secrets' && rest.length === 2 && rest[1] === 'literal') return nodeAt(root, path.slice(0, -1));
  return part === 'name' ? entry : undefined;
}

function valueAt(config: Config, path: ConfigPath): unknown {
  return path.reduce<unknown>((value, step) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[String(step)] : undefined), config);
}

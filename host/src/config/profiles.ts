/** Profiles: named overlays of the config, laid over it in the order they are asked for. */
import type { ConfigProblem } from '../errors/config-problem.ts';
import { nearNames } from '../errors/near-names.ts';
import { entriesOf, entryOf, problemAt, withEntry, type LayerNode, type MapNode, type Origin } from './layer-node.ts';
import { mergeLayers } from './merge.ts';

/** The profiles asked for, and what asked. */
export interface AskedProfiles {
  readonly names: readonly string[];
  readonly origin: Origin;
}

/** `--profile a,b`, else MODELPORT_PROFILE. */
export function askedProfiles(flags: readonly string[] | undefined, environment: NodeJS.ProcessEnv): AskedProfiles {
  const split = (text: string): string[] => text.split(',').map((name) => name.trim()).filter((name) => name !== '');
  const named = (flags ?? []).flatMap(split);
  if (named.length > 0) return { names: [...new Set(named)], origin: { layer: 'flag', name: '--profile' } };
  return { names: [...new Set(split(environment['MODELPORT_PROFILE'] ?? ''))], origin: { layer: 'environment', name: 'MODELPORT_PROFILE' } };
}

/** The tree without `profiles`, and each profile by name. */
export function takeProfiles(root: MapNode, problems: ConfigProblem[]): { readonly root: MapNode; readonly profiles: ReadonlyMap<string, MapNode> } {
  const node = entryOf(root, 'profiles');
  const profiles = new Map<string, MapNode>();
  if (node && node.kind !== 'map') problems.push(problemAt('wrong-type', ['profiles'], node.origin, 'expected a map of profiles by name'));
  for (const [name, profile] of entriesOf(node)) {
    if (profile.kind === 'map') profiles.set(name, withoutTopKeys(name, profile, problems));
    else if (!isNull(profile)) problems.push(problemAt('wrong-type', ['profiles', name], profile.origin, 'expected a map of the settings this profile changes'));
  }
  return { root: withEntry(root, 'profiles', undefined), profiles };
}

/** Lays the asked profiles over the tree. An unknown one is a problem. */
export function applyProfiles(root: MapNode, profiles: ReadonlyMap<string, MapNode>, asked: AskedProfiles, problems: ConfigProblem[]): MapNode {
  let merged = root;
  for (const name of asked.names) {
    const profile = profiles.get(name);
    if (profile) merged = mergeLayers(merged, profile);
    else problems.push(problemAt('unknown-name', ['profiles', name], asked.origin, `there is no profile "${name}"; ${profiles.size === 0 ? 'the config has none' : `there are ${[...profiles.keys()].join(', ')}`}`, nearNames(name, profiles.keys())));
  }
  return merged;
}

/** A profile changes settings; it cannot bring further files or profiles. */
function withoutTopKeys(name: string, profile: MapNode, problems: ConfigProblem[]): MapNode {
  let kept = profile;
  for (const key of ['extends', 'profiles', '$schema']) {
    const node = profile.entries.get(key);
    if (node) problems.push(problemAt('unknown-key', ['profiles', name, key], node.key ?? node.origin, `\`${key}\` stands at the top of a file, not in a profile`));
    kept = withEntry(kept, key, undefined);
  }
  return kept;
}

function isNull(node: LayerNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

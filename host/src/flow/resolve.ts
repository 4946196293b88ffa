/** Step 6: a model spec or an alias becomes the ordered targets it means; a miss offers near names. */
import type { AliasConfig, Config } from '../config/config-types.ts';
import { modelportError } from '../errors/modelport-error.ts';
import { nearNames } from '../errors/near-names.ts';
import { parseModelSpec } from '../models/model-spec.ts';
import type { Alias, Snapshot } from '../lifecycle/snapshot.ts';

/** One model on one backend. */
export interface Target {
  readonly backend: string;
  /** The vendor's own name of the model. */
  readonly model: string;
  /** Aliases on the way to it below the one that was asked for, the lowest first: each one's settings hold below those of the next. */
  readonly through?: readonly AliasConfig[];
}

/** What a name means under one snapshot. */
export interface Resolution {
  /** The name as it was asked for. */
  readonly name: string;
  /** In order of preference; never empty. */
  readonly targets: readonly Target[];
  /** The alias behind the name; absent for a spec. */
  readonly alias?: Alias;
}

/**
 * What a name means now. Throws SPEC_INVALID, or SPEC_UNKNOWN with near names; for a name that was an alias when the caller got its
 * handle, ALIAS_REMOVED.
 */
export function resolveModel(name: string, snapshot: Snapshot, wasAlias = false): Resolution {
  const alias = snapshot.aliases.get(name.trim());
  if (alias) return { name, targets: alias.targets, alias };
  if (wasAlias) throw modelportError('ALIAS_REMOVED', { alias: name, near: nearNames(name, snapshot.aliases.keys()) });
  const spec = parseModelSpec(name, { aliases: snapshot.aliases.keys(), backends: snapshot.chatBackends, known: snapshot.plans.keys() });
  if (spec.alias !== undefined) throw new Error(`the snapshot does not hold the alias ${spec.alias}`);
  return { name, targets: [{ backend: spec.backend, model: spec.model }] };
}

/** Every alias with the targets it means, aliases of aliases flattened in order. The config was validated: rings and unknown names are gone. */
export function flattenAliases(config: Config, backends: readonly string[], chatBackends: readonly string[]): ReadonlyMap<string, Alias> {
  const flattened = new Map<string, Alias>();
  const targetsOf = (alias: AliasConfig, through: readonly AliasConfig[]): readonly Target[] =>
    alias.targets.flatMap((spec) => {
      const named = Object.hasOwn(config.models, spec) ? config.models[spec] : undefined;
      if (named) return targetsOf(named, [named, ...through]);
      const { backend, model } = parseModelSpec(spec, { aliases: [], backends: chatBackends, known: backends }) as Target;
      return [through.length === 0 ? { backend, model } : { backend, model, through }];
    });
  for (const alias of Object.values(config.models)) {
    flattened.set(alias.name, { name: alias.name, targets: uniqueTargets(targetsOf(alias, [])), config: alias });
  }
  return flattened;
}

/** A target counts where it is named first. */
function uniqueTargets(targets: readonly Target[]): Target[] {
  const seen = new Set<string>();
  return targets.filter(({ model, backend }) => seen.size < seen.add(`${model}@${backend}`).size);
}

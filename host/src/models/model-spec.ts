/** What a user writes for a model, `model[:tag][@backend]` or `backend/model`, read by one rule and printed back. */
import { modelportError } from '../errors/modelport-error.ts';
import { nearNames } from '../errors/near-names.ts';

/** The names a spec is read against. */
export interface SpecNames {
  /** Names under `models:`. */
  readonly aliases: Iterable<string>;
  /** Enabled backends that offer chat models. */
  readonly backends: Iterable<string>;
  /** Every backend that may be named, also one that is switched off or has no chat; these do not count where one backend alone is meant. */
  readonly known?: Iterable<string>;
  /** Model ids known of any backend: only to offer near names. */
  readonly knownIds?: Iterable<string>;
}

/** A spec as it was understood. */
export type ParsedSpec =
  | { readonly alias: string }
  | {
    readonly alias?: undefined;
    readonly backend: string;
    /** The vendor's whole model id, tag included. */
    readonly model: string;
    /** The id without its tag: what a plugin of local models calls the name. */
    readonly name: string;
    /** The text after the last `:` of the id's last path segment; only plugins of local models read it. */
    readonly tag?: string;
  };

/**
 * Reads a spec. In this order: exactly an alias; a backend after the last `@`; a backend before the first `/`; with exactly one enabled
 * chat backend, the whole text as its model id. Case matters.
 * @throws SPEC_INVALID for an empty text or an empty part, SPEC_UNKNOWN when no rule applies.
 */
export function parseModelSpec(text: string, names: SpecNames): ParsedSpec {
  const spec = text.trim();
  const aliases = new Set(names.aliases);
  const chatBackends = new Set(names.backends);
  const backends = new Set([...chatBackends, ...(names.known ?? [])]);
  if (spec === '') throw modelportError('SPEC_INVALID', { spec: text, reason: 'it is empty' });
  if (aliases.has(spec)) return { alias: spec };
  const at = spec.lastIndexOf('@');
  if (at >= 0 && backends.has(spec.slice(at + 1))) return model(spec, spec.slice(at + 1), spec.slice(0, at));
  const slash = spec.indexOf('/');
  if (slash >= 0 && backends.has(spec.slice(0, slash))) return model(spec, spec.slice(0, slash), spec.slice(slash + 1));
  if (at === 0 || at === spec.length - 1) throw modelportError('SPEC_INVALID', { spec, reason: at === 0 ? 'nothing stands before the "@"' : 'nothing stands after the "@"' });
  const [only, second] = [...chatBackends];
  if (only !== undefined && second === undefined) return model(spec, only, spec);
  throw modelportError('SPEC_UNKNOWN', { spec, near: nearSpecs(spec, { ...names, aliases, backends }), aliases: [...aliases], backends: [...backends] });
}

/** Prints an alias as its name and a model as `model@backend`, which reads back as the same wherever no alias has that very text. */
export function formatModelSpec(spec: { readonly alias: string } | { readonly alias?: undefined; readonly model: string; readonly backend: string }): string {
  return spec.alias !== undefined ? spec.alias : `${spec.model}@${spec.backend}`;
}

/** What a spec that nothing answers to may have meant, best first: aliases, the same model at a near backend, known ids. */
export function nearSpecs(spec: string, names: SpecNames): string[] {
  const at = spec.lastIndexOf('@');
  const slash = spec.indexOf('/');
  const backends = new Set([...names.backends, ...(names.known ?? [])]);
  const near = nearNames(spec, [...names.aliases, ...(names.knownIds ?? [])]);
  if (at > 0) near.unshift(...nearNames(spec.slice(at + 1), backends).map((name) => `${spec.slice(0, at)}@${name}`));
  else if (slash > 0) near.push(...nearNames(spec.slice(0, slash), backends).map((name) => `${spec.slice(slash + 1)}@${name}`));
  else near.push(...nearNames(spec, backends));
  return [...new Set(near)].slice(0, 3);
}

function model(spec: string, backend: string, id: string): ParsedSpec {
  if (id.trim() === '') throw modelportError('SPEC_INVALID', { spec, reason: `no model is named for the backend "${backend}"` });
  // `http://h:80/x` and `hf:org/repo` hold a colon that begins no tag: a tag follows the last slash.
  const colon = id.lastIndexOf(':');
  const hasTag = colon > id.lastIndexOf('/') && colon > 0 && colon < id.length - 1;
  return { backend, model: id, name: hasTag ? id.slice(0, colon) : id, ...(hasTag ? { tag: id.slice(colon + 1) } : {}) };
}

/** A config as a person may see it: merged, with secrets by name only, and with the origin of every value. */
import type { LoadedConfig } from '../flow/config.ts';
import type { ConfigPath, Origin } from './layer-node.ts';
import { looksSecret } from './literal-secrets.ts';

/** One value of the config, and what wrote it. */
export interface OriginEntry {
  readonly path: ConfigPath;
  readonly value: unknown;
  readonly origin: Origin;
}

/**
 * The merged config as plain JSON. Secrets show as `[secret NAME]`, references to them as they are; so does a text in `options` or
 * `headers` whose key says that it is one, and a password or key inside a URL.
 */
export function describeConfig(loaded: Pick<LoadedConfig, 'config'>): unknown {
  return describe(JSON.parse(JSON.stringify(loaded.config)), []);
}

/** Entries the host adds for its own use; nobody writes them. */
const derived = new Set(['name', 'from', 'declaredBy']);

/**
 * Every single value of the merged config with its origin, in the order of `describeConfig`; empty maps and lists count as values.
 * Entries that nobody can write (`name`, `from`, `declaredBy`) are left out.
 */
export function listOrigins(loaded: LoadedConfig): OriginEntry[] {
  const entries: OriginEntry[] = [];
  const visit = (value: unknown, path: ConfigPath): void => {
    const inner = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    for (const [name, entry] of inner) if (!(path.length === 2 && derived.has(name))) visit(entry, [...path, Array.isArray(value) ? Number(name) : name]);
    if (inner.length === 0 && path.length > 0) entries.push({ path, value, origin: loaded.origin(path) ?? { layer: 'default' } });
  };
  visit(describeConfig(loaded), []);
  return entries;
}

function describe(value: unknown, path: ConfigPath): unknown {
  if (Array.isArray(value)) return value.map((item, index) => describe(item, [...path, index]));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, describe(entry, [...path, name])]));
  if (typeof value !== 'string') return value;
  const name = path.findLast((step) => typeof step === 'string') ?? '';
  const part = String(path[2]);
  if (path.length > 3 && (part === 'options' || part === 'headers') && looksSecret(name)) return `[secret ${name}]`;
  return value.replaceAll(/(:\/\/[^/\s:@]*:)[^/\s@]+@/g, '$1[secret]@')
    .replaceAll(/([?&])([^=&#\s]+)=[^&#\s]+/g, (field, mark: string, key: string) => (looksSecret(key) ? `${mark}${key}=[secret]` : field));
}

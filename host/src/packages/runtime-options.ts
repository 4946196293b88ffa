/** Runs a plugin's own option schema (Standard Schema) and hands on its output, deep-frozen. */
import type { JsonObject, StandardSchema } from '@modelport/plugin-api';
import { type OptionFault, unknownKey, unknownKeys } from './option-faults.ts';
import { namedKeys, type SchemaPart, valueAt } from './schema-walk.ts';

/** One issue of Standard Schema; zod adds the keys it does not know. Source: https://standardschema.dev */
interface Issue {
  readonly message?: unknown;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly keys?: unknown;
}

/** Output of the schema, or every fault. Throws what the schema throws, and a TypeError for a result outside the specification. */
export async function runOptionSchema(schema: StandardSchema<unknown>, options: JsonObject): Promise<{ readonly output: unknown } | { readonly faults: readonly OptionFault[] }> {
  // A copy: the schema may hand the same object on, and the config is frozen.
  const result = await schema['~standard'].validate(structuredClone(options)) as { readonly value?: unknown; readonly issues?: readonly Issue[] } | null;
  if (typeof result !== 'object' || result === null) throw new TypeError('validate() answered no object');
  const described = describedInput(schema);
  const silent = described ? unknownKeys(described, options) : [];
  const told = Array.isArray(result.issues) ? (result.issues as readonly Issue[]).flatMap((issue) => faultsOf(issue, described)) : [];
  const faults = [...told, ...silent.filter((fault) => !told.some((other) => other.path.join('\0') === fault.path.join('\0')))];
  return faults.length > 0 ? { faults } : { output: deepFreeze(result.value) };
}

/** The JSON Schema a code schema can describe itself with, as zod's do. */
function describedInput(schema: StandardSchema<unknown>): JsonObject | undefined {
  const { jsonSchema } = schema['~standard'] as { readonly jsonSchema?: { readonly input?: (settings: { readonly target: string }) => unknown } };
  try {
    const described = jsonSchema?.input?.({ target: 'draft-2020-12' });
    return typeof described === 'object' && described !== null ? (described as JsonObject) : undefined;
  } catch {
    // Not every schema can be written as JSON Schema; then its own word is all there is.
    return undefined;
  }
}

function faultsOf(issue: Issue, described: JsonObject | undefined): readonly OptionFault[] {
  const path = (issue.path ?? []).map((segment) => String(typeof segment === 'object' ? segment.key : segment));
  if (Array.isArray(issue.keys) && issue.keys.length > 0) {
    const part: SchemaPart = described && valueAt(described, ['#', ...path.flatMap((key) => ['properties', encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))])].join('/'));
    return issue.keys.map((key) => unknownKey(path, String(key), namedKeys(described, part)?.names ?? []));
  }
  return [{ kind: 'wrong-type', path, message: typeof issue.message === 'string' ? issue.message : 'does not fit.' }];
}

/** Freezes plain objects and arrays all the way down; instances of classes are the plugin's own and stay as they are. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return value;
  Object.freeze(value);
  for (const item of Object.values(value)) deepFreeze(item);
  return value;
}

/** A caller's own fields merged into the body of a request. */
import type { Json, JsonObject } from '../json.ts';

/** A body under construction. Fields that are `undefined` are left out where it is serialised. */
export type Fields = Record<string, Json | undefined>;

/** A new body in which `over` wins: objects merge by key, everything else replaces. `__proto__` is an ordinary key here: the result is only ever serialised. */
export function mergeFields(base: Readonly<Fields>, over: Readonly<Fields>): Fields {
  const result: Fields = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = Object.hasOwn(result, key) ? result[key] : undefined;
    const next = isObject(before) && isObject(value) ? mergeFields(before, value) : value;
    Object.defineProperty(result, key, { value: next, enumerable: true, configurable: true, writable: true });
  }
  return result;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A JSON Schema in the form Bedrock's structured output takes: every object closed, limits told in words, nothing recursive. */
import type { Json, JsonObject } from '@modelport/plugin-api';
import { isObject } from './own-data.ts';

/** Keywords the vendor refuses; the host checks them in the answer. Source: the user guide, "Get validated JSON results from models". */
const LIMITS: ReadonlySet<string> = new Set([
  'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength', 'minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties', 'pattern',
]);
const NOTES: ReadonlySet<string> = new Set(['$schema', '$id', '$comment', 'examples', 'default', 'title', 'readOnly', 'writeOnly', 'deprecated']);
/** Keywords with a meaning that has no other form there. */
const REFUSED: ReadonlySet<string> = new Set(['not', 'if', 'then', 'else', 'oneOf', 'patternProperties', 'propertyNames', 'prefixItems', 'contains', 'dependentSchemas', 'unevaluatedProperties', '$dynamicRef']);

/** The schema; `undefined` = it cannot be told there. */
export function toNativeSchema(schema: JsonObject): JsonObject | undefined {
  // References may be recursive, which is refused.
  if (JSON.stringify(schema).includes('"$ref"')) return undefined;
  return closed({ type: 'object', ...schema });
}

function closed(schema: JsonObject): JsonObject | undefined {
  const result: Record<string, Json> = {};
  const limits: string[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    if (REFUSED.has(keyword)) return undefined;
    if (LIMITS.has(keyword)) {
      limits.push(`${keyword}: ${JSON.stringify(value)}`);
      continue;
    }
    if (NOTES.has(keyword) || value === undefined) continue;
    const next = valueOf(keyword, value);
    if (next === undefined) return undefined;
    result[keyword] = next;
  }
  if (limits.length > 0) result['description'] = [result['description'], `(${limits.join(', ')})`].filter((text) => text !== undefined).join(' ');
  if (result['properties'] === undefined && result['type'] !== 'object') return result;
  const open = schema['additionalProperties'];
  // Objects of any keys cannot be closed without changing what they are.
  if (isObject(open) || open === true || result['properties'] === undefined) return undefined;
  return { ...result, additionalProperties: false };
}

function valueOf(keyword: string, value: Json): Json | undefined {
  if (keyword === 'properties' && isObject(value)) {
    const entries = Object.entries(value).map(([name, property]) => [name, isObject(property) ? closed(property) : undefined] as const);
    return entries.some(([, property]) => property === undefined) ? undefined : (Object.fromEntries(entries) as JsonObject);
  }
  if (keyword === 'items') return isObject(value) ? closed(value) : undefined;
  if ((keyword === 'anyOf' || keyword === 'allOf') && Array.isArray(value)) {
    const all = value.map((each: Json) => (isObject(each) ? closed(each) : undefined));
    return all.includes(undefined) ? undefined : (all as Json[]);
  }
  return value;
}

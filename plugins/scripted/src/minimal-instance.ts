/** The smallest value a JSON Schema allows, the same every time: what a scripted model answers when JSON is asked of it. */
import type { Json, JsonObject } from '@modelport/plugin-api';

/** Values for the formats of JSON Schema, chosen to be valid and plainly made up. */
const formats: Readonly<Record<string, string>> = {
  'date-time': '2000-01-01T00:00:00Z',
  date: '2000-01-01',
  time: '00:00:00Z',
  duration: 'PT0S',
  email: 'someone@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/',
  'uri-reference': 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000',
};

/** How often one reference may be followed inside itself before the value is cut with null. */
const maxDepth = 32;

/**
 * A value that fits the schema: constants and defaults first, the first choice of `enum`, `anyOf` and `oneOf`, required properties only,
 * the least count, length and number. References inside the schema (`#/...`) are followed. `pattern`, `not`, `if` and `contains` are not
 * looked at: a schema that rests on them may refuse the value.
 */
export function minimalInstance(schema: JsonObject): Json {
  return instanceOf(schema, schema, 0);
}

function instanceOf(schema: Json | undefined, root: JsonObject, depth: number): Json {
  if (!isObject(schema) || depth > maxDepth) return null;
  const reference = schema['$ref'];
  if (typeof reference === 'string') return instanceOf(resolve(reference, root), root, depth + 1);
  if (schema['const'] !== undefined) return schema['const'];
  if (schema['default'] !== undefined) return schema['default'];
  const [choice] = list(schema['enum']);
  if (choice !== undefined) return choice;
  const [alternative] = [...list(schema['anyOf']), ...list(schema['oneOf'])];
  const parts = [...list(schema['allOf']), ...(alternative === undefined ? [] : [alternative])];
  if (parts.length > 0) return merged([{ ...schema, allOf: undefined, anyOf: undefined, oneOf: undefined }, ...parts], root, depth);
  return typed(schema, root, depth);
}

/** Objects are put together; of other values the first that says anything counts. */
function merged(parts: readonly Json[], root: JsonObject, depth: number): Json {
  const values = parts.filter((part) => !isObject(part) || saysSomething(part)).map((part) => instanceOf(part, root, depth + 1));
  const objects = values.filter(isObject);
  return objects.length > 0 ? Object.assign({}, ...objects) as JsonObject : (values[0] ?? null);
}

function saysSomething(schema: JsonObject): boolean {
  return typeOf(schema) !== undefined || ['$ref', 'const', 'default', 'enum', 'anyOf', 'oneOf', 'allOf'].some((key) => schema[key] !== undefined);
}

function typed(schema: JsonObject, root: JsonObject, depth: number): Json {
  switch (typeOf(schema)) {
    case 'object':
      return object(schema, root, depth);
    case 'array':
      return array(schema, root, depth);
    case 'string':
      return text(schema);
    case 'integer':
      return number(schema, 1);
    case 'number':
      return number(schema, 0);
    case 'boolean':
      return false;
    default:
      return null;
  }
}

function typeOf(schema: JsonObject): string | undefined {
  const type = Array.isArray(schema['type']) ? list(schema['type'])[0] : schema['type'];
  if (typeof type === 'string') return type;
  if (schema['properties'] !== undefined || schema['required'] !== undefined) return 'object';
  return schema['items'] !== undefined || schema['prefixItems'] !== undefined ? 'array' : undefined;
}

function object(schema: JsonObject, root: JsonObject, depth: number): Json {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = list(schema['required']).filter((name) => typeof name === 'string');
  return Object.fromEntries(required.map((name) => [name, instanceOf(properties[name], root, depth + 1)]));
}

function array(schema: JsonObject, root: JsonObject, depth: number): Json {
  const first = list(schema['prefixItems']);
  const length = Math.max(asNumber(schema['minItems']) ?? 0, first.length);
  return Array.from({ length }, (_, index) => instanceOf(first[index] ?? schema['items'], root, depth + 1));
}

function text(schema: JsonObject): string {
  const { format } = schema as { readonly format?: Json };
  const value = typeof format === 'string' && Object.hasOwn(formats, format) ? (formats[format] ?? '') : '';
  return value.padEnd(asNumber(schema['minLength']) ?? 0, 'x');
}

/** The number nearest to zero that the bounds allow; `step` is the least step, 0 = any. */
function number(schema: JsonObject, step: number): number {
  const unit = asNumber(schema['multipleOf']) ?? step;
  const above = asNumber(schema['exclusiveMinimum']);
  const below = asNumber(schema['exclusiveMaximum']);
  const low = Math.max(asNumber(schema['minimum']) ?? -Infinity, above === undefined ? -Infinity : above + (unit || openStep(above, below)));
  const high = Math.min(asNumber(schema['maximum']) ?? Infinity, below === undefined ? Infinity : below - (unit || openStep(below, above)));
  if (low > 0) return unit === 0 ? low : Math.ceil(low / unit) * unit;
  if (high < 0) return unit === 0 ? high : Math.floor(high / unit) * unit;
  return 0;
}

/** A step off an excluded bound that does not leap over the other one. */
function openStep(bound: number, other: number | undefined): number {
  return other === undefined ? 1 : Math.min(1, Math.abs(other - bound) / 2);
}

function resolve(reference: string, root: JsonObject): Json | undefined {
  if (reference === '#') return root;
  if (!reference.startsWith('#/')) return undefined;
  let target: Json | undefined = root;
  for (const part of reference.slice(2).split('/')) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    target = isObject(target) ? target[key] : undefined;
  }
  return target;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function asNumber(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

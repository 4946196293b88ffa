/** A JSON Schema in the subset the API holds answers to. Source: the official client's schema transform and the structured-outputs guide. */
import type { Json, JsonObject } from '@modelport/plugin-api';

/** String formats the API knows. */
const FORMATS: ReadonlySet<Json | undefined> = new Set(['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid']);

/** Keywords that are taken as they are. */
const PLAIN: readonly string[] = ['title', 'description', 'enum', 'const', 'type', 'required', 'default'];

/** Keywords that say nothing to the API and go nowhere. */
const DROPPED: ReadonlySet<string> = new Set(['$schema', '$id', '$comment', 'additionalProperties']);

/**
 * The schema with every object closed and every constraint the API lacks told in the description, where the model reads it; the host checks
 * the answer against the original. `undefined` = the API cannot express it: it recurses, or holds an object of any keys or a value of any type.
 */
export function toNativeSchema(schema: JsonObject): JsonObject | undefined {
  try {
    if (recurses(schema)) return undefined;
    return transformed(schema);
  } catch (error) {
    if (error === INEXPRESSIBLE) return undefined;
    throw error;
  }
}

const INEXPRESSIBLE = Symbol('inexpressible');

function transformed(node: Json | undefined): JsonObject {
  // `true` and `{}` mean a value of any type.
  if (!isObject(node)) throw INEXPRESSIBLE;
  const result: Record<string, Json | undefined> = {};
  const rest: string[] = [];
  for (const [key, value] of Object.entries(node)) {
    if (value === undefined || DROPPED.has(key)) continue;
    if (PLAIN.includes(key)) result[key] = value;
    else if (key === '$ref') result[key] = typeof value === 'string' ? value : undefined;
    else if (key === 'properties' || key === '$defs' || key === 'definitions') result[key] = mapped(value);
    else if (key === 'anyOf' || key === 'oneOf') result['anyOf'] = list(value);
    else if (key === 'allOf') result[key] = list(value);
    else if (key === 'items') result[key] = transformed(value);
    else if (key === 'format' && FORMATS.has(value)) result[key] = value;
    else if (key === 'minItems' && (value === 0 || value === 1)) result[key] = value;
    else rest.push(`${key}: ${JSON.stringify(value)}`);
  }
  const isAny = ['type', 'anyOf', 'allOf', 'enum', 'const', '$ref'].every((key) => result[key] === undefined);
  if (isAny) throw INEXPRESSIBLE;
  if (isObjectType(result['type'])) {
    // An object of any keys: closed, it could only ever be empty.
    if (result['properties'] === undefined || isObject(node['additionalProperties'])) throw INEXPRESSIBLE;
    result['additionalProperties'] = false;
  }
  if (rest.length > 0) result['description'] = [result['description'], `{${rest.join(', ')}}`].filter(Boolean).join('\n\n');
  return result;
}

function mapped(value: Json): JsonObject {
  if (!isObject(value)) throw INEXPRESSIBLE;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, transformed(item)]));
}

function list(value: Json): Json[] {
  if (!Array.isArray(value)) throw INEXPRESSIBLE;
  return value.map((item: Json) => transformed(item));
}

/** Whether following references from the root ever meets a reference on its own way; one that leads nowhere counts too. */
function recurses(root: JsonObject): boolean {
  const visit = (node: Json | undefined, way: readonly string[]): boolean => {
    if (Array.isArray(node)) return node.some((item: Json) => visit(item, way));
    if (!isObject(node)) return false;
    const reference = node['$ref'];
    if (typeof reference === 'string') {
      if (way.includes(reference)) return true;
      const target = pointed(root, reference);
      if (target === undefined || visit(target, [...way, reference])) return true;
    }
    return Object.values(node).some((value) => visit(value, way));
  };
  return visit(root, ['#']);
}

function pointed(root: JsonObject, reference: string): Json | undefined {
  if (!reference.startsWith('#/')) return undefined;
  let node: Json | undefined = root;
  for (const key of reference.slice(2).split('/')) node = isObject(node) ? node[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
  return node;
}

function isObjectType(type: Json | undefined): boolean {
  return type === 'object' || (Array.isArray(type) && type.includes('object'));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

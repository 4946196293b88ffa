/** Whether a JSON Schema has the shape OpenAI's strict mode demands. */
import type { Json, JsonObject } from '@modelport/plugin-api';

/** Longest nesting that is looked into; deeper schemas count as not strict. */
const MAX_DEPTH = 20;

/**
 * True when every object in the schema is closed (`additionalProperties: false`) and requires all of its properties, as
 * https://platform.openai.com/docs/guides/structured-outputs asks of a strict schema; sent as strict, another one is a 400.
 */
export function isStrictSchema(schema: JsonObject): boolean {
  return isObjectSchema(schema) && isStrict(schema, 0);
}

function isStrict(schema: Json | undefined, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  if (Array.isArray(schema)) return schema.every((item) => isStrict(item as Json, depth + 1));
  if (typeof schema !== 'object' || schema === null) return true;
  const node = schema as JsonObject;
  // Keywords the strict subset does not have.
  if (['allOf', 'not', 'if', 'oneOf', 'patternProperties', 'dependentRequired'].some((keyword) => node[keyword] !== undefined)) return false;
  if (isObjectSchema(node)) {
    const names = Object.keys((node['properties'] ?? {}) as object);
    const required = (node['required'] ?? []) as readonly Json[];
    if (node['additionalProperties'] !== false || !names.every((name) => required.includes(name))) return false;
  }
  for (const keyword of ['properties', '$defs', 'definitions']) {
    const group = node[keyword];
    if (group !== undefined && !Object.values(group as JsonObject).every((item) => isStrict(item, depth + 1))) return false;
  }
  return isStrict(node['items'], depth + 1) && isStrict(node['anyOf'], depth + 1);
}

function isObjectSchema(node: JsonObject): boolean {
  const { type } = node;
  return type === 'object' || (Array.isArray(type) && type.includes('object')) || node['properties'] !== undefined;
}

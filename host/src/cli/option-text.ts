/** The options of a plugin, read from its static JSON Schema: name, type, default, what it is for. */
import type { Json, JsonObject } from '@modelport/plugin-api';

/** One row per option; none where the plugin has no schema with named options. */
export function optionRows(schema: JsonObject | undefined): string[][] {
  const properties = asObject(schema?.['properties']);
  const required = schema?.['required'];
  const names = Array.isArray(required) ? required : [];
  return Object.entries(properties).map(([name, written]) => {
    const option = resolved(asObject(written), schema);
    const fallback = option['default'] === undefined ? (names.includes(name) ? 'required' : '') : `default ${JSON.stringify(option['default'])}`;
    return [name, typeText(option), fallback, typeof option['description'] === 'string' ? option['description'] : ''];
  });
}

/** Follows a `#/$defs/x` reference, one step: what generated schemas write. */
function resolved(option: JsonObject, schema: JsonObject | undefined): JsonObject {
  const reference = option['$ref'];
  if (typeof reference !== 'string') return option;
  let target: Json | undefined = schema;
  for (const step of reference.replace(/^#\//, '').split('/')) target = asObject(target)[step];
  return { ...asObject(target), ...option };
}

function typeText(option: JsonObject): string {
  const choices = option['enum'];
  if (Array.isArray(choices)) return choices.map((choice) => JSON.stringify(choice)).join(' | ');
  const type = option['type'];
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) return type.join(' or ');
  const variants = option['anyOf'] ?? option['oneOf'];
  return Array.isArray(variants) ? [...new Set(variants.map((variant) => typeText(asObject(variant))))].join(' or ') : 'any';
}

function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

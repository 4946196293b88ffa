/** The config as a JSON Schema, for editors: the general one, or one that knows the options of each configured plugin. */
import type { JsonObject } from '@modelport/plugin-api';
import { configSchema } from './schema.ts';

/** What a schema for one particular config knows beside the key tree. */
export interface SchemaFacts {
  /** Static option schemas by backend, as `host.optionSchema()` gives them. */
  readonly options?: Readonly<Record<string, JsonObject>>;
  /** Which of those backends are declared under `tools:`. */
  readonly toolBackends?: readonly string[];
  /** Model specs to offer where one is written; any other text stays valid. */
  readonly specs?: readonly string[];
}

type Schema = Record<string, unknown>;

/** JSON Schema (draft 2020-12) of the config. An editor that follows it completes keys, options and specs, and marks what is unknown. */
export function configJsonSchema({ options = {}, toolBackends = [], specs = [] }: SchemaFacts = {}): JsonObject {
  const writer = configSchema['~standard'] as unknown as { readonly jsonSchema: { input(settings: { readonly target: 'draft-2020-12'; readonly libraryOptions: object }): Schema } };
  const schema = writer.jsonSchema.input({ target: 'draft-2020-12', libraryOptions: { unrepresentable: 'any' } });
  const properties = schema['properties'] as Record<string, Schema>;
  // Extends and profiles are resolved before the values are judged, so the schema of the values does not hold them.
  const overlay = { type: 'object', properties: { ...properties } };
  properties['extends'] = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }], description: 'Files or packages this config stands on.' };
  properties['profiles'] = { type: 'object', additionalProperties: overlay, description: 'Overlays chosen with --profile or MODELPORT_PROFILE.' };
  const definitions = (schema['$defs'] ??= {}) as Record<string, unknown>;
  for (const [backend, own] of Object.entries(options)) {
    const section = properties[toolBackends.includes(backend) ? 'tools' : 'backends'] as Schema;
    const named = (section['properties'] ??= {}) as Record<string, Schema>;
    const general = section['additionalProperties'] as Schema;
    const place = `options-of-${backend}`;
    definitions[place] = moved(own, `#/$defs/${place}`);
    named[backend] = { ...general, properties: { ...(general['properties'] as object), options: { $ref: `#/$defs/${place}` } } };
  }
  if (specs.length > 0) offerSpecs(properties, specs);
  return schema as JsonObject;
}

/** A schema as it stands at another place of a document: what its references name moves with it. */
function moved({ $schema: _draft, $id: _id, ...schema }: JsonObject, place: string): Schema {
  const copy = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(copy);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => {
      if (key === '$ref' && typeof item === 'string' && item.startsWith('#')) return [key, `${place}${item.slice(1)}`];
      // Data, not schemas: a `$ref` in there means itself.
      return [key, key === 'const' || key === 'enum' || key === 'default' || key === 'examples' ? item : copy(item)];
    }));
  };
  return copy(schema) as Schema;
}

/** Lets an editor offer specs wherever a config writes one. */
function offerSpecs(properties: Record<string, Schema>, specs: readonly string[]): void {
  const offered = { enum: [...specs] };
  const models = properties['models'] as Schema;
  models['additionalProperties'] = { anyOf: [offered, { type: 'array', minItems: 1, items: { anyOf: [offered, { type: 'string', minLength: 1 }] } }, models['additionalProperties']] };
  const agent = (properties['agents'] as Schema)['additionalProperties'] as Schema;
  const own = agent['properties'] as Record<string, Schema>;
  const { default: standard, description, ...model } = own['model'] ?? {};
  own['model'] = { default: standard, description, anyOf: [offered, model] };
}

/** A JSON Schema file out of the schema that the code validates with. */

/** The part of a Standard Schema that writes itself as JSON Schema; zod has it since 4.2. */
interface SelfDescribing {
  readonly '~standard': { readonly jsonSchema?: { input(settings: { readonly target: 'draft-2020-12'; readonly libraryOptions: Readonly<Record<string, unknown>> }): unknown } };
}

/** Closes every object that does not say otherwise, so that a misspelt key is found before any code runs. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return copy['type'] === 'object' && copy['properties'] !== undefined && copy['additionalProperties'] === undefined
    ? { ...copy, additionalProperties: false }
    : copy;
}

/** The text of the file for a schema. `reused: 'ref'` keeps parts that repeat or recurse small. */
export function jsonSchema(schema: unknown): string {
  const write = (schema as SelfDescribing | undefined)?.['~standard'].jsonSchema;
  if (write === undefined) throw new Error('The schema cannot write itself as JSON Schema.');
  return `${JSON.stringify(closed(write.input({ target: 'draft-2020-12', libraryOptions: { reused: 'ref', unrepresentable: 'any' } })), null, 2)}\n`;
}

/** The options schema of the plugin a module default-exports; of several, that of the newest major. */
export function optionsOf(entry: { readonly default?: unknown }): unknown {
  const plugins = Array.isArray(entry.default) ? (entry.default as readonly unknown[]) : [entry.default];
  return (plugins.at(-1) as { readonly options?: unknown } | undefined)?.options;
}

/** The static JSON Schema of a plugin's options, out of the schema its code validates with. */

/** The part of a Standard Schema that writes itself as JSON Schema; zod has it since 4.2. */
interface SelfDescribing {
  readonly '~standard': { readonly jsonSchema?: { input(target: { readonly target: 'draft-2020-12' }): Record<string, unknown> } };
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

/** The text of options.schema.json for the plugin whose entry is given. */
export function optionsSchema(plugin: string, entry: { readonly default?: unknown }): string {
  const one = Array.isArray(entry.default) ? entry.default.at(-1) : entry.default;
  const options = (one as { readonly options?: SelfDescribing } | undefined)?.options;
  const write = options?.['~standard'].jsonSchema;
  if (write === undefined) throw new Error(`${plugin} names an options schema in its manifest, but its options cannot write one.`);
  return `${JSON.stringify(closed(write.input({ target: 'draft-2020-12' })), null, 2)}\n`;
}

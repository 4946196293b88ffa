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

/**
 * The text of the file for a schema: with repeated parts written once where that is shorter, as it is for schemas that recurse. What JSON
 * Schema has no word for is left open: the code's own schema still checks it.
 */
export function jsonSchema(schema: unknown): string {
  const write = (schema as SelfDescribing | undefined)?.['~standard'].jsonSchema;
  if (write === undefined) throw new Error('The schema cannot write itself as JSON Schema.');
  const texts = (['inline', 'ref'] as const).map((reused) => {
    const described = write.input({ target: 'draft-2020-12', libraryOptions: { unrepresentable: 'any', reused } });
    return `${JSON.stringify(closed(described), null, 2)}\n`;
  });
  return texts.toSorted((one, other) => one.length - other.length)[0] ?? '';
}

/** The options schema of the plugin a module default-exports; of several, that of the newest major. */
export function optionsOf(entry: { readonly default?: unknown }): unknown {
  const plugins = Array.isArray(entry.default) ? (entry.default as readonly unknown[]) : [entry.default];
  return (plugins.at(-1) as { readonly options?: unknown } | undefined)?.options;
}

/** Walks a JSON Schema: which part a validator's location means, which properties an object may have, what a part asks for in words. */

/** A JSON Schema, or a part of one; `true` and `false` are schemas too. */
export type SchemaPart = Readonly<Record<string, unknown>> | boolean | undefined;

/** Follows a local `$ref` (`#/...`); anything else stays as it is. */
function dereferenced(root: SchemaPart, part: SchemaPart): SchemaPart {
  let current = part;
  // A ring of references ends here rather than never.
  for (let steps = 0; steps < 32; steps += 1) {
    const reference = typeof current === 'object' ? current['$ref'] : undefined;
    if (typeof reference !== 'string' || !reference.startsWith('#')) return current;
    current = valueAt(root, reference);
  }
  return current;
}

/** The value a location of the validator means (`#/properties/url/type`), through `$ref` steps. */
export function valueAt(root: SchemaPart, location: string): SchemaPart {
  let current: unknown = root;
  for (const token of pointerTokens(location)) {
    if (token === '$ref') current = dereferenced(root, current as SchemaPart);
    else current = typeof current === 'object' && current !== null ? (current as Readonly<Record<string, unknown>>)[token] : undefined;
  }
  return current as SchemaPart;
}

/** The keys of a JSON pointer written as a fragment. */
export function pointerTokens(location: string): string[] {
  return location.replace(/^#?\/?/, '').split('/').filter((token) => token !== '').map((token) => decoded(token).replaceAll('~1', '/').replaceAll('~0', '~'));
}

function decoded(token: string): string {
  try {
    return decodeURIComponent(token);
  } catch {
    return token;
  }
}

/** What a schema says of an object's keys. */
export interface NamedKeys {
  readonly names: ReadonlySet<string>;
  /** Whether the schema says in so many words that other keys may come too. */
  readonly open: boolean;
}

/** The property names a schema knows, over `$ref`, `allOf`, `anyOf`, `oneOf` and conditions; `undefined` where it names none at all. */
export function namedKeys(root: SchemaPart, part: SchemaPart = root): NamedKeys | undefined {
  const names = new Set<string>();
  let named = false;
  let open = false;
  const visit = (schema: SchemaPart, depth: number): void => {
    const found = dereferenced(root, schema);
    if (typeof found !== 'object' || found === null || depth > 8) return;
    if (typeof found['properties'] === 'object' && found['properties'] !== null) {
      named = true;
      for (const name of Object.keys(found['properties'])) names.add(name);
    }
    for (const word of ['additionalProperties', 'unevaluatedProperties']) if (found[word] !== undefined && found[word] !== false) open = true;
    if (found['patternProperties'] !== undefined || found['propertyNames'] !== undefined) open = true;
    for (const word of ['allOf', 'anyOf', 'oneOf']) if (Array.isArray(found[word])) for (const branch of found[word] as readonly SchemaPart[]) visit(branch, depth + 1);
    for (const word of ['if', 'then', 'else']) visit(found[word] as SchemaPart, depth + 1);
    if (typeof found['dependentSchemas'] === 'object' && found['dependentSchemas'] !== null) for (const branch of Object.values(found['dependentSchemas'])) visit(branch as SchemaPart, depth + 1);
  };
  visit(part, 0);
  return named ? { names, open } : undefined;
}

/** What a schema asks for, in a few words: `a string`, `"a" or "b"`. */
export function inWords(root: SchemaPart, part: SchemaPart): string {
  const schema = dereferenced(root, part);
  if (typeof schema !== 'object' || schema === null) return 'nothing';
  if (schema['const'] !== undefined) return JSON.stringify(schema['const']);
  if (Array.isArray(schema['enum'])) return schema['enum'].map((value) => JSON.stringify(value)).join(' or ');
  if (schema['type'] !== undefined) return typeInWords(schema['type']);
  for (const word of ['anyOf', 'oneOf']) {
    const branches = schema[word];
    if (Array.isArray(branches)) return [...new Set(branches.map((branch) => inWords(root, branch as SchemaPart)))].join(' or ');
  }
  return 'a value of another form';
}

/** A `type` keyword in words. */
export function typeInWords(type: unknown): string {
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  return types.map((name) => (name === 'null' ? 'null' : name === 'boolean' ? 'true or false' : /^[aeio]/.test(String(name)) ? `an ${String(name)}` : `a ${String(name)}`)).join(' or ');
}

/** Checks options against a static JSON Schema and says each fault once, at the value it is about, without showing the value. */
import type { OutputUnit, SchemaDraft } from '@cfworker/json-schema';
import type { JsonObject } from '@modelport/plugin-api';
import type { ConfigProblemKind } from '../errors/config-problem.ts';
import { nearNames } from '../errors/near-names.ts';
import { inWords, namedKeys, pointerTokens, typeInWords, valueAt } from './schema-walk.ts';

/** One thing wrong with the options. */
export interface OptionFault {
  readonly kind: ConfigProblemKind;
  /** Keys from the options down to the value. */
  readonly path: readonly string[];
  readonly message: string;
  readonly near?: readonly string[] | undefined;
}

/** Keywords whose error only says that something below is wrong. */
const WRAPPERS = new Set(['$ref', '$recursiveRef', '$dynamicRef', 'properties', 'patternProperties', 'items', 'prefixItems', 'additionalItems', 'unevaluatedItems', 'allOf', 'if', 'dependentSchemas']);
/** Keywords that speak for everything below them: the errors of their branches would contradict each other. */
const SPOKESMEN = new Set(['anyOf', 'oneOf', 'not', 'contains', 'propertyNames']);

/** Every fault of `options` under `schema`, unknown top-level keys included. Throws what the validator throws for a schema that is none. */
export async function findOptionFaults(schema: JsonObject, options: unknown): Promise<readonly OptionFault[]> {
  const { Validator } = await import('@cfworker/json-schema');
  const { errors } = new Validator(schema, draftOf(schema), false).validate(options);
  const spoken = errors.filter((error) => SPOKESMEN.has(error.keyword));
  const faults = errors
    .filter((error) => !WRAPPERS.has(error.keyword) && !spoken.some((above) => isBelow(error, above)))
    .flatMap((error) => faultOf(error, schema, options) ?? []);
  return onlyOnce([...faults, ...unknownKeys(schema, options)]);
}

/**
 * Top-level keys the schema does not name, with near names. Code schemas let them pass in silence, so an absent `additionalProperties`
 * does not excuse a typing mistake; a schema that says it takes other keys does.
 */
export function unknownKeys(schema: JsonObject, options: unknown): readonly OptionFault[] {
  const known = namedKeys(schema);
  if (known === undefined || known.open || typeof options !== 'object' || options === null) return [];
  return Object.keys(options).filter((key) => !known.names.has(key)).map((key) => unknownKey([], key, known.names));
}

/** The fault of one key that is not known at `path`. */
export function unknownKey(path: readonly string[], key: string, valid: Iterable<string>): OptionFault {
  const names = [...valid];
  const near = nearNames(key, names);
  const expected = near.length > 0 ? '' : names.length > 0 ? `; known are ${names.join(', ')}` : '; none is known';
  return { kind: 'unknown-key', path: [...path, key], message: `is no known option${expected}.`, near };
}

function faultOf(error: OutputUnit, schema: JsonObject, options: unknown): OptionFault | undefined {
  const path = pointerTokens(error.instanceLocation);
  const asked: unknown = valueAt(schema, error.keywordLocation);
  const fault = (kind: ConfigProblemKind, message: string, near?: readonly string[]): OptionFault => ({ kind, path, message: `${message}.`, near });
  switch (error.keyword) {
    case 'type':
      return fault('wrong-type', `expected ${typeInWords(asked)}, got ${kindOf(valueIn(options, path))}`);
    case 'enum':
    case 'const': {
      const allowed: readonly unknown[] = error.keyword === 'enum' && Array.isArray(asked) ? asked : [asked];
      const written = valueIn(options, path);
      const near = typeof written === 'string' ? nearNames(written, allowed.filter((value) => typeof value === 'string')) : [];
      return fault('unknown-name', `expected ${allowed.map((value) => JSON.stringify(value)).join(' or ')}`, near);
    }
    case 'required': {
      const key = between(error.error, 'property "', '".');
      return { kind: 'missing', path: [...path, key], message: 'is missing.' };
    }
    case 'additionalProperties':
    case 'unevaluatedProperties': {
      // Where the keyword holds a schema, the error below it says what is wrong.
      if (asked !== false) return undefined;
      const siblings = valueAt(schema, error.keywordLocation.slice(0, error.keywordLocation.lastIndexOf('/')));
      return unknownKey(path, between(error.error, 'Property "', '" does not match'), namedKeys(schema, siblings)?.names ?? []);
    }
    case 'false':
      return fault('unknown-key', 'may not be given here');
    case 'anyOf':
    case 'oneOf':
      return fault('wrong-type', `expected ${inWords(schema, { [error.keyword]: asked })}, got ${kindOf(valueIn(options, path))}${error.keyword === 'oneOf' ? ' (exactly one of these forms)' : ''}`);
    case 'pattern':
      return fault('wrong-type', `expected text that matches ${String(asked)}`);
    case 'format':
      return fault('wrong-type', `expected text of the format ${String(asked)}`);
    default:
      return fault(...limitOf(error.keyword, asked));
  }
}

const LIMITS: Readonly<Record<string, (asked: unknown) => string>> = {
  minimum: (asked) => `expected ${String(asked)} or more`,
  maximum: (asked) => `expected ${String(asked)} or less`,
  exclusiveMinimum: (asked) => `expected more than ${String(asked)}`,
  exclusiveMaximum: (asked) => `expected less than ${String(asked)}`,
  multipleOf: (asked) => `expected a multiple of ${String(asked)}`,
  minLength: (asked) => `expected at least ${String(asked)} characters`,
  maxLength: (asked) => `expected at most ${String(asked)} characters`,
  minItems: (asked) => `expected at least ${String(asked)} items`,
  maxItems: (asked) => `expected at most ${String(asked)} items`,
  minProperties: (asked) => `expected at least ${String(asked)} keys`,
  maxProperties: (asked) => `expected at most ${String(asked)} keys`,
  uniqueItems: () => 'expected no item twice',
};

/** The validator's own sentences may hold the value, which may be a key in the wrong place: none of them is shown. */
function limitOf(keyword: string, asked: unknown): [ConfigProblemKind, string] {
  const limit = LIMITS[keyword];
  return limit ? ['out-of-range', limit(asked)] : ['wrong-type', `does not fit the schema's "${keyword}"`];
}

/** Whether an error stands below another one, by the schema or, for `false` schemas, which have no place of their own, by the value. */
function isBelow(error: OutputUnit, above: OutputUnit): boolean {
  if (error.keyword === 'false') return error.instanceLocation === above.instanceLocation || error.instanceLocation.startsWith(`${above.instanceLocation}/`);
  return error !== above && error.keywordLocation.startsWith(`${above.keywordLocation}/`);
}

/** Of all that is said of an unknown key the first stands, which has the near names; every other fault is kept once. */
function onlyOnce(faults: readonly OptionFault[]): readonly OptionFault[] {
  const said = new Set<string>();
  return faults.filter((fault) => {
    const place = fault.path.join('\0');
    const text = fault.kind === 'unknown-key' ? `${place}\0unknown` : `${place}\0${fault.message}`;
    return !said.has(text) && said.add(text);
  });
}

function valueIn(options: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined), options);
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  return typeInWords(Array.isArray(value) ? 'array' : typeof value);
}

function between(text: string, before: string, after: string): string {
  const start = text.indexOf(before) + before.length;
  return text.slice(start, text.lastIndexOf(after));
}

function draftOf(schema: JsonObject): SchemaDraft {
  const written = typeof schema['$schema'] === 'string' ? schema['$schema'] : '';
  if (written.includes('draft-04')) return '4';
  if (written.includes('draft-06') || written.includes('draft-07')) return '7';
  return written.includes('2019-09') ? '2019-09' : '2020-12';
}

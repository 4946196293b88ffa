/** Schemas that users hand in, for answers and for tool arguments: as JSON Schema for the model, and as a check of what came. */
import type { JsonObject, StandardSchema } from '@modelport/plugin-api';
import { modelportError } from '../errors/modelport-error.ts';

/** A Standard Schema that can tell its JSON Schema, as zod 4.2 and later do; or a plain JSON Schema, which is passed on and checked. */
export type DataSchema<T> = StandardSchema<T> | JsonObject;

interface JsonSchemaTeller {
  readonly '~standard': { readonly jsonSchema?: { input(options: { readonly target: 'draft-2020-12' }): JsonObject } };
}

const told = new WeakMap<object, JsonObject>();

/** The JSON Schema (2020-12) of a schema, made once per schema. Throws REQUEST_INVALID for one that cannot tell it. */
export function toJsonSchema(schema: DataSchema<unknown>): JsonObject {
  if (!isStandardSchema(schema)) return schema;
  const known = told.get(schema);
  if (known) return known;
  const teller = (schema as unknown as JsonSchemaTeller)['~standard'].jsonSchema;
  if (!teller) {
    throw modelportError('REQUEST_INVALID', {
      text: `The schema (${schema['~standard'].vendor}) cannot tell its JSON Schema.`,
      remedy: 'Use zod 4.2 or later, or pass a plain JSON Schema object.',
    }, { retryable: false });
  }
  const { $schema: _dialect, ...plain } = teller.input({ target: 'draft-2020-12' });
  told.set(schema, plain);
  return plain;
}

/** What a check found: the value as the schema gives it out, or what does not fit, a line each. */
export type Checked = { readonly value: unknown } | { readonly problems: readonly string[] };

/** Checks a value against a schema. */
export async function checkValue(schema: DataSchema<unknown>, value: unknown): Promise<Checked> {
  return isStandardSchema(schema) ? standardCheck(schema, value) : jsonSchemaCheck(schema, value);
}

function isStandardSchema(schema: DataSchema<unknown>): schema is StandardSchema<unknown> {
  return '~standard' in schema;
}

async function standardCheck(schema: StandardSchema<unknown>, value: unknown): Promise<Checked> {
  const result = (await schema['~standard'].validate(value)) as { readonly value?: unknown; readonly issues?: readonly { readonly message: string; readonly path?: readonly unknown[] }[] };
  if (!result.issues) return { value: result.value };
  return { problems: result.issues.map(({ message, path }) => (path && path.length > 0 ? `${path.map(keyOf).join('.')}: ${message}` : message)) };
}

function keyOf(segment: unknown): string {
  return typeof segment === 'object' && segment !== null && 'key' in segment ? String(segment.key) : String(segment);
}

async function jsonSchemaCheck(schema: JsonObject, value: unknown): Promise<Checked> {
  const { Validator } = await import('@cfworker/json-schema');
  const { valid, errors } = new Validator(schema, '2020-12', false).validate(value);
  return valid ? { value } : { problems: errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`) };
}

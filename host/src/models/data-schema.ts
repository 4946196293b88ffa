/** Schemas that users hand in, for answers and for tool arguments: as JSON Schema for the model, and as a check of what came. */
import type { JsonObject, StandardSchema } from '@modelport/plugin-api';
import { modelportError, type ModelportError } from '../errors/modelport-error.ts';

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
  let plain: JsonObject;
  try {
    const { $schema: _dialect, ...rest } = teller.input({ target: 'draft-2020-12' });
    plain = rest;
  } catch (error) {
    throw unusable(error);
  }
  told.set(schema, plain);
  return plain;
}

function unusable(error: unknown): ModelportError {
  return modelportError('REQUEST_INVALID', { text: `The schema cannot be used: ${error instanceof Error ? error.message : String(error)}` }, { retryable: false });
}

/** What a check found: the value as the schema gives it out, or what does not fit, a line each. */
export type Checked = { readonly value: unknown } | { readonly problems: readonly string[] };

/** Checks a value against a schema. Throws REQUEST_INVALID for a schema that cannot be used. */
export async function checkValue(schema: DataSchema<unknown>, value: unknown): Promise<Checked> {
  return isStandardSchema(schema) ? standardCheck(schema, value) : jsonSchemaCheck(schema, value);
}

function isStandardSchema(schema: DataSchema<unknown>): schema is StandardSchema<unknown> {
  return '~standard' in schema;
}

async function standardCheck(schema: StandardSchema<unknown>, value: unknown): Promise<Checked> {
  const result = (await Promise.resolve().then(() => schema['~standard'].validate(value)).catch((error: unknown) => ({ issues: [{ message: error instanceof Error ? error.message : String(error) }] }))) as { readonly value?: unknown; readonly issues?: readonly { readonly message: string; readonly path?: readonly unknown[] }[] };
  if (!result.issues) return { value: result.value };
  return { problems: result.issues.map(({ message, path }) => (path && path.length > 0 ? `${path.map(keyOf).join('.')}: ${message}` : message)) };
}

function keyOf(segment: unknown): string {
  return typeof segment === 'object' && segment !== null && 'key' in segment ? String(segment.key) : String(segment);
}

async function jsonSchemaCheck(schema: JsonObject, value: unknown): Promise<Checked> {
  const { Validator } = await import('@cfworker/json-schema');
  const { valid, errors } = validate(() => new Validator(schema, '2020-12', false).validate(value));
  return valid ? { value } : { problems: errors.map(({ instanceLocation, error }) => `${instanceLocation}: ${error}`) };
}

/** A reference that leads nowhere shows only while validating. */
function validate<Result>(check: () => Result): Result {
  try {
    return check();
  } catch (error) {
    throw unusable(error);
  }
}

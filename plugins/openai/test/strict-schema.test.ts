/** Which schemas may be sent as strict. */
import type { JsonObject } from '@modelport/plugin-api';
import { expect, test } from 'vitest';
import { isStrictSchema } from '../src/strict-schema.ts';

const closed = (properties: JsonObject): JsonObject => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false });
const text: JsonObject = { type: 'string' };

function nested(depth: number): JsonObject {
  return depth === 0 ? text : closed({ a: nested(depth - 1) });
}

const cases: readonly (readonly [string, JsonObject, boolean])[] = [
  ['closed, all required', closed({ a: text }), true],
  ['all required, but open', { type: 'object', properties: { a: text }, required: ['a'] }, false],
  ['closed, one property optional', { ...closed({ a: text, b: text }), required: ['a'] }, false],
  ['an open object in a list', closed({ a: { type: 'array', items: { type: 'object', properties: {} } } }), false],
  ['an open object among the alternatives', closed({ a: { anyOf: [text, { type: 'object', properties: {} }] } }), false],
  ['an open object among the definitions', { ...closed({ a: { $ref: '#/$defs/x' } }), $defs: { x: { type: 'object', properties: {} } } }, false],
  ['a keyword the strict subset lacks', closed({ a: { allOf: [text] } }), false],
  ['no object at the top', text, false],
  ['nested a little', nested(5), true],
  ['nested without end', nested(100), false],
];

test.each(cases)('%s', (_, schema, strict) => {
  expect(isStrictSchema(schema)).toBe(strict);
});

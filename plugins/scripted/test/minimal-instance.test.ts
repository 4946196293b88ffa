import type { JsonObject } from '@modelport/plugin-api';
import { expect, test } from 'vitest';
import { z } from 'zod';

import { minimalInstance } from '../src/minimal-instance.ts';

const node: z.ZodType = z.object({ name: z.string(), get children() { return z.array(node); } });

test.each([
  ['a flat object', z.object({ a: z.string(), b: z.number(), c: z.boolean(), d: z.null(), e: z.string().optional() })],
  ['formats', z.object({ mail: z.email(), url: z.url(), id: z.uuid(), day: z.iso.date(), at: z.iso.datetime(), ip: z.ipv4() })],
  ['bounds', z.object({ a: z.string().min(3), b: z.int().min(5), c: z.int().max(-2), d: z.number().gt(0), e: z.number().lt(0), f: z.number().multipleOf(7).min(8) })],
  ['an interval without its ends', z.number().gt(0).lt(0.5)],
  ['lists', z.object({ a: z.array(z.string()), b: z.array(z.int().min(1)).min(2), c: z.tuple([z.string(), z.literal(7)]) })],
  ['choices', z.object({ a: z.enum(['x', 'y']), b: z.union([z.literal('p'), z.number()]), c: z.string().nullable() })],
  ['a discriminated union', z.discriminatedUnion('kind', [z.object({ kind: z.literal('a'), n: z.int() }), z.object({ kind: z.literal('b') })])],
  ['an intersection', z.intersection(z.object({ a: z.string() }), z.object({ b: z.int().min(3) }))],
  ['a recursive schema', node],
  ['a record', z.record(z.string(), z.int())],
])('%s: the value is accepted by the schema it came from', (_title, schema) => {
  expect(schema.safeParse(minimalInstance(z.toJSONSchema(schema) as JsonObject))).toMatchObject({ success: true });
});

test.each([
  ['a constant', { const: 7 }, 7],
  ['a default', { type: 'string', default: 'x' }, 'x'],
  ['a schema that allows everything', {}, null],
  ['a reference that leads nowhere', { $ref: '#/$defs/none' }, null],
  ['a list of types', { type: ['integer', 'null'] }, 0],
] as const)('%s', (_title, schema, value) => {
  expect(minimalInstance(schema)).toEqual(value);
});

test('a reference that never ends is cut', () => {
  expect(JSON.stringify(minimalInstance({ type: 'object', properties: { self: { $ref: '#' } }, required: ['self'] }))).toMatch(/"self":null/);
});

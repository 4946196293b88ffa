/** Answers as objects: asked for by schema, parsed and validated, whatever the vendor promises. */
import type { StandardSchema } from '@modelport/plugin-api';
import { ModelportError, type DataSchema, type Host } from '@modelport/host';
import { createTestHost } from '@modelport/host/testing';
import { script, type ScriptedModel } from '@modelport/scripted';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';

const city = z.object({ name: z.string(), people: z.number().default(0) });
const plain = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'], additionalProperties: false } as const;

async function failure(work: Promise<unknown>): Promise<ModelportError> {
  const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
  if (!ModelportError.is(error)) throw new Error(`no ModelportError: ${String(error)}`);
  return error;
}

const hostOf = (model: ScriptedModel): Promise<Host> => createTestHost({ models: { default: model } });

describe('an answer by schema', () => {
  it('asks for JSON of the schema and gives the object as zod gives it out', async () => {
    const model = script([[{ json: { name: 'Oslo' } }]]);
    await using host = await hostOf(model);
    const answer = await host.models.get('default').generate('Which city?', { schema: city });
    expectTypeOf(answer.object).toEqualTypeOf<{ name: string; people: number }>();
    expect(answer.object).toEqual({ name: 'Oslo', people: 0 });
    expect(answer.text).toBe('{"name":"Oslo"}');
    expect(model.requests[0]?.responseFormat).toMatchObject({ type: 'json', schema: { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } });
    expect(model.requests[0]?.responseFormat).not.toHaveProperty('schema.$schema');
  });

  it('takes a plain JSON Schema and passes it on as it is', async () => {
    const model = script([[{ json: { name: 'Oslo' } }]]);
    await using host = await hostOf(model);
    expect((await host.models.get('default').generate('Which?', { schema: plain })).object).toEqual({ name: 'Oslo' });
    expect(model.requests[0]?.responseFormat).toEqual({ type: 'json', schema: plain });
  });

  it('keeps the name and description the caller gave the format', async () => {
    const model = script([[{ json: { name: 'Oslo' } }]]);
    await using host = await hostOf(model);
    await host.models.get('default').generate('Which?', { schema: plain, responseFormat: { type: 'json', name: 'city', description: 'A city.' } });
    expect(model.requests[0]?.responseFormat).toEqual({ type: 'json', schema: plain, name: 'city', description: 'A city.' });
  });

  it('streams its text and validates at the end', async () => {
    await using host = await hostOf(script([[{ json: { name: 'Oslo' } }]]));
    const stream = host.models.get('default').stream('Which?', { schema: city });
    let text = '';
    for await (const piece of stream.text) text += piece;
    expect(JSON.parse(text)).toEqual({ name: 'Oslo' });
    expect((await stream.answer).object).toEqual({ name: 'Oslo', people: 0 });
  });

  it('has no object yet while the model calls tools first', async () => {
    await using host = await hostOf(script([[{ toolCall: { name: 'look' } }]]));
    const answer = await host.models.get('default').generate('Which?', { schema: city, tools: [{ type: 'function', name: 'look', inputSchema: { type: 'object' } }] });
    expect([answer.object, answer.toolCalls.length]).toEqual([undefined, 1]);
  });

  it('is asked for by a handle\'s default, unless the call says what form it wants', async () => {
    const model = script([[{ json: { name: 'Oslo' } }], 'Just text.']);
    await using host = await hostOf(model);
    const handle = host.models.get('default').with({ schema: city });
    expect((await handle.generate('Which?')).object).toEqual({ name: 'Oslo', people: 0 });
    expect((await handle.generate('Which?', { responseFormat: { type: 'text' } })).text).toBe('Just text.');
  });

  it('may be plain JSON mode, which is not validated', async () => {
    const model = script([[{ json: { any: 1 } }]]);
    await using host = await hostOf(model);
    const answer = await host.models.get('default').generate('Which?', { responseFormat: { type: 'json' } });
    expect([answer.text, answer.object]).toEqual(['{"any":1}', undefined]);
  });
});

describe('an answer that does not fit', () => {
  it.each([
    ['no JSON', 'Oslo, I think.', city, /it is no JSON/, 'stop'],
    ['a missing property', [{ json: { people: 1 } }], city, /name: /, 'stop'],
    ['a wrong type under a plain schema', [{ json: { name: 5 } }], plain, /#\/name: /, 'stop'],
    ['an unknown property under a closed schema', [{ json: { name: 'x', more: 1 } }], plain, /more/, 'stop'],
    ['no text at all', [{ reasoning: 'hm' }], city, /the answer has no text/, 'stop'],
    ['a cut text', [{ text: '{"name":"Os' }, { finish: 'length' }], city, /\(it was cut at the output limit\)[^]*it is no JSON/, 'length'],
  ] as const)('is OUTPUT_INVALID with what had arrived: %s', async (_what, reply, schema, reason, finish) => {
    await using host = await hostOf(script([{ reply }]));
    const ask = { schema: schema as DataSchema<unknown> };
    const error = await failure(host.models.get('default').generate('Which?', ask));
    expect(error.code).toBe('OUTPUT_INVALID');
    expect(error.message).toMatch(reason);
    expect(error.context).toMatchObject({ backend: 'injected-default', retryable: true, partial: { finishReason: { unified: finish } } });
    expect(error.context.partial?.content).toHaveLength(1);
    const stream = host.models.get('default').stream('Which?', ask);
    const reading = (async () => { for await (const _part of stream) { /* only the end matters */ } })();
    expect((await failure(reading)).code).toBe('OUTPUT_INVALID');
    expect((await failure(stream.answer)).code).toBe('OUTPUT_INVALID');
  });

  it('tells what a transformation threw', async () => {
    await using host = await hostOf(script([[{ json: { name: 'Oslo' } }]]));
    const strict = city.transform(() => { throw new Error('not on the map'); });
    expect((await failure(host.models.get('default').generate('Which?', { schema: strict }))).message).toContain('not on the map');
  });
});

describe('a schema that cannot be used', () => {
  const silent: StandardSchema<unknown> = { '~standard': { version: 1, vendor: 'mute', validate: (value) => ({ value }) } };

  it.each([
    ['because it cannot tell its JSON Schema', silent, /The schema \(mute\) cannot tell its JSON Schema/],
    ['because JSON Schema has no word for it', z.object({ day: z.date() }), /The schema cannot be used: /],
  ])('is refused before anything is sent, %s', async (_why, schema, reason) => {
    const model = script([{ reply: 'never' }]);
    await using host = await hostOf(model);
    const error = await failure(host.models.get('default').generate('Which?', { schema: schema as DataSchema<unknown> }));
    expect([error.code, model.requests.length]).toEqual(['REQUEST_INVALID', 0]);
    expect(error.message).toMatch(reason);
  });

  it('because it refers to nothing is told as such, not as a crash', async () => {
    await using host = await hostOf(script([[{ json: {} }]]));
    const error = await failure(host.models.get('default').generate('Which?', { schema: { $ref: '#/$defs/nowhere' } }));
    expect([error.code, error.message]).toEqual(['REQUEST_INVALID', expect.stringContaining('The schema cannot be used: ')]);
  });
});

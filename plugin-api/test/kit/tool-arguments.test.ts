import { describe, expect, it } from 'vitest';
import type { ChatPart } from '../../src/index.ts';
import { ToolCallCollector } from '../../src/kit/index.ts';
import type { ToolCallFragment } from '../../src/kit/index.ts';

function gather(...fragments: readonly ToolCallFragment[]): ChatPart[] {
  let made = 0;
  const collector = new ToolCallCollector({ newId: () => `made_${(made += 1)}` });
  const parts: ChatPart[] = [];
  for (const fragment of fragments) collector.add(fragment, parts);
  collector.endAll(parts);
  return parts;
}

/** The whole calls among the parts, as `id name input`. */
const calls = (...fragments: readonly ToolCallFragment[]) =>
  gather(...fragments).flatMap((part) => (part.type === 'tool-call' ? [`${part.toolCallId} ${part.toolName} ${part.input}`] : []));

describe('ToolCallCollector', () => {
  it('makes a block and a whole call of the documented fragments', () => {
    expect(gather({ index: 0, id: 'a', toolName: 'sum', input: '' }, { index: 0, input: '{"x"' }, { index: 0, input: ':1}' })).toEqual([
      { type: 'tool-input-start', id: 'a', toolName: 'sum' },
      { type: 'tool-input-delta', id: 'a', delta: '{"x"' },
      { type: 'tool-input-delta', id: 'a', delta: ':1}' },
      { type: 'tool-input-end', id: 'a' },
      { type: 'tool-call', toolCallId: 'a', toolName: 'sum', input: '{"x":1}' },
    ]);
  });

  it('keeps interleaved parallel calls apart', () => {
    expect(calls(
      { index: 0, id: 'a', toolName: 'f' }, { index: 1, id: 'b', toolName: 'g' },
      { index: 0, input: '{"x":' }, { index: 1, input: '{"y":' }, { index: 0, input: '1}' }, { index: 1, input: '2}' },
    )).toEqual(['a f {"x":1}', 'b g {"y":2}']);
  });

  it.each<[string, ToolCallFragment[], string[]]>([
    ['deltas without index, id in the first only', [{ id: 'a', toolName: 'f' }, { input: '{"x":' }, { input: '1}' }], ['a f {"x":1}']],
    ['deltas without index that repeat id and name', [{ id: 'a', toolName: 'f', input: '{"x":' }, { id: 'a', toolName: 'f', input: '1}' }], ['a f {"x":1}']],
    ['two calls without index told apart by id', [{ id: 'a', toolName: 'f', input: '{}' }, { id: 'b', toolName: 'f', input: '{}' }], ['a f {}', 'b f {}']],
    ['a missing id', [{ index: 0, toolName: 'f', input: '{}' }], ['made_1 f {}']],
    ['an empty id', [{ index: 0, id: '', toolName: 'f' }, { index: 0, id: '', input: '{}' }], ['made_1 f {}']],
    ['an id that comes late', [{ index: 0, toolName: 'f', input: '{"x"' }, { index: 0, id: 'a', input: ':1}' }], ['made_1 f {"x":1}']],
    ['a name that comes late', [{ index: 0, id: 'a', input: '{"x"' }, { index: 0, toolName: 'f', input: ':1}' }], ['a f {"x":1}']],
    ['one id for two indexes', [{ index: 0, id: 'a', toolName: 'f', input: '{}' }, { index: 1, id: 'a', toolName: 'g', input: '{}' }], ['a f {}', 'a_2 g {}']],
    ['one id for two whole calls', [{ id: 'a', toolName: 'f', input: '{"x":1}' }, { id: 'a', toolName: 'f', input: '{"x":2}' }], ['a f {"x":1}', 'a_2 f {"x":2}']],
    ['one index for two calls', [{ index: 0, id: 'a', toolName: 'f', input: '{}' }, { index: 0, id: 'b', toolName: 'g', input: '{}' }], ['a f {}', 'b g {}']],
    ['one index for two calls of one tool without input', [{ index: 0, id: 'a', toolName: 'f' }, { index: 0, id: 'b', toolName: 'f' }], ['a f {}', 'b f {}']],
    ['one index for two calls without ids', [{ index: 0, toolName: 'f', input: '{}' }, { index: 0, toolName: 'g', input: '{}' }], ['made_1 f {}', 'made_2 g {}']],
    ['whole values without index or id', [{ toolName: 'f', input: { x: 1 } }, { toolName: 'f', input: { x: 1 } }], ['made_1 f {"x":1}', 'made_2 f {"x":1}']],
    ['no input at all', [{ index: 0, id: 'a', toolName: 'f' }], ['a f {}']],
    ['null for what is absent', [{ index: null, id: 'a', toolName: 'f', input: null }, { index: null, id: null, toolName: null, input: '{}' }], ['a f {}']],
    ['a finished call sent once more', [{ index: 0, id: 'a', toolName: 'f' }, { index: 0, input: '{"x":1}' }, { index: 0, id: 'a', toolName: 'f', input: '{"x":1}' }], ['a f {"x":1}']],
    ['nested objects with the name on every delta', [{ index: 0, id: 'a', toolName: 'f', input: '{"a":[{"b":1}' }, { index: 0, toolName: 'f', input: ',' }, { index: 0, toolName: 'f', input: '{"b":2}]}' }], ['a f {"a":[{"b":1},{"b":2}]}']],
    ['an input that is not JSON', [{ index: 0, id: 'a', toolName: 'f', input: '{"x":' }], ['a f {"x":']],
    ['a fragment that says nothing', [{}, { input: '' }], []],
  ])('understands %s', (_title, fragments, expected) => {
    expect(calls(...fragments)).toEqual(expected);
  });

  it('shows input only once the name is known', () => {
    expect(gather({ index: 0, id: 'a', input: '{' }, { index: 0, toolName: 'f', input: '}' }).slice(0, 2)).toEqual([
      { type: 'tool-input-start', id: 'a', toolName: 'f' }, { type: 'tool-input-delta', id: 'a', delta: '{}' },
    ]);
  });

  it('ends one call by its index, once', () => {
    const collector = new ToolCallCollector();
    const parts: ChatPart[] = [];
    collector.add({ index: 3, id: 'a', toolName: 'f', input: '{}' }, parts);
    collector.end(3, parts);
    collector.end(3, parts);
    collector.end(9, parts);
    collector.endAll(parts);
    expect(parts.map((part) => part.type)).toEqual(['tool-input-start', 'tool-input-delta', 'tool-input-end', 'tool-call']);
  });

  it('carries vendor data and who runs the tool', () => {
    expect(gather({ index: 0, id: 'a', toolName: 'f', providerExecuted: true }, { index: 0, providerMetadata: { google: { signature: 's' } } }).at(-1)).toEqual({
      type: 'tool-call', toolCallId: 'a', toolName: 'f', input: '{}', providerExecuted: true, providerMetadata: { google: { signature: 's' } },
    });
  });

  it('counts the calls it has begun', () => {
    const collector = new ToolCallCollector();
    collector.add({ toolName: 'f', input: {} }, []);
    collector.add({ toolName: 'g', input: {} }, []);
    expect(collector.count).toBe(2);
  });

  it('refuses a call that never gets a name', () => {
    expect(() => gather({ index: 0, id: 'a', input: '{}' })).toThrow(expect.objectContaining({ code: 'PROTOCOL' }));
  });

  it('makes ids of its own that differ', () => {
    const parts: ChatPart[] = [];
    const collector = new ToolCallCollector();
    for (let number = 0; number < 20; number += 1) collector.add({ toolName: 'f', input: {} }, parts);
    const ids = parts.flatMap((part) => (part.type === 'tool-call' ? [part.toolCallId] : []));
    expect(new Set(ids).size).toBe(20);
    expect(ids.every((id) => /^call_[0-9a-f]{24}$/.test(id))).toBe(true);
  });
});

/** What the command line prints: colours, tables, paths, options of plugins. */
import { describe, expect, it } from 'vitest';
import { optionRows } from '../../src/cli/option-text.ts';
import { createPalette } from '../../src/cli/palette.ts';
import { shortPath } from '../../src/cli/paths.ts';
import { sumUsage } from '../../src/cli/sum-usage.ts';
import { tableLines } from '../../src/cli/table.ts';
import { toolCallText, toolOutputText } from '../../src/cli/tool-text.ts';

describe('colours', () => {
  it('are on for a terminal', () => {
    expect(createPalette({ isTTY: true }, {}).red('x')).toBe('\u001B[31mx\u001B[39m');
  });

  it.each([
    ['a pipe', { isTTY: false }, {}], ['a file', {}, { FORCE_COLOR: '1' }], ['NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }], ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }],
  ])('are off for %s', (_name, stream, environment) => {
    expect(createPalette(stream, environment).red('x')).toBe('x');
  });
});

describe('a table', () => {
  it('is as wide as its longest cells, colours not counted', () => {
    const red = (text: string): string => `<${text}>`;
    expect(tableLines(['A', 'B'], [[{ text: 'long', paint: red }, 'x'], ['s', { text: 'y', paint: red }]])).toEqual(['A     B', '<long>  x', 's     <y>']);
  });

  it('ends no line with spaces', () => {
    expect(tableLines([], [['a', ''], ['bb', 'c']])).toEqual(['a', 'bb  c']);
  });
});

describe('a path', () => {
  it.each([['/a/b/c', '/a/b', 'c'], ['/a/b', '/a/b', '.'], ['/a/c', '/a/b', '/a/c'], ['/a/c', '/', '/a/c']])('%s is read from %s as %s', (path, cwd, shown) => {
    expect(shortPath(path, cwd)).toBe(shown);
  });
});

describe('a tool call', () => {
  it('shows a single value by itself and the rest as it was written', () => {
    expect(toolCallText({ toolName: 'calculate', input: { expression: '6 * 7' }, rawInput: '' })).toBe('calculate(6 * 7)');
    expect(toolCallText({ toolName: 'move', input: { x: 1, y: 2 }, rawInput: '{"x":1,"y":2}' })).toBe('move({"x":1,"y":2})');
  });

  it('shows its outcome in one line', () => {
    expect([toolOutputText({ type: 'json', value: { result: 42 } }), toolOutputText({ type: 'error-text', value: 'no' }), toolOutputText({ type: 'execution-denied' })]).toEqual(['42', 'error: no', 'denied']);
  });
});

describe('the options of a plugin', () => {
  it('are listed with type, default and purpose, references followed', () => {
    const schema = { type: 'object', required: ['b'], properties: { a: { type: 'number', default: 3, description: 'How many.' }, b: { $ref: '#/$defs/word' }, c: { anyOf: [{ type: 'string' }, { enum: [1, 2] }] } }, $defs: { word: { type: 'string' } } };
    expect(optionRows(schema)).toEqual([['a', 'number', 'default 3', 'How many.'], ['b', 'string', 'required', ''], ['c', 'string or 1 | 2', '', '']]);
  });

  it('are none where there is no schema', () => {
    expect(optionRows(undefined)).toEqual([]);
  });
});

describe('the usage of a run', () => {
  it('is the sum of its calls, a figure one of them does not state being unknown', () => {
    const call = (total: number, reasoning?: number): Parameters<typeof sumUsage>[0][number] => ({ inputTokens: { total }, outputTokens: { total: 1, reasoning }, costUsd: 0.5 });
    expect(sumUsage([call(2, 1), call(3)])).toEqual({ inputTokens: { total: 5 }, outputTokens: { total: 2 }, costUsd: 1 });
    expect(sumUsage([call(2, 1), call(3, 4)])?.outputTokens.reasoning).toBe(5);
  });
});

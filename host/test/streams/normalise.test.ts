/** The written rules of the normaliser, one by one. */
import { CallError } from '@modelport/plugin-api';
import type { ChatPart, Usage } from '@modelport/plugin-api';
import { describe, expect, it } from 'vitest';
import { StreamNormaliser } from '../../src/streams/normalise.ts';
import { finish, runStream } from './run-stream.ts';

/** The parts between `stream-start` and `finish`. */
function inner(...parts: readonly unknown[]): readonly ChatPart[] {
  return runStream([...parts as ChatPart[], finish]).parts.slice(1, -1);
}

/** The finish and the folded answer. */
function ending(...parts: readonly unknown[]) {
  const { parts: given, fold } = runStream(parts as ChatPart[]);
  return { finish: given.at(-1) as Extract<ChatPart, { type: 'finish' }>, result: fold.result() };
}

const signature = { providerMetadata: { acme: { signature: 's' } } };

describe('stream-start', () => {
  it('is put first where the plugin sends none', () => {
    expect(runStream([finish]).parts).toEqual([{ type: 'stream-start', warnings: [] }, finish]);
  });
  it('that comes again gives its warnings as parts', () => {
    const late = { type: 'other', message: 'late' } as const;
    const { parts, fold } = runStream([{ type: 'ping' }, { type: 'stream-start', warnings: [late] }, finish]);
    expect(parts.map((part) => part.type)).toEqual(['stream-start', 'ping', 'warning', 'finish']);
    expect(fold.result().warnings).toEqual([late]);
  });
});

describe('text and reasoning', () => {
  it('of which only deltas come is opened before and closed at the finish', () => {
    expect(inner({ type: 'text-delta', id: 'a', delta: 'x' }, { type: 'text-delta', id: 'a', delta: 'y' })).toEqual([
      { type: 'text-start', id: 'a' }, { type: 'text-delta', id: 'a', delta: 'x' }, { type: 'text-delta', id: 'a', delta: 'y' }, { type: 'text-end', id: 'a' },
    ]);
  });
  it('of which only deltas come stays before the tool call that follows it, and continues after it under a new id', () => {
    const call = { type: 'tool-call', toolCallId: 'c', toolName: 'sum', input: '{}' };
    const { result } = ending({ type: 'text-delta', id: '0', delta: 'before' }, call, { type: 'text-delta', id: '0', delta: 'after' }, finish);
    expect(result.content).toEqual([{ type: 'text', text: 'before' }, call, { type: 'text', text: 'after' }]);
    expect(inner({ type: 'text-delta', id: '0', delta: 'x' }, call, { type: 'text-delta', id: '0', delta: 'y' })).toContainEqual({ type: 'text-start', id: '0_2' });
  });
  it('may interleave when the plugin opens the blocks', () => {
    const parts = [
      { type: 'text-start', id: 't' }, { type: 'reasoning-start', id: 'r' }, { type: 'text-delta', id: 't', delta: 'a' }, { type: 'reasoning-delta', id: 'r', delta: 'b' },
      { type: 'text-delta', id: 't', delta: 'c' }, { type: 'reasoning-end', id: 'r', ...signature }, { type: 'text-end', id: 't' },
    ];
    expect(inner(...parts)).toEqual(parts);
    expect(ending(...parts, finish).result.content).toEqual([{ type: 'text', text: 'ac' }, { type: 'reasoning', text: 'b', ...signature }]);
  });
  it('that starts twice keeps one block and the vendor data of both starts', () => {
    expect(ending({ type: 'text-start', id: '0' }, { type: 'text-start', id: '0', ...signature }, { type: 'text-delta', id: '0', delta: 'x' }, finish).result.content)
      .toEqual([{ type: 'text', text: 'x', ...signature }]);
  });
  it('after its end opens a new block, so that nothing is lost', () => {
    expect(ending({ type: 'text-start', id: '0' }, { type: 'text-delta', id: '0', delta: 'x' }, { type: 'text-end', id: '0' }, { type: 'text-delta', id: '0', delta: 'y' }, finish).result.content)
      .toEqual([{ type: 'text', text: 'x' }, { type: 'text', text: 'y' }]);
  });
  it('that ends without a start is dropped, but its signature is kept', () => {
    expect(inner({ type: 'text-end', id: '0' })).toEqual([]);
    expect(ending({ type: 'reasoning-end', id: '0', ...signature }, finish).result.content).toEqual([{ type: 'reasoning', text: '', ...signature }]);
  });
  it('opens nothing for an empty delta', () => {
    expect(inner({ type: 'text-delta', id: '0', delta: '' })).toEqual([]);
  });
  it('yielded as one whole part becomes a block', () => {
    expect(inner({ type: 'text', text: 'hello' })).toEqual([{ type: 'text-start', id: '0' }, { type: 'text-delta', id: '0', delta: 'hello' }, { type: 'text-end', id: '0' }]);
  });
  it('passes on the very same delta objects', () => {
    const delta: ChatPart = { type: 'text-delta', id: 'a', delta: 'x' };
    expect(inner(delta, delta).filter((part) => part === delta)).toHaveLength(2);
  });
});

describe('tool calls', () => {
  const start = { type: 'tool-input-start', id: 'c', toolName: 'sum' };
  const end = { type: 'tool-input-end', id: 'c' };

  it('are assembled from their fragments when no tool-call part comes', () => {
    const { result } = ending(start, { type: 'tool-input-delta', id: 'c', delta: '{"a"' }, { type: 'tool-input-delta', id: 'c', delta: ':1}' }, finish);
    expect(result.content).toEqual([{ type: 'tool-call', toolCallId: 'c', toolName: 'sum', input: '{"a":1}' }]);
  });
  it('in parallel with split fragments keep their own input and their order', () => {
    const { result } = ending(start, { ...start, id: 'd', toolName: 'find' }, { type: 'tool-input-delta', id: 'd', delta: '{"q":' }, { type: 'tool-input-delta', id: 'c', delta: '{}' }, { type: 'tool-input-delta', id: 'd', delta: '2}' }, finish);
    expect(result.content).toMatchObject([{ toolCallId: 'c', input: '{}' }, { toolCallId: 'd', input: '{"q":2}' }]);
  });
  it('without any input get {}, and empty text input stays empty', () => {
    expect(ending(start, end, finish).result.content).toMatchObject([{ input: '{}' }]);
    expect(ending({ type: 'tool-call', toolCallId: 'c', toolName: 'sum', input: '' }, finish).result.content).toMatchObject([{ input: '{}' }]);
    expect(ending({ ...start, inputEncoding: 'text' }, end, finish).result.content).toMatchObject([{ input: '', inputEncoding: 'text' }]);
  });
  it('keep the vendor data of fragments and call', () => {
    const { result } = ending(start, { ...end, providerMetadata: { acme: { a: 1 }, other: { b: 1 } } }, { type: 'tool-call', toolCallId: 'c', toolName: 'sum', input: '{}', providerMetadata: { acme: { c: 2 } } }, finish);
    expect(result.content).toMatchObject([{ providerMetadata: { acme: { a: 1, c: 2 }, other: { b: 1 } } }]);
  });
  it('close their open input first', () => {
    expect(inner(start, { type: 'tool-call', toolCallId: 'c', toolName: 'sum', input: '{}' }).map((part) => part.type)).toEqual(['tool-input-start', 'tool-input-end', 'tool-call']);
  });
  it('with an object as input become JSON and a warning', () => {
    const { result } = ending({ type: 'tool-call', toolCallId: 'c', toolName: 'sum', input: { a: 1 } }, finish);
    expect(result).toMatchObject({ content: [{ input: '{"a":1}' }], warnings: [{ type: 'other' }] });
  });
  it('that are sent twice are run once, with a warning', () => {
    const call = { type: 'tool-call', toolCallId: 'c', toolName: 'sum', input: '' };
    expect(ending(call, call, finish).result).toMatchObject({ content: [{ input: '{}' }], warnings: [{ type: 'other' }] });
  });
  it('of different meaning under one id get ids of their own, and their results follow', () => {
    const { result } = ending({ type: 'tool-call', toolCallId: 'c', toolName: 'sum', input: '{}' }, { type: 'tool-call', toolCallId: 'c', toolName: 'find', input: '{}' }, { type: 'tool-result', toolCallId: 'c', toolName: 'find', output: { type: 'text', value: '3' } }, finish);
    expect(result.content).toMatchObject([{ toolCallId: 'c' }, { toolCallId: 'c_2' }, { type: 'tool-result', toolCallId: 'c_2' }]);
  });
  it('make the reason tool-calls where the vendor says stop, and keep the vendor\'s word', () => {
    const call = { type: 'tool-call', toolCallId: 'c', toolName: 'sum', input: '{}' };
    expect(ending(call, finish).finish.finishReason).toEqual({ unified: 'tool-calls', raw: 'stop' });
    expect(ending({ ...call, providerExecuted: true }, finish).finish.finishReason).toEqual({ unified: 'stop', raw: 'stop' });
  });
  it('cut in the middle of their input by a token limit are no calls but stay readable', () => {
    const length = { ...finish, finishReason: { unified: 'length' } };
    const { result, finish: last } = ending(start, { type: 'tool-input-delta', id: 'c', delta: '{"a":' }, length);
    expect(result.content).toEqual([{ type: 'unknown', part: { type: 'tool-input', id: 'c', toolName: 'sum', input: '{"a":' } }]);
    expect(last.finishReason.unified).toBe('length');
    expect(ending(start, length).result.content).not.toContainEqual(expect.objectContaining({ type: 'tool-call' }));
    expect(ending(start, { type: 'tool-input-delta', id: 'c', delta: '{"a":1}' }, length).result.content).toMatchObject([{ type: 'tool-call', input: '{"a":1}' }]);
  });
  it('whose result is preliminary show the last result', () => {
    const result = { type: 'tool-result', toolCallId: 'c', toolName: 'find', output: { type: 'text', value: '1' } };
    expect(ending({ ...result, preliminary: true }, { ...result, output: { type: 'text', value: '2' } }, finish).result.content).toEqual([{ ...result, output: { type: 'text', value: '2' } }]);
  });
});

describe('finish and usage', () => {
  const usage = (input?: number, output?: number): Usage => ({ inputTokens: input === undefined ? {} : { total: input }, outputTokens: output === undefined ? {} : { total: output } });

  it('come last and once, with the first reason and the latest figures', () => {
    const second: ChatPart = { ...finish, finishReason: { unified: 'length', raw: 'late' }, usage: usage(undefined, 9) };
    const { parts } = runStream([{ type: 'usage', usage: usage(5, 1) }, finish, { type: 'text-delta', id: '0', delta: 'late' }, { type: 'usage', usage: usage(undefined, 7) }, second]);
    expect(parts.at(-1)).toEqual({ ...finish, usage: usage(5, 9) });
    expect(parts.filter((part) => part.type === 'finish')).toHaveLength(1);
    expect(parts).toContainEqual({ type: 'text-delta', id: '0', delta: 'late' });
  });
  it('never invent a figure: absent stays absent', () => {
    expect(ending(finish).result.usage).toEqual({ inputTokens: {}, outputTokens: {} });
    expect(ending({ ...finish, usage: undefined }).result.usage).toEqual({ inputTokens: {}, outputTokens: {} });
  });
  it('leave out figures that are no counts, with one warning each', () => {
    const wrong = { inputTokens: { total: -1 }, outputTokens: { total: Number.NaN, text: 3 } };
    const { result } = ending({ type: 'usage', usage: wrong }, { ...finish, usage: wrong });
    expect(result.usage).toEqual({ inputTokens: {}, outputTokens: { text: 3 } });
    expect(result.warnings).toHaveLength(2);
  });
  it('keep cached, reasoning, stated cost and the vendor\'s own object', () => {
    const full: Usage = { inputTokens: { total: 9, noCache: 4, cacheRead: 5, cacheWrite: 0 }, outputTokens: { total: 7, text: 3, reasoning: 4 }, costUsd: 0.01, raw: { prompt_tokens: 9 } };
    expect(ending({ ...finish, usage: full }).result.usage).toBe(full);
  });
  it('count in the partial when the source fails after its finish', () => {
    const normaliser = new StreamNormaliser();
    const parts: ChatPart[] = [];
    normaliser.push({ ...finish, usage: usage(3, 4) }, parts);
    expect(normaliser.finished).toBe(true);
    normaliser.cut(parts);
    expect(parts.at(-1)).toEqual({ type: 'usage', usage: usage(3, 4) });
  });
});

describe('other parts', () => {
  it('of an unknown type are kept as unknown', () => {
    expect(ending({ type: 'hologram', depth: 3 }, finish).result.content).toEqual([{ type: 'unknown', part: { type: 'hologram', depth: 3 } }]);
  });
  it('of type raw reach only who asked', () => {
    const raw: ChatPart = { type: 'raw', rawValue: { a: 1 } };
    expect(runStream([raw, finish]).parts).not.toContain(raw);
    expect(runStream([raw, finish], { includeRaw: true }).parts).toContain(raw);
  });
  it('with response metadata are merged, later fields winning', () => {
    expect(ending({ type: 'response-metadata', id: 'r', modelId: 'm' }, { type: 'response-metadata', modelId: 'm-2026', id: undefined }, finish).result.response).toEqual({ id: 'r', modelId: 'm-2026' });
  });
  it('of type error are thrown: a CallError as it is, anything else as PROTOCOL', () => {
    const overloaded = new CallError('OVERLOADED', 'Too busy.');
    expect(runStream([{ type: 'error', error: overloaded } as unknown as ChatPart]).error).toBe(overloaded);
    expect(runStream([{ type: 'error', error: 'x' } as unknown as ChatPart]).error?.code).toBe('PROTOCOL');
  });
  it('that break the contract name the plugin', () => {
    expect(runStream([{ type: 'text-delta', id: '0', delta: 7 } as unknown as ChatPart], { plugin: 'modelport-plugin-acme' }).error?.message)
      .toBe('The plugin modelport-plugin-acme broke the contract: the delta of a text-delta is a number, not a string.');
  });
});

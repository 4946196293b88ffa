/** Whole answers, partial answers, and results that come in one piece. */
import type { ChatPart, ChatResult } from '@modelport/plugin-api';
import { partsOf } from '@modelport/plugin-api/kit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkedResult } from '../../src/streams/check-result.ts';
import { AnswerFold } from '../../src/streams/fold.ts';
import { checkGrammar } from '../../src/streams/grammar.ts';
import { results } from './arbitrary-parts.ts';
import { finish, runStream } from './run-stream.ts';

describe('an answer', () => {
  it('put into parts and folded is the same answer', () => {
    fc.assert(fc.property(results, (result) => {
      const { parts, fold } = runStream([partsOf(result)]);
      expect(fold.result()).toStrictEqual(result);
      expect(checkGrammar(parts)).toEqual([]);
    }));
  });
  it('that lacks its finish is only a partial', () => {
    const fold = new AnswerFold();
    fold.addAll([{ type: 'text-start', id: '0' }, { type: 'text-delta', id: '0', delta: 'half an ' }]);
    expect(() => fold.result()).toThrow('the answer may be cut');
    expect(fold.partial()).toEqual({ content: [{ type: 'text', text: 'half an ' }], finishReason: { unified: 'interrupted' }, usage: { inputTokens: {}, outputTokens: {} } });
    fold.add({ type: 'text-delta', id: '0', delta: 'answer' });
    expect(fold.text()).toBe('half an answer');
  });
  it('in part holds no call whose input is incomplete', () => {
    const parts: ChatPart[] = [{ type: 'tool-input-start', id: 'c', toolName: 'sum' }, { type: 'tool-input-delta', id: 'c', delta: '{"a":1' }];
    expect(runStream(parts).fold.partial().content).toEqual([{ type: 'unknown', part: { type: 'tool-input', id: 'c', toolName: 'sum', input: '{"a":1' } }]);
    expect(runStream([...parts, { type: 'tool-input-delta', id: 'c', delta: '}' }, { type: 'tool-input-end', id: 'c' }]).fold.partial().content)
      .toEqual([{ type: 'tool-call', toolCallId: 'c', toolName: 'sum', input: '{"a":1}' }]);
  });
  it('keeps the vendor data of every delta, last one winning', () => {
    const delta = (text: string, note: object): ChatPart => ({ type: 'text-delta', id: '0', delta: text, providerMetadata: { acme: { ...note } } });
    expect(runStream([delta('a', { one: 1 }), delta('b', { two: 2 }), delta('c', { one: 3 }), finish]).fold.result().content).toEqual([{ type: 'text', text: 'abc', providerMetadata: { acme: { one: 3, two: 2 } } }]);
  });
  it('of a plugin that uses an id again keeps the blocks apart', () => {
    const block: ChatPart[] = [{ type: 'text-start', id: '0' }, { type: 'text-delta', id: '0', delta: 'a' }, { type: 'text-end', id: '0' }];
    const fold = new AnswerFold();
    fold.addAll([...block, ...block, finish]);
    expect(fold.result().content).toEqual([{ type: 'text', text: 'a' }, { type: 'text', text: 'a' }]);
  });
  it('keeps citations of a text', () => {
    const citations = [{ source: { type: 'source', sourceType: 'url', id: 's', url: 'https://example.org' }, startIndex: 0, endIndex: 2 }] as const;
    expect(runStream([{ type: 'text-start', id: '0' }, { type: 'text-delta', id: '0', delta: 'so' }, { type: 'text-end', id: '0', citations }, finish]).fold.result().content).toEqual([{ type: 'text', text: 'so', citations }]);
  });
});

describe('what complete() gives', () => {
  const whole: ChatResult = { content: [{ type: 'text', text: 'hi' }], finishReason: { unified: 'refusal', raw: 'refusal' }, usage: { inputTokens: { total: 1 }, outputTokens: {} } };

  it('passes when it is well-formed, with its reason', () => {
    expect(checkedResult(whole)).toStrictEqual(whole);
  });
  it('obeys the rules of a stream', () => {
    const sloppy = { ...whole, finishReason: { unified: 'stop' }, usage: { outputTokens: { total: -2 } }, content: [{ type: 'tool-call', toolCallId: 'c', toolName: 'now', input: '' }, { type: 'hologram' }] };
    expect(checkedResult(sloppy)).toEqual({
      content: [{ type: 'tool-call', toolCallId: 'c', toolName: 'now', input: '{}' }, { type: 'unknown', part: { type: 'hologram' } }],
      finishReason: { unified: 'tool-calls' }, usage: { inputTokens: {}, outputTokens: {} }, warnings: [{ type: 'other', message: 'usage.outputTokens.total was not a count and is left out.' }],
    });
  });
  it.each([undefined, null, 'hi', { ...whole, content: 'hi' }, { ...whole, content: [null] }, { ...whole, content: [{ type: 'text' }] }, { ...whole, finishReason: undefined }])('is PROTOCOL when it is %j', (result) => {
    expect(() => checkedResult(result)).toThrow(expect.objectContaining({ code: 'PROTOCOL' }));
  });
});

describe('the grammar', () => {
  const start: ChatPart = { type: 'stream-start', warnings: [] };
  it.each<[string, ChatPart[]]>([
    ['is not stream-start', [finish]],
    ['stream-start comes again', [start, start, finish]],
    ['There is no finish', [start]],
    ['comes after finish', [start, finish, { type: 'ping' }]],
    ['has no open block 0', [start, { type: 'text-delta', id: '0', delta: 'x' }, finish]],
    ['has no open block 0', [start, { type: 'text-start', id: '0' }, { type: 'reasoning-delta', id: '0', delta: 'x' }, { type: 'text-end', id: '0' }, finish]],
    ['is open at finish', [start, { type: 'text-start', id: '0' }, finish]],
    ['is used twice', [start, { type: 'text-start', id: '0' }, { type: 'text-end', id: '0' }, { type: 'reasoning-start', id: '0' }, { type: 'reasoning-end', id: '0' }, finish]],
    ['has no tool-call', [start, { type: 'tool-input-start', id: 'c', toolName: 'sum' }, { type: 'tool-input-end', id: 'c' }, finish]],
    ['is empty instead of {}', [start, { type: 'tool-call', toolCallId: 'c', toolName: 'sum', input: '', providerExecuted: true }, finish]],
    ['waits for its result', [start, { type: 'tool-call', toolCallId: 'c', toolName: 'sum', input: '{}' }, finish]],
    ['is no count', [start, { type: 'usage', usage: { inputTokens: { total: -1 }, outputTokens: {} } }, finish]],
    ['is no word of the contract', [start, { type: 'hologram' } as unknown as ChatPart, finish]],
    ['not an object', [start, null as unknown as ChatPart, finish]],
  ])('names the fault: %s', (message, parts) => {
    expect(checkGrammar(parts).map((fault) => fault.message).join()).toContain(message);
  });
  it('accepts a stream that was cut where it is told so', () => {
    expect(checkGrammar([start, { type: 'text-start', id: '0' }], { cut: true })).toEqual([]);
  });
});

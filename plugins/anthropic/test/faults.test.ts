/** What goes wrong on the way: a complete answer or a typed error, never a short answer shown as whole. */
import { CallError, type ChatPart } from '@modelport/plugin-api';
import { collectParts, foldParts, testCall, type AnthropicTurn, type Fault } from '@modelport/testing';
import { expect, test } from 'vitest';
import { ask, start } from './start.ts';

const turn: AnthropicTurn = { reasoning: 'Hm.', signature: 'EqQB', text: ['Hello ', 'wörld ', '🌍'], toolCalls: [{ id: 'toolu_a', name: 'f', arguments: ['{"a":', '1}'] }] };

async function receive(faults: readonly Fault[], from: AnthropicTurn = turn) {
  const { model, upstream } = await start([{ ...from, faults }]);
  return { ...(await collectParts(model.stream(ask, testCall()))), upstream };
}

/** What an answer says, without what counts its place in the script. */
function answerOf(parts: readonly ChatPart[]): unknown {
  const { content, finishReason, usage } = foldParts(parts);
  return { content, finishReason, usage };
}

test.each<[string, readonly Fault[]]>([
  ['cut into single bytes', [{ type: 'split', at: 'every-byte' }]], ['with CRLF, cut into single bytes', [{ type: 'crlf' }, { type: 'split', at: 'every-byte' }]],
  ['behind a byte order mark', [{ type: 'byte-order-mark' }]], ['without a space after data:', [{ type: 'no-space' }]], ['with comments between the events', [{ type: 'comments' }]],
  ['compressed', [{ type: 'gzip' }]], ['without the last blank line', [{ type: 'no-final-newline' }]], ['after a line of 10 MB', [{ type: 'long-line', bytes: 10 * 1024 * 1024 }]],
  ['that goes on after its end', [{ type: 'events-after-done', events: [{ type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'LATE' } }, '{broken'] }]],
  ['that is not closed after its end', [{ type: 'stall', afterBytes: 1_000_000 }]],
])('a stream %s is the same answer', async (_, faults) => {
  const clean = await receive([]);
  const { parts, error } = await receive(faults);
  expect(error).toBeUndefined();
  expect(answerOf(parts)).toEqual(answerOf(clean.parts));
});

test('an answer that comes whole though a stream was asked is read all the same', async () => {
  const { content } = foldParts((await receive([])).parts);
  const { parts, error } = await receive([{ type: 'json-instead-of-stream' }]);
  expect(error).toBeUndefined();
  expect(foldParts(parts).content).toEqual(content);
});

test.each<[string, readonly Fault[], string, boolean]>([
  ['reset before its head', [{ type: 'reset-before-header' }], 'NETWORK', true], ['reset in its middle', [{ type: 'reset', afterBytes: 900 }], 'NETWORK', true],
  ['closed without the end of its body', [{ type: 'close', afterBytes: 900 }], 'NETWORK', true], ['that ends in good order, but early', [{ type: 'cut', afterBytes: 900 }], 'PROTOCOL', true],
  ['that is an HTML page', [{ type: 'html' }], 'PROTOCOL', false], ['with a line that never ends', [{ type: 'endless-line' }], 'PROTOCOL', false],
])('a stream %s is an error', async (_, faults, code, retryable) => {
  const { error, parts } = await receive(faults);
  expect(CallError.is(error) ? { code: error.code, retryable: error.facts.retryable === true } : error).toEqual({ code, retryable });
  expect(parts.some((part) => part.type === 'finish')).toBe(false);
});

test('an unreadable event is left out with a warning, but not within the input of a tool', async () => {
  const text = await receive([{ type: 'unreadable-event', before: 7 }]);
  expect(text.error).toBeUndefined();
  expect(text.parts.filter((part) => part.type === 'warning')).toHaveLength(1);
  const input = await receive([{ type: 'unreadable-event', before: 3 }], { toolCalls: turn.toolCalls! });
  expect(input.error).toMatchObject({ code: 'PROTOCOL' });
});

test('a stream without a stop reason was cut, and what it used up is known', async () => {
  const { error } = await receive([], { ...turn, finishReason: null, usage: { input: 5, output: 9 } });
  expect(error).toMatchObject({ code: 'PROTOCOL', facts: { retryable: true, requestId: 'req_1', usage: { inputTokens: { total: 5 } } } });
});

test('fifty streams at once stay apart', async () => {
  const { model } = await start(Array.from({ length: 50 }, (_, index) => ({ text: [`answer `, String(index)] })));
  const answers = await Promise.all(Array.from({ length: 50 }, async () => (await collectParts(model.stream(ask, testCall()))).text));
  expect(new Set(answers).size).toBe(50);
});

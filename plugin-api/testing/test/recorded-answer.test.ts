/** Parts folded, answers recorded, bytes cut: what tests of a plugin's stream are made of. */
import type { ChatPart } from '@modelport/plugin-api';
import { describe, expect, test } from 'vitest';
import { createOpenAIUpstream, cutAt, everyCut, foldParts, recordAnswer, replayAnswer, testCall } from '../src/index.ts';

const finish: ChatPart = { type: 'finish', finishReason: { unified: 'stop', raw: 'stop' }, usage: { inputTokens: {}, outputTokens: {} } };

describe('foldParts', () => {
  test('joins the deltas of each block, in the order the blocks began', () => {
    const result = foldParts([
      { type: 'stream-start', warnings: [{ type: 'other', message: 'w' }] }, { type: 'response-metadata', id: 'r' }, { type: 'response-metadata', modelId: 'm' },
      { type: 'reasoning-delta', id: '0', delta: 'H' }, { type: 'text-delta', id: '0', delta: 'A' }, { type: 'reasoning-delta', id: '0', delta: 'm' },
      { type: 'reasoning-end', id: '0', providerMetadata: { acme: { key: 1 } } }, { type: 'tool-call', toolCallId: 'c', toolName: 'f', input: '{}' }, { type: 'text-delta', id: '0', delta: 'B' }, finish,
    ]);
    expect(result).toEqual({
      content: [{ type: 'reasoning', text: 'Hm', providerMetadata: { acme: { key: 1 } } }, { type: 'text', text: 'AB' }, { type: 'tool-call', toolCallId: 'c', toolName: 'f', input: '{}' }],
      finishReason: { unified: 'stop', raw: 'stop' }, usage: { inputTokens: {}, outputTokens: {} }, response: { id: 'r', modelId: 'm' }, warnings: [{ type: 'other', message: 'w' }],
    });
  });

  test('throws where the finish is missing or doubled', () => {
    expect(() => foldParts([])).toThrow('no finish part');
    expect(() => foldParts([finish, finish])).toThrow('two finish parts');
  });
});

test('bytes are cut at offsets in any order, and nothing is lost', () => {
  const bytes = Buffer.from('abcdef');
  expect(cutAt(bytes, [4, 1, 4, 0, 9]).map(String)).toEqual(['a', 'bcd', 'ef']);
  expect(cutAt(bytes, []).map(String)).toEqual(['abcdef']);
  expect([...everyCut(bytes)].map(({ at, pieces }) => `${at}:${pieces.join('|')}`)).toEqual(['1:a|bcdef', '2:ab|cdef', '3:abc|def', '4:abcd|ef', '5:abcde|f']);
});

test('a recorded answer is read again in the pieces it is cut into', async () => {
  await using upstream = await createOpenAIUpstream({ turns: [{ text: 'Hello' }] });
  const recorded = await recordAnswer({ url: `${upstream.baseUrl}/chat/completions`, body: JSON.stringify({ model: 'm', stream: true }) });
  const pieces = cutAt(recorded.bytes, [10, 20]);
  const again = await replayAnswer(recorded, pieces).request({ url: 'http://nowhere.example' }, testCall());
  expect(again.headers['content-type']).toMatch(/^text\/event-stream/);
  expect(await Array.fromAsync(again.body)).toEqual(pieces);
  expect(await again.text()).toContain('Hello');
  expect(upstream.requests).toHaveLength(1);
});

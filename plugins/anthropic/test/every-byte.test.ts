/** A recorded stream, cut at every byte: into two reads it is the same answer, cut off it is the answer or a typed error. */
import { CallError } from '@modelport/plugin-api';
import { collectParts, createAnthropicUpstream, cutAt, everyCut, fakeContext, foldParts, recordAnswer, replayAnswer, testCall, type AnthropicTurn, type CollectedParts, type RecordedAnswer } from '@modelport/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import plugin, { AnthropicOptions } from '../src/index.ts';
import { ask } from './start.ts';

const turn: AnthropicTurn = {
  text: ['Hé', 'llo ', '🌍'], reasoning: ['Hm', '…'], usage: { input: 3, output: 4, cached: 1 },
  toolCalls: [{ id: 'toolu_a', name: 'f', arguments: ['{"a":', '"ü"}'] }], citations: [{ url: 'https://example.org', title: 'E' }],
};

/** The bytes an upstream sends for the turn, as they came. */
async function record(): Promise<RecordedAnswer> {
  await using upstream = await createAnthropicUpstream({ turns: [turn] });
  const body = JSON.stringify({ model: 'claude-opus-4-6', max_tokens: 10, messages: [{ role: 'user', content: 'Hi' }], stream: true });
  return await recordAnswer({ url: `${upstream.baseUrl}/v1/messages`, headers: { 'anthropic-version': '2023-06-01' }, body });
}

/** Reads the recording in these pieces. */
async function replay(recorded: RecordedAnswer, pieces: readonly Uint8Array[]): Promise<CollectedParts> {
  const http = replayAnswer(recorded, pieces);
  const provider = await plugin.start(fakeContext({ schema: AnthropicOptions, http, secrets: { apiKey: 'sk-ant-test' } }));
  return collectParts(provider.chatModel!('claude-opus-4-6').stream(ask, testCall()));
}

test('a stream read in two pieces, cut at any byte, gives the identical parts', async () => {
  const recorded = await record();
  const { bytes } = recorded;
  const whole = await replay(recorded, [bytes]);
  expect(whole.error).toBeUndefined();
  for (const { at, pieces } of everyCut(bytes)) {
    const { parts, error } = await replay(recorded, pieces);
    expect({ at, error, parts }).toEqual({ at, error: undefined, parts: whole.parts });
  }
});

test('a stream read in any pieces gives the identical parts', async () => {
  const recorded = await record();
  const { bytes } = recorded;
  const whole = await replay(recorded, [bytes]);
  await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 40 }), async (cuts) => {
    const { parts } = await replay(recorded, cutAt(bytes, cuts));
    expect(parts).toEqual(whole.parts);
  }), { numRuns: 60 });
});

test('a stream cut off at any byte is the complete answer or a typed error', async () => {
  const recorded = await record();
  const { bytes } = recorded;
  const complete = foldParts((await replay(recorded, [bytes])).parts);
  const outcomes = { failed: 0, whole: 0 };
  for (let at = 0; at < bytes.length; at += 1) {
    const { parts, error } = await replay(recorded, [bytes.subarray(0, at)]);
    const finishes = parts.filter((part) => part.type === 'finish').length;
    expect({ at, finishes, code: CallError.is(error) ? error.code : error }).toEqual({ at, ...(error === undefined ? { finishes: 1, code: undefined } : { finishes: 0, code: 'PROTOCOL' }) });
    outcomes[error === undefined ? 'whole' : 'failed'] += 1;
    expect(error === undefined ? foldParts(parts) : complete).toEqual(complete);
  }
  expect(outcomes.failed).toBeGreaterThan(bytes.length / 2);
  expect(outcomes.whole).toBeGreaterThan(0);
});

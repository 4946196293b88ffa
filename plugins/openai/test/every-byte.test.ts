/** A recorded stream, cut at every byte: into two reads it is the same answer, cut off it is the answer or a typed error. */
import { CallError } from '@modelport/plugin-api';
import { collectParts, createOpenAIUpstream, cutAt, everyCut, fakeContext, foldParts, recordAnswer, replayAnswer, testCall, type CollectedParts, type RecordedAnswer, type Turn } from '@modelport/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import plugin, { OpenAIOptions } from '../src/index.ts';
import { ask } from './start.ts';

const turn: Turn = {
  text: ['Hé', 'llo ', '🌍'], reasoning: ['Hm', '…'], encryptedReasoning: 'gAAA', usage: { input: 3, output: 4, cached: 1, reasoning: 1 },
  toolCalls: [{ id: 'call_a', name: 'f', arguments: ['{"a":', '"ü"}'] }], citations: [{ url: 'https://example.org', title: 'E' }],
};

/** The bytes an upstream sends for the turn, as they came. */
async function record(api: string): Promise<RecordedAnswer> {
  await using upstream = await createOpenAIUpstream({ turns: [turn] });
  const path = api === 'chat' ? '/chat/completions' : '/responses';
  return await recordAnswer({ url: upstream.baseUrl + path, body: JSON.stringify({ model: 'gpt-4o', stream: true, stream_options: { include_usage: true } }) });
}

/** Reads the recording in these pieces. */
async function replay(api: string, recorded: RecordedAnswer, pieces: readonly Uint8Array[]): Promise<CollectedParts> {
  const http = replayAnswer(recorded, pieces);
  const provider = await plugin.start(fakeContext({ schema: OpenAIOptions, input: { baseUrl: 'http://127.0.0.1:1/v1', api }, http }));
  return collectParts(provider.chatModel!('gpt-4o').stream(ask, testCall()));
}

describe.each(['chat', 'responses'])('%s', (api) => {
  test('a stream read in two pieces, cut at any byte, gives the identical parts', async () => {
    const recorded = await record(api);
    const { bytes } = recorded;
    const whole = await replay(api, recorded, [bytes]);
    expect(whole.error).toBeUndefined();
    for (const { at, pieces } of everyCut(bytes)) {
      const { parts, error } = await replay(api, recorded, pieces);
      expect({ at, error, parts }).toEqual({ at, error: undefined, parts: whole.parts });
    }
  });

  test('a stream read in any pieces gives the identical parts', async () => {
    const recorded = await record(api);
    const { bytes } = recorded;
    const whole = await replay(api, recorded, [bytes]);
    await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 40 }), async (cuts) => {
      const { parts } = await replay(api, recorded, cutAt(bytes, cuts));
      expect(parts).toEqual(whole.parts);
    }), { numRuns: 60 });
  });

  test('a stream cut off at any byte is the complete answer or a typed error', async () => {
    const recorded = await record(api);
    const { bytes } = recorded;
    const complete = foldParts((await replay(api, recorded, [bytes])).parts);
    // The count may be what was cut off, and is then unknown, never another number.
    const uncounted = { ...complete, usage: { inputTokens: {}, outputTokens: {} } };
    const outcomes = { failed: 0, whole: 0 };
    for (let at = 0; at < bytes.length; at += 1) {
      const { parts, error } = await replay(api, recorded, [bytes.subarray(0, at)]);
      const finishes = parts.filter((part) => part.type === 'finish').length;
      expect({ at, finishes, code: CallError.is(error) ? error.code : error }).toEqual({ at, ...(error === undefined ? { finishes: 1, code: undefined } : { finishes: 0, code: 'PROTOCOL' }) });
      outcomes[error === undefined ? 'whole' : 'failed'] += 1;
      const answer = error === undefined ? foldParts(parts) : complete;
      expect([complete, uncounted]).toContainEqual(answer);
    }
    expect(outcomes.failed).toBeGreaterThan(bytes.length / 2);
    expect(outcomes.whole).toBeGreaterThan(0);
  });
});

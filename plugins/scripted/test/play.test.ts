import { CallError } from '@modelport/plugin-api';
import type { ChatPart } from '@modelport/plugin-api';
import { afterEach, describe, expect, test, vi } from 'vitest';

import { script } from '../src/index.ts';
import { ask, failureOf, joined, newCall, ofType, partsOfAnswer } from './reading.ts';

afterEach(() => {
  vi.useRealTimers();
});

const answerTo = (steps: Parameters<typeof script>[0], ...more: [Parameters<typeof ask>[1]?]) => partsOfAnswer(script(steps), ask('one two', ...more));

test('text is streamed word by word in one block, between a start and one finish', async () => {
  expect(await answerTo(['Hello there, you.'])).toEqual([
    { type: 'stream-start', warnings: [] },
    { type: 'response-metadata', modelId: 'scripted' },
    { type: 'text-start', id: 'text_1' },
    { type: 'text-delta', id: 'text_1', delta: 'Hello' },
    { type: 'text-delta', id: 'text_1', delta: ' there,' },
    { type: 'text-delta', id: 'text_1', delta: ' you.' },
    { type: 'text-end', id: 'text_1' },
    {
      type: 'finish',
      finishReason: { unified: 'stop' },
      usage: { inputTokens: { total: 2 }, outputTokens: { total: 3, text: 3, reasoning: 0 } },
    },
  ]);
});

test('no character is lost in the pieces, and chunkWords joins them', async () => {
  const text = '  a  b\n\nc d e ';
  const parts = await partsOfAnswer(script([text], { chunkWords: 2 }), ask('x'));
  expect([joined(parts), ofType(parts, 'text-delta').length]).toEqual([text, 3]);
});

test('consecutive text steps are one block, others close it', async () => {
  const parts = await answerTo([[{ text: 'a' }, { warning: 'w' }, { text: 'b' }, { reasoning: 'r' }, { text: 'c' }]]);
  expect(parts.filter((part) => part.type.endsWith('-start') || part.type.endsWith('-end')).map((part) => part.type))
    .toEqual(['stream-start', 'text-start', 'text-end', 'reasoning-start', 'reasoning-end', 'text-start', 'text-end']);
});

test('tool calls are parallel, have ids of their turn, and finish as tool-calls', async () => {
  const parts = await answerTo([[{ toolCall: { name: 'a', input: { q: '{{lastUser}}' } } }, { toolCall: { name: 'b', input: '{broken', id: 'mine' } }, { toolCall: { name: 'c' } }]]);
  expect(ofType(parts, 'tool-call')).toEqual([
    { type: 'tool-call', toolCallId: 'call_1_1', toolName: 'a', input: '{"q":"one two"}' },
    { type: 'tool-call', toolCallId: 'mine', toolName: 'b', input: '{broken' },
    { type: 'tool-call', toolCallId: 'call_1_3', toolName: 'c', input: '{}' },
  ]);
  expect(ofType(parts, 'finish')[0]?.finishReason).toEqual({ unified: 'tool-calls' });
});

test('every other kind of step sends its part', async () => {
  const parts = await answerTo([[
    { reasoning: 'hm', providerMetadata: { scripted: { signature: 's' } } },
    { file: { mediaType: 'image/png', data: 'AAAA' } },
    { file: { mediaType: 'image/png', url: 'https://example.com/a.png', filename: 'a.png' } },
    { source: { url: 'https://example.com', title: 'Example' } },
    { warning: { type: 'deprecated', setting: 'x', message: 'old' } },
    { responseMetadata: { id: 'r1', timestamp: '2026-01-02T03:04:05Z' } },
    { unknown: { type: 'hologram', depth: 3 } },
    { finish: 'content-filter', raw: 'SAFETY' },
    { text: 'never said' },
  ]]);
  expect(parts.slice(2)).toEqual([
    { type: 'reasoning-start', id: 'reasoning_1' },
    { type: 'reasoning-delta', id: 'reasoning_1', delta: 'hm' },
    { type: 'reasoning-end', id: 'reasoning_1', providerMetadata: { scripted: { signature: 's' } } },
    { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } },
    { type: 'file', mediaType: 'image/png', data: { type: 'url', url: 'https://example.com/a.png' }, filename: 'a.png' },
    { type: 'source', sourceType: 'url', id: 'source_1', url: 'https://example.com', title: 'Example' },
    { type: 'warning', warning: { type: 'deprecated', setting: 'x', message: 'old' } },
    { type: 'response-metadata', id: 'r1', timestamp: new Date('2026-01-02T03:04:05Z') },
    { type: 'unknown', part: { type: 'hologram', depth: 3 } },
    { type: 'finish', finishReason: { unified: 'content-filter', raw: 'SAFETY' }, usage: expect.anything() },
  ]);
});

test('a json step streams the JSON text of its value', async () => {
  const value = { city: 'Oslo', list: [1, 'two words', { a: null }] };
  const parts = await answerTo([[{ json: value }]]);
  expect(JSON.parse(joined(parts))).toEqual(value);
  expect(ofType(parts, 'text-delta').length).toBeGreaterThan(3);
});

describe('usage', () => {
  test('a script states it: sent at once and with the finish', async () => {
    const parts = await answerTo([[{ usage: { inputTokens: 100, cacheReadTokens: 60, outputTokens: 20, reasoningTokens: 5, costUsd: 0.01 } }, { text: 'a' }]]);
    const usage = {
      inputTokens: { total: 100, noCache: 40, cacheRead: 60, cacheWrite: undefined },
      outputTokens: { total: 20, text: 15, reasoning: 5 },
      costUsd: 0.01,
    };
    expect([ofType(parts, 'usage')[0]?.usage, ofType(parts, 'finish')[0]?.usage]).toEqual([usage, usage]);
  });

  test('a script can leave it out: every figure is undefined, none is 0', async () => {
    const parts = await answerTo([[{ usage: 'absent' }, { text: 'a' }]]);
    expect(ofType(parts, 'finish')[0]?.usage).toEqual({ inputTokens: {}, outputTokens: {} });
  });

  test('without a statement words are counted, reasoning apart', async () => {
    const parts = await answerTo([[{ reasoning: 'let me see' }, { text: 'Four words are here.' }]]);
    expect(ofType(parts, 'finish')[0]?.usage).toMatchObject({ inputTokens: { total: 2 }, outputTokens: { total: 7, text: 4, reasoning: 3 } });
  });
});

describe('settings', () => {
  test('maxOutputTokens ends the answer with length, reasoning included', async () => {
    const parts = await answerTo([[{ reasoning: 'one' }, { text: 'two three four' }, { toolCall: { name: 'never' } }]], { maxOutputTokens: 3 });
    expect([joined(parts), ofType(parts, 'finish')[0]?.finishReason.unified, ofType(parts, 'tool-call')]).toEqual(['two three', 'length', []]);
  });

  test('an answer of exactly maxOutputTokens is whole', async () => {
    const parts = await answerTo(['two three'], { maxOutputTokens: 2 });
    expect([joined(parts), ofType(parts, 'finish')[0]?.finishReason.unified]).toEqual(['two three', 'stop']);
  });

  test('the first stop sequence ends the answer before it', async () => {
    const parts = await answerTo([[{ text: 'one END two STOP' }, { text: 'three' }]], { stopSequences: ['STOP', 'END'] });
    expect([joined(parts), ofType(parts, 'finish')[0]?.finishReason]).toEqual(['one ', { unified: 'stop', raw: 'stop_sequence' }]);
  });

  test('what a script cannot honour becomes a warning', async () => {
    const parts = await answerTo(['x'], { temperature: 0.5, topK: 3, reasoning: 'high', seed: 1, headers: { 'x-a': 'b' } });
    expect(ofType(parts, 'stream-start')[0]?.warnings.map((warning) => warning.type === 'unsupported' && warning.feature))
      .toEqual(['temperature', 'topK', 'reasoning', 'headers']);
  });

  test('includeRaw sends each step as it stands in the script', async () => {
    const parts = await partsOfAnswer(script([[{ text: 'a' }]]), ask('x'), newCall({ includeRaw: true }));
    expect(ofType(parts, 'raw')).toEqual([{ type: 'raw', rawValue: { text: 'a' } }]);
  });
});

describe('faults', () => {
  test('in front nothing is sent, and the CallError carries its facts', async () => {
    const parts: ChatPart[] = [];
    const model = script([[{ delayMs: 0 }, { fault: { code: 'RATE_LIMITED', message: 'slow down', status: 429, retryAfterMs: 1500, retryable: true } }]]);
    const failure = await failureOf(partsOfAnswer(model, ask('x'), newCall(), parts));
    expect(CallError.is(failure)).toBe(true);
    expect(failure).toMatchObject({ code: 'RATE_LIMITED', message: 'slow down', facts: { status: 429, retryAfterMs: 1500, retryable: true } });
    expect(parts).toEqual([]);
  });

  test('in mid-stream the text and its usage came before', async () => {
    const parts: ChatPart[] = [];
    const failure = await failureOf(partsOfAnswer(script([[{ text: 'half an' }, { fault: { code: 'x-odd' } }]]), ask('x'), newCall(), parts));
    expect(failure).toMatchObject({ code: 'x-odd', message: 'the script failed this call with x-odd' });
    expect([joined(parts), ofType(parts, 'usage').at(-1)?.usage.outputTokens.total, ofType(parts, 'finish')]).toEqual(['half an', 2, []]);
  });

  test('a cut ends the stream with usage and no finish', async () => {
    const parts = await answerTo([[{ text: 'half' }, { cut: true }]]);
    expect([parts.at(-1)?.type, ofType(parts, 'finish')]).toEqual(['usage', []]);
  });

  test('a cut in front sends nothing at all', async () => {
    expect(await answerTo([[{ cut: true }]])).toEqual([]);
  });
});

describe('time', () => {
  test('a delay holds the rest back for as long as it says', async () => {
    vi.useFakeTimers();
    const parts: ChatPart[] = [];
    const done = partsOfAnswer(script([[{ text: 'a' }, { delayMs: 5000 }, { text: ' b' }]]), ask('x'), newCall(), parts);
    await vi.advanceTimersByTimeAsync(4999);
    expect(joined(parts)).toBe('a');
    await vi.advanceTimersByTimeAsync(1);
    await done;
    expect(joined(parts)).toBe('a b');
  });

  test('chunkDelayMs comes before each delta', async () => {
    vi.useFakeTimers();
    const parts: ChatPart[] = [];
    const done = partsOfAnswer(script(['a b c'], { chunkDelayMs: 100 }), ask('x'), newCall(), parts);
    await vi.advanceTimersByTimeAsync(200);
    expect(joined(parts)).toBe('a b');
    await vi.advanceTimersByTimeAsync(100);
    await done;
    expect(joined(parts)).toBe('a b c');
  });

  test.each([
    ['a delay', [{ text: 'a' }, { delayMs: 60_000 }]],
    ['a stall', [{ text: 'a' }, { stall: true }]],
  ] as const)('%s ends at an abort with the reason of the signal, and leaves no timer', async (_title, steps) => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const done = failureOf(partsOfAnswer(script([steps]), ask('x'), newCall({ signal: controller.signal })));
    await vi.advanceTimersByTimeAsync(10);
    const reason = new Error('enough');
    controller.abort(reason);
    expect(await done).toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('an aborted call sends nothing and is not counted', async () => {
    const reason = new Error('before');
    const model = script(['a']);
    expect(await failureOf(partsOfAnswer(model, ask('x'), newCall({ signal: AbortSignal.abort(reason) })))).toBe(reason);
    expect(model.requests).toEqual([]);
  });
});

/** Answers: parts in order, honest figures, every fault a typed error. */
import { CallError, type ChatPart } from '@modelport/plugin-api';
import { collectParts, createOllamaUpstream, cutAt, everyCut, fakeContext, foldParts, recordAnswer, replayAnswer, testCall, type CollectedParts, type Fault, type RecordedAnswer, type Turn } from '@modelport/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import plugin, { OllamaOptions } from '../src/index.ts';
import { ask, start } from './start.ts';

const turn: Turn = { reasoning: ['Hm', '…'], text: ['Hé', 'llo ', '🌍'], toolCalls: [{ name: 'f', arguments: '{"a":"ü"}' }, { id: 'own', name: 'now' }], usage: { input: 3, output: 4 } };

async function streamed(one: Turn, call = testCall()): Promise<{ parts: readonly ChatPart[]; error: unknown }> {
  const { model } = await start([one]);
  return collectParts(model.stream(ask, call));
}

test('reasoning, text and tool calls come on their own channels, arguments as raw JSON', async () => {
  const { parts, error } = await streamed(turn);
  expect(error).toBeUndefined();
  expect(foldParts(parts)).toMatchObject({
    content: [
      { type: 'reasoning', text: 'Hm…' }, { type: 'text', text: 'Héllo 🌍' },
      { type: 'tool-call', toolCallId: 'call_call1_1', toolName: 'f', input: '{"a":"ü"}' }, { type: 'tool-call', toolCallId: 'own', toolName: 'now', input: '{}' },
    ],
    finishReason: { unified: 'tool-calls', raw: 'stop' },
    usage: { inputTokens: { total: 3 }, outputTokens: { total: 4 }, raw: { prompt_eval_count: 3, eval_count: 4 } },
    response: { modelId: 'scripted', timestamp: new Date('2026-11-21T10:00:00.123Z') },
    providerMetadata: { ollama: { totalDurationMs: 5191.566416, loadDurationMs: 2.154458, promptEvalDurationMs: 383.809, evalDurationMs: 4799.921 } },
  });
});

test('a folded stream is the whole answer', async () => {
  const { model } = await start([turn]);
  const folded = foldParts((await collectParts(model.stream(ask, testCall()))).parts);
  const whole = await model.complete!(ask, testCall());
  const { headers: _, ...response } = whole.response!;
  expect({ ...folded, response: { modelId: folded.response?.modelId, timestamp: folded.response?.timestamp } }).toEqual({ ...whole, response });
});

test.each([
  ['stop', [], 'stop'], ['length', [], 'length'], ['length', [{ name: 'f' }], 'length'], ['load', [], 'other'], [null, [], 'stop'], [null, [{ name: 'f' }], 'tool-calls'],
] as const)('done_reason %j with calls %j is %s', async (finishReason, toolCalls, unified) => {
  const { parts } = await streamed({ text: 'x', finishReason, toolCalls });
  expect(foldParts(parts).finishReason).toEqual({ unified, raw: finishReason ?? undefined });
});

test('a count the server leaves out is unknown, never 0', async () => {
  expect(foldParts((await streamed({ text: 'x', usage: { input: 0, output: 2 } })).parts).usage).toEqual({ inputTokens: { total: undefined }, outputTokens: { total: 2 }, raw: { eval_count: 2 } });
  expect(foldParts((await streamed({ text: 'x', usage: null })).parts).usage).toEqual({ inputTokens: { total: undefined }, outputTokens: { total: undefined } });
});

test('every line is passed on raw where asked', async () => {
  const { parts } = await streamed({ text: ['a', 'b'] }, testCall({ includeRaw: true }));
  expect(parts.filter(({ type }) => type === 'raw')).toHaveLength(3);
});

test('ids that repeat are told apart, and arguments that are text stay as they came', async () => {
  const { parts } = await streamed({ toolCalls: [{ id: 'x', name: 'f' }, { id: 'x', name: 'f', arguments: '{"broken' }] });
  expect(foldParts(parts).content).toMatchObject([{ toolCallId: 'x' }, { toolCallId: 'call_call1_2', input: '{"broken' }]);
});

test('a tool call without a name is PROTOCOL', async () => {
  const { error } = await streamed({ events: [{ message: { tool_calls: [{ function: {} }] }, done: false }, { done: true }] });
  expect(error).toMatchObject({ code: 'PROTOCOL' });
});

const harmless: readonly Fault[] = [{ type: 'crlf' }, { type: 'byte-order-mark' }, { type: 'no-final-newline' }, { type: 'gzip' }, { type: 'json-instead-of-stream' }, { type: 'split', at: 'every-byte' }, { type: 'events-after-done', events: [{ message: { content: 'more' }, done: false }, 'junk'] }];
test.each(harmless)('$type changes nothing', async (fault) => {
  const plain = foldParts((await streamed(turn)).parts);
  const { parts, error } = await streamed({ ...turn, faults: [fault] });
  expect(error).toBeUndefined();
  expect(foldParts(parts).content).toEqual(plain.content);
  expect(foldParts(parts).finishReason).toEqual(plain.finishReason);
});

test.each([
  ['an error line in the middle', { type: 'error-event', before: 2, error: { error: 'llama runner process has terminated' } }, 'OVERLOADED', true],
  ['a model that vanished in the middle', { type: 'error-event', before: 2, error: { error: "model 'scripted' not found" } }, 'MODEL_NOT_PULLED', false],
  ['a page of a proxy', { type: 'html' }, 'PROTOCOL', false],
  ['an answer without its last line', { type: 'no-done' }, 'PROTOCOL', true],
  ['a body that ends in the middle', { type: 'cut', afterBytes: 150 }, 'PROTOCOL', true],
  ['a connection that is reset', { type: 'reset', afterBytes: 150 }, 'NETWORK', true],
  ['a connection that is reset before the answer', { type: 'reset-before-header' }, 'NETWORK', true],
  ['a line without an end', { type: 'endless-line' }, 'PROTOCOL', false],
] as const)('%s is told by its code', async (_, fault, code, retryable) => {
  const { error, parts } = await streamed({ ...turn, faults: [fault] });
  expect(CallError.is(error) ? error.code : error).toBe(code);
  expect(parts.some(({ type }) => type === 'finish')).toBe(false);
  expect((error as CallError).facts.retryable).toBe(retryable);
});

test('a line that is not JSON is left out of a whole answer, and said', async () => {
  const { parts, error } = await streamed({ text: ['a', 'b'], faults: [{ type: 'unreadable-event', before: 1 }] });
  expect(error).toBeUndefined();
  expect(foldParts(parts).content).toEqual([{ type: 'text', text: 'ab' }]);
  expect(parts).toContainEqual({ type: 'warning', warning: { type: 'other', message: '1 of the answer’s lines were not JSON and are left out.' } });
});

test('what came before an error line reaches the reader', async () => {
  const { parts, error } = await streamed({ text: ['a', 'b', 'c'], faults: [{ type: 'error-event', before: 2, error: { error: 'died' } }] });
  expect(parts.filter(({ type }) => type === 'text-delta')).toHaveLength(2);
  expect(error).toMatchObject({ code: 'OVERLOADED' });
});

test.each([
  [404, "model 'scripted' not found", 'MODEL_NOT_PULLED', false], [404, '404 page not found', 'REQUEST_INVALID', false],
  [400, '"scripted" does not support tools', 'CAPABILITY_MISSING', false], [400, '"scripted" does not support thinking', 'CAPABILITY_MISSING', false],
  [400, 'the prompt is too long; exceeded max context length by 12 tokens', 'CONTEXT_OVERFLOW', false], [400, 'the input length exceeds the context length', 'CONTEXT_OVERFLOW', false],
  [400, 'invalid options: num_ctx', 'REQUEST_INVALID', false], [401, 'unauthorized', 'AUTH_INVALID', false],
  [500, 'model requires more system memory (40.1 GiB) than is available (7.7 GiB)', 'OVERLOADED', false], [500, 'something broke', 'OVERLOADED', true],
  [503, 'server busy, please try again.  maximum pending requests exceeded', 'OVERLOADED', true],
] as const)('status %i with %j is %s', async (status, message, code, retryable) => {
  const { model } = await start([{ error: { status, message } }]);
  await expect(model.complete!(ask, testCall())).rejects.toMatchObject({ code, facts: { status, retryable } });
  const { error } = await collectParts(model.stream(ask, testCall()));
  expect(error).toMatchObject({ code, facts: { status, retryable } });
});

test('a model that is not on the machine names the command that pulls it', async () => {
  const { model } = await start([], {}, { modelId: 'qwen3:8b' });
  await expect(model.complete!(ask, testCall())).rejects.toMatchObject({ code: 'MODEL_NOT_PULLED', message: 'qwen3:8b is not on the machine of backend "local": pull it with `modelport models pull qwen3:8b@local`.' });
});

test('a server that is not there is one sentence with the command that starts it', async () => {
  const { model, upstream } = await start();
  await upstream.close();
  await expect(model.complete!(ask, testCall())).rejects.toMatchObject({ code: 'NETWORK', message: expect.stringMatching(/^Ollama does not answer at http:\/\/127\.0\.0\.1:\d+: start it with `ollama serve`, or install it first: [^\n]+\.$/) });
});

test('nothing is sent before the first read, and leaving the loop closes the connection', async () => {
  const { model, upstream } = await start([{ text: ['a', 'b'], faults: [{ type: 'stall', afterBytes: 150 }] }]);
  const stream = model.stream(ask, testCall());
  expect(upstream.requests).toHaveLength(0);
  for await (const _ of stream) break;
  await upstream.requests[0]!.closed;
  expect(upstream.openConnections).toBe(0);
});

test('an abort ends the stream with its reason', async () => {
  const { model, upstream } = await start([{ text: ['a', 'b'], faults: [{ type: 'stall', afterBytes: 150 }] }]);
  const controller = new AbortController();
  const reason = new Error('enough');
  await expect((async () => {
    for await (const _ of model.stream(ask, testCall({ signal: controller.signal }))) controller.abort(reason);
  })()).rejects.toBe(reason);
  await upstream.requests[0]!.closed;
});

test('a connection serves the next call', async () => {
  const { model, upstream } = await start([{ text: 'a' }]);
  for (let count = 0; count < 5; count += 1) expect((await collectParts(model.stream(ask, testCall()))).text).toBe('a');
  expect(upstream.acceptedConnections).toBe(1);
});

async function record(): Promise<RecordedAnswer> {
  await using upstream = await createOllamaUpstream({ turns: [turn] });
  return await recordAnswer({ url: `${upstream.baseUrl}/api/chat`, body: JSON.stringify({ model: 'scripted' }) });
}

async function replay(recorded: RecordedAnswer, pieces: readonly Uint8Array[]): Promise<CollectedParts> {
  const http = replayAnswer(recorded, pieces);
  const provider = await plugin.start(fakeContext({ schema: OllamaOptions, input: { baseUrl: 'http://127.0.0.1:1' }, http }));
  return collectParts(provider.chatModel!('scripted').stream(ask, testCall()));
}

test('a stream cut into any pieces gives the identical parts', async () => {
  const recorded = await record();
  const { bytes } = recorded;
  const whole = await replay(recorded, [bytes]);
  expect(whole.error).toBeUndefined();
  for (const { pieces } of everyCut(bytes)) expect((await replay(recorded, pieces)).parts).toEqual(whole.parts);
  await fc.assert(fc.asyncProperty(fc.array(fc.integer({ min: 1, max: bytes.length - 1 }), { maxLength: 40 }), async (cuts) => {
    expect((await replay(recorded, cutAt(bytes, cuts))).parts).toEqual(whole.parts);
  }), { numRuns: 40 });
});

test('a stream cut off at any byte is the complete answer or a typed error', async () => {
  const recorded = await record();
  const { bytes } = recorded;
  const complete = foldParts((await replay(recorded, [bytes])).parts);
  const outcomes = { failed: 0, whole: 0 };
  for (let at = 0; at < bytes.length; at += 1) {
    const { parts, error } = await replay(recorded, [bytes.subarray(0, at)]);
    const finished = parts.some(({ type }) => type === 'finish');
    expect({ at, finished, code: CallError.is(error) ? error.code : error }).toEqual({ at, finished, code: finished ? undefined : 'PROTOCOL' });
    expect(finished ? foldParts(parts) : complete).toEqual(complete);
    outcomes[error === undefined ? 'whole' : 'failed'] += 1;
  }
  expect(outcomes.failed).toBeGreaterThan(bytes.length / 2);
  expect(outcomes.whole).toBe(1);
});

/** What goes wrong: each in the code that says what to do about it. */
import { CallError } from '@modelport/plugin-api';
import { collectParts, testCall, type BedrockTurn, type Fault } from '@modelport/testing';
import { expect, test } from 'vitest';
import { ask, start } from './start.ts';

test.each<[number, string, string, string, boolean]>([
  [400, 'ValidationException', 'Malformed input request', 'REQUEST_INVALID', false], [400, 'ValidationException', 'The provided model identifier is invalid.', 'MODEL_NOT_FOUND', false],
  [400, 'ValidationException', 'Input is too long for requested model.', 'CONTEXT_OVERFLOW', false],
  [400, 'ValidationException', 'input length and `max_tokens` exceed context limit: 199000 + 8192 > 200000', 'CONTEXT_OVERFLOW', false],
  [400, 'ValidationException', 'The model returned the following errors: prompt is too long: 210000 tokens > 200000 maximum', 'CONTEXT_OVERFLOW', false],
  [400, 'ServiceQuotaExceededException', 'Quota', 'QUOTA_EXCEEDED', false], [403, 'AccessDeniedException', 'You don’t have access to the model', 'AUTH_INVALID', false],
  [403, 'UnrecognizedClientException', 'The security token included in the request is invalid.', 'AUTH_INVALID', false], [403, 'ExpiredTokenException', 'expired', 'AUTH_INVALID', false],
  [404, 'ResourceNotFoundException', 'Could not resolve the foundation model', 'MODEL_NOT_FOUND', false], [408, 'ModelTimeoutException', 'slow', 'TIMEOUT', true],
  [424, 'ModelErrorException', 'failed', 'OVERLOADED', true], [429, 'ThrottlingException', 'Too many requests', 'RATE_LIMITED', true], [429, 'ModelNotReadyException', 'loading', 'OVERLOADED', true],
  [429, 'ThrottlingException', 'Too many tokens per day, please wait before trying again.', 'QUOTA_EXCEEDED', false],
  [500, 'InternalServerException', 'oops', 'OVERLOADED', true], [503, 'ServiceUnavailableException', 'later', 'OVERLOADED', true],
])('%i %s "%s" is %s', async (status, type, message, code, retryable) => {
  const { model, upstream } = await start([{ error: { status, type, message }, headers: { 'retry-after': '7' } }]);
  for (const { error } of [await collectParts(model.stream(ask, testCall())), await model.complete!(ask, testCall()).then(() => ({ error: undefined }), (error: unknown) => ({ error }))]) {
    expect(CallError.is(error) && { code: error.code, ...error.facts, requestId: typeof error.facts.requestId }).toEqual({ code, retryable, status, retryAfterMs: 7000, requestId: 'string' });
    expect((error as Error).message).toContain(message);
  }
  expect(upstream.requests, 'the SDK never tries again').toHaveLength(2);
});

test('a page of a proxy is no model that is missing', async () => {
  const { model } = await start([{ error: { status: 404, body: '<html>not here</html>' } }]);
  expect((await collectParts(model.stream(ask, testCall()))).error).toMatchObject({ code: 'REQUEST_INVALID' });
});

const turn: BedrockTurn = { reasoning: 'Hm.', text: ['Hello ', 'wörld ', '🌍'], toolCalls: [{ id: 'tooluse_a', name: 'f', arguments: ['{"a":', '1}'] }] };

test.each<[string, readonly Fault[], string, boolean]>([
  ['reset before its head', [{ type: 'reset-before-header' }], 'NETWORK', true], ['reset in its middle', [{ type: 'reset', afterBytes: 700 }], 'NETWORK', true],
  ['closed without the end of its body', [{ type: 'close', afterBytes: 700 }], 'NETWORK', true], ['that ends in good order, but early', [{ type: 'cut', afterBytes: 700 }], 'PROTOCOL', true],
  ['that is an HTML page', [{ type: 'html' }], 'PROTOCOL', false], ['that is no event stream', [{ type: 'endless-line' }], 'PROTOCOL', false],
])('a stream %s is an error', async (_, faults, code, retryable) => {
  const { model } = await start([{ ...turn, faults }]);
  const { error, parts } = await collectParts(model.stream(ask, testCall()));
  expect(CallError.is(error) ? { code: error.code, retryable: error.facts.retryable === true } : error).toEqual({ code, retryable });
  expect(parts.some((part) => part.type === 'finish')).toBe(false);
});

test.each<[string, readonly Fault[]]>([
  ['cut into single bytes', [{ type: 'split', at: 'every-byte' }]], ['compressed', [{ type: 'gzip' }]], ['sent whole though a stream was asked', [{ type: 'json-instead-of-stream' }]],
  ['that goes on after its end', [{ type: 'events-after-done', events: [{ contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'LATE' } } }] }]],
  ['that is not closed after its end', [{ type: 'stall', afterBytes: 1_000_000 }]],
])('an answer %s is the same answer', async (_, faults) => {
  const { model } = await start([{ ...turn, faults }]);
  const { error, text, parts } = await collectParts(model.stream(ask, testCall()));
  expect(error).toBeUndefined();
  expect(text).toBe('Hello wörld 🌍');
  expect(parts.filter((part) => part.type === 'tool-call')).toMatchObject([{ input: '{"a":1}' }]);
});

test('an unreadable event is left out with a warning, but not within the input of a tool', async () => {
  const { model, upstream } = await start([{ text: ['a', 'b'], faults: [{ type: 'unreadable-event', before: 2 }] }]);
  const { error, parts } = await collectParts(model.stream(ask, testCall()));
  expect(error).toBeUndefined();
  expect(parts.filter((part) => part.type === 'warning')).toHaveLength(1);
  upstream.script({ toolCalls: turn.toolCalls!, faults: [{ type: 'unreadable-event', before: 3 }] });
  expect((await collectParts(model.stream(ask, testCall()))).error).toMatchObject({ code: 'PROTOCOL' });
});

test('an abort while the answer is awaited rejects with the signal’s reason, and lets go of the connection', async () => {
  const { model, upstream } = await start([{ text: 'x', faults: [{ type: 'silence' }] }]);
  const controller = new AbortController();
  const reason = new Error('enough');
  const pending = collectParts(model.stream(ask, testCall({ signal: controller.signal })));
  while (upstream.requests.length === 0) await new Promise((resolve) => { setImmediate(resolve); });
  controller.abort(reason);
  expect((await pending).error).toBe(reason);
  await upstream.requests[0]!.closed;
});

test('an abort in the middle of an answer rejects with the signal’s reason, and lets go of the connection', async () => {
  const { model, upstream } = await start([{ text: ['Hello', ' you'], faults: [{ type: 'stall', afterBytes: 400 }] }]);
  const controller = new AbortController();
  const reason = new Error('enough');
  const seen: unknown[] = [];
  const read = async (): Promise<void> => {
    for await (const batch of model.stream(ask, testCall({ signal: controller.signal }))) {
      seen.push(batch);
      controller.abort(reason);
    }
  };
  await expect(read()).rejects.toBe(reason);
  expect(seen).not.toHaveLength(0);
  await upstream.requests[0]!.closed;
});

test('a reader that leaves closes the connection', async () => {
  const { model, upstream } = await start([{ text: ['Hello', ' you'], faults: [{ type: 'stall', afterBytes: 400 }] }]);
  for await (const _ of model.stream(ask, testCall())) break;
  await upstream.requests[0]!.closed;
  expect(upstream.requests).toHaveLength(1);
});

test('nothing is sent before the first next(), and nothing after an abort', async () => {
  const { model, upstream } = await start([{ text: 'x' }]);
  const stream = model.stream(ask, testCall())[Symbol.asyncIterator]();
  const reason = new Error('no');
  expect((await collectParts(model.stream(ask, testCall({ signal: AbortSignal.abort(reason) })))).error).toBe(reason);
  expect(upstream.requests).toHaveLength(0);
  await stream.next();
  expect(upstream.requests).toHaveLength(1);
});

test('fifty streams at once stay apart, over connections that are used again', async () => {
  const { model, upstream } = await start(Array.from({ length: 60 }, (_, index) => ({ text: [`answer `, String(index)] })));
  const answers = await Promise.all(Array.from({ length: 50 }, async () => (await collectParts(model.stream(ask, testCall()))).text));
  expect(new Set(answers).size).toBe(50);
  const before = upstream.acceptedConnections;
  for (let index = 0; index < 10; index += 1) await collectParts(model.stream(ask, testCall()));
  expect(upstream.acceptedConnections).toBe(before);
});

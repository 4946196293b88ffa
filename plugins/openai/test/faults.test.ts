/** What goes wrong on the way: a complete answer or a typed error, never a short answer shown as whole. */
import { CallError, type ChatPart } from '@modelport/plugin-api';
import { collectParts, foldParts, testCall, type Fault, type Turn } from '@modelport/testing';
import { describe, expect, test } from 'vitest';
import { ask, start } from './start.ts';

const turn: Turn = { text: ['Hello ', 'wörld ', '🌍'], toolCalls: [{ id: 'call_a', name: 'f', arguments: ['{"a":', '1}'] }] };

const apis = ['chat', 'responses'] as const;

async function receive(api: (typeof apis)[number], faults: readonly Fault[], from: Turn = turn) {
  const { model, upstream } = await start([{ ...from, faults }], { api });
  return { ...(await collectParts(model.stream(ask, testCall()))), upstream };
}

function codeOf(error: unknown): string | undefined {
  return CallError.is(error) ? error.code : undefined;
}

/** What an answer says, without what counts its place in the script. */
function answerOf(parts: readonly ChatPart[]): unknown {
  const { content, finishReason, usage } = foldParts(parts);
  return { content, finishReason, usage };
}

describe.each(apis)('%s', (api) => {
  const harmless: readonly (readonly [string, readonly Fault[]])[] = [
    ['cut into single bytes', [{ type: 'split', at: 'every-byte' }]],
    ['with CRLF, cut into single bytes', [{ type: 'crlf' }, { type: 'split', at: 'every-byte' }]],
    ['behind a byte order mark', [{ type: 'byte-order-mark' }]],
    ['without a space after data:', [{ type: 'no-space' }]],
    ['with comments between the events', [{ type: 'comments' }]],
    ['compressed', [{ type: 'gzip' }]],
    ['without [DONE]', [{ type: 'no-done' }]],
    ['without the last blank line', [{ type: 'no-final-newline' }]],
    ['after a line of 10 MB', [{ type: 'long-line', bytes: 10 * 1024 * 1024 }]],
  ];

  test.each(harmless)('a stream %s is the same answer', async (_, faults) => {
    const clean = await receive(api, []);
    const { parts, error } = await receive(api, faults);
    expect(error).toBeUndefined();
    expect(answerOf(parts)).toEqual(answerOf(clean.parts));
  });

  test('what comes after the end is not part of the answer', async () => {
    const late = api === 'chat' ? { choices: [{ index: 0, delta: { content: 'LATE' } }] } : { type: 'response.output_text.delta', item_id: 'msg_1', delta: 'LATE' };
    const { text, error, parts } = await receive(api, [{ type: 'events-after-done', events: [late, '{broken'] }]);
    expect({ text, error }).toEqual({ text: 'Hello wörld 🌍', error: undefined });
    expect(parts.filter((part) => part.type === 'warning')).toEqual([]);
  });

  test('a server that does not close after the end delays the finish, and holds nothing for ever', async () => {
    const { upstream, model } = await start([{ ...turn, faults: [] }], { api });
    const { parts: clean } = await collectParts(model.stream(ask, testCall()));
    upstream.script({ ...turn, faults: [{ type: 'stall', afterBytes: 1_000_000 }] });
    const { parts, error } = await collectParts(model.stream(ask, testCall()));
    expect(error).toBeUndefined();
    expect(foldParts(parts).finishReason).toEqual(foldParts(clean).finishReason);
    expect(foldParts(parts).content.length).toBe(foldParts(clean).content.length);
  });

  test('an event that is not JSON is told as a warning, and the rest arrives', async () => {
    const { parts, text, error } = await receive(api, [{ type: 'unreadable-event', before: 2 }], { text: ['a', 'b'] });
    expect({ text, error }).toEqual({ text: 'ab', error: undefined });
    expect(parts.filter((part) => part.type === 'warning')).toHaveLength(1);
  });

  test('an event that is not JSON within a tool call fails it: the input may lack a piece', async () => {
    const inCall: Turn = { toolCalls: [{ name: 'f', arguments: ['{"a":', '1}'] }] };
    const { error } = await receive(api, [{ type: 'unreadable-event', before: api === 'chat' ? 3 : 4 }], inCall);
    expect(codeOf(error)).toBe('PROTOCOL');
  });

  test('an error object inside the stream is thrown with its own code, after what came before it', async () => {
    const said = { message: 'Slow down.', type: 'requests', code: 'rate_limit_exceeded', param: null };
    const error = api === 'chat' ? { error: said } : { ...said, type: 'error', sequence_number: 9 };
    const received = await receive(api, [{ type: 'error-event', before: api === 'chat' ? 3 : 6, error }]);
    expect(codeOf(received.error)).toBe('RATE_LIMITED');
    expect((received.error as CallError).facts).toMatchObject({ retryable: true, requestId: 'req_1' });
    expect(received.text).toMatch(/^Hello/);
    expect(received.parts.some((part) => part.type === 'finish')).toBe(false);
  });

  test('an HTML page with status 200 is PROTOCOL and says so', async () => {
    const { error } = await receive(api, [{ type: 'html' }]);
    expect(codeOf(error)).toBe('PROTOCOL');
    expect((error as Error).message).toMatch(/HTML page/);
  });

  test('an HTML page with status 502 is OVERLOADED', async () => {
    expect(codeOf((await receive(api, [{ type: 'html', status: 502 }])).error)).toBe('OVERLOADED');
  });

  test('a whole JSON answer where a stream was asked is the same answer', async () => {
    const clean = await receive(api, []);
    const { parts, error } = await receive(api, [{ type: 'json-instead-of-stream' }]);
    expect(error).toBeUndefined();
    expect(answerOf(parts)).toEqual(answerOf(clean.parts));
  });

  test('a JSON error with status 200 where a stream was asked is thrown with its own code', async () => {
    const { error } = await receive(api, [{ type: 'json-instead-of-stream' }], { whole: { error: { message: 'no credits', code: 'insufficient_quota' } } });
    expect(codeOf(error)).toBe('QUOTA_EXCEEDED');
  });

  test('a connection reset before the header is NETWORK', async () => {
    const { error } = await receive(api, [{ type: 'reset-before-header' }]);
    expect(codeOf(error)).toBe('NETWORK');
  });

  test('a line that never ends is PROTOCOL, and the connection is closed', async () => {
    const { error, upstream } = await receive(api, [{ type: 'endless-line' }]);
    expect(codeOf(error)).toBe('PROTOCOL');
    await expect(upstream.requests[0]?.closed).resolves.toBeUndefined();
  });

  test.each<Fault>([{ type: 'reset', afterBytes: 2000 }, { type: 'close', afterBytes: 2000 }])('a connection that breaks by $type in mid-stream is NETWORK, with what came before it', async (fault) => {
    const { error, parts } = await receive(api, [fault]);
    expect(codeOf(error)).toBe('NETWORK');
    expect(parts.some((part) => part.type === 'finish')).toBe(false);
  });

  test('a silent server can be left by an abort', async () => {
    const { model, upstream } = await start([{ faults: [{ type: 'silence' }] }], { api });
    const controller = new AbortController();
    const reading = collectParts(model.stream(ask, testCall({ signal: controller.signal })));
    await expect.poll(() => upstream.requests.length).toBe(1);
    controller.abort(new Error('enough'));
    expect((await reading).error).toBe(controller.signal.reason);
    await expect(upstream.requests[0]?.closed).resolves.toBeUndefined();
  });
});

test('a finish reason "error" is thrown, as OpenRouter means it', async () => {
  const { model } = await start([{ events: [
    { id: 'x', choices: [{ index: 0, delta: { content: 'Hel' } }] },
    { id: 'x', choices: [{ index: 0, delta: {}, finish_reason: 'error', error: { code: 502, message: 'Upstream gone' } }] },
  ] }]);
  const { error, text } = await collectParts(model.stream(ask, testCall()));
  expect(text).toBe('Hel');
  expect(codeOf(error)).toBe('OVERLOADED');
});

test('[DONE] without a finish reason is a cut answer, unless the option says the endpoint has none', async () => {
  const events = [{ id: 'x', choices: [{ index: 0, delta: { content: 'Hel' } }] }];
  const strict = await start([{ events }]);
  expect(codeOf((await collectParts(strict.model.stream(ask, testCall()))).error)).toBe('PROTOCOL');
  const loose = await start([{ events }], { finishReason: 'optional' });
  const { parts, error } = await collectParts(loose.model.stream(ask, testCall()));
  expect(error).toBeUndefined();
  expect(foldParts(parts).finishReason).toEqual({ unified: 'other', raw: undefined });
});

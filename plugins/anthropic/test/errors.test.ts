/** Anthropic's errors as typed errors with the facts a retry needs. */
import { CallError } from '@modelport/plugin-api';
import { collectParts, testCall, type ScriptedError } from '@modelport/testing';
import { describe, expect, test } from 'vitest';
import { ask, start } from './start.ts';

async function failWith(scripted: ScriptedError, headers: Record<string, string> = {}): Promise<CallError> {
  const { model } = await start([{ error: scripted, headers }]);
  const thrown: unknown = await model.complete!(ask, testCall()).catch((reason: unknown) => reason);
  const streamed = (await collectParts(model.stream(ask, testCall()))).error;
  if (!CallError.is(thrown) || !CallError.is(streamed)) throw new Error('no CallError was thrown');
  expect(streamed.code).toBe(thrown.code);
  return thrown;
}

const detailed = (status: number, errorCode: string): ScriptedError => ({ status, body: { type: 'error', error: { type: 'invalid_request_error', message: 'No.', details: { error_code: errorCode } } } });

describe('an error status has its code, and says whether a retry may help', () => {
  const cases: readonly (readonly [string, ScriptedError, string, boolean])[] = [
    ['a wrong key', { status: 401 }, 'AUTH_INVALID', false],
    ['a key without permission', { status: 403 }, 'AUTH_INVALID', false],
    ['a rate limit', { status: 429 }, 'RATE_LIMITED', true],
    ['an unpaid account', { status: 402 }, 'QUOTA_EXCEEDED', false],
    ['an empty account, told as a wrong request', { status: 400, message: 'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing.' }, 'QUOTA_EXCEEDED', false],
    ['a reached spend limit', { status: 400, message: 'You have reached your specified API usage limits. You will regain access on 2026-12-01.' }, 'QUOTA_EXCEEDED', false],
    ['a reached spend limit, by its exact word', detailed(400, 'enforced_spend_limit_reached'), 'QUOTA_EXCEEDED', false],
    ['an organization on hold', detailed(400, 'organization_on_hold'), 'AUTH_INVALID', false],
    ['a prompt beyond the window', { status: 400, message: 'prompt is too long: 207791 tokens > 200000 maximum' }, 'CONTEXT_OVERFLOW', false],
    ['a prompt and answer beyond the window', { status: 400, message: 'input length and `max_tokens` exceed context limit: 190000 + 64000 > 200000' }, 'CONTEXT_OVERFLOW', false],
    ['a body beyond 32 MB', { status: 413 }, 'CONTEXT_OVERFLOW', false],
    ['a filtered answer', { status: 400, message: 'Output blocked by content filtering policy' }, 'CONTENT_FILTERED', false],
    ['an unknown model', { status: 404, message: 'model: claude-nope' }, 'MODEL_NOT_FOUND', false],
    ['a file that is not there', { status: 404, message: 'File not found: file_1' }, 'REQUEST_INVALID', false],
    ['a wrong path', { status: 404, body: 'Not Found' }, 'REQUEST_INVALID', false],
    ['a bad parameter', { status: 400, message: 'max_tokens: Field required' }, 'REQUEST_INVALID', false],
    ['a failure inside', { status: 500 }, 'OVERLOADED', true],
    ['an overload', { status: 529 }, 'OVERLOADED', true],
    ['the vendor’s own time limit', { status: 504 }, 'TIMEOUT', true],
  ];
  test.each(cases)('%s', async (_, error, code, retryable) => {
    const thrown = await failWith(error);
    expect({ code: thrown.code, retryable: thrown.facts.retryable, status: thrown.facts.status }).toEqual({ code, retryable, status: error.status });
  });
});

test('the request id and the wait the vendor asks for are facts of the error', async () => {
  expect((await failWith({ status: 429 }, { 'retry-after': '7', 'request-id': 'req_abc' })).facts).toMatchObject({ retryAfterMs: 7000, requestId: 'req_abc', status: 429 });
  expect((await failWith({ status: 529 }, { 'x-should-retry': 'false' })).facts.retryable).toBe(false);
});

test('the message is the vendor’s, and never holds the key or the whole body', async () => {
  const { message } = await failWith({ status: 400, message: `foo: Extra inputs are not permitted. ${'x'.repeat(5000)}` });
  expect(message).toMatch(/foo: Extra inputs are not permitted/);
  expect(message.length).toBeLessThan(700);
  expect(message).not.toContain('sk-ant-test');
});

describe('an error inside an answer that began well', () => {
  test.each([['overloaded_error', 'OVERLOADED', true], ['api_error', 'OVERLOADED', true], ['rate_limit_error', 'RATE_LIMITED', true], ['invalid_request_error', 'REQUEST_INVALID', false], ['timeout_error', 'TIMEOUT', true]])('%s is %s, after what came before it and with what it used up', async (type, code, retryable) => {
    const { model } = await start([{ text: ['Hel', 'lo'], usage: { input: 5, output: 9 }, faults: [{ type: 'error-event', before: 4, error: { type: 'error', error: { type, message: 'No more.' } } }] }]);
    const { text, error, parts } = await collectParts(model.stream(ask, testCall()));
    expect(text).toBe('Hel');
    expect(parts.some((part) => part.type === 'finish')).toBe(false);
    expect(error).toMatchObject({ code, facts: { retryable, usage: { inputTokens: { total: 5 }, outputTokens: { total: 1 } } } });
  });

  test('a whole one is thrown too', async () => {
    const { model } = await start([{ whole: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } } }]);
    await expect(model.complete!(ask, testCall())).rejects.toMatchObject({ code: 'OVERLOADED' });
  });
});

test('a whole answer that is no answer is PROTOCOL', async () => {
  for (const whole of [{ type: 'message' }, []]) {
    const { model } = await start([{ whole }]);
    await expect(model.complete!(ask, testCall())).rejects.toMatchObject({ code: 'PROTOCOL' });
  }
});

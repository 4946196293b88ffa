import { describe, expect, it } from 'vitest';
import { MAX_RETRY_AFTER_MS, readFailedResponse, retryAfterMs, toCallError } from '../../src/kit/index.ts';
import { bodyOf } from './bytes.ts';

const error = (body: object) => JSON.stringify({ error: body });

describe('toCallError', () => {
  it.each([
    [200, 'PROTOCOL', false], [302, 'PROTOCOL', false], [400, 'REQUEST_INVALID', false], [401, 'AUTH_INVALID', false],
    [402, 'QUOTA_EXCEEDED', false], [403, 'AUTH_INVALID', false], [404, 'MODEL_NOT_FOUND', false], [405, 'REQUEST_INVALID', false],
    [408, 'TIMEOUT', true], [409, 'OVERLOADED', true], [410, 'MODEL_NOT_FOUND', false], [413, 'CONTEXT_OVERFLOW', false],
    [415, 'REQUEST_INVALID', false], [422, 'REQUEST_INVALID', false], [425, 'OVERLOADED', true], [429, 'RATE_LIMITED', true],
    [498, 'OVERLOADED', true], [499, 'NETWORK', true], [500, 'OVERLOADED', true], [501, 'CAPABILITY_MISSING', false],
    [502, 'OVERLOADED', true], [503, 'OVERLOADED', true], [504, 'OVERLOADED', true], [520, 'OVERLOADED', true], [529, 'OVERLOADED', true],
  ])('reads status %i as %s', (status, code, retryable) => {
    expect(toCallError({ status })).toMatchObject({ code, facts: { status, retryable } });
  });

  it.each([
    ['a used-up quota told as 429', 429, error({ code: 'insufficient_quota', type: 'insufficient_quota' }), 'QUOTA_EXCEEDED', false],
    ['a window overflow told as 400', 400, error({ code: 'context_length_exceeded', type: 'invalid_request_error' }), 'CONTEXT_OVERFLOW', false],
    ['a missing model told as 400', 400, error({ code: 'model_not_found' }), 'MODEL_NOT_FOUND', false],
    ['a filter of Azure', 400, error({ code: 'content_filter', innererror: { code: 'ResponsibleAIPolicyViolation' } }), 'CONTENT_FILTERED', false],
    ['overload inside an answer that began well', 200, { type: 'error', error: { type: 'overloaded_error', message: 'x' } }, 'OVERLOADED', true],
    ['a status inside an answer that began well', 200, { error: { code: 502, message: 'upstream' } }, 'OVERLOADED', true],
    ['too large a request that is called a rate limit', 413, error({ code: 'rate_limit_exceeded' }), 'CONTEXT_OVERFLOW', false],
    ['a general word, which leaves the status to decide', 401, error({ type: 'invalid_request_error', code: null }), 'AUTH_INVALID', false],
  ])('knows %s', (_title, status, body, code, retryable) => {
    expect(toCallError({ status, body })).toMatchObject({ code, facts: { retryable } });
  });

  it('asks the dialect of the plugin first', () => {
    const dialect = ({ type, message }: { type?: string | undefined; message?: string | undefined }) =>
      type === 'invalid_request_error' && message?.startsWith('prompt is too long') ? 'CONTEXT_OVERFLOW' as const : undefined;
    const body = error({ type: 'invalid_request_error', message: 'prompt is too long: 9 > 8' });
    expect(toCallError({ status: 400, body }, { dialect }).code).toBe('CONTEXT_OVERFLOW');
    expect(toCallError({ status: 400, body: error({ type: 'x' }) }, { dialect }).code).toBe('REQUEST_INVALID');
  });

  it.each([
    ['OpenAI', error({ message: 'Boom' })], ['Ollama', JSON.stringify({ error: 'Boom' })], ['Bedrock', JSON.stringify({ message: 'Boom' })],
    ['Google, in an array', JSON.stringify([{ error: { code: 400, message: 'Boom', status: 'INVALID_ARGUMENT' } }])],
    ['FastAPI', JSON.stringify({ detail: 'Boom' })], ['Mistral', JSON.stringify({ detail: [{ msg: 'Boom' }] })], ['plain text', ' Boom\n'],
  ])('finds the message of %s', (_vendor, body) => {
    expect(toCallError({ status: 400, body }).message).toBe('The vendor answered with status 400: Boom');
  });

  it('clips the message of the vendor to 500 characters and never cuts through a character', () => {
    const { message } = toCallError({ status: 400, body: error({ message: `x${'😀'.repeat(5000)}` }) });
    const own = message.slice('The vendor answered with status 400: '.length);
    expect(own.length).toBe(500);
    expect(own.isWellFormed()).toBe(true);
  });

  it('never shows a body whose message it does not find', () => {
    expect(toCallError({ status: 400, body: '{"echo":"my prompt"}' }).message).toBe('The vendor answered with status 400 and no message.');
  });

  it.each([
    [{ 'content-type': 'text/html; charset=utf-8' }, 'hello'], [{}, '\n<!DOCTYPE html><title>secret</title>'], [{}, '<html><body>'],
  ])('recognises an HTML page', (headers, body) => {
    expect(toCallError({ status: 502, headers, body })).toMatchObject({
      code: 'OVERLOADED', message: 'The vendor answered with status 502: the answer is an HTML page, is a proxy in between?',
    });
  });

  it.each(['x-request-id', 'request-id', 'x-amzn-requestid', 'apim-request-id'])('takes the request id from %s', (name) => {
    expect(toCallError({ status: 500, headers: { [name]: 'r1' } }).facts.requestId).toBe('r1');
  });

  it('believes a vendor that says not to try again', () => {
    expect(toCallError({ status: 500, headers: { 'x-should-retry': 'false' } }).facts.retryable).toBe(false);
  });

  it('reads the exception of Bedrock from the body and from the header', () => {
    const dialect = ({ code }: { code?: string | undefined }) => (code === 'ThrottlingException' ? 'RATE_LIMITED' as const : undefined);
    expect(toCallError({ status: 400, body: '{"__type":"com.amazon#ThrottlingException"}' }, { dialect }).code).toBe('RATE_LIMITED');
    expect(toCallError({ status: 400, headers: { 'x-amzn-errortype': 'ThrottlingException:http://x' } }, { dialect }).code).toBe('RATE_LIMITED');
  });

  it('carries the wait and the cause', () => {
    const cause = new Error('x');
    const thrown = toCallError({ status: 429, headers: { 'retry-after': '2' } }, { cause });
    expect(thrown.facts.retryAfterMs).toBe(2000);
    expect(thrown.cause).toBe(cause);
  });
});

describe('retryAfterMs', () => {
  const now = Date.parse('2026-11-21T10:00:00Z');
  it.each([
    ['milliseconds before seconds', { 'retry-after-ms': '1500', 'retry-after': '9' }, 1500],
    ['seconds', { 'retry-after': '3' }, 3000],
    ['broken seconds', { 'retry-after': '0.25' }, 250],
    ['a date', { 'retry-after': 'Sat, 21 Nov 2026 10:00:30 GMT' }, 30_000],
    ['a date against the clock of the vendor', { 'retry-after': 'Sat, 21 Nov 2026 12:00:30 GMT', date: 'Sat, 21 Nov 2026 12:00:00 GMT' }, 30_000],
    ['a date in the past', { 'retry-after': 'Sat, 21 Nov 2026 09:00:00 GMT' }, 0],
    ['an absurd number', { 'retry-after': '3e9' }, MAX_RETRY_AFTER_MS],
    ['an absurd date', { 'retry-after': 'Sat, 21 Nov 2099 09:00:00 GMT' }, MAX_RETRY_AFTER_MS],
    ['an unreadable value', { 'retry-after': 'soon' }, undefined],
    ['a negative number', { 'retry-after': '-1' }, undefined],
    ['nothing', {}, undefined],
  ])('reads %s', (_title, headers, expected) => {
    expect(retryAfterMs(headers as Record<string, string>, now)).toBe(expected);
  });
});

describe('readFailedResponse', () => {
  const response = (body: AsyncIterable<Uint8Array>) =>
    ({ status: 500, headers: {}, body, text: () => Promise.reject(new Error('unused')), json: () => Promise.reject(new Error('unused')) });

  it('stops an endless body', async () => {
    async function* endless(): AsyncGenerator<Uint8Array, void, undefined> {
      for (;;) yield new Uint8Array(1000).fill(120);
    }
    expect(String((await readFailedResponse(response(endless()), new AbortController().signal)).body).length).toBeLessThan(70_000);
  });

  it('takes a body that breaks off as far as it came', async () => {
    async function* broken(): AsyncGenerator<Uint8Array, void, undefined> {
      yield* bodyOf('{"er');
      throw new Error('reset');
    }
    expect(await readFailedResponse(response(broken()), new AbortController().signal)).toEqual({ status: 500, headers: {}, body: '{"er' });
  });

  it('rejects with the reason of an abort', async () => {
    const controller = new AbortController();
    async function* aborted(): AsyncGenerator<Uint8Array, void, undefined> {
      yield* bodyOf('x');
      controller.abort('gone');
      throw new Error('socket closed');
    }
    await expect(readFailedResponse(response(aborted()), controller.signal)).rejects.toBe('gone');
  });
});

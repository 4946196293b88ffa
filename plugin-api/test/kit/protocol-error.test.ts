import { describe, expect, it } from 'vitest';
import { CallError, type Call } from '../../src/index.ts';
import { parseObject, protocolError, toUnhealthy } from '../../src/kit/index.ts';

it('an error of the protocol carries the vendor’s id of the request, and is not retried unless it says so', () => {
  expect(protocolError('odd', { 'request-id': 'r1' })).toMatchObject({ code: 'PROTOCOL', message: 'odd', facts: { retryable: false, requestId: 'r1' } });
  expect(protocolError('cut', {}, true).facts).toEqual({ retryable: true });
});

describe('parseObject', () => {
  it('gives the object of an answer', () => {
    expect(parseObject('{"a":1}')).toEqual({ a: 1 });
  });

  it.each([
    ['<!doctype html>secret', 'The answer is an HTML page: is a proxy in between, or is the configured address that of a website?'],
    ['{"a": secret', 'The answer is not JSON.'], ['[1]', 'The answer is JSON, but no object.'], ['null', 'The answer is JSON, but no object.'],
  ])('says of %j what it is, and shows none of it', (text, message) => {
    expect(() => parseObject(text)).toThrow(expect.objectContaining({ code: 'PROTOCOL', message }));
  });
});

describe('toUnhealthy', () => {
  const call: Call = { id: 'c', attempt: 1, signal: new AbortController().signal };

  it('names the secret where the key is missing or refused, and a remedy of the plugin’s own before that', () => {
    expect(toUnhealthy(new CallError('AUTH_INVALID', 'no'), call)).toEqual({ status: 'unhealthy', reason: 'no', remedy: 'Set the secret apiKey of this backend to a valid key.' });
    expect(toUnhealthy(new CallError('OVERLOADED', 'busy'), call)).toEqual({ status: 'unhealthy', reason: 'busy' });
    expect(toUnhealthy(new CallError('NETWORK', 'gone'), call, ({ code }) => (code === 'NETWORK' ? 'Start it.' : undefined))).toEqual({ status: 'unhealthy', reason: 'gone', remedy: 'Start it.' });
    expect(toUnhealthy(new TypeError('odd'), call)).toEqual({ status: 'unhealthy', reason: 'odd' });
  });

  it('throws the reason of an abort, which says nothing of the vendor', () => {
    const reason = new Error('enough');
    expect(() => toUnhealthy(new CallError('NETWORK', 'gone'), { ...call, signal: AbortSignal.abort(reason) })).toThrow(reason);
  });
});

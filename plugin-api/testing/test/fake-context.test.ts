/** The context, the call and the client a plugin is driven with. */
import { CallError, type ChatPart } from '@modelport/plugin-api';
import { collectParts, createNodeHttpClient, fakeContext, startRawServer, testCall } from '@modelport/testing';
import { expect, onTestFinished, test } from 'vitest';

const schema = {
  '~standard': {
    version: 1, vendor: 'test',
    validate: (value: unknown) => ((value as { port?: number }).port === undefined ? { issues: [{ message: 'port is missing' }] } : { value: { port: 1, checked: true } }),
  },
} as const;

test('options are the output of the schema; what it refuses is thrown in its words', () => {
  expect(fakeContext({ schema, input: { port: 1 } }).options).toEqual({ port: 1, checked: true });
  expect(() => fakeContext({ schema, input: {} })).toThrow('port is missing');
});

test('a secret is there or is AUTH_MISSING when it is revealed', () => {
  const context = fakeContext({ secrets: { apiKey: 'sk-1' } });
  expect(context.secret('apiKey')).toMatchObject({ name: 'apiKey', present: true });
  expect(context.secret('apiKey').reveal()).toBe('sk-1');
  const absent = context.secret('other');
  expect(absent.present).toBe(false);
  expect(() => absent.reveal()).toThrow(CallError);
});

test('a call is the first attempt of a request nobody aborts, unless it says otherwise', () => {
  expect(testCall({ id: 'x', sessionId: 's' })).toMatchObject({ id: 'x', sessionId: 's', attempt: 1, signal: { aborted: false } });
});

test('parts are collected up to the failure', async () => {
  const failure = new Error('broken');
  const { parts, text, error } = await collectParts((async function* (): AsyncGenerator<ChatPart | readonly ChatPart[]> {
    yield { type: 'text-delta', id: '0', delta: 'a' };
    yield [{ type: 'text-delta', id: '0', delta: 'b' }, { type: 'ping' }];
    throw failure;
  })());
  expect({ count: parts.length, text, error }).toEqual({ count: 3, text: 'ab', error: failure });
});

test('the client knows methods, joined headers and bodies, and refuses what is not JSON', async () => {
  const server = await startRawServer((request, socket) => {
    const answer = request.path === '/json' ? '{"a":1}' : `${request.method} ${request.text}`;
    socket.write(`HTTP/1.1 200 OK\r\nX-A: 1\r\nX-A: 2\r\ncontent-length: ${answer.length}\r\n\r\n${answer}`);
  });
  const http = createNodeHttpClient();
  onTestFinished(async () => {
    http.close();
    await server.close();
  });
  const posted = await http.request({ url: `${server.url}/x`, body: 'hello' }, testCall());
  expect({ status: posted.status, header: posted.headers['x-a'], text: await posted.text() }).toEqual({ status: 200, header: '1, 2', text: 'POST hello' });
  expect(await (await http.request({ url: `${server.url}/json` }, testCall())).json()).toEqual({ a: 1 });
  await expect((await http.request({ url: `${server.url}/x` }, testCall())).json()).rejects.toMatchObject({ code: 'PROTOCOL' });
});

test('the client sends nothing for a call that is aborted already, and NETWORK is retryable', async () => {
  const http = createNodeHttpClient();
  const reason = new Error('too late');
  await expect(http.request({ url: 'http://127.0.0.1:1/' }, testCall({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
  await expect(http.request({ url: 'http://127.0.0.1:1/' }, testCall())).rejects.toMatchObject({ code: 'NETWORK', facts: { retryable: true } });
});

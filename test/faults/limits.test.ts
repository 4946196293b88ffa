/** Limits and headers of the config reach the wire: of a backend, of an alias, of a fetch that a vendor's SDK was given. */
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { createHost, ModelportError, type ConfigInput, type Host } from '@modelport/host';
import { definePlugin, type HttpClient } from '@modelport/plugin-api';
import { createOpenAIUpstream, startRawServer } from '@modelport/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startHost } from './ask-host.ts';

/** Accepts connections and never speaks: a TLS handshake with it goes on for ever. */
async function mute(): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => { sockets.add(socket.on('error', () => undefined).resume()); }).listen(0, '127.0.0.1');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise((resolve) => { server.once('listening', resolve); });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

async function failureOf(promise: Promise<unknown>): Promise<ModelportError> {
  const error: unknown = await promise.then(() => new Error('no error'), (thrown: unknown) => thrown);
  if (!ModelportError.is(error)) throw error;
  return error;
}

describe('calls.timeouts.connectMs', () => {
  const connectMs = (value: number) => ({ timeouts: { connectMs: value } });
  const slow = { ...connectMs(600_000), retry: { attempts: 1 } };

  it.each([
    ['the top level', { ...slow, ...connectMs(61) }, {}, {}],
    ['its backend', slow, connectMs(62), {}],
    ['its alias', slow, connectMs(600_000), connectMs(63)],
  ])('of %s ends the wait for a connection, and nothing else does', async (_level, top, backend, alias) => {
    const baseUrl = await mute();
    const host = await startHost(baseUrl, 'chat', { calls: top, models: { quick: { spec: 'm@local', calls: alias } } }, backend);
    const failure = await failureOf(host.models.get('quick').generate('Hi'));
    expect([failure.code, failure.context.limit, /within 6[123] ms/.test(failure.message)]).toEqual(['TIMEOUT', 'connect', true]);
  });
});

/** A plugin as vendors' SDKs make it: everything goes through the `fetch` it was given, and no signal comes along. */
function fetching(act: (client: HttpClient) => Promise<string>) {
  return definePlugin({
    api: 1,
    start: (context) => ({
      chatModel: () => ({
        async *stream() {
          yield { type: 'text-delta', id: '0', delta: await act(context.http) } as const;
          yield { type: 'finish', finishReason: { unified: 'stop' }, usage: { inputTokens: {}, outputTokens: {} } } as const;
        },
      }),
    }),
  });
}

async function fetchHost(act: (client: HttpClient) => Promise<string>, config: ConfigInput): Promise<Host> {
  const host = await createHost({ environment: {}, config: { http: { allowPrivate: true }, ...config }, overrides: { backends: { sdk: fetching(act) } } });
  onTestFinished(() => host.close());
  return host;
}

describe('context.http.fetch', () => {
  const silences = [
    ['firstPartMs', 'header', ''],
    ['idleMs', 'idle', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n'],
    ['totalMs', 'total', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n'],
  ] as const;

  it.each(silences)('holds %s of the config though no signal was passed to it, and closes the connection', async (limit, named, said) => {
    let closed: Promise<void> | undefined;
    await using server = await startRawServer(async (request, socket) => {
      closed = request.closed;
      socket.write(said);
      await request.closed;
    });
    let inside: unknown;
    const host = await fetchHost(async ({ fetch }) => {
      const thrown: unknown = await fetch(server.url).then((answer) => answer.text()).catch((error: unknown) => error);
      inside = (thrown as { readonly cause?: unknown }).cause;
      throw thrown;
    }, { calls: { timeouts: { firstPartMs: 80, idleMs: 80, totalMs: 0, [limit]: 80, ...(limit === 'totalMs' && { firstPartMs: 0, idleMs: 0 }) }, retry: { attempts: 1 } } });
    expect((await failureOf(host.models.get('m@sdk').generate('Hi'))).code).toBe('TIMEOUT');
    await closed;
    expect(inside).toMatchObject({ code: 'TIMEOUT', facts: { limit: named } });
  });

  it('that nobody ends is ended with its generation', async () => {
    const asked = Promise.withResolvers<{ readonly closed: Promise<void> }>();
    await using server = await startRawServer(async ({ closed }) => {
      asked.resolve({ closed });
      await closed;
    });
    const host = await fetchHost(async ({ fetch }) => {
      void fetch(server.url).catch(() => undefined);
      await asked.promise;
      return 'asked';
    }, { calls: { timeouts: { firstPartMs: 0 } } });
    expect((await host.models.get('m@sdk').generate('Hi')).text).toBe('asked');
    await host.unregister({ backends: ['sdk'] });
    await (await asked.promise).closed;
    expect(server.openConnections).toBe(0);
  });

  it('keeps to the allowed hosts, and says so by name where the plugin lets its error through', async () => {
    await using server = await startRawServer((_request, socket) => { socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'); });
    const allowed = await fetchHost(async ({ fetch }) => (await fetch(server.url)).text(), {});
    expect((await allowed.models.get('m@sdk').generate('Hi')).text).toBe('ok');
    const refused = await fetchHost(async ({ fetch }) => (await fetch(server.url)).text(), { http: { allowPrivate: false } });
    expect((await failureOf(refused.models.get('m@sdk').generate('Hi'))).code).toBe('HOST_NOT_ALLOWED');
  });
});

describe('headers', () => {
  it('of the backend go with every request, those of a call with that call, and a call cannot set the key', async () => {
    await using upstream = await createOpenAIUpstream();
    const host = await createHost({
      cwd: import.meta.dirname, environment: {},
      config: { backends: { local: { plugin: '@modelport/openai', options: { baseUrl: upstream.baseUrl }, headers: { 'X-Team': 'red' }, secrets: { apiKey: { env: 'KEY' } } } } },
      overrides: { secrets: { local: { apiKey: 'sk-of-the-config' } } },
    });
    onTestFinished(() => host.close());
    const own = { headers: { 'x-run': '7', 'x-team': 'blue' } };
    await host.models.get('m@local').generate('Hi', own);
    await host.models.get('m@local').stream('Hi').answer;
    await host.embeddings.get('e@local').embed(['Hi'], own);
    await host.listModels('local');
    expect(upstream.requests.map(({ path, headers }) => [path, headers['x-team'], headers['x-run'], headers['authorization']])).toEqual([
      ['/v1/chat/completions', 'red', '7', 'Bearer sk-of-the-config'],
      ['/v1/chat/completions', 'red', undefined, 'Bearer sk-of-the-config'],
      ['/v1/embeddings', 'red', '7', 'Bearer sk-of-the-config'],
      ['/v1/models', 'red', undefined, 'Bearer sk-of-the-config'],
    ]);
    const sent = upstream.requests.length;
    const failure = await host.models.get('m@local').generate('Hi', { headers: { authorization: 'Bearer other' } }).then(() => undefined, (error: unknown) => error);
    expect([ModelportError.is(failure) ? failure.code : upstream.requests[sent]?.headers['authorization']]).toEqual([expect.stringMatching(/REQUEST_INVALID|sk-of-the-config/)]);
  });
});

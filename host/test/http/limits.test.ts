import { beforeEach, describe, expect, it, vi } from 'vitest';
import { createServer, type Socket } from 'node:net';
import { atEnd, callWith, clientOf, deferred, httpServer, limits, rawServer, rejection, serve, textOf } from './loopback.ts';

const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n';
const part = '3\r\nabc\r\n';

/** Lets the sockets catch up, on the real clock. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
}

// Only what the client measures with is faked; the sockets are real.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  atEnd(() => { vi.useRealTimers(); });
});

describe('a time limit', () => {
  it('on the connection fires as TIMEOUT connect', async () => {
    const connected = deferred<Socket>();
    // A TLS handshake that never gets an answer is a connection that never comes to be.
    const server = await serve(createServer((socket) => { connected.resolve(socket.resume()); }), 'https');
    const failed = rejection(clientOf([server.url], { limits: limits({ connectMs: 10_000 }) }).request({ url: server.url }, callWith()));
    await connected.promise;
    vi.advanceTimersByTime(10_000);
    const error = await failed;
    expect(error).toMatchObject({ code: 'TIMEOUT', facts: { limit: 'connect', retryable: true } });
    expect(error.message).toContain(server.url);
    vi.advanceTimersByTime(2_000);
    await server.quiet();
  });

  it('on the first byte fires as TIMEOUT header when nothing comes at all, and not before', async () => {
    const asked = deferred();
    const server = await rawServer(() => { asked.resolve(); });
    const failed = rejection(clientOf([server.url], { limits: limits({ firstPartMs: 300_000 }) }).request({ url: server.url }, callWith()));
    await asked.promise;
    vi.advanceTimersByTime(299_000);
    await settle();
    expect(server.sockets.size).toBe(1);
    vi.advanceTimersByTime(1_000);
    const error = await failed;
    expect(error).toMatchObject({ code: 'TIMEOUT', facts: { limit: 'header', retryable: true } });
    expect(error.message).toContain('300000 ms');
    await server.quiet();
  });

  it('on the first byte fires as TIMEOUT header when headers come and no body', async () => {
    const server = await rawServer((socket) => { socket.write(head); });
    const answer = await clientOf([server.url], { limits: limits({ firstPartMs: 90_000, idleMs: 60_000 }) }).request({ url: server.url }, callWith());
    const failed = rejection(textOf(answer.body));
    // A model may think longer than it may fall silent: until the first byte the longer limit holds.
    vi.advanceTimersByTime(89_000);
    await settle();
    expect(server.sockets.size).toBe(1);
    vi.advanceTimersByTime(1_000);
    expect(await failed).toMatchObject({ code: 'TIMEOUT', facts: { limit: 'header' } });
    await server.quiet();
  });

  it('on silence fires as TIMEOUT idle, after what had come', async () => {
    const server = await rawServer((socket) => { socket.write(`${head}${part}`); });
    const chunks = (await clientOf([server.url], { limits: limits({ idleMs: 60_000 }) }).request({ url: server.url }, callWith())).body[Symbol.asyncIterator]();
    expect(Buffer.from((await chunks.next()).value as Uint8Array).toString()).toBe('abc');
    const failed = rejection(chunks.next());
    vi.advanceTimersByTime(60_000);
    expect(await failed).toMatchObject({ code: 'TIMEOUT', facts: { limit: 'idle', retryable: true } });
    await server.quiet();
  });

  it('on silence begins anew with each part', async () => {
    const socket = deferred<Socket>();
    const server = await rawServer((made) => {
      made.write(`${head}${part}`);
      socket.resolve(made);
    });
    const chunks = (await clientOf([server.url], { limits: limits({ idleMs: 60_000 }) }).request({ url: server.url }, callWith())).body[Symbol.asyncIterator]();
    await chunks.next();
    for (let count = 0; count < 5; count += 1) {
      const next = chunks.next();
      vi.advanceTimersByTime(50_000);
      (await socket.promise).write(part);
      expect((await next).done).toBe(false);
    }
  });

  it('on silence is taken from the request where it says so', async () => {
    const server = await rawServer((socket) => { socket.write(`${head}${part}`); });
    const chunks = (await clientOf([server.url]).request({ url: server.url, idleMs: 5_000 }, callWith())).body[Symbol.asyncIterator]();
    await chunks.next();
    const failed = rejection(chunks.next());
    vi.advanceTimersByTime(5_000);
    expect(await failed).toMatchObject({ code: 'TIMEOUT', facts: { limit: 'idle' } });
  });

  it('on silence does not count the time a reader takes', async () => {
    const server = await httpServer((_request, response) => { response.end('x'.repeat(1024 * 1024)); });
    const answer = await clientOf([server.url], { limits: limits({ idleMs: 60_000 }) }).request({ url: server.url }, callWith());
    let bytes = 0;
    for await (const chunk of answer.body) {
      vi.advanceTimersByTime(300_000);
      bytes += chunk.length;
    }
    expect(bytes).toBe(1024 * 1024);
  });

  it('on the whole fires as TIMEOUT total while parts still come', async () => {
    const socket = deferred<Socket>();
    const server = await rawServer((made) => {
      made.write(`${head}${part}`);
      socket.resolve(made);
    });
    const chunks = (await clientOf([server.url], { limits: limits({ totalMs: 120_000 }) }).request({ url: server.url }, callWith())).body[Symbol.asyncIterator]();
    for (let count = 0; count < 3; count += 1) {
      await chunks.next();
      vi.advanceTimersByTime(30_000);
      (await socket.promise).write(part);
    }
    await chunks.next();
    const failed = rejection(chunks.next());
    vi.advanceTimersByTime(30_000);
    expect(await failed).toMatchObject({ code: 'TIMEOUT', facts: { limit: 'total' } });
    await server.quiet();
  });

  it('of the call wins over that of the backend', async () => {
    const asked = deferred();
    const server = await rawServer(() => { asked.resolve(); });
    const failed = rejection(clientOf([server.url], { forCall: () => ({ limits: limits({ firstPartMs: 2_000 }) }) }).request({ url: server.url }, callWith()));
    await asked.promise;
    vi.advanceTimersByTime(2_000);
    expect(await failed).toMatchObject({ code: 'TIMEOUT', facts: { limit: 'header' } });
  });

  it('of 0 never passes', async () => {
    const asked = deferred<Socket>();
    const server = await rawServer((socket) => { asked.resolve(socket); });
    const none = { connectMs: 0, firstPartMs: 0, idleMs: 0, totalMs: 0 };
    const answer = clientOf([server.url], { limits: none }).request({ url: server.url }, callWith());
    const socket = await asked.promise;
    expect(vi.getTimerCount()).toBe(0);
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    expect(await (await answer).text()).toBe('ok');
  });

  it('on the connection does not count the wait for a free one', async () => {
    const asked = deferred<Socket>();
    const server = await rawServer((socket, request) => {
      if (request.includes('/slow')) asked.resolve(socket);
      else socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
    });
    const client = clientOf([server.url], { limits: limits({ connectMs: 10_000, firstPartMs: 300_000 }) }, { maxConnections: 1 });
    const slow = client.request({ url: `${server.url}/slow` }, callWith());
    await asked.promise;
    const waiting = client.request({ url: `${server.url}/next` }, callWith());
    await settle();
    vi.advanceTimersByTime(60_000);
    (await asked.promise).write('HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nslow');
    expect([await (await slow).text(), await (await waiting).text()]).toEqual(['slow', 'ok']);
  });

  it('on the first byte counts the wait for a free connection, and says that all are busy', async () => {
    const asked = deferred();
    const server = await rawServer(() => { asked.resolve(); });
    const client = clientOf([server.url], { forCall: ({ id }) => ({ limits: limits({ firstPartMs: id === 'patient' ? 0 : 30_000 }) }) }, { maxConnections: 1 });
    const controller = new AbortController();
    const slow = rejection(client.request({ url: server.url }, { ...callWith(controller.signal), id: 'patient' }));
    await asked.promise;
    const waiting = rejection(client.request({ url: server.url }, callWith()));
    await settle();
    vi.advanceTimersByTime(30_000);
    const error = await waiting;
    expect(error).toMatchObject({ code: 'TIMEOUT', facts: { limit: 'header' } });
    expect(error.message).toContain('busy');
    controller.abort();
    await slow;
  });

  it('leaves no timer behind when the answer has ended', async () => {
    const server = await httpServer((_request, response) => { response.end('ok'); });
    const before = vi.getTimerCount();
    const answer = await clientOf([server.url]).request({ url: server.url }, callWith());
    await answer.text();
    await settle();
    expect(vi.getTimerCount() - before).toBeLessThanOrEqual(keepAliveTimers);
  });
});

/** undici keeps one timer for an idle connection. */
const keepAliveTimers = 1;

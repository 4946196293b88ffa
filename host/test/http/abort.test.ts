import { describe, expect, it } from 'vitest';
import { getEventListeners } from 'node:events';
import { callWith, clientOf, deferred, http, httpServer, rawServer, rejection, textOf } from './loopback.ts';

const reason = { why: 'the caller left' };

/** How many timers run. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
}

describe('an abort', () => {
  it('before the request sends nothing', async () => {
    const server = await httpServer((_request, response) => { response.end(); });
    expect(await rejection(clientOf([server.url]).request({ url: server.url }, callWith(AbortSignal.abort(reason))))).toBe(reason);
    expect(server.connections()).toBe(0);
  });

  it('before the headers rejects with the reason and closes the connection', async () => {
    const arrived = deferred();
    const server = await httpServer(() => { arrived.resolve(); });
    const controller = new AbortController();
    const failed = rejection(clientOf([server.url]).request({ url: server.url }, callWith(controller.signal)));
    await arrived.promise;
    controller.abort(reason);
    expect(await failed).toBe(reason);
    await server.quiet();
  });

  it('in the middle of the body rejects the read with the reason and closes the connection', async () => {
    const server = await httpServer((_request, response) => { response.write('data: 1\n\n'); });
    const controller = new AbortController();
    const { body } = await clientOf([server.url]).request({ url: server.url }, callWith(controller.signal));
    const error = await rejection((async () => { for await (const chunk of body) if (chunk.length > 0) controller.abort(reason); })());
    expect(error).toBe(reason);
    await server.quiet();
  });

  it('while the whole body is collected rejects with the reason', async () => {
    const server = await httpServer((_request, response) => { response.write('{"a"'); });
    const controller = new AbortController();
    const answer = await clientOf([server.url]).request({ url: server.url }, callWith(controller.signal));
    const failed = rejection(answer.json());
    controller.abort(reason);
    expect(await failed).toBe(reason);
    await server.quiet();
  });

  it('of a paused, compressed body closes the connection', async () => {
    const { createGzip } = await import('node:zlib');
    const { randomBytes } = await import('node:crypto');
    const server = await httpServer((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      const gzip = createGzip();
      gzip.pipe(response);
      for (let block = 0; block < 64; block += 1) gzip.write(randomBytes(64 * 1024));
    });
    const controller = new AbortController();
    const chunks = (await clientOf([server.url]).request({ url: server.url }, callWith(controller.signal))).body[Symbol.asyncIterator]();
    await chunks.next();
    controller.abort(reason);
    expect(await rejection((async () => { for (;;) if ((await chunks.next()).done === true) throw new Error('ended'); })())).toBe(reason);
    await server.quiet();
  });

  it('of a request that waits for a connection leaves the connection to the next', async () => {
    const first = deferred<() => void>();
    const server = await httpServer((request, response) => {
      if (request.url === '/first') first.resolve(() => response.end('first'));
      else response.end('ok');
    });
    const client = clientOf([server.url], {}, { maxConnections: 1 });
    const slow = client.request({ url: `${server.url}/first` }, callWith()).then((answer) => answer.text());
    const finish = await first.promise;
    const controller = new AbortController();
    const waiting = rejection(client.request({ url: `${server.url}/waiting` }, callWith(controller.signal)));
    controller.abort(reason);
    expect(await waiting).toBe(reason);
    finish();
    expect(await slow).toBe('first');
    expect(await (await client.request({ url: `${server.url}/next` }, callWith())).text()).toBe('ok');
    expect(server.connections()).toBe(1);
  });

  it('after the answer does nothing, and no listener stays on the signal', async () => {
    const server = await httpServer((_request, response) => { response.end('ok'); });
    const controller = new AbortController();
    const answer = await clientOf([server.url]).request({ url: server.url }, callWith(controller.signal));
    expect(await answer.text()).toBe('ok');
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    controller.abort(reason);
  });

  it('500 times at different moments leaves no socket, timer or listener behind', async () => {
    const server = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n');
      socket.write('400\r\n');
      socket.write(`${'x'.repeat(1024)}\r\n`);
    });
    const network = http({ maxConnections: 16 });
    const client = network.clientFor({ backend: 'a', plugin: 'p', allowedHosts: [], configuredUrls: [server.url] });
    const before = timers();
    const signals: AbortSignal[] = [];
    const attempt = async (index: number): Promise<void> => {
      const controller = new AbortController();
      signals.push(controller.signal);
      const run = (async () => {
        const { body } = await client.request({ url: server.url, ...(index % 2 === 0 ? { body: '{}' } : {}) }, callWith(controller.signal));
        if (index % 5 === 0) await textOf(body);
        else for await (const chunk of body) if (chunk.length > 0 && index % 3 === 0) break;
      })();
      for (let turn = 0; turn < index % 7; turn += 1) await new Promise(setImmediate);
      controller.abort(reason);
      await run.catch((error: unknown) => { if (error !== reason) throw error; });
    };
    for (let round = 0; round < 20; round += 1) await Promise.all(Array.from({ length: 25 }, (_, index) => attempt(round * 25 + index)));
    expect(signals.flatMap((signal) => getEventListeners(signal, 'abort'))).toHaveLength(0);
    // A graceful close ends only when no request is left; idle connections go with it.
    await network.close();
    await server.quiet();
    expect(timers()).toBeLessThanOrEqual(before);
  });
});

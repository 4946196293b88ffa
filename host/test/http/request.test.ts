import { describe, expect, it, vi } from 'vitest';
import { once } from 'node:events';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { atEnd, callWith, clientOf, deferred, http, httpServer, rawServer, rejection, textOf } from './loopback.ts';

describe('a request', () => {
  it('carries method, path, headers and a text body with its byte length', async () => {
    const seen = deferred<{ method?: string | undefined; url?: string | undefined; headers: Record<string, unknown>; body: string }>();
    const server = await httpServer(async (request, response) => {
      seen.resolve({ method: request.method, url: request.url, headers: request.headers, body: await textOf(request) });
      response.end('{}');
    });
    const answer = await clientOf([server.url]).request({ url: `${server.url}/v1/chat?x=1`, headers: { Authorization: 'Bearer k', 'X-Own': 'ä'.length.toString() }, body: '{"text":"grün"}' }, callWith());
    expect(await answer.json()).toEqual({});
    const request = await seen.promise;
    expect(request).toMatchObject({ method: 'POST', url: '/v1/chat?x=1', body: '{"text":"grün"}' });
    expect(request.headers).toMatchObject({ authorization: 'Bearer k', 'x-own': '1', 'content-type': 'application/json', 'content-length': '16' });
  });

  it('is a GET without a body, and keeps a content type of its own', async () => {
    const server = await httpServer((request, response) => { response.end(`${request.method} ${request.headers['content-type']}`); });
    const client = clientOf([server.url]);
    expect(await (await client.request({ url: server.url }, callWith())).text()).toBe('GET undefined');
    expect(await (await client.request({ url: server.url, body: 'a', headers: { 'Content-Type': 'text/plain' } }, callWith())).text()).toBe('POST text/plain');
  });

  it('streams a body out of an async iterable', async () => {
    const server = await httpServer(async (request, response) => { response.end(`${request.headers['transfer-encoding']} ${await textOf(request)}`); });
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('one ');
      yield Buffer.from('two');
    }
    const answer = await clientOf([server.url]).request({ url: server.url, method: 'PUT', body: body() }, callWith());
    expect(await answer.text()).toBe('chunked one two');
  });

  it('fails with what its body threw, and not as a fault of the network', async () => {
    const server = await httpServer((request) => { request.resume(); });
    const own = new Error('the file ended early');
    async function* body(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('one');
      throw own;
    }
    expect(await rejection(clientOf([server.url]).request({ url: server.url, body: body() }, callWith()))).toBe(own);
    await server.quiet();
  });

  it('puts the headers of the config over those of the plugin, and those of the call over both', async () => {
    const server = await httpServer((request, response) => { response.end(JSON.stringify([request.headers['x-team'], request.headers['traceparent'], request.headers.host])); });
    const client = clientOf([server.url], { headers: { 'X-Team': 'config' }, forCall: (call) => ({ headers: { traceparent: call.id } }) });
    const answer = await client.request({ url: server.url, headers: { 'x-team': 'plugin', traceparent: 'plugin', Host: 'elsewhere.example' } }, callWith());
    expect(await answer.json()).toEqual(['config', 'call-1', `127.0.0.1:${server.port}`]);
  });

  it('sends user and password of a URL as basic authorization', async () => {
    const server = await httpServer((request, response) => { response.end(request.headers.authorization); });
    const url = server.url.replace('://', '://user:p%40ss@');
    expect(await (await clientOf([url]).request({ url }, callWith())).text()).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`);
  });

  it('with a header that HTTP cannot carry is refused as REQUEST_INVALID', async () => {
    const server = await httpServer((_request, response) => { response.end(); });
    const error = await rejection(clientOf([server.url]).request({ url: server.url, headers: { 'x-note': 'a\r\nx-smuggled: 1' } }, callWith()));
    expect(error).toMatchObject({ code: 'REQUEST_INVALID' });
    expect(server.connections()).toBe(0);
  });

  it('imports undici no earlier than it is sent', async () => {
    const script = `
      import { createRequire } from 'node:module';
      import { createHttp } from ${JSON.stringify(new URL('../../src/http/http.ts', import.meta.url).href)};
      const { cache } = createRequire(import.meta.url);
      const undiciFiles = () => Object.keys(cache).filter((file) => file.includes('undici')).length;
      const network = createHttp({ proxy: 'none' });
      const client = network.clientFor({ backend: 'a', plugin: 'p', allowedHosts: ['localhost:1'] });
      const before = undiciFiles();
      await client.request({ url: 'http://localhost:1' }, { id: '1', attempt: 1, signal: new AbortController().signal }).catch(() => {});
      console.log(JSON.stringify({ before, after: undiciFiles() }));
      await network.close();`;
    const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@modelport/source', '--input-type=module', '--eval', script], { cwd: fileURLToPath(new URL('../..', import.meta.url)) });
    const { before, after } = JSON.parse(stdout) as { before: number; after: number };
    expect(before).toBe(0);
    expect(after).toBeGreaterThan(0);
  });
});

describe('an answer', () => {
  it('with a bad status is an answer, not an error', async () => {
    const server = await httpServer((_request, response) => { response.writeHead(529, { 'Retry-After': '2' }).end('{"error":1}'); });
    const answer = await clientOf([server.url]).request({ url: server.url }, callWith());
    expect([answer.status, answer.headers['retry-after'], await answer.json()]).toEqual([529, '2', { error: 1 }]);
  });

  it('joins repeated headers', async () => {
    const server = await httpServer((_request, response) => { response.setHeader('X-Limit', ['a', 'b']).end(); });
    expect((await clientOf([server.url]).request({ url: server.url }, callWith())).headers['x-limit']).toBe('a, b');
  });

  it('passes over early hints', async () => {
    const server = await httpServer((_request, response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' });
      response.end('late');
    });
    const answer = await clientOf([server.url]).request({ url: server.url }, callWith());
    expect([answer.status, await answer.text()]).toEqual([200, 'late']);
  });

  it('drops a byte order mark from its text', async () => {
    const server = await httpServer((_request, response) => { response.end('\uFEFF{"a":1}'); });
    expect(await (await clientOf([server.url]).request({ url: server.url }, callWith())).json()).toEqual({ a: 1 });
  });

  it('that is not JSON is a PROTOCOL error that names status and type but not the body', async () => {
    const server = await httpServer((_request, response) => { response.writeHead(200, { 'content-type': 'text/html' }).end('<html>secret body</html>'); });
    const error = await rejection((await clientOf([server.url]).request({ url: server.url }, callWith())).json());
    expect(error.code).toBe('PROTOCOL');
    expect(error.message).toContain('status 200');
    expect(error.message).toContain('text/html');
    expect(error.message).not.toContain('secret');
  });

  it('has a body that is read once', async () => {
    const server = await httpServer((_request, response) => { response.end('once'); });
    const answer = await clientOf([server.url]).request({ url: server.url }, callWith());
    await answer.text();
    expect(await rejection(answer.text())).toMatchObject({ code: 'INTERNAL' });
    expect(() => answer.body[Symbol.asyncIterator]()).toThrow('read once');
  });

  it('hands on each part of a stream as it comes', async () => {
    const next = deferred();
    const server = await httpServer((_request, response) => {
      response.write('data: 1\n\n');
      void next.promise.then(() => response.end('data: 2\n\n'));
    });
    const chunks: string[] = [];
    for await (const chunk of (await clientOf([server.url]).request({ url: server.url }, callWith())).body) {
      chunks.push(Buffer.from(chunk).toString());
      next.resolve();
    }
    expect(chunks).toEqual(['data: 1\n\n', 'data: 2\n\n']);
  });

  it.each([
    ['gzip', gzipSync], ['x-gzip', gzipSync], ['deflate', deflateSync], ['deflate', deflateRawSync], ['br', brotliCompressSync], ['zstd', zstdCompressSync],
    ['gzip, br', (text: string) => brotliCompressSync(gzipSync(text))],
  ] as const)('in %s is decoded whole and as a stream (%#)', async (encoding, compress) => {
    const text = 'data: {"text":"grün"}\n\n'.repeat(500);
    const server = await httpServer((_request, response) => { response.writeHead(200, { 'content-encoding': encoding }).end(compress(text)); });
    const client = clientOf([server.url]);
    const whole = await client.request({ url: server.url }, callWith());
    expect(whole.headers['content-encoding']).toBeUndefined();
    expect(await whole.text()).toBe(text);
    expect(await textOf((await client.request({ url: server.url }, callWith())).body)).toBe(text);
  });

  it('gives what one network read brought as one array, however finely the server cut it', async () => {
    const waiting = deferred();
    const server = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      waiting.promise.then(() => socket.write('1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n'), () => {});
    });
    const body = (await clientOf([server.url]).request({ url: server.url }, callWith())).body[Symbol.asyncIterator]();
    const first = body.next();
    waiting.resolve();
    const chunks = [await first, await body.next()];
    expect(chunks.map(({ done, value }) => (done === true ? 'end' : Buffer.from(value as Uint8Array).toString()))).toEqual(['abc', 'end']);
  });

  it('in gzip gives each flushed event without waiting for the next', async () => {
    const { createGzip, constants } = await import('node:zlib');
    const next = deferred();
    const server = await httpServer((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
      gzip.pipe(response);
      gzip.write('data: 1\n\n');
      void next.promise.then(() => gzip.end('data: 2\n\n'));
    });
    const body = (await clientOf([server.url]).request({ url: server.url }, callWith())).body[Symbol.asyncIterator]();
    expect(Buffer.from((await body.next()).value).toString()).toBe('data: 1\n\n');
    next.resolve();
    expect(Buffer.from((await body.next()).value).toString()).toBe('data: 2\n\n');
    expect((await body.next()).done).toBe(true);
  });
});

describe('a connection', () => {
  it('is used again after a body was read', async () => {
    const server = await httpServer((_request, response) => { response.end('ok'); });
    const client = clientOf([server.url]);
    for (let count = 0; count < 20; count += 1) await (await client.request({ url: server.url }, callWith())).text();
    // undici lets a connection rest for one turn, so a request right after an answer may take a second one.
    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  it('is used again when the reader left a stream whose end came along', async () => {
    const server = await rawServer((socket) => { socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8\r\n[DONE]\n\n\r\n0\r\n\r\n'); });
    const client = clientOf([server.url]);
    for (let count = 0; count < 20; count += 1) {
      for await (const chunk of (await client.request({ url: server.url }, callWith())).body) if (chunk.length > 0) break;
    }
    expect(server.connections()).toBeLessThanOrEqual(2);
  });

  it('is used again when the last chunk comes soon after the reader left', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    atEnd(() => { vi.useRealTimers(); });
    const server = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n8\r\n[DONE]\n\n\r\n');
      left.promise.then(() => socket.write('0\r\n\r\n'), () => {});
    });
    const left = deferred();
    const client = clientOf([server.url], {}, { maxConnections: 1 });
    for await (const chunk of (await client.request({ url: server.url }, callWith())).body) if (chunk.length > 0) break;
    const next = client.request({ url: server.url }, callWith());
    left.resolve();
    expect(await (await next).text()).toContain('[DONE]');
    expect(server.connections()).toBe(1);
  });

  it('is closed at once when the reader leaves far from a known end', async () => {
    const server = await rawServer((socket) => { socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n${'x'.repeat(1000)}`); });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    atEnd(() => { vi.useRealTimers(); });
    for await (const chunk of (await clientOf([server.url]).request({ url: server.url }, callWith())).body) if (chunk.length > 0) break;
    await server.quiet();
    expect(server.sockets.size).toBe(0);
  });

  it('is closed when the reader leaves in the middle', async () => {
    const server = await httpServer((_request, response) => { response.write('data: 1\n\n'); });
    for await (const chunk of (await clientOf([server.url]).request({ url: server.url }, callWith())).body) if (chunk.length > 0) break;
    await server.quiet();
    expect(server.sockets.size).toBe(0);
  });

  it('is shared by backends, up to the limit per origin, beyond which requests wait', async () => {
    const waiting: (() => void)[] = [];
    const full = deferred();
    const server = await httpServer((_request, response) => {
      waiting.push(() => response.end('ok'));
      if (waiting.length === 2) full.resolve();
    });
    const network = http({ maxConnections: 2 });
    const clients = ['a', 'b'].map((backend) => network.clientFor({ backend, plugin: 'p', allowedHosts: [], configuredUrls: [server.url] }));
    const answers = [0, 1, 2, 3].map(async (index) => (await clients[index % 2]!.request({ url: server.url }, callWith())).text());
    await full.promise;
    expect(server.connections()).toBe(2);
    while (waiting.length > 0) {
      waiting.shift()!();
      await Promise.race([Promise.all(answers), new Promise(setImmediate)]);
    }
    const drain = setInterval(() => waiting.shift()?.(), 1);
    expect(await Promise.all(answers)).toEqual(['ok', 'ok', 'ok', 'ok']);
    clearInterval(drain);
    expect(server.connections()).toBe(2);
  });

  it('is held back by a slow reader, with little in memory', async () => {
    const size = 64 * 1024 * 1024;
    let written = 0;
    const block = Buffer.alloc(64 * 1024, 'x');
    const stalled = deferred();
    const server = await httpServer(async (_request, response) => {
      response.writeHead(200, { 'content-length': String(size) });
      while (written < size && !response.destroyed) {
        written += block.length;
        if (!response.write(block)) {
          if (written > block.length) stalled.resolve();
          await once(response, 'drain').catch(() => {});
        }
      }
      response.end();
    });
    const body = (await clientOf([server.url]).request({ url: server.url }, callWith())).body[Symbol.asyncIterator]();
    let read = (await body.next()).value.length as number;
    await stalled.promise;
    // The kernel's buffers take a few megabytes; the client itself no more than a read or two.
    for (let turn = 0; turn < 200; turn += 1) await new Promise(setImmediate);
    expect(written).toBeLessThan(size / 2);
    for (let part = await body.next(); part.done !== true; part = await body.next()) {
      expect(part.value.length).toBeLessThanOrEqual(256 * 1024);
      read += part.value.length;
    }
    expect(read).toBe(size);
  });

  it('cannot be had once the client is closed', async () => {
    const server = await httpServer((_request, response) => { response.end('ok'); });
    const network = http();
    const client = network.clientFor({ backend: 'a', plugin: 'p', allowedHosts: [], configuredUrls: [server.url] });
    await (await client.request({ url: server.url }, callWith())).text();
    await network.close();
    await network.close();
    await network.destroy();
    expect(await rejection(client.request({ url: server.url }, callWith()))).toMatchObject({ code: 'NETWORK', facts: { retryable: false } });
    await server.quiet();
  });

  it('is broken with NETWORK when the client is destroyed under it', async () => {
    const server = await httpServer((_request, response) => { response.write('a'); });
    const network = http();
    const answer = await network.clientFor({ backend: 'a', plugin: 'p', allowedHosts: [], configuredUrls: [server.url] }).request({ url: server.url }, callWith());
    const failed = rejection(answer.text());
    await network.destroy();
    expect(await failed).toMatchObject({ code: 'NETWORK' });
  });
});

import { describe, expect, it } from 'vitest';
import { inspect } from 'node:util';
import { createServer as createTlsServer } from 'node:https';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { callWith, clientOf, httpServer, rawServer, rejection, serve, textOf } from './loopback.ts';

/** A key and its self-signed certificate, made for these tests and good until 2126. */
function certificateOf(name: string): { readonly key: Buffer; readonly cert: Buffer } {
  return { key: readFileSync(new URL(`${name}.key.pem`, import.meta.url)), cert: readFileSync(new URL(`${name}.cert.pem`, import.meta.url)) };
}

const certificate = certificateOf('localhost');
const foreignCertificate = certificateOf('elsewhere');

const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n';

describe('a fault of the connection', () => {
  it('before it is made names the origin and is retryable', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as { port: number };
    free.close();
    await once(free, 'close');
    const url = `http://127.0.0.1:${port}`;
    const error = await rejection(clientOf([url]).request({ url: `${url}/v1?key=SECRET-KEY` }, callWith()));
    expect(error).toMatchObject({ code: 'NETWORK', facts: { retryable: true } });
    expect(error.message).toContain(url);
    expect(error.message).toContain('refused');
    expect(error.message).not.toContain('SECRET-KEY');
  });

  it('is told as an unknown host name where DNS has none', async () => {
    const url = 'http://no-such-host.invalid';
    const error = await rejection(clientOf([url]).request({ url }, callWith()));
    expect(error.code).toBe('NETWORK');
    expect(error.message).toMatch(/DNS/);
  });

  it('is NETWORK when the server closes before it answers', async () => {
    const server = await rawServer((socket) => { socket.resetAndDestroy(); });
    const error = await rejection(clientOf([server.url]).request({ url: server.url, body: '{}' }, callWith()));
    expect(error).toMatchObject({ code: 'NETWORK', facts: { retryable: true } });
    expect(error.message).toContain('before it answered');
  });

  it.each([
    ['a reset', 'transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n', 'reset'],
    ['an end without the last chunk', 'transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n', 'end'],
    ['an end before the announced length', 'content-length: 10\r\n\r\nabc', 'end'],
  ])('in the middle of an answer, by %s, gives what came and then NETWORK', async (_title, rest, how) => {
    const server = await rawServer((socket) => {
      socket.write(`${head}${rest}`, () => {
        if (how === 'end') socket.end();
        else setImmediate(() => socket.resetAndDestroy());
      });
    });
    let seen = '';
    const error = await rejection((async () => {
      for await (const chunk of (await clientOf([server.url]).request({ url: server.url }, callWith())).body) seen += Buffer.from(chunk).toString();
    })());
    expect(error).toMatchObject({ code: 'NETWORK', facts: { retryable: true } });
    expect('abc').toContain(seen);
  });

  it('in the middle of an answer rejects its text and its JSON', async () => {
    const server = await rawServer((socket) => { socket.end(`${head}content-length: 10\r\n\r\n{"a"`); });
    const client = clientOf([server.url]);
    expect(await rejection((await client.request({ url: server.url }, callWith())).text())).toMatchObject({ code: 'NETWORK' });
    expect(await rejection((await client.request({ url: server.url }, callWith())).json())).toMatchObject({ code: 'NETWORK' });
  });

  it('in the middle of compressed data is NETWORK, also where HTTP itself ends well', async () => {
    const whole = gzipSync('data: 1\n\n'.repeat(1000));
    const server = await httpServer((_request, response) => { response.writeHead(200, { 'content-encoding': 'gzip' }).end(whole.subarray(0, whole.length - 9)); });
    const client = clientOf([server.url]);
    expect(await rejection((await client.request({ url: server.url }, callWith())).text())).toMatchObject({ code: 'NETWORK' });
    expect(await rejection(textOf((await client.request({ url: server.url }, callWith())).body))).toMatchObject({ code: 'NETWORK' });
  });

  it('that is no compressed data at all is NETWORK', async () => {
    const server = await httpServer((_request, response) => { response.writeHead(200, { 'content-encoding': 'gzip' }).end('plain text'); });
    const error = await rejection((await clientOf([server.url]).request({ url: server.url }, callWith())).text());
    expect(error.code).toBe('NETWORK');
    expect(error.message).toContain('encoding');
  });

  it('that is no HTTP at all is told so', async () => {
    const server = await rawServer((socket) => { socket.end('SSH-2.0-OpenSSH_9.2\r\n\r\n'); });
    const error = await rejection(clientOf([server.url]).request({ url: server.url }, callWith()));
    expect(error).toMatchObject({ code: 'NETWORK', facts: { retryable: false } });
    expect(error.message).toContain('not HTTP');
    expect(inspect(error)).not.toContain('OpenSSH');
  });

  it('on an idle connection the server gave up is mended by one new try of a GET', async () => {
    const server = await rawServer((socket, request, connection) => {
      if (connection === 1 && request.includes('/second')) socket.resetAndDestroy();
      else socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n${connection}`);
    });
    const client = clientOf([server.url]);
    await (await client.request({ url: `${server.url}/first` }, callWith())).text();
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    expect(await (await client.request({ url: `${server.url}/second` }, callWith())).text()).toBe('2');
  });

  it('on a connection of its own is not tried again', async () => {
    let requests = 0;
    const server = await rawServer((socket) => {
      requests += 1;
      socket.resetAndDestroy();
    });
    await rejection(clientOf([server.url]).request({ url: server.url }, callWith()));
    expect(requests).toBe(1);
  });

  it('under a POST on a used connection is left to the caller, since it may have been carried out', async () => {
    let posts = 0;
    const server = await rawServer((socket, request) => {
      if (!request.startsWith('POST')) return void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
      posts += 1;
      socket.resetAndDestroy();
    });
    const client = clientOf([server.url]);
    await (await client.request({ url: server.url }, callWith())).text();
    for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
    expect(await rejection(client.request({ url: server.url, body: '{}' }, callWith()))).toMatchObject({ code: 'NETWORK', facts: { retryable: true } });
    expect(posts).toBe(1);
  });
});

describe('a secure connection', () => {
  it('with a certificate nobody vouches for is refused, not retryable, and says how to trust it', async () => {
    const server = await serve(createTlsServer(certificate, (_request, response) => { response.end('secure'); }), 'https');
    const error = await rejection(clientOf([server.url]).request({ url: server.url }, callWith()));
    expect(error).toMatchObject({ code: 'NETWORK', facts: { retryable: false } });
    expect(error.message).toContain('self-signed');
    expect(error.message).toContain('http.ca');
  });

  it('is trusted by a CA file of the config', async () => {
    const server = await serve(createTlsServer(certificate, (_request, response) => { response.end('secure'); }), 'https');
    const ca = fileURLToPath(new URL('localhost.cert.pem', import.meta.url));
    expect(await (await clientOf([server.url], {}, { ca: [ca] }).request({ url: server.url }, callWith())).text()).toBe('secure');
  });

  it('for another host name is told apart', async () => {
    const server = await serve(createTlsServer(foreignCertificate, (_request, response) => { response.end('secure'); }), 'https');
    const ca = fileURLToPath(new URL('elsewhere.cert.pem', import.meta.url));
    const error = await rejection(clientOf([server.url], {}, { ca: [ca] }).request({ url: server.url }, callWith()));
    expect(error).toMatchObject({ code: 'NETWORK', facts: { retryable: false } });
    expect(error.message).toContain('another host name');
  });

  it('to a server that speaks plain HTTP says so', async () => {
    const server = await httpServer((_request, response) => { response.end(); });
    const url = server.url.replace('http:', 'https:');
    const error = await rejection(clientOf([url]).request({ url }, callWith()));
    expect(error).toMatchObject({ code: 'NETWORK', facts: { retryable: false } });
    expect(error.message).toContain('does not speak TLS');
  });

  it('with a CA file that is missing names the file', async () => {
    const error = await rejection(clientOf(['https://127.0.0.1'], {}, { ca: ['/nowhere/own.pem'] }).request({ url: 'https://127.0.0.1' }, callWith()));
    expect(error).toMatchObject({ code: 'NETWORK', facts: { retryable: false } });
    expect(error.message).toContain('/nowhere/own.pem');
  });
});

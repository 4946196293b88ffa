import { describe, expect, it } from 'vitest';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CassettePlayer } from '../../src/http/cassette-player.ts';
import { CassetteRecorder } from '../../src/http/cassette-recorder.ts';
import { chunkBytes } from '../../src/http/cassette.ts';
import { WireLog } from '../../src/http/wire-log.ts';
import { atEnd, callWith, clientOf, httpServer, rawServer, rejection, textOf } from './loopback.ts';

const secret = 'sk-canary-0123456789abcdef';
const redact = (text: string): string => text.replaceAll(secret, '[secret apiKey]');

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'modelport-http-'));
  atEnd(() => rm(made, { recursive: true }));
  return made;
}

/** A server that cuts its answer where it likes: inside a character, inside a line. */
function cuttingServer(): ReturnType<typeof rawServer> {
  const bytes = Buffer.from('data: grün\n\ndata: zwei\n\n');
  return rawServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nx-request-id: r1\r\nset-cookie: session=abc\r\n\r\n');
    for (const part of [bytes.subarray(0, 9), bytes.subarray(9, 14), bytes.subarray(14)]) {
      socket.write(`${part.length.toString(16)}\r\n`);
      socket.write(part);
      socket.write('\r\n');
    }
    socket.write('0\r\n\r\n');
  });
}

describe('a cassette', () => {
  it('plays back status, headers and every chunk as the wire cut it, without a connection', async () => {
    const server = await cuttingServer();
    const file = join(await folder(), 'deep', 'chat.json');
    const recorder = new CassetteRecorder();
    const url = `${server.url}/v1/chat?key=${secret}`;
    const request = { url, headers: { authorization: `Bearer ${secret}` }, body: `{"prompt":"${secret}"}` };
    const live = await clientOf([server.url], { observers: [recorder], redact }).request(request, callWith());
    const liveText = await textOf(live.body);
    await recorder.save(file);
    const connections = server.connections();

    const player = await CassettePlayer.open(file);
    const replayed = await clientOf([server.url], { replay: player, redact }).request(request, callWith());
    const chunks: Buffer[] = [];
    for await (const chunk of replayed.body) chunks.push(Buffer.from(chunk));
    expect(replayed.status).toBe(200);
    expect(replayed.headers['x-request-id']).toBe('r1');
    expect(chunks.map((chunk) => chunk.length)).toEqual([9, 5, 11]);
    expect(Buffer.concat(chunks).toString()).toBe(liveText);
    expect(server.connections()).toBe(connections);
    expect(player.remaining).toBe(0);
  });

  it('holds no secret and no credential header, and is for its owner only', async () => {
    const server = await httpServer((_request, response) => { response.writeHead(200, { 'set-cookie': 'session=abc' }).end(`you sent ${secret}`); });
    const file = join(await folder(), 'chat.json');
    const recorder = new CassetteRecorder();
    const client = clientOf([server.url], { observers: [recorder], redact });
    await (await client.request({ url: `${server.url}/?api_key=${secret}`, headers: { authorization: `Bearer ${secret}`, 'x-api-key': 'unknown-to-redact' }, body: secret }, callWith())).text();
    await recorder.save(file);
    const text = await readFile(file, 'utf8');
    for (const leak of [secret, 'unknown-to-redact', 'session=abc']) expect(text).not.toContain(leak);
    expect(text).toContain('you sent [secret apiKey]');
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  it('finds a secret that a chunk border cuts', async () => {
    const server = await rawServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n');
      for (const part of [`a${secret.slice(0, 10)}`, `${secret.slice(10)}b`]) socket.write(`${part.length.toString(16)}\r\n${part}\r\n`);
      socket.write('0\r\n\r\n');
    });
    const recorder = new CassetteRecorder();
    await (await clientOf([server.url], { observers: [recorder], redact }).request({ url: server.url }, callWith())).text();
    const chunks = recorder.cassette().exchanges.at(0)?.response?.chunks.map(chunkBytes) ?? [];
    expect(chunks).toHaveLength(2);
    expect(Buffer.concat(chunks).toString()).toBe('a[secret apiKey]b');
  });

  it('records content decoded', async () => {
    const server = await httpServer((_request, response) => { response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('plain')); });
    const recorder = new CassetteRecorder();
    await (await clientOf([server.url], { observers: [recorder] }).request({ url: server.url }, callWith())).text();
    const response = recorder.cassette().exchanges.at(0)?.response;
    expect(response?.headers).not.toHaveProperty('content-encoding');
    expect(response?.chunks).toEqual([{ text: 'plain' }]);
  });

  it('answers equal requests in the order they were recorded, each once', async () => {
    let count = 0;
    const server = await httpServer((_request, response) => { response.end(String(count += 1)); });
    const recorder = new CassetteRecorder();
    const live = clientOf([server.url], { observers: [recorder] });
    for (let index = 0; index < 2; index += 1) await (await live.request({ url: server.url }, callWith())).text();
    const played = clientOf([server.url], { replay: new CassettePlayer(recorder.cassette(), 'two') });
    expect([await (await played.request({ url: server.url }, callWith())).text(), await (await played.request({ url: server.url }, callWith())).text()]).toEqual(['1', '2']);
    expect(await rejection(played.request({ url: server.url }, callWith()))).toMatchObject({ code: 'NETWORK', facts: { retryable: false } });
  });

  it('without the request says which requests it has', async () => {
    const server = await httpServer((_request, response) => { response.end('x'); });
    const recorder = new CassetteRecorder();
    await (await clientOf([server.url], { observers: [recorder] }).request({ url: `${server.url}/a`, body: '1' }, callWith())).text();
    const played = clientOf([server.url], { replay: new CassettePlayer(recorder.cassette(), 'chat.json') });
    const otherBody = await rejection(played.request({ url: `${server.url}/a`, body: '2' }, callWith()));
    expect(otherBody.message).toContain('chat.json');
    expect(otherBody.message).toContain('another body');
    expect((await rejection(played.request({ url: `${server.url}/b` }, callWith()))).message).toContain(`POST ${server.url}/a`);
  });

  it('plays back a fault of the connection where it happened', async () => {
    const server = await rawServer((socket) => { socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'); });
    const recorder = new CassetteRecorder();
    const live = await rejection((await clientOf([server.url], { observers: [recorder] }).request({ url: server.url }, callWith())).text());
    const played = await clientOf([server.url], { replay: new CassettePlayer(recorder.cassette(), 'cut') }).request({ url: server.url }, callWith());
    let seen = '';
    const error = await rejection((async () => { for await (const chunk of played.body) seen += Buffer.from(chunk).toString(); })());
    expect(seen).toBe('abc');
    expect(error).toMatchObject({ code: 'NETWORK', message: live.message, facts: { retryable: true } });
  });

  it('keeps the allow-list while it plays', async () => {
    const played = clientOf([], { replay: new CassettePlayer({ cassette: 1, exchanges: [] }, 'empty'), allowedHosts: ['api.acme.ai'] });
    expect(await rejection(played.request({ url: 'https://evil.example/' }, callWith()))).toMatchObject({ code: 'HOST_NOT_ALLOWED' });
  });

  it('that is missing or no cassette is refused by name', async () => {
    const file = join(await folder(), 'other.json');
    expect((await rejection(CassettePlayer.open(file))).message).toContain(file);
    await writeFile(file, '{"log":{}}');
    expect((await rejection(CassettePlayer.open(file))).message).toContain('no cassette');
  });
});

describe('a wire log', () => {
  async function logged(run: (log: WireLog, url: string) => Promise<void>, bodyBytes?: number): Promise<Record<string, unknown>[]> {
    const server = await httpServer((request, response) => {
      request.resume();
      if (request.url === '/cut') return void response.write('part', () => response.destroy());
      response.writeHead(200, { 'x-request-id': 'r1' }).end(`answer ${secret} ${'x'.repeat(200)}`);
    });
    const file = join(await folder(), 'logs', 'wire.jsonl');
    const log = new WireLog({ file, ...(bodyBytes === undefined ? {} : { bodyBytes }) });
    await run(log, server.url);
    await log.close();
    await log.close();
    expect((await stat(file)).mode & 0o077).toBe(0);
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain(secret);
    return text.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  it('holds request, response and body of each exchange, a JSON object a line, without secrets', async () => {
    const lines = await logged(async (log, url) => {
      await (await clientOf([url], { observers: [log], redact }).request({ url: `${url}/?key=${secret}`, headers: { authorization: secret }, body: `ask ${secret}` }, callWith())).text();
    });
    expect(lines.map(({ event }) => event)).toEqual(['request', 'response', 'end']);
    expect(lines[0]).toMatchObject({ backend: 'acme', callId: 'call-1', attempt: 1, method: 'POST', body: 'ask [secret apiKey]', headers: { authorization: '[redacted]' } });
    expect(lines[1]).toMatchObject({ status: 200, headers: { 'x-request-id': 'r1' } });
    expect(lines.at(2)?.['body']).toContain('answer [secret apiKey]');
  });

  it('keeps only so much of a body, and no part of a secret at the cut', async () => {
    const lines = await logged(async (log, url) => {
      await (await clientOf([url], { observers: [log], redact }).request({ url }, callWith())).text();
    }, 12);
    expect(lines.at(-1)).toMatchObject({ bytes: `answer ${secret} ${'x'.repeat(200)}`.length, cut: true, body: 'answer [secr' });
  });

  it('tells an exchange that broke off', async () => {
    const lines = await logged(async (log, url) => {
      await rejection((await clientOf([url], { observers: [log], redact }).request({ url: `${url}/cut` }, callWith())).text());
    });
    expect(lines.at(-1)).toMatchObject({ event: 'failed', body: 'part' });
    expect(lines.at(-1)?.['reason']).toContain('broke off');
  });

  it('that cannot be written reports it and stays out of the way', async () => {
    const server = await httpServer((_request, response) => { response.end('ok'); });
    const { promise, resolve } = Promise.withResolvers<Error>();
    const log = new WireLog({ file: await folder(), onError: resolve });
    const client = clientOf([server.url], { observers: [log] });
    expect(await (await client.request({ url: server.url }, callWith())).text()).toBe('ok');
    expect((await promise).message).toContain('EISDIR');
    expect(await (await client.request({ url: server.url }, callWith())).text()).toBe('ok');
    await log.close();
  });
});

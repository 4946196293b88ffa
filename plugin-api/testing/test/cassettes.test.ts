/** Recording and replaying for a plugin's own tests. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CallError } from '@modelport/plugin-api';
import { recordCassette, replayCassette, startRawServer, testCall, type RawAnswer, type ReceivedRequest } from '@modelport/testing';
import { describe, expect, onTestFinished, test } from 'vitest';

const secret = 'sk-canary-0123456789abcdef';

async function cassetteFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelport-cassette-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'deep', 'vendor.json');
}

async function server(answer: RawAnswer) {
  const started = await startRawServer(answer);
  onTestFinished(() => started.close());
  return started;
}

/** Answers with these chunks, each its own write. */
function inChunks(chunksOf: (request: ReceivedRequest) => readonly Buffer[]): RawAnswer {
  return async (request, socket) => {
    const write = (bytes: Buffer | string): Promise<void> => new Promise((resolve) => { socket.write(bytes, () => resolve()); });
    await write('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nx-request-id: r1\r\nset-cookie: session=abc\r\n\r\n');
    for (const chunk of chunksOf(request)) await write(Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]));
    await write('0\r\n\r\n');
  };
}

async function chunksOf(body: AsyncIterable<Uint8Array>): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return chunks;
}

async function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(() => 'no error', (error: unknown) => (CallError.is(error) ? [error.code, error.message] : error));
}

describe('a cassette', () => {
  test('replays status, headers and every byte in the chunks the wire delivered, without a connection', async () => {
    const file = await cassetteFile();
    // Cut inside a character, inside a line; and a chunk that is no text.
    const bytes = Buffer.concat([Buffer.from('data: grün\n\ndata: zwei\n\n'), Buffer.from([0xff, 0x00, 0xfe])]);
    const sent = [bytes.subarray(0, 9), bytes.subarray(9, 14), bytes.subarray(14)];
    const vendor = await server(inChunks(() => sent));
    const request = { url: `${vendor.url}/v1/chat`, body: '{"stream":true}' };
    {
      await using http = recordCassette({ file });
      expect(Buffer.concat(await chunksOf((await http.request(request, testCall())).body))).toEqual(bytes);
    }
    await vendor.close();
    const http = await replayCassette({ file });
    expect(http.remaining).toBe(1);
    const replayed = await http.request(request, testCall());
    expect([replayed.status, replayed.headers['x-request-id']]).toEqual([200, 'r1']);
    expect(await chunksOf(replayed.body)).toEqual(sent);
    expect(http.remaining).toBe(0);
  });

  test('holds no secret: not from URL, headers or body, not from the answer, in no form it travels in, and is for its owner only', async () => {
    const file = await cassetteFile();
    const odd = 'päss/word+1 "quoted"';
    const forms = [secret, odd, encodeURIComponent(odd), JSON.stringify(odd).slice(1, -1), Buffer.from(secret).toString('base64'), Buffer.from(odd).toString('base64url')];
    // The second answer is no UTF-8, and holds the key in the middle.
    const vendor = await server(inChunks(({ path, text }) => [Buffer.from(`${path} ${text} `), ...(path === '/binary' ? [Buffer.from([0xff]), Buffer.from(`x${secret}`), Buffer.from([0xfe])] : [])]));
    const secrets = { apiKey: secret, password: odd };
    const headers = { authorization: `Bearer ${secret}`, 'x-api-key': 'known-by-place-only' };
    const url = `${vendor.url}/v1/${encodeURIComponent(odd)}/chat?api_key=${secret}&q=${encodeURIComponent(odd)}`;
    {
      await using http = recordCassette({ file, secrets });
      await (await http.request({ url, headers, body: JSON.stringify({ forms }) }, testCall())).text();
      await (await http.request({ url: `${vendor.url}/binary` }, testCall())).text();
      await (await http.fetch(`${vendor.url}/fetched?key=${secret}`, { method: 'POST', body: forms.join(' ') })).text();
    }
    const written = await readFile(file, 'utf8');
    for (const leak of [...forms, 'known-by-place-only', 'session=abc']) expect(written).not.toContain(leak);
    const decoded = (JSON.parse(written) as { exchanges: { response: { chunks: ({ text?: string; base64?: string })[] } }[] }).exchanges
      .map(({ response }) => Buffer.concat(response.chunks.map(({ text, base64 }) => Buffer.from(text ?? base64 ?? '', text === undefined ? 'base64' : 'utf8'))).toString('latin1'));
    expect(decoded.join('\n')).not.toContain(secret);
    expect(written).toContain('[secret apiKey]');
    expect((await stat(file)).mode & 0o077).toBe(0);
    // Another key, of the same name, asks for the same.
    const http = await replayCassette({ file, secrets: { apiKey: 'sk-of-another-account', password: odd } });
    expect((await http.request({ url: `${vendor.url}/binary` }, testCall())).status).toBe(200);
    expect((await http.fetch(`${vendor.url}/fetched?key=sk-of-another-account`, { method: 'POST', body: forms.join(' ').replaceAll(secret, 'sk-of-another-account').replaceAll(forms[4]!, Buffer.from('sk-of-another-account').toString('base64')) })).status).toBe(200);
  });

  test('replays a connection that broke where it broke', async () => {
    const file = await cassetteFile();
    const vendor = await server((_request, socket) => { socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'); });
    const request = { url: vendor.url };
    const recorder = recordCassette({ file });
    const live = await codeOf((await recorder.request(request, testCall())).text());
    await recorder.close();
    await recorder.close();
    const { body } = await (await replayCassette({ file })).request(request, testCall());
    const seen: string[] = [];
    expect(await codeOf((async () => { for await (const chunk of body) seen.push(Buffer.from(chunk).toString()); })())).toEqual(live);
    expect([live, seen]).toEqual([['NETWORK', expect.any(String)], ['abc']]);
  });

  test('refuses what was not recorded, with what is left, and hosts that are not allowed', async () => {
    const file = await cassetteFile();
    const vendor = await server(inChunks(() => [Buffer.from('{}')]));
    await using recorder = recordCassette({ file, allowedHosts: ['127.0.0.1'] });
    await (await recorder.request({ url: `${vendor.url}/a`, body: '1' }, testCall())).json();
    expect(await codeOf(recorder.request({ url: 'https://elsewhere.example/' }, testCall()))).toEqual(['HOST_NOT_ALLOWED', expect.stringContaining('elsewhere.example')]);
    await recorder.close();
    const http = await replayCassette({ file, allowedHosts: ['127.0.0.1'] });
    expect(await codeOf(http.request({ url: `${vendor.url}/a`, body: '2' }, testCall()))).toEqual(['NETWORK', expect.stringContaining('another body')]);
    expect(await codeOf(http.request({ url: `${vendor.url}/b` }, testCall()))).toEqual(['NETWORK', expect.stringContaining(`POST ${vendor.url}/a`)]);
    expect(await codeOf(http.request({ url: 'https://elsewhere.example/' }, testCall()))).toEqual(['HOST_NOT_ALLOWED', expect.stringContaining('elsewhere.example')]);
    expect(http.remaining).toBe(1);
  });

  test('that is missing, or is another kind of file, is refused by name', async () => {
    const file = await cassetteFile();
    expect(await codeOf(replayCassette({ file }))).toEqual(['NETWORK', expect.stringContaining(file)]);
    const other = join(file, '..', '..', 'other.json');
    await writeFile(other, '{"log":{}}');
    expect(await codeOf(replayCassette({ file: other }))).toEqual(['NETWORK', expect.stringContaining('no cassette')]);
  });
});

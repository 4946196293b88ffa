/** The scripted upstream: what it sends is scripted to the byte, and its faults are real ones of a socket. */
import { CallError } from '@modelport/plugin-api';
import { createNodeHttpClient, createOpenAIUpstream, startRawServer, testCall, type Fault, type OpenAIUpstream, type Turn } from '@modelport/testing';
import { describe, expect, onTestFinished, test } from 'vitest';

async function upstreamOf(...turns: readonly Turn[]): Promise<OpenAIUpstream> {
  const upstream = await createOpenAIUpstream({ turns });
  onTestFinished(() => upstream.close());
  return upstream;
}

/** The reads of one answer's body, and what it ended with. */
async function read(upstream: OpenAIUpstream, path: string, body: object): Promise<{ status: number; headers: Readonly<Record<string, string>>; reads: string[]; text: string; error: unknown }> {
  const http = createNodeHttpClient();
  onTestFinished(() => http.close());
  const reads: string[] = [];
  let status = 0;
  let headers = {};
  let error: unknown;
  try {
    const response = await http.request({ url: upstream.baseUrl + path, body: JSON.stringify(body) }, testCall());
    ({ status, headers } = response);
    for await (const bytes of response.body) reads.push(Buffer.from(bytes).toString('latin1'));
  } catch (thrown) {
    error = thrown;
  }
  return { status, headers, reads, text: Buffer.from(reads.join(''), 'latin1').toString('utf8'), error };
}

const streaming = { model: 'm', stream: true, stream_options: { include_usage: true } };

test('a script gives the same bytes in every run', async () => {
  const turn: Turn = { text: ['a', 'b'], toolCalls: [{ name: 'f', arguments: '{}' }] };
  const first = await read(await upstreamOf(turn), '/chat/completions', streaming);
  const second = await read(await upstreamOf(turn), '/chat/completions', streaming);
  expect(second.text).toBe(first.text);
  expect(first.text.startsWith('data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1760000000,"model":"m"')).toBe(true);
  expect(first.text.endsWith('data: [DONE]\n\n')).toBe(true);
});

test('turns answer in their order, the last one again and again, and a new script from then on', async () => {
  const upstream = await upstreamOf({ text: 'one' }, { text: 'two' });
  const texts: string[] = [];
  for (let number = 0; number < 3; number += 1) texts.push((await read(upstream, '/chat/completions', { model: 'm' })).text);
  upstream.script({ text: 'three' });
  texts.push((await read(upstream, '/chat/completions', { model: 'm' })).text);
  expect(texts.map((text) => (JSON.parse(text) as { choices: { message: { content: string } }[] }).choices[0]?.message.content)).toEqual(['one', 'two', 'two', 'three']);
  expect(upstream.requests).toHaveLength(4);
  expect(upstream.acceptedConnections).toBeGreaterThanOrEqual(1);
});

test('usage comes in a stream only when it is asked for', async () => {
  const upstream = await upstreamOf({ text: 'x' });
  expect((await read(upstream, '/chat/completions', { model: 'm', stream: true })).text).not.toContain('usage');
  expect((await read(upstream, '/chat/completions', streaming)).text).toContain('"prompt_tokens":11');
});

test('requests are kept with their headers and body, also when they come in chunks', async () => {
  const upstream = await upstreamOf({ text: 'x' });
  const chunked = new ReadableStream({
    start(controller) {
      for (const piece of ['{"model":', '"m"}']) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });
  const response = await fetch(`${upstream.baseUrl}/chat/completions`, { method: 'POST', body: chunked, duplex: 'half', headers: { 'X-Trace': 't' } } as RequestInit);
  await response.text();
  expect(upstream.requests[0]).toMatchObject({ method: 'POST', path: '/v1/chat/completions', body: { model: 'm' }, headers: { 'x-trace': 't', 'transfer-encoding': 'chunked' } });
});

describe('faults', () => {
  const send = async (faults: readonly Fault[], turn: Turn = { text: 'Hi' }) => read(await upstreamOf({ ...turn, faults }), '/chat/completions', streaming);

  test('the lines of a stream', async () => {
    const clean = await send([]);
    expect((await send([{ type: 'crlf' }])).text).toBe(clean.text.replaceAll('\n', '\r\n'));
    expect((await send([{ type: 'byte-order-mark' }])).text).toBe(`\uFEFF${clean.text}`);
    expect((await send([{ type: 'no-space' }])).text).toBe(clean.text.replaceAll('data: ', 'data:'));
    expect((await send([{ type: 'no-done' }])).text).toBe(clean.text.replace('data: [DONE]\n\n', ''));
    expect((await send([{ type: 'no-final-newline' }])).text).toBe(clean.text.trimEnd());
    expect((await send([{ type: 'comments' }])).text.match(/^: PROCESSING$/gm)).toHaveLength(5);
    expect((await send([{ type: 'long-line', bytes: 500_000 }])).text.length).toBe(clean.text.length + 500_002);
    expect((await send([{ type: 'events-after-done', events: [{ a: 1 }] }])).text).toBe(`${clean.text}data: {"a":1}\n\n`);
    expect((await send([{ type: 'error-event', before: 1, error: { error: { message: 'x' } } }])).text).toBe(`${clean.text.slice(0, clean.text.indexOf('\n\n') + 2)}data: {"error":{"message":"x"}}\n\n`);
    expect((await send([{ type: 'unreadable-event', before: 0 }])).text).toBe(`data: {"choices":[{"delta":{"con\n\n${clean.text}`);
  });

  test('the form of an answer', async () => {
    const clean = await send([]);
    const html = await send([{ type: 'html', status: 502 }]);
    expect({ status: html.status, type: html.headers['content-type'], page: html.text.startsWith('<!doctype html>') }).toEqual({ status: 502, type: 'text/html', page: true });
    expect((await send([{ type: 'json-instead-of-stream' }])).headers['content-type']).toBe('application/json');
    const packed = await send([{ type: 'gzip' }]);
    expect({ encoding: packed.headers['content-encoding'], text: packed.text }).toEqual({ encoding: 'gzip', text: clean.text });
    const split = await send([{ type: 'split', at: [3, 10] }]);
    expect(split.text).toBe(clean.text);
    expect(split.error).toBeUndefined();
  });

  test('the connection', async () => {
    const codes: (string | undefined)[] = [];
    for (const fault of [{ type: 'reset-before-header' }, { type: 'reset', afterBytes: 5 }, { type: 'close', afterBytes: 5 }] as const) {
      const { error } = await send([fault]);
      codes.push(CallError.is(error) ? error.code : undefined);
    }
    expect(codes).toEqual(['NETWORK', 'NETWORK', 'NETWORK']);
    const cut = await send([{ type: 'cut', afterBytes: 5 }]);
    expect({ text: cut.text, error: cut.error }).toEqual({ text: 'data:', error: undefined });
  });

  test.each([[{ type: 'silence' }], [{ type: 'stall', afterBytes: 5 }], [{ type: 'endless-line' }]] as const)('%j holds until the client leaves', async (fault) => {
    const upstream = await upstreamOf({ text: 'Hi', faults: [fault] });
    const http = createNodeHttpClient();
    onTestFinished(() => http.close());
    const controller = new AbortController();
    const reason = new Error('left');
    const reading = (async () => {
      const response = await http.request({ url: `${upstream.baseUrl}/chat/completions`, body: '{"stream":true}' }, testCall({ signal: controller.signal }));
      await response.text();
    })();
    const outcome = reading.then(() => undefined, (error: unknown) => error);
    await expect.poll(() => upstream.requests.length).toBe(1);
    controller.abort(reason);
    expect(await outcome).toBe(reason);
    await upstream.requests[0]?.closed;
    await expect.poll(() => upstream.openConnections).toBe(0);
  });
});

test('a server of one’s own answers on the bare socket', async () => {
  const server = await startRawServer((request, socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${request.path.length}\r\n\r\n${request.path}`);
  });
  onTestFinished(() => server.close());
  const http = createNodeHttpClient();
  onTestFinished(() => http.close());
  for (const path of ['/a', '/bcd']) expect(await (await http.request({ url: server.url + path }, testCall())).text()).toBe(path);
  expect(server.acceptedConnections).toBe(1);
});

import { describe, expect, it } from 'vitest';
import { callWith, clientOf, deferred, httpServer, limits, rawServer, rejection, textOf } from './loopback.ts';

describe('fetch for vendor SDKs', () => {
  const echo = () => httpServer(async (request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'x-own': 'yes' }).end(JSON.stringify({ method: request.method, headers: request.headers, body: await textOf(request) }));
  });

  it('answers with a Response of the platform', async () => {
    const server = await echo();
    const { fetch } = clientOf([server.url], { headers: { 'x-team': 'blue' } });
    const response = await fetch(`${server.url}/v1`, { method: 'POST', headers: { authorization: 'Bearer k', 'content-type': 'application/json' }, body: '{"a":1}' });
    expect(response).toBeInstanceOf(Response);
    expect([response.ok, response.status, response.url, response.redirected, response.headers.get('x-own')]).toEqual([true, 200, `${server.url}/v1`, false, 'yes']);
    expect(await response.json()).toMatchObject({ method: 'POST', body: '{"a":1}', headers: { authorization: 'Bearer k', 'content-length': '7', 'x-team': 'blue' } });
  });

  it('takes a Request, form data and a streamed body', async () => {
    const server = await echo();
    const { fetch } = clientOf([server.url]);
    expect(await (await fetch(new Request(server.url, { method: 'PUT', body: 'whole' }))).json()).toMatchObject({ method: 'PUT', body: 'whole' });
    const form = new FormData();
    form.set('file', new Blob(['content']), 'a.txt');
    const posted = await (await fetch(server.url, { method: 'POST', body: form })).json() as { body: string; headers: Record<string, string> };
    expect(posted.body).toContain('content');
    expect(posted.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    const stream = new ReadableStream({ start(controller) { controller.enqueue(new TextEncoder().encode('streamed')); controller.close(); } });
    expect(await (await fetch(server.url, { method: 'POST', body: stream, duplex: 'half' } as RequestInit)).json()).toMatchObject({ body: 'streamed', headers: { 'transfer-encoding': 'chunked' } });
  });

  it('gives statuses without a body and decodes content', async () => {
    const server = await httpServer((_request, response) => { response.writeHead(204).end(); });
    const response = await clientOf([server.url]).fetch(server.url);
    expect([response.status, response.body, await response.text()]).toEqual([204, null, '']);
  });

  it('refuses a host that is not allowed, with the call error as cause', async () => {
    const error = await rejection(clientOf([], { allowedHosts: ['api.acme.ai'] }).fetch('http://evil.example/'));
    expect(error).toBeInstanceOf(TypeError);
    expect(error.cause).toMatchObject({ code: 'HOST_NOT_ALLOWED' });
  });

  it('follows, hands over or refuses a redirect as asked, and checks each hop', async () => {
    const target = await httpServer((request, response) => { response.end(`there ${request.headers.authorization ?? 'without'}`); });
    const server = await httpServer((_request, response) => { response.writeHead(302, { location: target.url }).end(); });
    const { fetch } = clientOf([server.url, target.url]);
    const followed = await fetch(server.url, { headers: { authorization: 'Bearer k' } });
    expect([followed.redirected, followed.url, await followed.text()]).toEqual([true, `${target.url}/`, 'there without']);
    expect((await fetch(server.url, { redirect: 'manual' })).status).toBe(302);
    expect(await rejection(fetch(server.url, { redirect: 'error' }))).toBeInstanceOf(TypeError);
    expect((await rejection(clientOf([server.url]).fetch(server.url))).cause).toMatchObject({ code: 'HOST_NOT_ALLOWED' });
  });

  it('rejects with the reason of the signal, before and in the middle of the body', async () => {
    const arrived = deferred();
    const server = await httpServer((_request, response) => { response.write('a'); arrived.resolve(); });
    const { fetch } = clientOf([server.url]);
    const reason = new Error('the caller left');
    expect(await rejection(fetch(server.url, { signal: AbortSignal.abort(reason) }))).toBe(reason);
    const controller = new AbortController();
    const response = await fetch(server.url, { signal: controller.signal });
    await arrived.promise;
    const failed = rejection(response.text());
    controller.abort(reason);
    expect(await failed).toBe(reason);
    await server.quiet();
  });

  it('closes the connection when the body is cancelled', async () => {
    const server = await httpServer((_request, response) => { response.write('data: 1\n\n'); });
    const response = await clientOf([server.url]).fetch(server.url);
    await response.body?.cancel();
    await server.quiet();
    expect(server.sockets.size).toBe(0);
  });

  it('keeps the time limits', async () => {
    const server = await rawServer(() => {});
    const error = await rejection(clientOf([server.url], { limits: limits({ firstPartMs: 40 }) }).fetch(server.url));
    expect(error.cause).toMatchObject({ code: 'TIMEOUT', facts: { limit: 'header' } });
  });

  it('breaks off a body with an error the SDK sees', async () => {
    const server = await rawServer((socket) => { socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc'); });
    const response = await clientOf([server.url]).fetch(server.url);
    expect((await rejection(response.text())).cause).toMatchObject({ code: 'NETWORK' });
  });

  it('serves the same backend as `request` over the same connections', async () => {
    const server = await echo();
    const client = clientOf([server.url], {}, { maxConnections: 1 });
    await (await client.fetch(server.url)).text();
    await (await client.request({ url: server.url }, callWith())).text();
    expect(server.connections()).toBe(1);
  });
});

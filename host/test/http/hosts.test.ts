import { describe, expect, it } from 'vitest';
import { createServer as createTlsServer } from 'node:https';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { createServer as createHttpServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { isPrivateAddress } from '../../src/http/address.ts';
import { HostPolicy } from '../../src/http/host-policy.ts';
import { callWith, clientOf, httpServer, rejection, serve, type Loopback } from './loopback.ts';

/** A decision as a word. */
function decide(url: string, allowedHosts: readonly string[], configuredUrls: readonly string[] = [], allowPrivate = false): string {
  try {
    return new HostPolicy({ backend: 'acme', plugin: 'modelport-plugin-acme', allowedHosts, configuredUrls }, allowPrivate).check(new URL(url));
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('the allow-list', () => {
  it.each([
    ['https://api.acme.ai/v1', ['api.acme.ai'], 'public'],
    ['https://API.acme.AI:8443/v1', ['Api.Acme.ai'], 'public'],
    ['https://api.acme.ai:8443/', ['api.acme.ai:8443'], 'public'],
    ['https://api.acme.ai/', ['api.acme.ai:8443'], 'HOST_NOT_ALLOWED'],
    ['https://eu.api.acme.ai/', ['*.acme.ai'], 'public'],
    ['https://acme.ai/', ['*.acme.ai'], 'HOST_NOT_ALLOWED'],
    ['https://evilacme.ai/', ['*.acme.ai'], 'HOST_NOT_ALLOWED'],
    ['https://acme.ai.evil.example/', ['acme.ai'], 'HOST_NOT_ALLOWED'],
    ['https://api.acme.ai@evil.example/', ['api.acme.ai'], 'HOST_NOT_ALLOWED'],
    ['https://anything.example/', ['undeclared'], 'public'],
    ['ftp://api.acme.ai/', ['api.acme.ai'], 'REQUEST_INVALID'],
    ['file:///etc/passwd', ['undeclared'], 'REQUEST_INVALID'],
  ])('answers %s under %j with %s', (url, allowed, decision) => {
    expect(decide(url, allowed)).toBe(decision);
  });

  it.each([
    'http://localhost/', 'http://x.localhost/', 'http://127.0.0.1/', 'http://2130706433/', 'http://0x7f.1/', 'http://127.1/', 'http://[::1]/', 'http://[::ffff:127.0.0.1]/', 'http://[::ffff:a00:1]/',
    'http://10.1.2.3/', 'http://172.16.0.1/', 'http://192.168.1.1/', 'http://169.254.169.254/latest/meta-data', 'http://100.64.0.1/', 'http://0.0.0.0/', 'http://[fd00::1]/', 'http://[fe80::1]/', 'http://[64:ff9b::a00:1]/', 'http://[2002:a00:1::]/',
  ])('never lets `undeclared` reach the private address %s', (url) => {
    expect(decide(url, ['undeclared'])).toBe('HOST_NOT_ALLOWED');
  });

  it('lets a URL the user wrote reach a private address, on its port only', () => {
    expect(decide('http://10.1.2.3:11434/api', [], ['http://10.1.2.3:11434'])).toBe('any');
    expect(decide('http://10.1.2.3:22/', [], ['http://10.1.2.3:11434'])).toBe('HOST_NOT_ALLOWED');
    expect(decide('https://gpu.corp/x', [], ['https://gpu.corp'])).toBe('any');
  });

  it('lets a private host that is declared by name be reached, and any allowed one where the config says so', () => {
    expect(decide('http://localhost:11434/', ['localhost'])).toBe('any');
    expect(decide('http://10.0.0.1/', ['undeclared'], [], true)).toBe('any');
  });

  it('takes public addresses for public', () => {
    for (const address of ['1.1.1.1', '8.8.8.8', '172.32.0.1', '2606:4700::1111']) expect([address, isPrivateAddress(address)]).toEqual([address, false]);
  });

  it('refuses before any connection, naming backend, plugin and hosts but not the query', async () => {
    const server = await httpServer((_request, response) => { response.end(); });
    const error = await rejection(clientOf([], { allowedHosts: ['api.acme.ai'] }).request({ url: `${server.url}/?key=SECRET` }, callWith()));
    expect(error).toMatchObject({ code: 'HOST_NOT_ALLOWED' });
    for (const part of ['"acme"', 'modelport-plugin-acme', 'api.acme.ai', `127.0.0.1:${server.port}`]) expect(error.message).toContain(part);
    expect(error.message).not.toContain('SECRET');
    expect(server.connections()).toBe(0);
  });

  it('refuses a name that resolves to a private address', async () => {
    const server = await httpServer((_request, response) => { response.end(); });
    // This name of the machine resolves to loopback, as a name under an attacker's control could.
    const { hostname } = await import('node:os');
    const { lookup } = await import('node:dns/promises');
    const name = await lookup(hostname()).then(() => hostname(), () => 'localhost.localdomain');
    const resolves = await lookup(name).then(({ address }) => isPrivateAddress(address), () => false);
    const error = await rejection(clientOf([], { allowedHosts: ['undeclared'] }).request({ url: `http://${name}:${server.port}/` }, callWith()));
    expect(error.code).toBe(resolves ? 'HOST_NOT_ALLOWED' : 'NETWORK');
    expect(server.connections()).toBe(0);
  });

  it('refuses what is no URL', async () => {
    expect(await rejection(clientOf([]).request({ url: '/v1/chat' }, callWith()))).toMatchObject({ code: 'REQUEST_INVALID' });
  });
});

describe('a redirect', () => {
  const echo = () => httpServer((request, response) => { response.end(JSON.stringify({ method: request.method, headers: request.headers, url: request.url })); });
  const to = (status: number, location: () => string) => httpServer((_request, response) => { response.writeHead(status, { location: location() }).end('moved'); });

  it.each([301, 302, 303, 307, 308])('of status %i is followed by a GET', async (status) => {
    const target = await echo();
    const server = await to(status, () => `${target.url}/new`);
    const answer = await clientOf([server.url, target.url]).request({ url: server.url }, callWith());
    expect(await answer.json()).toMatchObject({ method: 'GET', url: '/new' });
  });

  it.each([[307, 200], [308, 200], [301, 301], [302, 302], [303, 303]])('of status %i ends a POST with status %i', async (status, ends) => {
    const target = await echo();
    const server = await to(status, () => target.url);
    const answer = await clientOf([server.url, target.url]).request({ url: server.url, body: '{}' }, callWith());
    expect(answer.status).toBe(ends);
    expect(await answer.text()).toContain(ends === 200 ? '"method":"POST"' : 'moved');
  });

  it('to another origin takes no credential along, neither the plugin\'s nor the user\'s', async () => {
    const target = await echo();
    const server = await to(307, () => target.url);
    const answer = await clientOf([server.url, target.url], { headers: { 'X-Team': 'blue' } }).request({ url: server.url, headers: { Authorization: 'Bearer k', 'x-api-key': 'k', 'api-key': 'k', 'x-goog-api-key': 'k', Cookie: 'a=b', 'proxy-authorization': 'k', accept: 'text/plain' }, body: '{}' }, callWith());
    const { headers } = await answer.json() as { headers: Record<string, string> };
    expect(Object.keys(headers).toSorted()).toEqual(['accept', 'connection', 'content-length', 'content-type', 'host']);
  });

  it('within one origin keeps the credentials', async () => {
    const server = await httpServer((request, response) => {
      if (request.url === '/old') response.writeHead(308, { location: '/new' }).end();
      else response.end(request.headers.authorization);
    });
    expect(await (await clientOf([server.url]).request({ url: `${server.url}/old`, headers: { authorization: 'Bearer k' } }, callWith())).text()).toBe('Bearer k');
  });

  it('to a host that is not allowed is refused before it is connected to', async () => {
    const target = await echo();
    const server = await to(302, () => target.url);
    expect(await rejection(clientOf([server.url]).request({ url: server.url }, callWith()))).toMatchObject({ code: 'HOST_NOT_ALLOWED' });
    expect(target.connections()).toBe(0);
  });

  it('is followed five times and no more', async () => {
    const server: Loopback = await httpServer((request, response) => {
      const count = Number(request.url?.slice(1));
      if (count === 0) response.end('there');
      else response.writeHead(302, { location: `/${count - 1}` }).end();
    });
    const client = clientOf([server.url]);
    expect(await (await client.request({ url: `${server.url}/5` }, callWith())).text()).toBe('there');
    expect(await rejection(client.request({ url: `${server.url}/6` }, callWith()))).toMatchObject({ code: 'NETWORK', facts: { retryable: false } });
  });

  it('does not send a streamed body twice', async () => {
    const target = await echo();
    const server = await to(307, () => target.url);
    async function* body(): AsyncGenerator<Uint8Array> { yield Buffer.from('x'); }
    expect((await clientOf([server.url, target.url]).request({ url: server.url, body: body() }, callWith())).status).toBe(307);
  });
});

describe('a proxy', () => {
  /** A proxy that forwards and tunnels to one server, whatever host was asked for. */
  async function proxyTo(port: number): Promise<Loopback & { readonly asked: string[] }> {
    const asked: string[] = [];
    const proxy = createHttpServer((request, response) => {
      asked.push(`${request.method} ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
      response.end('forwarded');
    });
    proxy.on('connect', (request, socket) => {
      asked.push(`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
      const upstream = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on('error', () => socket.destroy());
      socket.on('error', () => upstream.destroy());
      socket.on('close', () => upstream.destroy());
    });
    return { ...(await serve(proxy, 'http')), asked };
  }

  it('from the environment carries http requests, with its password but not in any message', async () => {
    const proxy = await proxyTo(1);
    const client = clientOf([], { allowedHosts: ['api.acme.test'] }, { environment: { HTTP_PROXY: `http://user:pass@127.0.0.1:${proxy.port}` } });
    const answer = await client.request({ url: 'http://api.acme.test/v1' }, callWith());
    expect(await answer.text()).toBe('forwarded');
    expect(proxy.asked).toEqual([`GET http://api.acme.test/v1 Basic ${Buffer.from('user:pass').toString('base64')}`]);
  });

  it('from the config tunnels https requests to a host it never resolves here', async () => {
    const ca = fileURLToPath(new URL('elsewhere.cert.pem', import.meta.url));
    const server = await serve(createTlsServer({ key: readFileSync(new URL('elsewhere.key.pem', import.meta.url)), cert: readFileSync(ca) }, (_request, response) => { response.end('secure'); }), 'https');
    const proxy = await proxyTo(server.port);
    const client = clientOf([], { allowedHosts: ['elsewhere.example'] }, { proxy: proxy.url, ca: [ca] });
    expect(await (await client.request({ url: 'https://elsewhere.example/v1' }, callWith())).text()).toBe('secure');
    expect(proxy.asked).toEqual(['CONNECT elsewhere.example:443']);
  });

  it('is not asked for loopback nor for what NO_PROXY names', async () => {
    const server = await httpServer((_request, response) => { response.end('direct'); });
    const environment = { HTTP_PROXY: 'http://127.0.0.1:1', NO_PROXY: 'corp.example' };
    expect(await (await clientOf([server.url], {}, { environment }).request({ url: server.url }, callWith())).text()).toBe('direct');
  });

  it('does not widen the allow-list', async () => {
    const proxy = await proxyTo(1);
    const client = clientOf([], { allowedHosts: ['api.acme.test'] }, { proxy: proxy.url });
    expect(await rejection(client.request({ url: 'http://other.test/' }, callWith()))).toMatchObject({ code: 'HOST_NOT_ALLOWED' });
    expect(await rejection(client.request({ url: 'http://169.254.169.254/' }, callWith()))).toMatchObject({ code: 'HOST_NOT_ALLOWED' });
    expect(proxy.asked).toEqual([]);
  });

  it('that is down, or whose URL is none, is told without its password', async () => {
    const down = await rejection(clientOf([], { allowedHosts: ['api.acme.test'] }, { proxy: 'http://user:hunter2@127.0.0.1:1' }).request({ url: 'https://api.acme.test/' }, callWith()));
    expect(down.code).toBe('NETWORK');
    const wrong = await rejection(clientOf([], { allowedHosts: ['api.acme.test'] }, { proxy: 'user:hunter2@proxy' }).request({ url: 'https://api.acme.test/' }, callWith()));
    expect(wrong.code).toBe('REQUEST_INVALID');
    for (const { message } of [down, wrong]) expect(message).not.toContain('hunter2');
  });
});

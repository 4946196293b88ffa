import { describe, expect, it } from 'vitest';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect, Socket } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { inPluginFrame } from '../../src/http/plugin-frame.ts';
import { installSocketGuard, type RefusedSocket } from '../../src/http/socket-guard.ts';
import { atEnd, callWith, clientOf, httpServer, rejection, type Loopback } from './loopback.ts';

const grant = { backend: 'acme', plugin: 'modelport-plugin-acme', allowedHosts: ['api.acme.ai'] };

function guard(): RefusedSocket[] {
  const refused: RefusedSocket[] = [];
  atEnd(installSocketGuard({ onRefused: (socket) => refused.push(socket) }));
  return refused;
}

const ways: readonly (readonly [string, (host: string, server: Loopback) => Promise<unknown>])[] = [
  ['node:net', async (host, server) => once(connect(server.port, host), 'connect')],
  ['a bare socket', async (host, server) => once(new Socket().connect(server.port, host), 'connect')],
  ['node:tls', async (host, server) => once(tlsConnect(server.port, host), 'secureConnect')],
  ['node:http', async (host, server) => once(httpRequest({ host, port: server.port }).end(), 'response')],
  ['fetch', async (host, server) => (await fetch(`http://${host}:${server.port}/`)).text()],
];

describe('the socket guard', () => {
  it.each(ways.flatMap(([way, open]) => ['localhost', '127.0.0.1'].map((host) => [way, host, open] as const)))('refuses what a plugin opens with %s to %s', async (_way, host, open) => {
    let requests = 0;
    const server = await httpServer((_request, response) => { requests += 1; response.end(); });
    const refused = guard();
    const error = await rejection(inPluginFrame(grant, () => open(host, server)));
    expect(error.code ?? (error.cause as { code: string }).code).toBe('HOST_NOT_ALLOWED');
    expect(refused).toEqual([{ backend: 'acme', plugin: 'modelport-plugin-acme', host }]);
    expect(requests).toBe(0);
    await server.quiet();
  });

  it('lets a declared host pass, with or without its port', async () => {
    const server = await httpServer((_request, response) => { response.end('ok'); });
    const refused = guard();
    for (const allowedHosts of [['localhost'], [`localhost:${server.port}`]]) {
      expect(await inPluginFrame({ ...grant, allowedHosts }, async () => (await fetch(`http://localhost:${server.port}/`, { headers: { connection: 'close' } })).text())).toBe('ok');
    }
    expect(refused).toEqual([]);
  });

  it('lets the host\'s own sockets pass, and those its client opens for a plugin', async () => {
    const server = await httpServer((_request, response) => { response.end('ok'); });
    const refused = guard();
    const client = clientOf([server.url]);
    expect(await inPluginFrame(grant, async () => (await client.request({ url: server.url }, callWith())).text())).toBe('ok');
    const own = connect(server.port, '127.0.0.1');
    await once(own, 'connect');
    own.destroy();
    expect(refused).toEqual([]);
  });

  it('lets the client reach a proxy that the plugin itself may not', async () => {
    const proxy = await httpServer((request, response) => { response.end(`forwarded ${request.url}`); });
    const refused = guard();
    const client = clientOf([], { allowedHosts: ['api.acme.test'] }, { proxy: proxy.url });
    expect(await inPluginFrame(grant, async () => (await client.request({ url: 'http://api.acme.test/v1' }, callWith())).text())).toBe('forwarded http://api.acme.test/v1');
    expect(refused).toEqual([]);
  });

  it('is gone once it is taken away', async () => {
    const server = await httpServer((_request, response) => { response.end('ok'); });
    const refused: RefusedSocket[] = [];
    installSocketGuard({ onRefused: (socket) => refused.push(socket) })();
    const socket = inPluginFrame(grant, () => connect(server.port, '127.0.0.1'));
    await once(socket, 'connect');
    socket.destroy();
    expect(refused).toEqual([]);
  });
});

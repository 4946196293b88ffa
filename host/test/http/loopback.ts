/** Servers on loopback for the tests of the HTTP client, and what closes them again. */
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSocketServer, type AddressInfo, type Server as SocketServer, type Socket } from 'node:net';
import { once } from 'node:events';
import type { Call, HttpClient } from '@modelport/plugin-api';
import { afterEach } from 'vitest';
import { createHttp, type Http } from '../../src/http/http.ts';
import { defaultHttpLimits, type HttpGrant, type HttpLimits, type HttpSettings } from '../../src/http/settings.ts';

const closers: (() => Promise<unknown> | void)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Runs at the end of the running test. */
export function atEnd(close: () => Promise<unknown> | void): void {
  closers.push(close);
}

/** A server and where it listens. */
export interface Loopback {
  readonly url: string;
  readonly port: number;
  /** Sockets that are open now. */
  readonly sockets: ReadonlySet<Socket>;
  /** How many connections were ever made. */
  connections(): number;
  /** Settles when no socket is open. */
  quiet(): Promise<void>;
}

async function listen(server: Server | SocketServer, scheme: 'http' | 'https' = 'http'): Promise<Loopback> {
  const sockets = new Set<Socket>();
  let made = 0;
  server.on('connection', (socket: Socket) => {
    made += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => {
      sockets.delete(socket);
      server.emit('left');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  atEnd(() => new Promise<void>((resolve) => {
    for (const socket of sockets) socket.destroy();
    server.close(() => { resolve(); });
  }));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    sockets,
    connections: () => made,
    quiet: async () => { while (sockets.size > 0) await once(server, 'left'); },
  };
}

/** An HTTP server that behaves. */
export function httpServer(listener: RequestListener): Promise<Loopback> {
  return listen(createServer(listener));
}

/** A server that writes bytes, for answers no HTTP library would send. `respond` runs for each request head that arrives. */
export function rawServer(respond: (socket: Socket, head: string, connection: number) => void): Promise<Loopback> {
  let connections = 0;
  return listen(createSocketServer((socket) => {
    const connection = (connections += 1);
    let head = '';
    socket.on('data', (bytes) => {
      head += bytes.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      const whole = head;
      head = '';
      respond(socket, whole, connection);
    });
  }));
}

/** Any server, on loopback. */
export function serve(server: Server | SocketServer, scheme: 'http' | 'https'): Promise<Loopback> {
  return listen(server, scheme);
}

/** The network of a host; destroyed when the test ends. */
export function http(settings: HttpSettings = {}): Http {
  const made = createHttp({ environment: {}, ...settings });
  atEnd(() => made.destroy());
  return made;
}

/** A backend's client that may talk to the given URLs. */
export function clientOf(urls: readonly string[], grant: Partial<HttpGrant> = {}, settings: HttpSettings = {}): HttpClient {
  return http(settings).clientFor({ backend: 'acme', plugin: 'modelport-plugin-acme', allowedHosts: [], configuredUrls: urls, ...grant });
}

/** Limits with some changed. */
export function limits(changed: Partial<HttpLimits>): HttpLimits {
  return { ...defaultHttpLimits, ...changed };
}

/** A call with a signal of its own. */
export function callWith(signal: AbortSignal = new AbortController().signal): Call {
  return { id: 'call-1', signal, attempt: 1 };
}

/** What a promise rejects with; fails when it does not. */
export async function rejection(promise: Promise<unknown>): Promise<{ readonly code?: string; readonly message: string; readonly facts?: { readonly limit?: string; readonly retryable?: boolean }; readonly cause?: unknown }> {
  try {
    await promise;
  } catch (error) {
    return error as { readonly message: string };
  }
  throw new Error('the promise resolved');
}

/** All of a body as text. */
export async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** A promise and what settles it. */
export function deferred<Value = void>(): { readonly promise: Promise<Value>; readonly resolve: (value: Value) => void } {
  const { promise, resolve } = Promise.withResolvers<Value>();
  return { promise, resolve };
}

/** A loopback server that answers each request with who asked for what, in four lines a little apart. */
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** One request as the server saw it. */
export interface Arrival {
  readonly path: string;
  readonly key: string;
  readonly body: { readonly model: string; readonly text: string; readonly temperature?: number };
}

/** The server, and what it saw. */
export interface EchoUpstream {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly arrivals: readonly Arrival[];
  /** Answers under way. */
  readonly answering: () => number;
  /** Connections that are open. */
  readonly connections: () => number;
}

/** Starts the server; it is gone after the test. `pauseMs` lies between two lines. */
export async function startEcho(pauseMs = 2): Promise<EchoUpstream> {
  const arrivals: Arrival[] = [];
  const sockets = new Set<Socket>();
  let answering = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    answering += 1;
    response.once('close', () => { answering -= 1; });
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Arrival['body'];
      const arrival = { path: request.url ?? '', key: (request.headers.authorization ?? '').replace('Bearer ', ''), body };
      arrivals.push(arrival);
      let left = 4;
      const line = (): void => {
        if (response.destroyed) return;
        response.write(`${arrival.path} ${arrival.key} ${body.model} ${body.text}\n`);
        if (--left > 0) setTimeout(line, pauseMs);
        else response.end();
      };
      response.writeHead(200, { 'content-type': 'text/plain' });
      line();
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  onTestFinished(() => new Promise<void>((resolve) => {
    server.close(() => { resolve(); });
    server.closeAllConnections();
  }));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrivals, answering: () => answering, connections: () => sockets.size };
}

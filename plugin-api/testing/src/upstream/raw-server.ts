/** An HTTP/1.1 server on a bare socket, which can break every rule an HTTP framework keeps. */
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A request as it arrived. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Headers by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text. */
  readonly text: string;
  /** The body parsed, where it is JSON; else `undefined`. */
  readonly body: unknown;
  /** Resolves when the client's connection closes: what a client that leaves a stream must make happen. */
  readonly closed: Promise<void>;
}

/** Writes an answer. The socket is the handler's until its promise settles. */
export type RawAnswer = (request: ReceivedRequest, socket: Socket) => Promise<void> | void;

/** A server that listens on loopback. */
export interface RawServer extends AsyncDisposable {
  /** For example `http://127.0.0.1:40123`. */
  readonly url: string;
  /** Connections that are open now. */
  readonly openConnections: number;
  /** Connections accepted so far: fewer than requests where the client keeps them alive. */
  readonly acceptedConnections: number;
  /** Destroys every connection and stops listening. */
  close(): Promise<void>;
}

/** Starts a server on a free port of 127.0.0.1. */
export async function startRawServer(answer: RawAnswer): Promise<RawServer> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server = createServer((socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.setNoDelay(true);
    const closed = new Promise<void>((resolve) => {
      socket.once('close', () => {
        sockets.delete(socket);
        resolve();
      });
    });
    // A client that resets is a case under test, never a fault of the server.
    socket.on('error', () => undefined);
    void serve(socket, closed, answer);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    if (server.listening) await new Promise((resolve) => { server.close(resolve); });
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get openConnections() {
      return sockets.size;
    },
    get acceptedConnections() {
      return accepted;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Reads request after request from one connection, and answers each before the next. */
async function serve(socket: Socket, closed: Promise<void>, answer: RawAnswer): Promise<void> {
  let received = Buffer.alloc(0);
  try {
    // The socket outlives the loop over it: a handler may hold it open.
    for await (const bytes of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      received = Buffer.concat([received, bytes]);
      for (let parsed = parseRequest(received); parsed !== undefined; parsed = parseRequest(received)) {
        received = received.subarray(parsed.length);
        await answer({ ...parsed.request, closed }, socket);
      }
    }
  } catch {
    // Told by `closed`.
  }
  if (!socket.destroyed) socket.end();
}

function parseRequest(bytes: Buffer): { readonly request: Omit<ReceivedRequest, 'closed'>; readonly length: number } | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd === -1) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, headEnd).split('\r\n');
  const [method = '', path = ''] = first.split(' ');
  const headers: Record<string, string> = {};
  for (const line of lines) headers[line.slice(0, line.indexOf(':')).trim().toLowerCase()] = line.slice(line.indexOf(':') + 1).trim();
  const body = headers['transfer-encoding'] === 'chunked'
    ? readChunks(bytes, headEnd + 4)
    : readLength(bytes, headEnd + 4, Number(headers['content-length'] ?? 0));
  if (body === undefined) return undefined;
  const text = body.data.toString('utf8');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  return { request: { method, path, headers, text, body: parsed }, length: body.end };
}

function readLength(bytes: Buffer, start: number, length: number): { readonly data: Buffer; readonly end: number } | undefined {
  return bytes.length < start + length ? undefined : { data: bytes.subarray(start, start + length), end: start + length };
}

function readChunks(bytes: Buffer, start: number): { readonly data: Buffer; readonly end: number } | undefined {
  const chunks: Buffer[] = [];
  for (let at = start; ;) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd === -1) return undefined;
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const end = lineEnd + 2 + size + 2;
    if (bytes.length < end) return undefined;
    if (size === 0) return { data: Buffer.concat(chunks), end };
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = end;
  }
}

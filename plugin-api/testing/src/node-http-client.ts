/** A plain HTTP client over node:http, for driving a plugin without a host. It has no limits, no allow-list and no proxy. */
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { CallError, type Call, type HttpClient, type HttpRequest, type HttpResponse } from '@modelport/plugin-api';

/** The client, and the way to let go of its connections. */
export interface NodeHttpClient extends HttpClient {
  /** Closes idle connections. */
  close(): void;
}

/** Makes a client with a pool of its own. Throws NETWORK for what the socket throws and `call.signal.reason` on abort, as a host's does. */
export function createNodeHttpClient(): NodeHttpClient {
  const agent = new Agent({ keepAlive: true });
  return { request: (request, call) => send(request, call, agent), fetch: globalThis.fetch, close: () => agent.destroy() };
}

async function send(request: HttpRequest, { signal }: Call, agent: Agent): Promise<HttpResponse> {
  signal.throwIfAborted();
  const { body } = request;
  if (body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array)) throw new CallError('INTERNAL', 'This client sends text and bytes only.');
  const url = new URL(request.url);
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = start(url, {
      method: request.method ?? (body === undefined ? 'GET' : 'POST'), signal, ...(url.protocol === 'http:' ? { agent } : {}),
      headers: { ...request.headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
    }, resolve);
    sent.on('error', (error) => {
      reject(toFailure(error, signal));
    });
    sent.end(body);
  });
  return toResponse(message, signal);
}

function toResponse(message: IncomingMessage, signal: AbortSignal): HttpResponse {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  const body = readBody(message, headers['content-encoding'], signal);
  const text = async (): Promise<string> => {
    const chunks: Uint8Array[] = [];
    for await (const bytes of body) chunks.push(bytes);
    return Buffer.concat(chunks).toString('utf8');
  };
  return {
    status: message.statusCode ?? 0, headers, body, text,
    json: async () => {
      const read = await text();
      try {
        return JSON.parse(read) as unknown;
      } catch (cause) {
        throw new CallError('PROTOCOL', 'The answer is not JSON.', { cause });
      }
    },
  };
}

async function* readBody(message: IncomingMessage, encoding: string | undefined, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  const stream = encoding === 'gzip' ? message.pipe(createGunzip()) : encoding === 'br' ? message.pipe(createBrotliDecompress()) : encoding === 'deflate' ? message.pipe(createInflate()) : message;
  // A broken connection is told to the piped stream too, which would wait for it otherwise.
  if (stream !== message) message.on('error', (error) => stream.destroy(error));
  try {
    for await (const bytes of stream) yield bytes as Uint8Array;
  } catch (error) {
    throw toFailure(error, signal);
  } finally {
    if (!message.complete) message.destroy();
  }
}

function toFailure(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  return new CallError('NETWORK', `The connection failed: ${error instanceof Error ? error.message : String(error)}`, { retryable: true, cause: error });
}

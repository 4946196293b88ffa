/** An HTTP server that answers in the wire it is given. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Turn } from '@modelport/testing';
import type { SeenRequest, WireUpstream } from './wires.ts';

/** An answer before it is written: a JSON value, or the events of a stream. */
export type VendorAnswer = { readonly json: object } | { readonly events: readonly object[]; readonly done?: boolean };

/** How a vendor answers. */
export interface VendorWire {
  /** The answer to a request, by its path and body. */
  answer(path: string, body: Readonly<Record<string, unknown>>, turn: Turn): VendorAnswer;
  /** Body of an error. */
  error(status: number, message: string): object;
}

/** Starts an upstream on loopback. Of a turn, `text`, `toolCalls`, `usage`, `error`, `headers`, `finishReason` and a `stall` (after the first event that holds text) are played. */
export async function createVendorUpstream(wire: VendorWire): Promise<WireUpstream> {
  let turns: Turn[] = [];
  let last: Turn = { text: 'Hello.' };
  const requests: SeenRequest[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const bytes of request.setEncoding('utf8')) text += String(bytes);
    requests.push({ text, closed: new Promise((resolve) => { request.socket.once('close', () => resolve()); }) });
    last = turns.shift() ?? last;
    const { error, headers } = last;
    if (error !== undefined) {
      response.writeHead(error.status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(wire.error(error.status, error.message ?? 'scripted error')));
      return;
    }
    const answer = wire.answer(request.url ?? '', (JSON.parse(text === '' ? '{}' : text) ?? {}) as Readonly<Record<string, unknown>>, last);
    if ('json' in answer) {
      response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(answer.json));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', ...headers });
    for (const event of answer.events) {
      const line = JSON.stringify(event);
      response.write(`data: ${line}\n\n`);
      if (last.faults?.some(({ type }) => type === 'stall') === true && line.includes('Hel')) return;
    }
    response.end(answer.done === true ? 'data: [DONE]\n\n' : '');
  };
  const server = createServer((request, response) => { void handle(request, response); });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    script: (...next) => { turns = [...next]; },
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

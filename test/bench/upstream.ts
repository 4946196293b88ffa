/** The upstream of the benchmark: a process of its own that speaks the OpenAI wire from fixed bytes and tells its port. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseStreamModel, QUESTION, streamedEvents, WHOLE_BODY, WHOLE_MODEL, type Pace } from './answers.ts';

/** Bytes a fast stream writes at a time: some dozens of events, as a busy vendor's front end sends them. */
const WRITE_BYTES = 8_192;
/** Pause between two events of a paced stream, in milliseconds. */
const PAUSE_MS = 2;

const whole = Buffer.from(WHOLE_BODY);
const streams = new Map<string, readonly Buffer[]>();

/** The writes of one streamed answer, made once. */
function writesOf(model: string, parts: number, pace: Pace): readonly Buffer[] {
  const known = streams.get(model);
  if (known !== undefined) return known;
  const writes: Buffer[] = [];
  let pending = '';
  for (const event of streamedEvents(parts)) {
    pending += event;
    if (pace === 'fast' && pending.length < WRITE_BYTES) continue;
    writes.push(Buffer.from(pending));
    pending = '';
  }
  if (pending !== '') writes.push(Buffer.from(pending));
  streams.set(model, writes);
  return writes;
}

function writeFast(response: ServerResponse, writes: readonly Buffer[], from: number): void {
  for (let index = from; index < writes.length; index += 1) {
    if (response.write(writes[index])) continue;
    response.once('drain', () => writeFast(response, writes, index + 1));
    return;
  }
  response.end();
}

function writePaced(response: ServerResponse, writes: readonly Buffer[]): void {
  let index = 0;
  const next = (): void => {
    if (response.destroyed) return;
    response.write(writes[index]);
    index += 1;
    if (index < writes.length) setTimeout(next, PAUSE_MS);
    else response.end();
  };
  next();
}

function answer(request: IncomingMessage, body: string, response: ServerResponse): void {
  const model = /"model":"([^"]+)"/.exec(body)?.[1] ?? '';
  const streamed = parseStreamModel(model);
  const asked = request.method === 'POST' && request.url === '/v1/chat/completions' && body.includes(QUESTION);
  const headers = { 'x-request-id': 'req_8f2c1b7e', 'openai-processing-ms': '12', 'x-ratelimit-remaining-requests': '9999' };
  if (asked && model === WHOLE_MODEL) {
    response.writeHead(200, { ...headers, 'content-type': 'application/json', 'content-length': whole.length }).end(whole);
  } else if (asked && streamed !== undefined && body.includes('"stream":true')) {
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
    const writes = writesOf(model, streamed.parts, streamed.pace);
    if (streamed.pace === 'fast') writeFast(response, writes, 0);
    else writePaced(response, writes);
  } else {
    response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":{"message":"The benchmark asks otherwise.","type":"invalid_request_error"}}');
  }
}

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => { body += text; }).on('end', () => answer(request, body, response));
});
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('disconnect', () => process.exit());

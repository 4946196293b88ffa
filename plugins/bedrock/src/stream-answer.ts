/** The loop from an HTTP answer to parts: one array for each network read, and the connection given back or closed. */
import type { EventStreamCodec } from '@smithy/eventstream-codec';
import type { ChatPart, ChatResult, HttpResponse, Warning } from '@modelport/plugin-api';
import { isHtml, partsOf } from '@modelport/plugin-api/kit';
import type { StreamDecoder } from './decode/stream.ts';
import { protocolError } from './error.ts';
import { readFrames } from './event-stream.ts';
import type { WireAnswer } from './wire.ts';

type Headers = Readonly<Record<string, string>>;

/** Longest wait for the end of the body after the last event, in milliseconds. With it the connection can serve the next call. */
const END_OF_BODY_MS = 100;

/** An answer whose head has arrived. */
export interface OpenAnswer {
  readonly response: HttpResponse;
  readonly warnings: readonly Warning[];
  readonly codec: EventStreamCodec;
  readonly decoder: StreamDecoder;
  /** Reads the same answer where the server sent it whole instead of streaming. */
  decodeWhole(answer: WireAnswer): ChatResult;
}

/** Streams an answer. `open` runs with the first `next()`. Throws what `open`, the decoder and the body throw. */
export async function* streamAnswer(open: () => Promise<OpenAnswer>): AsyncGenerator<ChatPart[], void, undefined> {
  const { response, warnings, codec, decoder, decodeWhole } = await open();
  const { headers } = response;
  if ((headers['content-type'] ?? '').includes('json') || isHtml(undefined, headers)) {
    const result = decodeWhole(await readWhole(response));
    yield partsOf({ ...result, warnings, response: responseOf(headers) });
    return;
  }
  const body = response.body[Symbol.asyncIterator]();
  const frames = readFrames({ [Symbol.asyncIterator]: () => body }, codec, headers);
  // These go out with the first read: a body that was never begun could not be closed by leaving the loop.
  let parts: ChatPart[] = [{ type: 'stream-start', warnings }, { type: 'response-metadata', ...responseOf(headers) }];
  let stuck = false;
  try {
    for (let read = await frames.next(); read.done !== true; read = await frames.next()) {
      let failure: { readonly error: unknown } | undefined;
      try {
        for (const frame of read.value) decoder.push(frame, parts);
      } catch (error) {
        // The parts before an error go out before it.
        failure = { error };
      }
      if (parts.length > 0) yield parts;
      parts = [];
      if (failure !== undefined) throw failure.error;
      if (decoder.done) {
        stuck = !(await endsInTime(frames));
        break;
      }
    }
    decoder.end(parts);
    if (parts.length > 0) yield parts;
  } finally {
    // A generator with a pending next() never settles its return(), so the body is closed directly there.
    if (stuck) void Promise.resolve(body.return?.()).catch(() => undefined);
    else await frames.return();
  }
}

/** Reads a body that comes whole. Throws PROTOCOL for what is not a JSON object. */
export async function readWhole(response: HttpResponse): Promise<WireAnswer> {
  const { headers } = response;
  const text = await response.text();
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw protocolError(isHtml(text, headers) ? 'The answer is an HTML page: is a proxy in between, or is the endpoint the address of a website?' : 'The answer is not JSON.', headers);
  }
  if (typeof value !== 'object' || value === null) throw protocolError('The answer is JSON, but no object.', headers);
  return value;
}

/** What the caller is told about an answer: its id, and its headers without cookies, which are a kind of secret. */
export function responseOf(headers: Headers): { readonly id?: string; readonly headers: Headers } {
  const { 'set-cookie': _, ...rest } = headers;
  const id = headers['x-amzn-requestid'];
  return { ...(id === undefined ? {} : { id }), headers: rest };
}

/** Whether the body ends soon. What follows the last event is not part of the answer, nor is its failure. */
async function endsInTime(frames: AsyncGenerator): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), END_OF_BODY_MS);
  });
  const drain = async (): Promise<boolean> => {
    for (let read = await frames.next(); read.done !== true; read = await frames.next());
    return true;
  };
  try {
    return await Promise.race([drain().catch(() => true), limit]);
  } finally {
    clearTimeout(timer);
  }
}

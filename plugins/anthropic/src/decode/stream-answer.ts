/** The loop from an HTTP answer to parts: one array for each network read, and the connection given back or closed. */
import type { ChatPart, ChatResult, HttpResponse, Warning } from '@modelport/plugin-api';
import { isHtml, partsOf, readServerSentEvents, type ServerSentEvent } from '@modelport/plugin-api/kit';
import { insideAnswer, protocolError } from '../error.ts';

type Headers = Readonly<Record<string, string>>;

/** Longest wait for the end of the body after the last event, in milliseconds. With it the connection can serve the next call. */
const END_OF_BODY_MS = 100;

/** Reads the events of one answer. */
export interface AnswerDecoder {
  /** Whether the wire said that nothing follows. */
  readonly done: boolean;
  /** Takes one event and appends its parts. Throws CallError for an error inside the stream. */
  push(event: ServerSentEvent, parts: ChatPart[]): void;
  /** The stream is over: appends what closes the answer. Throws PROTOCOL for one that was cut. */
  end(parts: ChatPart[]): void;
}

/** An answer whose head has arrived. */
export interface OpenAnswer {
  readonly response: HttpResponse;
  readonly warnings: readonly Warning[];
  readonly decoder: AnswerDecoder;
  /** Reads the same answer where the server sent it whole instead of streaming. */
  decodeWhole(value: unknown): ChatResult;
}

/** Streams an answer. `open` runs with the first `next()`. Throws what `open`, the decoder and the body throw. */
export async function* streamAnswer(open: () => Promise<OpenAnswer>): AsyncGenerator<ChatPart[], void, undefined> {
  const { response, warnings, decoder, decodeWhole } = await open();
  const { headers } = response;
  const type = headers['content-type'] ?? '';
  if (type.includes('json') || isHtml(undefined, headers)) {
    yield partsOf({ ...decodeWhole(readWhole(await response.text(), headers)), warnings });
    return;
  }
  const body = response.body[Symbol.asyncIterator]();
  const events = readServerSentEvents({ [Symbol.asyncIterator]: () => body });
  // These go out with the first read: a body that was never begun could not be closed by leaving the loop.
  let parts: ChatPart[] = [{ type: 'stream-start', warnings }, { type: 'response-metadata', headers: withoutCookies(headers) }];
  let stuck = false;
  try {
    for (let read = await events.next(); read.done !== true; read = await events.next()) {
      let failure: { readonly error: unknown } | undefined;
      try {
        for (const event of read.value) decoder.push(event, parts);
      } catch (error) {
        // The parts before an error go out before it.
        failure = { error };
      }
      if (parts.length > 0) yield parts;
      parts = [];
      if (failure !== undefined) throw failure.error;
      if (decoder.done) {
        stuck = !(await endsInTime(events));
        break;
      }
    }
    decoder.end(parts);
    yield parts;
  } finally {
    // A generator with a pending next() never settles its return(), so the body is closed directly there.
    if (stuck) void Promise.resolve(body.return?.()).catch(() => undefined);
    else await events.return();
  }
}

/** Whether the body ends soon. What follows the last event is not part of the answer, nor is its failure. */
async function endsInTime(events: AsyncGenerator): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), END_OF_BODY_MS);
  });
  const drain = async (): Promise<boolean> => {
    for (let read = await events.next(); read.done !== true; read = await events.next());
    return true;
  };
  try {
    return await Promise.race([drain().catch(() => true), limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Parses a body that came whole. Throws PROTOCOL, or the CallError of an error object. */
export function readWhole(text: string, headers: Headers): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw protocolError(isHtml(text, headers) ? 'The answer is an HTML page: is a proxy in between, or is baseUrl the address of a website?' : 'The answer is not JSON.', headers);
  }
  if (typeof value !== 'object' || value === null) throw protocolError('The answer is JSON, but no object.', headers);
  const { type, error } = value as { readonly type?: unknown; readonly error?: unknown };
  if (type === 'error' || (error !== undefined && error !== null)) throw insideAnswer(value, headers);
  return value;
}

/** Headers for the caller: rate limits and ids, without cookies, which are a kind of secret. */
export function withoutCookies(headers: Headers): Headers {
  const { 'set-cookie': _, ...rest } = headers;
  return rest;
}

/** The one loop that turns an HTTP answer into parts: an array for each network read, no layer between wire and host. */
import type { Call, ChatPart, ChatResult, HttpResponse, Warning } from '@modelport/plugin-api';
import { isHtml, partsOf, readServerSentEvents, type ServerSentEvent } from '@modelport/plugin-api/kit';
import { insideAnswer, protocolError } from './error.ts';
import type { CompatibleVendor } from './vendor.ts';

/** Longest wait, after the answer is whole, for the end of the body, in milliseconds. With it the connection can serve the next call. */
const END_OF_BODY_MS = 100;

/** Reads one wire's events. */
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
  readonly vendor: CompatibleVendor;
  readonly warnings: readonly Warning[];
  readonly decoder: AnswerDecoder;
  /** Reads the same answer where the server sent it whole instead of streaming. */
  decodeWhole(value: unknown): ChatResult;
}

/** Streams an answer. `open` runs with the first `next()`. Throws what `open`, the decoder and the body throw. */
export async function* streamAnswer(open: () => Promise<OpenAnswer>, call: Call): AsyncGenerator<ChatPart[], void, undefined> {
  const { response, vendor, warnings, decoder, decodeWhole } = await open();
  const { headers } = response;
  const contentType = headers['content-type'] ?? '';
  if (contentType.includes('json')) {
    const result = decodeWhole(readWhole(await response.text(), headers, vendor));
    yield partsOf({ ...result, warnings });
    return;
  }
  if (isHtml(undefined, headers)) {
    // Left unread, the page would hold its connection.
    await response.text();
    throw protocolError('The answer is an HTML page where a stream was expected: is a proxy in between, or is baseUrl the address of a website?', headers);
  }
  // These go out with the first read: a body that was never begun could not be closed by leaving the loop.
  let parts: ChatPart[] = [{ type: 'stream-start', warnings }, { type: 'response-metadata', headers: withoutCookies(headers) }];
  const body = response.body[Symbol.asyncIterator]();
  const events = readServerSentEvents({ [Symbol.asyncIterator]: () => body });
  let abandoned = false;
  try {
    for (let read = await events.next(); read.done !== true; read = await events.next()) {
      // An error in the middle of a read must not take along the parts before it.
      let failure: { readonly error: unknown } | undefined;
      for (const event of read.value) {
        try {
          decoder.push(event, parts);
        } catch (error) {
          failure = { error };
          break;
        }
      }
      if (parts.length > 0) yield parts;
      parts = [];
      if (failure !== undefined) throw failure.error;
      if (decoder.done) {
        abandoned = !(await endsInTime(events));
        break;
      }
    }
    if (call.signal.aborted) throw call.signal.reason;
    decoder.end(parts);
    yield parts;
  } finally {
    // A generator with a pending next() never settles its return(), so the body is closed directly there.
    if (abandoned) void Promise.resolve(body.return?.()).catch(() => undefined);
    else await events.return();
  }
}

/** Reads on to the end of the body, which most often is there already. What comes after the answer is not part of it, nor is its failure. */
async function endsInTime(events: AsyncGenerator): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), END_OF_BODY_MS);
  });
  const end = (async () => {
    while ((await events.next()).done !== true);
    return true;
  })().catch(() => true);
  try {
    return await Promise.race([end, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Parses a body that came whole. Throws PROTOCOL, or the CallError of an error object. */
export function readWhole(text: string, headers: Readonly<Record<string, string>>, vendor: CompatibleVendor): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const what = isHtml(text, headers) ? 'an HTML page: is a proxy in between, or is baseUrl the address of a website?' : 'not JSON.';
    throw protocolError(`The answer is ${what}`, headers);
  }
  if (typeof value !== 'object' || value === null) throw protocolError('The answer is JSON, but no object.', headers);
  const { error } = value as { readonly error?: unknown };
  if (error !== undefined && error !== null) throw insideAnswer(value, headers, vendor);
  return value;
}

/** Headers for the caller: rate limits, ids and timings, without cookies, which are a kind of secret. */
export function withoutCookies(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (headers['set-cookie'] === undefined) return headers;
  const { 'set-cookie': _, ...rest } = headers;
  return rest;
}

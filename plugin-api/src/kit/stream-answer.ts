/** The one loop that turns an HTTP answer into parts: an array for each network read, no layer between wire and host. */
import type { Call } from '../context.ts';
import type { ChatResult } from '../chat-model.ts';
import type { ChatPart } from '../chat-part.ts';
import type { HttpResponse } from '../http.ts';
import type { ResponseMetadata } from '../response-metadata.ts';
import type { Warning } from '../warning.ts';
import { withoutCookies } from './headers.ts';
import { partsOf } from './parts-of.ts';
import { isHtml } from './vendor-error.ts';

/** Longest wait, after the answer is whole, for the end of the body, in milliseconds. With it the connection can serve the next call. */
const END_OF_BODY_MS = 100;

/** Reads what one wire sends, item by item: events, lines or frames. */
export interface AnswerDecoder<Item> {
  /** Whether the wire said that nothing follows. */
  readonly done: boolean;
  /** Takes one item and appends its parts. Throws CallError for an error inside the stream. */
  push(item: Item, parts: ChatPart[]): void;
  /** The stream is over: appends what closes the answer. Throws PROTOCOL for one that was cut. */
  end(parts: ChatPart[]): void;
}

/** An answer whose head has arrived. */
export interface OpenAnswer<Item> {
  /** The head, and a body nobody has read. */
  readonly response: HttpResponse;
  /** What the request could not carry. */
  readonly warnings: readonly Warning[];
  /** What the head says of the answer, such as its id. Default: only its headers, which are always told, without cookies. */
  readonly metadata?: ResponseMetadata;
  /** Takes the body apart, one array of items for each network read: `readServerSentEvents`, `readJsonLines` or one of your own. */
  readonly read: (body: AsyncIterable<Uint8Array>) => AsyncGenerator<readonly Item[], void, undefined>;
  /** Turns items into parts. Made for this answer alone. */
  readonly decoder: AnswerDecoder<Item>;
  /** Reads the text of an answer that is JSON or HTML by its content type: servers send some whole though a stream was asked. Throws PROTOCOL for what is no answer. */
  readonly decodeWhole: (text: string) => ChatResult;
}

/**
 * Streams an answer: the whole of a plugin's `stream()`. `open` sends the request, and runs with the first `next()`. Parts that came before
 * an error go out before it is thrown. After the last item the body is read on to its end for at most 100 ms, so that its connection can
 * serve the next call; leaving the loop early closes the body. Throws what `open`, the decoder and the body throw, `call.signal.reason` on abort.
 */
export async function* streamAnswer<Item>(open: () => Promise<OpenAnswer<Item>>, call: Call): AsyncGenerator<ChatPart[], void, undefined> {
  const { response, warnings, metadata, read, decoder, decodeWhole } = await open();
  const { headers } = response;
  // Lines of JSON (x-ndjson, jsonl) are a stream.
  if (/\bjson\b/i.test(headers['content-type'] ?? '') || isHtml(undefined, headers)) {
    yield partsOf({ ...decodeWhole(await response.text()), warnings });
    return;
  }
  // These go out with the first read: a body that was never begun could not be closed by leaving the loop.
  let parts: ChatPart[] = [{ type: 'stream-start', warnings }, { type: 'response-metadata', ...metadata, headers: withoutCookies(headers) }];
  const body = response.body[Symbol.asyncIterator]();
  const reads = read({ [Symbol.asyncIterator]: () => body });
  let abandoned = false;
  try {
    for (let batch = await reads.next(); batch.done !== true; batch = await reads.next()) {
      let failure: { readonly error: unknown } | undefined;
      try {
        for (const item of batch.value) decoder.push(item, parts);
      } catch (error) {
        // An error in the middle of a read must not take along the parts before it.
        failure = { error };
      }
      if (parts.length > 0) yield parts;
      parts = [];
      if (failure !== undefined) throw failure.error;
      if (decoder.done) {
        abandoned = !(await endsInTime(reads));
        break;
      }
    }
    if (call.signal.aborted) throw call.signal.reason;
    decoder.end(parts);
    if (parts.length > 0) yield parts;
  } finally {
    // A generator with a pending next() never settles its return(), so the body is closed directly there.
    if (abandoned) void Promise.resolve(body.return?.()).catch(() => undefined);
    else await reads.return();
  }
}

/** Reads on to the end of the body, which most often is there already. What comes after the answer is not part of it, nor is its failure. */
async function endsInTime(reads: AsyncGenerator): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), END_OF_BODY_MS);
  });
  const end = (async () => {
    while ((await reads.next()).done !== true);
    return true;
  })().catch(() => true);
  try {
    return await Promise.race([end, limit]);
  } finally {
    clearTimeout(timer);
  }
}

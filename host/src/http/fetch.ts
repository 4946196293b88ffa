/** The platform's `fetch`, over a backend's own client, for vendor SDKs that ask for one. */
import { CallError, type Call, type HttpRequest } from '@modelport/plugin-api';
import type { Arrival, RedirectMode } from './client.ts';

/** Statuses whose answer must have no body in the fetch standard. */
const bodiless = new Set([204, 205, 304]);

const neverAborted = new AbortController().signal;

/**
 * A WHATWG fetch over `arrive`: allow-list, limits, redirects, recording and the user's headers hold. Rejects as the standard says: the signal's
 * reason on abort, else a TypeError whose `cause` is the call error. `otherwise` ends what comes without a signal.
 */
export function createFetch(arrive: (request: HttpRequest, call: Call, redirect: RedirectMode, bound: boolean) => Promise<Arrival>, otherwise: AbortSignal = neverAborted): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    // The given signal itself: the request's own only follows it, and is aborted a turn later.
    const given = init?.signal ?? (input instanceof Request ? input.signal : undefined);
    const signal = given ?? otherwise;
    signal.throwIfAborted();
    try {
      const body = await bodyOf(request, init?.body);
      const { answer, url } = await arrive({ url: request.url, method: request.method, headers: Object.fromEntries(request.headers), ...(body === undefined ? {} : { body }) }, { id: 'fetch', signal, attempt: 1 }, request.redirect, given !== undefined);
      const empty = bodiless.has(answer.status) || request.method === 'HEAD';
      if (empty) await answer.body[Symbol.asyncIterator]().return?.();
      const response = new Response(empty ? null : streamOf(answer.body), { status: answer.status, headers: answer.headers });
      Object.defineProperties(response, { url: { value: url }, redirected: { value: url !== withoutHash(request.url) } });
      return response;
    } catch (error) {
      if (CallError.is(error)) throw new TypeError('fetch failed', { cause: error });
      throw error;
    }
  };
}

/** The body as the client takes it: whole, so that its length is known, unless it was given as a stream. */
async function bodyOf(request: Request, given: RequestInit['body']): Promise<HttpRequest['body']> {
  if (request.body === null) return undefined;
  if (given instanceof ReadableStream) return request.body as AsyncIterable<Uint8Array>;
  return new Uint8Array(await request.arrayBuffer());
}

/** Pulls one chunk at a time, so a slow reader holds back the server; cancelling closes the connection. */
function streamOf(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(value);
      } catch (error) {
        controller.error(CallError.is(error) ? new TypeError('terminated', { cause: error }) : error);
      }
    },
    async cancel() {
      await chunks.return?.();
    },
  }, { highWaterMark: 0 });
}

function withoutHash(url: string): string {
  return url.split('#', 1)[0]!;
}

/** One answer recorded as bytes, and read again in any pieces: what a stream says must not depend on where the network cut it. */
import type { HttpClient, HttpRequest, HttpResponse } from '@modelport/plugin-api';
import { testCall } from './fake-context.ts';
import { createNodeHttpClient } from './node-http-client.ts';

/** An answer and every byte of its body. */
export interface RecordedAnswer {
  /** Status and headers. Its body was read. */
  readonly head: HttpResponse;
  /** The whole body. */
  readonly bytes: Buffer;
}

/** Sends a request, mostly to a scripted upstream, and keeps the answer. Throws as `createNodeHttpClient` does. */
export async function recordAnswer(request: HttpRequest): Promise<RecordedAnswer> {
  const http = createNodeHttpClient();
  try {
    const head = await http.request(request, testCall());
    return { head, bytes: Buffer.concat(await Array.fromAsync(head.body)) };
  } finally {
    http.close();
  }
}

/** An HTTP client that answers every request with the recorded head and these pieces, each a read of its own. */
export function replayAnswer({ head }: RecordedAnswer, pieces: readonly Uint8Array[]): HttpClient {
  return {
    fetch: globalThis.fetch,
    request: async () => ({
      ...head, body: (async function* () { yield* pieces; })(),
      text: async () => Buffer.concat(pieces).toString('utf8'), json: async () => JSON.parse(Buffer.concat(pieces).toString('utf8')) as unknown,
    }),
  };
}

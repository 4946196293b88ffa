/** A chat model behind POST /api/chat. */
import type { Call, ChatModel, ChatPart, ChatRequest, ChatResult } from '@modelport/plugin-api';
import { isHtml, partsOf, readJsonLines } from '@modelport/plugin-api/kit';
import { ChatDecoder, decodeWhole, type AnswerContext } from './decode.ts';
import { encodeChat } from './encode.ts';
import { protocolError } from './error.ts';
import type { OllamaServer } from './server.ts';
import type { WireChatLine } from './wire.ts';

/** Longest wait, after the answer is whole, for the end of the body, in milliseconds. With it the connection can serve the next call. */
const END_OF_BODY_MS = 100;

/** One model of one server. */
export class OllamaChatModel implements ChatModel {
  private readonly server: OllamaServer;
  private readonly modelId: string;

  constructor(server: OllamaServer, modelId: string) {
    this.server = server;
    this.modelId = modelId;
  }

  async *stream(request: ChatRequest, call: Call): AsyncGenerator<ChatPart[], void, undefined> {
    const { server, modelId } = this;
    const { body, warnings } = encodeChat(server, modelId, request, true);
    const response = await server.send('POST', '/api/chat', body, call, { headers: request.headers, modelId });
    const headers = withoutCookies(response.headers);
    const context: AnswerContext = { call, headers, asked: { backend: server.backend, modelId } };
    if (isHtml(undefined, headers)) {
      // Left unread, the page would hold its connection.
      await response.text();
      throw protocolError('The answer is an HTML page where lines of JSON were expected: is a proxy in between, or is baseUrl the address of a website?');
    }
    if (/^application\/json\b/.test(headers['content-type'] ?? '')) {
      const line = (await server.readObject(response, 'POST /api/chat', context.asked)) as WireChatLine;
      yield partsOf({ ...decodeWhole(line, context), warnings });
      return;
    }
    const decoder = new ChatDecoder(context);
    let unreadable = 0;
    // These go out with the first read: a body that was never begun could not be closed by leaving the loop.
    let parts: ChatPart[] = [{ type: 'stream-start', warnings }, { type: 'response-metadata', headers }];
    const source = response.body[Symbol.asyncIterator]();
    const reads = readJsonLines({ [Symbol.asyncIterator]: () => source }, { onInvalid: () => { unreadable += 1; } });
    let abandoned = false;
    try {
      for (let read = await reads.next(); read.done !== true; read = await reads.next()) {
        // An error in the middle of a read must not take along the parts before it.
        let failure: { readonly error: unknown } | undefined;
        for (const line of read.value) {
          try {
            decoder.push(line ?? {}, parts);
          } catch (error) {
            failure = { error };
            break;
          }
        }
        if (parts.length > 0) yield parts;
        parts = [];
        if (failure !== undefined) throw failure.error;
        if (decoder.done) {
          // A line cut off at the end is a cut answer; one in the middle of a whole answer is left out, and said.
          if (unreadable > 0) parts.push({ type: 'warning', warning: { type: 'other', message: `${unreadable} of the answer’s lines were not JSON and are left out.` } });
          abandoned = !(await endsInTime(reads));
          break;
        }
      }
      if (call.signal.aborted) throw call.signal.reason;
      decoder.end(parts);
      yield parts;
    } finally {
      // A generator with a pending next() never settles its return(), so the body is closed directly there.
      if (abandoned) void Promise.resolve(source.return?.()).catch(() => undefined);
      else await reads.return();
    }
  }

  async complete(request: ChatRequest, call: Call): Promise<ChatResult> {
    const { server, modelId } = this;
    const { body, warnings } = encodeChat(server, modelId, request, false);
    const response = await server.send('POST', '/api/chat', body, call, { headers: request.headers, modelId });
    const context: AnswerContext = { call, headers: withoutCookies(response.headers), asked: { backend: server.backend, modelId } };
    const line = (await server.readObject(response, 'POST /api/chat', context.asked)) as WireChatLine;
    return { ...decodeWhole(line, context), ...(warnings.length === 0 ? {} : { warnings }) };
  }
}

/** Reads on to the end of the body, which most often is there already. What comes after the answer is not part of it, nor is its failure. */
async function endsInTime(reads: AsyncGenerator): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<boolean>((resolve) => { timer = setTimeout(() => resolve(false), END_OF_BODY_MS); });
  const rest = async (): Promise<boolean> => {
    while ((await reads.next()).done !== true);
    return true;
  };
  try {
    return await Promise.race([rest().catch(() => true), limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Headers for the caller; a cookie of a proxy is a kind of secret. */
function withoutCookies(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const { 'set-cookie': _, ...rest } = headers;
  return rest;
}

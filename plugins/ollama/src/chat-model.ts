/** A chat model behind POST /api/chat. */
import type { Call, ChatModel, ChatPart, ChatRequest, ChatResult } from '@modelport/plugin-api';
import { readJsonLines, streamAnswer, withoutCookies } from '@modelport/plugin-api/kit';
import { ChatDecoder, decodeWhole, type AnswerContext } from './decode.ts';
import { encodeChat } from './encode.ts';
import { readWhole } from './error.ts';
import type { OllamaServer } from './server.ts';
import type { WireChatLine } from './wire.ts';

/** One model of one server. */
export class OllamaChatModel implements ChatModel {
  private readonly server: OllamaServer;
  private readonly modelId: string;

  constructor(server: OllamaServer, modelId: string) {
    this.server = server;
    this.modelId = modelId;
  }

  stream(request: ChatRequest, call: Call): AsyncIterable<readonly ChatPart[]> {
    const { server, modelId } = this;
    return streamAnswer(async () => {
      const { body, warnings } = encodeChat(server, modelId, request, true);
      const response = await server.send('POST', '/api/chat', body, call, { headers: request.headers, modelId });
      const context: AnswerContext = { call, headers: withoutCookies(response.headers), asked: { backend: server.backend, modelId } };
      const decoder = new ChatDecoder(context);
      return {
        response, warnings, decoder,
        read: (bytes) => readJsonLines(bytes, { onInvalid: () => { decoder.unreadable += 1; } }) as AsyncGenerator<readonly (WireChatLine | null)[]>,
        decodeWhole: (text) => decodeWhole(readWhole(text, response.headers, 'POST /api/chat', context.asked), context),
      };
    }, call);
  }

  async complete(request: ChatRequest, call: Call): Promise<ChatResult> {
    const { server, modelId } = this;
    const { body, warnings } = encodeChat(server, modelId, request, false);
    const response = await server.send('POST', '/api/chat', body, call, { headers: request.headers, modelId });
    const context: AnswerContext = { call, headers: withoutCookies(response.headers), asked: { backend: server.backend, modelId } };
    const line = readWhole(await response.text(), response.headers, 'POST /api/chat', context.asked);
    return { ...decodeWhole(line, context), ...(warnings.length === 0 ? {} : { warnings }) };
  }
}

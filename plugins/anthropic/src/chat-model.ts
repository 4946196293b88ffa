/** A chat model behind POST /v1/messages. */
import type { Call, ChatModel, ChatPart, ChatRequest, ChatResult } from '@modelport/plugin-api';
import { readServerSentEvents, streamAnswer } from '@modelport/plugin-api/kit';
import { decodeMessage } from './decode/message.ts';
import { StreamDecoder } from './decode/stream.ts';
import { encodeRequest } from './encode/request.ts';
import type { Endpoint } from './endpoint.ts';
import { readWhole } from './error.ts';

// The API takes no other scheme.
const FETCHED: Readonly<Record<string, readonly RegExp[]>> = { 'image/*': [/^https:\/\//], 'application/pdf': [/^https:\/\//] };

/** One model of one endpoint. */
export class AnthropicChatModel implements ChatModel {
  readonly supportedUrls: Readonly<Record<string, readonly RegExp[]>>;
  /** Absent where the options say that every answer is streamed. */
  readonly complete?: (request: ChatRequest, call: Call) => Promise<ChatResult>;
  private readonly endpoint: Endpoint;
  private readonly modelId: string;

  constructor(endpoint: Endpoint, modelId: string) {
    this.endpoint = endpoint;
    this.modelId = modelId;
    this.supportedUrls = endpoint.options.fetchesUrls ? FETCHED : {};
    if (endpoint.options.nonStreaming) this.complete = (request, call) => this.askWhole(request, call);
  }

  stream(request: ChatRequest, call: Call): AsyncIterable<readonly ChatPart[]> {
    return streamAnswer(async () => {
      const encoded = encodeRequest(this.endpoint, this.modelId, request, call, true);
      const response = await this.endpoint.post('/v1/messages', encoded.body, encoded.headers, call);
      const context = { call, encoded, headers: response.headers, dialect: this.endpoint.options.dialect };
      return {
        response, warnings: encoded.warnings, read: readServerSentEvents, decoder: new StreamDecoder(context),
        decodeWhole: (text) => decodeMessage(readWhole(text, response.headers), context),
      };
    }, call);
  }

  private async askWhole(request: ChatRequest, call: Call): Promise<ChatResult> {
    const encoded = encodeRequest(this.endpoint, this.modelId, request, call, false);
    const response = await this.endpoint.post('/v1/messages', encoded.body, encoded.headers, call);
    const value = readWhole(await response.text(), response.headers);
    return decodeMessage(value, { call, encoded, headers: response.headers, dialect: this.endpoint.options.dialect });
  }
}

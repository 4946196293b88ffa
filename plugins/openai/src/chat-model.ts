/** A chat model of one endpoint, over either of its APIs. */
import type { Call, ChatModel, ChatPart, ChatRequest, ChatResult, HttpResponse } from '@modelport/plugin-api';
import { readServerSentEvents, streamAnswer, type AnswerDecoder, type ServerSentEvent } from '@modelport/plugin-api/kit';
import type { AnswerContext, EncodedRequest } from './answer-context.ts';
import { ChatDecoder } from './chat/decode.ts';
import { decodeChatCompletion } from './chat/decode-whole.ts';
import { encodeChat } from './chat/encode.ts';
import type { Endpoint } from './endpoint.ts';
import { readWhole } from './error.ts';
import { decodeResponse, ResponsesDecoder } from './responses/decode.ts';
import { encodeResponses } from './responses/encode.ts';

/** One way to ask for an answer, and to read it. */
export interface ChatApi {
  /** Below the base URL. */
  readonly path: string;
  /** Addresses it fetches by itself, where the options say that it fetches any. */
  readonly fetches: Readonly<Record<string, readonly RegExp[]>>;
  readonly encode: (endpoint: Endpoint, modelId: string, request: ChatRequest, call: Call, stream: boolean) => EncodedRequest;
  readonly decoder: (context: AnswerContext) => AnswerDecoder<ServerSentEvent>;
  readonly decodeWhole: (value: unknown, context: AnswerContext) => ChatResult;
}

/** POST /chat/completions. */
export const chatCompletions: ChatApi = {
  path: '/chat/completions', fetches: { 'image/*': [/^https?:\/\//] },
  encode: encodeChat, decoder: (context) => new ChatDecoder(context), decodeWhole: decodeChatCompletion,
};

/** POST /responses. */
export const responses: ChatApi = {
  path: '/responses', fetches: { 'image/*': [/^https?:\/\//], 'application/pdf': [/^https?:\/\//] },
  encode: encodeResponses, decoder: (context) => new ResponsesDecoder(context), decodeWhole: decodeResponse,
};

/** One model of one endpoint. */
export class OpenAIChatModel implements ChatModel {
  readonly supportedUrls: Readonly<Record<string, readonly RegExp[]>>;
  private readonly endpoint: Endpoint;
  private readonly modelId: string;
  private readonly api: ChatApi;

  constructor(endpoint: Endpoint, modelId: string, api: ChatApi) {
    this.endpoint = endpoint;
    this.modelId = modelId;
    this.api = api;
    this.supportedUrls = endpoint.options.fetchesUrls ? api.fetches : {};
  }

  stream(request: ChatRequest, call: Call): AsyncIterable<readonly ChatPart[]> {
    return streamAnswer(async () => {
      const { response, context } = await this.send(request, call, true);
      return {
        response, warnings: context.encoded.warnings, read: readServerSentEvents, decoder: this.api.decoder(context),
        decodeWhole: (text) => this.decodeWhole(text, context),
      };
    }, call);
  }

  async complete(request: ChatRequest, call: Call): Promise<ChatResult> {
    const { response, context } = await this.send(request, call, false);
    return this.decodeWhole(await response.text(), context);
  }

  private async send(request: ChatRequest, call: Call, stream: boolean): Promise<{ readonly response: HttpResponse; readonly context: AnswerContext }> {
    const { endpoint, modelId, api } = this;
    const encoded = api.encode(endpoint, modelId, request, call, stream);
    const response = await endpoint.post(modelId, api.path, encoded.body, encoded.headers, call);
    const context: AnswerContext = { call, encoded, options: endpoint.options, headers: response.headers, vendor: endpoint.vendor };
    return { response, context };
  }

  private decodeWhole(text: string, context: AnswerContext): ChatResult {
    return this.api.decodeWhole(readWhole(text, context.headers, context.vendor), context);
  }
}

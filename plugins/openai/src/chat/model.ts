/** A chat model behind POST /chat/completions. */
import type { Call, ChatModel, ChatPart, ChatRequest, ChatResult } from '@modelport/plugin-api';
import { readServerSentEvents, streamAnswer } from '@modelport/plugin-api/kit';
import type { AnswerContext } from '../answer-context.ts';
import type { Endpoint } from '../endpoint.ts';
import { readWhole } from '../error.ts';
import { ChatDecoder } from './decode.ts';
import { decodeChatCompletion } from './decode-whole.ts';
import { encodeChat } from './encode.ts';

const IMAGE_ADDRESSES: Readonly<Record<string, readonly RegExp[]>> = { 'image/*': [/^https?:\/\//] };

/** One model of one endpoint, over chat completions. */
export class OpenAIChatModel implements ChatModel {
  readonly supportedUrls: Readonly<Record<string, readonly RegExp[]>>;
  private readonly endpoint: Endpoint;
  private readonly modelId: string;

  constructor(endpoint: Endpoint, modelId: string) {
    this.endpoint = endpoint;
    this.modelId = modelId;
    this.supportedUrls = endpoint.options.fetchesUrls ? IMAGE_ADDRESSES : {};
  }

  stream(request: ChatRequest, call: Call): AsyncIterable<readonly ChatPart[]> {
    return streamAnswer(async () => {
      const encoded = encodeChat(this.endpoint, this.modelId, request, call, true);
      const response = await this.endpoint.post(this.modelId, '/chat/completions', encoded.body, encoded.headers, call);
      const context: AnswerContext = { call, encoded, options: this.endpoint.options, headers: response.headers, vendor: this.endpoint.vendor };
      return {
        response, warnings: encoded.warnings, read: readServerSentEvents, decoder: new ChatDecoder(context),
        decodeWhole: (text) => decodeChatCompletion(readWhole(text, response.headers, this.endpoint.vendor), context),
      };
    }, call);
  }

  async complete(request: ChatRequest, call: Call): Promise<ChatResult> {
    const encoded = encodeChat(this.endpoint, this.modelId, request, call, false);
    const response = await this.endpoint.post(this.modelId, '/chat/completions', encoded.body, encoded.headers, call);
    const value = readWhole(await response.text(), response.headers, this.endpoint.vendor);
    return decodeChatCompletion(value, { call, encoded, options: this.endpoint.options, headers: response.headers, vendor: this.endpoint.vendor });
  }
}

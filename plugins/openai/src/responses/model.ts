/** A chat model behind POST /responses. */
import type { Call, ChatModel, ChatPart, ChatRequest, ChatResult } from '@modelport/plugin-api';
import { readServerSentEvents, streamAnswer } from '@modelport/plugin-api/kit';
import type { AnswerContext } from '../answer-context.ts';
import type { Endpoint } from '../endpoint.ts';
import { readWhole } from '../error.ts';
import { decodeResponse, ResponsesDecoder } from './decode.ts';
import { encodeResponses } from './encode.ts';

const FETCHED: Readonly<Record<string, readonly RegExp[]>> = { 'image/*': [/^https?:\/\//], 'application/pdf': [/^https?:\/\//] };

/** One model of one endpoint, over the Responses API. */
export class OpenAIResponsesModel implements ChatModel {
  readonly supportedUrls: Readonly<Record<string, readonly RegExp[]>>;
  private readonly endpoint: Endpoint;
  private readonly modelId: string;

  constructor(endpoint: Endpoint, modelId: string) {
    this.endpoint = endpoint;
    this.modelId = modelId;
    this.supportedUrls = endpoint.options.fetchesUrls ? FETCHED : {};
  }

  stream(request: ChatRequest, call: Call): AsyncIterable<readonly ChatPart[]> {
    return streamAnswer(async () => {
      const encoded = encodeResponses(this.endpoint, this.modelId, request, call, true);
      const response = await this.endpoint.post(this.modelId, '/responses', encoded.body, encoded.headers, call);
      const context: AnswerContext = { call, encoded, options: this.endpoint.options, headers: response.headers, vendor: this.endpoint.vendor };
      return {
        response, warnings: encoded.warnings, read: readServerSentEvents, decoder: new ResponsesDecoder(context),
        decodeWhole: (text) => decodeResponse(readWhole(text, response.headers, this.endpoint.vendor), context),
      };
    }, call);
  }

  async complete(request: ChatRequest, call: Call): Promise<ChatResult> {
    const encoded = encodeResponses(this.endpoint, this.modelId, request, call, false);
    const response = await this.endpoint.post(this.modelId, '/responses', encoded.body, encoded.headers, call);
    const value = readWhole(await response.text(), response.headers, this.endpoint.vendor);
    return decodeResponse(value, { call, encoded, options: this.endpoint.options, headers: response.headers, vendor: this.endpoint.vendor });
  }
}

/** A chat model behind Converse and ConverseStream. */
import type { Call, ChatModel, ChatPart, ChatRequest, ChatResult, ResponseMetadata } from '@modelport/plugin-api';
import { parseObject, streamAnswer, withoutCookies } from '@modelport/plugin-api/kit';
import type { Connection } from './connection.ts';
import { decodeMessage } from './decode/message.ts';
import { StreamDecoder, type AnswerContext } from './decode/stream.ts';
import { encodeRequest, type EncodedRequest } from './encode/request.ts';
import { readWhole } from './error.ts';
import { readFrames } from './event-stream.ts';

/** Bedrock reads files from S3 itself. */
const FETCHED: Readonly<Record<string, readonly RegExp[]>> = { '*/*': [/^s3:\/\//] };

/** One model of one account. */
export class BedrockChatModel implements ChatModel {
  readonly supportedUrls: Readonly<Record<string, readonly RegExp[]>> = FETCHED;
  /** Absent where the options say that every answer is streamed. */
  readonly complete?: (request: ChatRequest, call: Call) => Promise<ChatResult>;
  private readonly connection: Connection;
  private readonly modelId: string;

  constructor(connection: Connection, modelId: string) {
    this.connection = connection;
    this.modelId = modelId;
    if (connection.options.nonStreaming) this.complete = (request, call) => this.askWhole(request, call);
  }

  /** Streams an answer. Throws CallError, and `call.signal.reason` on abort. */
  stream(request: ChatRequest, call: Call): AsyncIterable<readonly ChatPart[]> {
    const { connection, modelId } = this;
    return streamAnswer(async () => {
      const encoded = encodeRequest(connection.options, modelId, request, call, true);
      const { client, sdk, codec } = await connection.runtime();
      const response = await connection.exchange(call, encoded.headers, () => client.send(new sdk.ConverseStreamCommand(encoded.input), { abortSignal: call.signal }));
      const context = contextOf(encoded, response.headers, call);
      return {
        response, warnings: encoded.warnings, metadata: responseOf(response.headers), decoder: new StreamDecoder(context),
        read: (body) => readFrames(body, codec, response.headers),
        decodeWhole: (text) => ({ ...decodeMessage(parseObject(text, response.headers), context), response: responseOf(response.headers) }),
      };
    }, call);
  }

  private async askWhole(request: ChatRequest, call: Call): Promise<ChatResult> {
    const { connection } = this;
    const encoded = encodeRequest(connection.options, this.modelId, request, call, false);
    const { client, sdk } = await connection.runtime();
    const response = await connection.exchange(call, encoded.headers, () => client.send(new sdk.ConverseCommand(encoded.input), { abortSignal: call.signal }));
    const result = decodeMessage(await readWhole(response), contextOf(encoded, response.headers, call));
    return { ...result, response: responseOf(response.headers), ...(encoded.warnings.length === 0 ? {} : { warnings: encoded.warnings }) };
  }
}

function contextOf({ names, family, answerTool }: EncodedRequest, headers: Readonly<Record<string, string>>, { includeRaw }: Call): AnswerContext {
  return { headers, names, family, answerTool, includeRaw };
}

/** What the caller is told about an answer: its id, and its headers. */
function responseOf(headers: Readonly<Record<string, string>>): ResponseMetadata {
  const id = headers['x-amzn-requestid'];
  return { ...(id === undefined ? {} : { id }), headers: withoutCookies(headers) };
}

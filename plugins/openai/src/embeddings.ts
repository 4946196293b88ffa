/** Embeddings, asked as base64 because that is a third of the bytes. */
import { endianness } from 'node:os';
import type { Call, EmbeddingModel, EmbeddingRequest, EmbeddingResult } from '@modelport/plugin-api';
import { protocolError, Warnings, withoutCookies, type Fields } from '@modelport/plugin-api/kit';
import { requestHeaders, type Endpoint } from './endpoint.ts';
import { readWhole } from './error.ts';
import { addCallFields, finishBody, sessionHeader } from './request-body.ts';

interface WireEmbeddings {
  readonly data?: readonly { readonly index?: number; readonly embedding?: string | readonly number[] }[];
  readonly model?: string;
  readonly usage?: { readonly prompt_tokens?: number | null; readonly total_tokens?: number | null } | null;
}

/** One embedding model of one endpoint. */
export class OpenAIEmbeddingModel implements EmbeddingModel {
  readonly maxValuesPerCall: number;
  private readonly endpoint: Endpoint;
  private readonly modelId: string;

  constructor(endpoint: Endpoint, modelId: string) {
    this.endpoint = endpoint;
    this.modelId = modelId;
    this.maxValuesPerCall = endpoint.options.maxValuesPerCall;
  }

  /** Throws PROTOCOL when vectors are missing, doubled or unreadable, else as the endpoint does. */
  async embed(request: EmbeddingRequest, call: Call): Promise<EmbeddingResult> {
    const { endpoint } = this;
    const { options } = endpoint;
    const warnings = new Warnings();
    const body: Fields = { model: this.modelId, input: request.values, encoding_format: options.embeddingEncoding };
    if (request.dimensions !== undefined) body['dimensions'] = request.dimensions;
    // Of a call's own fields this wire has only the user's; a session means nothing to an embedding.
    addCallFields(body, { messages: [] }, { id: call.id, signal: call.signal, attempt: call.attempt }, options, endpoint.isOpenAI, warnings);
    const finished = finishBody(body, request.providerOptions, options, warnings);
    const headers = requestHeaders(request.headers, sessionHeader(call, options, endpoint.isOpenAI), endpoint.vendor.headers?.(call));
    const response = await endpoint.post(this.modelId, '/embeddings', JSON.stringify(finished), headers, call);
    const answer = readWhole(await response.text(), response.headers, endpoint.vendor) as WireEmbeddings;
    const tokens = answer.usage?.prompt_tokens ?? answer.usage?.total_tokens ?? undefined;
    return {
      embeddings: inOrder(answer, request.values.length, response.headers),
      usage: { tokens },
      providerMetadata: { [options.dialect]: { ...(answer.model === undefined ? {} : { modelId: answer.model }), headers: withoutCookies(response.headers) } },
      ...(warnings.list.length === 0 ? {} : { warnings: warnings.list }),
    };
  }
}

function inOrder(answer: WireEmbeddings, count: number, headers: Readonly<Record<string, string>>): ArrayLike<number>[] {
  const data = answer.data ?? [];
  const vectors: ArrayLike<number>[] = [];
  for (const [position, item] of data.entries()) {
    const index = item.index ?? position;
    const vector = typeof item.embedding === 'string' ? fromBase64(item.embedding) : item.embedding;
    if (vector === undefined || vectors[index] !== undefined || index >= count) throw protocolError(`Embedding ${index} is missing, doubled or unreadable.`, headers);
    vectors[index] = vector;
  }
  if (data.length !== count) throw protocolError(`${count} texts were sent and ${data.length} embeddings came back.`, headers);
  return vectors;
}

/** Little-endian float32, as the wire has it whatever the machine; `undefined` for bytes that are no whole number of floats. */
function fromBase64(text: string): Float32Array | undefined {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 0 || bytes.length % 4 !== 0) return undefined;
  if (endianness() === 'BE') bytes.swap32();
  // Buffer's pool begins anywhere, a Float32Array must begin at a multiple of four.
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}

/** Embedding models behind InvokeModel: Amazon Titan, one text a call, and Cohere Embed, many. */
import { CallError, type Call, type EmbeddingModel, type EmbeddingRequest, type EmbeddingResult, type HttpResponse, type Warning } from '@modelport/plugin-api';
import { protocolError } from '@modelport/plugin-api/kit';
import type { Connection } from './connection.ts';
import { headersOf } from './encode/headers.ts';
import { ownFields } from './encode/own-data.ts';
import { baseModelId } from './model-traits.ts';
import { readWhole } from './error.ts';

type Fields = Readonly<Record<string, unknown>>;

/** How one maker's models are asked. Source: the user guide, "Inference request parameters" of each. */
interface Dialect {
  readonly maxValuesPerCall: number;
  toBody(request: EmbeddingRequest, id: string, warnings: Warning[]): Fields;
  vectorsOf(answer: Fields): unknown;
  tokensOf(answer: Fields): unknown;
}

const TITAN: Dialect = {
  maxValuesPerCall: 1,
  toBody: ({ values, dimensions }, id, warnings) => {
    const fixed = id.includes('titan-embed-text-v1') || id.includes('titan-embed-g1');
    if (dimensions !== undefined && fixed) warnings.push({ type: 'unsupported', feature: 'dimensions', details: 'This model has one length only.' });
    return { inputText: values[0], ...(dimensions === undefined || fixed ? {} : { dimensions }) };
  },
  vectorsOf: ({ embedding }) => [embedding],
  tokensOf: ({ inputTextTokenCount }) => inputTextTokenCount,
};

const COHERE: Dialect = {
  maxValuesPerCall: 96,
  toBody: ({ values, dimensions }, id, warnings) => {
    const isFourth = id.includes('embed-v4');
    if (dimensions !== undefined && !isFourth) warnings.push({ type: 'unsupported', feature: 'dimensions', details: 'This model has one length only.' });
    // Cohere asks for it, and which it is only the caller knows.
    return { texts: values, input_type: 'search_document', ...(isFourth ? { embedding_types: ['float'], ...(dimensions === undefined ? {} : { output_dimension: dimensions }) } : {}) };
  },
  vectorsOf: ({ embeddings }) => (Array.isArray(embeddings) ? embeddings : (embeddings as Fields | undefined)?.['float']),
  tokensOf: () => undefined,
};

/** The embedding model of that id. One that is neither Titan's nor Cohere's throws CAPABILITY_MISSING when it is asked. */
export function createEmbeddingModel(connection: Connection, modelId: string): EmbeddingModel {
  const { baseModels } = connection.options;
  const id = baseModelId(Object.hasOwn(baseModels, modelId) ? (baseModels[modelId] as string) : modelId).toLowerCase();
  const dialect = id.startsWith('amazon.titan-embed') && !id.includes('image') ? TITAN : id.startsWith('cohere.embed') ? COHERE : undefined;
  return {
    maxValuesPerCall: dialect?.maxValuesPerCall ?? 1,
    embed: async (request, call) => {
      if (dialect === undefined) throw new CallError('CAPABILITY_MISSING', `"${modelId}" is no embedding model this plugin knows: it speaks to amazon.titan-embed-text and cohere.embed models.`, { retryable: false });
      return embed(connection, modelId, id, dialect, request, call);
    },
  };
}

async function embed(connection: Connection, modelId: string, id: string, dialect: Dialect, request: EmbeddingRequest, call: Call): Promise<EmbeddingResult> {
  const warnings: Warning[] = [];
  const body = JSON.stringify({ ...dialect.toBody(request, id, warnings), ...ownFields(request.providerOptions) });
  const { client, sdk } = await connection.runtime();
  const input = { modelId, body, contentType: 'application/json', accept: 'application/json' };
  const response = await connection.exchange(call, headersOf(request.headers), () => client.send(new sdk.InvokeModelCommand(input), { abortSignal: call.signal }));
  const answer = (await readWhole(response)) as Fields;
  const embeddings = dialect.vectorsOf(answer);
  if (!isVectors(embeddings) || embeddings.length !== request.values.length) throw protocolError(`The answer holds no vector for each of the ${request.values.length} texts.`, response.headers);
  const tokens = tokensOf(response, dialect.tokensOf(answer));
  return { embeddings, ...(tokens === undefined ? {} : { usage: { tokens } }), ...(warnings.length === 0 ? {} : { warnings }) };
}

function isVectors(value: unknown): value is readonly (readonly number[])[] {
  return Array.isArray(value) && value.every((vector) => Array.isArray(vector) && vector.length > 0 && vector.every((figure) => typeof figure === 'number'));
}

/** Bedrock counts in a header what a model does not count in its answer. */
function tokensOf({ headers }: HttpResponse, told: unknown): number | undefined {
  const count = typeof told === 'number' ? told : Number(headers['x-amzn-bedrock-input-token-count'] ?? Number.NaN);
  return Number.isFinite(count) ? count : undefined;
}

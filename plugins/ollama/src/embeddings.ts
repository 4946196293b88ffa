/** Embeddings over POST /api/embed: many texts in one request, vectors in their order. */
import type { Call, EmbeddingModel, EmbeddingRequest, EmbeddingResult } from '@modelport/plugin-api';
import { protocolError, Warnings, type Fields } from '@modelport/plugin-api/kit';
import { finishBody } from './request-body.ts';
import type { OllamaServer } from './server.ts';

/** One embedding model of one server. */
export class OllamaEmbeddingModel implements EmbeddingModel {
  readonly maxValuesPerCall: number;
  private readonly server: OllamaServer;
  private readonly modelId: string;

  constructor(server: OllamaServer, modelId: string) {
    this.server = server;
    this.modelId = modelId;
    this.maxValuesPerCall = server.options.maxValuesPerCall;
  }

  /** Throws PROTOCOL when vectors are missing or unreadable, else as the server does. */
  async embed(request: EmbeddingRequest, call: Call): Promise<EmbeddingResult> {
    const { server, modelId } = this;
    const warnings = new Warnings();
    const body: Fields = { model: modelId, input: request.values, truncate: server.options.truncate };
    if (request.dimensions !== undefined) body['dimensions'] = request.dimensions;
    if (server.options.keepAlive !== undefined) body['keep_alive'] = server.options.keepAlive;
    const options = server.modelOptions(modelId);
    if (Object.keys(options).length > 0) body['options'] = options;
    const finished = finishBody(body, request.providerOptions, warnings);
    const answer = await server.ask('POST', '/api/embed', finished, call, { headers: request.headers, modelId });
    const { embeddings, prompt_eval_count: tokens, model } = answer;
    const vectors = Array.isArray(embeddings) ? (embeddings as readonly unknown[]) : [];
    if (vectors.length !== request.values.length) throw protocolError(`${request.values.length} texts were sent and ${vectors.length} embeddings came back.`);
    const unreadable = vectors.findIndex((vector) => !Array.isArray(vector) || vector.length === 0);
    if (unreadable !== -1) throw protocolError(`Embedding ${unreadable} is empty or unreadable.`);
    return {
      embeddings: vectors as readonly (readonly number[])[],
      usage: { tokens: typeof tokens === 'number' ? tokens : undefined },
      ...(typeof model === 'string' ? { providerMetadata: { ollama: { modelId: model } } } : {}),
      ...(warnings.list.length === 0 ? {} : { warnings: warnings.list }),
    };
  }
}

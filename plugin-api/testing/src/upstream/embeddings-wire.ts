/** Embeddings as OpenAI sends them, in arrays or in base64. */

/** What of a request shapes its answer. */
export interface EmbeddingsWireRequest {
  readonly model?: string;
  readonly input?: string | readonly string[];
  readonly dimensions?: number;
  readonly encoding_format?: string;
}

/** The answer: for each text a vector that follows from the text alone. `asArrays` ignores the wish for base64, as some servers do. */
export function toEmbeddings(request: EmbeddingsWireRequest, asArrays: boolean): object {
  const texts = typeof request.input === 'string' ? [request.input] : (request.input ?? []);
  const tokens = texts.reduce((sum, text) => sum + text.split(/\s+/).length, 0);
  return {
    object: 'list', model: request.model,
    data: texts.map((text, index) => {
      const vector = vectorOf(text, request.dimensions ?? 4);
      const base64 = request.encoding_format === 'base64' && !asArrays;
      return { object: 'embedding', index, embedding: base64 ? toBase64(vector) : vector };
    }),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  };
}

/** A vector of so many dimensions that depends on the text alone; every figure is exact in 32 bits. */
export function vectorOf(text: string, dimensions: number): number[] {
  return Array.from({ length: dimensions }, (_, index) => ((text.charCodeAt(index % Math.max(1, text.length)) || 0) - 96) / 64);
}

function toBase64(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString('base64');
}

/** Embeddings without a model: hashed words, so that the same text has the same vector and texts that share words lie near each other. */
import { CallError } from '@modelport/plugin-api';
import type { Call, EmbeddingModel, EmbeddingRequest, EmbeddingResult } from '@modelport/plugin-api';

import { countWords } from './word-count.ts';

/** Length of a vector when the request names none. */
export const DEFAULT_DIMENSIONS = 8;

/** Longest vector that is made. */
const MAX_DIMENSIONS = 4096;

/**
 * The embedding model: each text is the unit vector of the sum of its words' vectors, and a word's vector comes from its hash. Throws
 * REQUEST_INVALID for dimensions that are no whole number from 1 to 4096.
 */
export function scriptedEmbeddingModel(): EmbeddingModel {
  return {
    async embed(request: EmbeddingRequest, call: Call): Promise<EmbeddingResult> {
      call.signal.throwIfAborted();
      const dimensions = request.dimensions ?? DEFAULT_DIMENSIONS;
      if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > MAX_DIMENSIONS) {
        throw new CallError('REQUEST_INVALID', `dimensions must be a whole number from 1 to ${MAX_DIMENSIONS}, not ${dimensions}`);
      }
      return {
        embeddings: request.values.map((text) => vectorOf(text, dimensions)),
        usage: { tokens: request.values.reduce((total, text) => total + countWords(text), 0) },
        warnings: request.headers === undefined
          ? []
          : [{ type: 'unsupported', feature: 'headers', details: 'nothing is sent over a network' }],
      };
    },
  };
}

function vectorOf(text: string, dimensions: number): Float64Array {
  const sum = new Float64Array(dimensions);
  // A text without a word, such as the empty one, still gets a vector of its own.
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [text];
  for (const word of words) {
    const random = generator(hash(word));
    for (let index = 0; index < dimensions; index += 1) sum[index] = (sum[index] ?? 0) + random();
  }
  const length = Math.hypot(...sum);
  return sum.map((value) => value / length);
}

/** FNV-1a over UTF-16 units, 32 bits. Source: http://www.isthe.com/chongo/tech/comp/fnv/ */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}

/** Numbers between -1 and 1 from a 32-bit seed: a Weyl sequence through the finaliser of MurmurHash3. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 31 - 1;
  };
}

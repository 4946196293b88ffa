/** Answers requests from a cassette instead of the network. */
import { readFile } from 'node:fs/promises';
import { CallError } from '@modelport/plugin-api';
import { Answer } from './answer.ts';
import type { ReadableBody } from './body.ts';
import { chunkBytes, recordedRequest, type Cassette, type RecordedExchange, type RecordedRequest } from './cassette.ts';
import type { ObservedRequest } from './observer.ts';

/** Plays each recorded exchange once; equal requests get their answers in the order they were recorded. */
export class CassettePlayer {
  readonly #name: string;
  readonly #unplayed: RecordedExchange[];

  constructor(cassette: Cassette, name: string) {
    this.#name = name;
    this.#unplayed = [...cassette.exchanges];
  }

  /** Reads a cassette. Throws NETWORK when the file is missing or is no cassette. */
  static async open(file: string): Promise<CassettePlayer> {
    let content: unknown;
    try {
      content = JSON.parse(await readFile(file, 'utf8'));
    } catch (cause) {
      throw new CallError('NETWORK', `The cassette ${file} cannot be read.`, { retryable: false, cause });
    }
    const { cassette, exchanges } = (content ?? {}) as Partial<Cassette>;
    if (cassette !== 1 || !Array.isArray(exchanges)) throw new CallError('NETWORK', `${file} is no cassette of format 1.`, { retryable: false });
    return new CassettePlayer(content as Cassette, file);
  }

  /** How many recorded exchanges were not asked for yet. */
  get remaining(): number {
    return this.#unplayed.length;
  }

  /** The recorded answer, byte for byte and chunk for chunk. Throws what the exchange failed with, or NETWORK when it was never recorded. */
  answer(request: ObservedRequest, origin: string): Answer {
    const wanted = recordedRequest(request);
    const index = this.#unplayed.findIndex((exchange) => same(exchange.request, wanted));
    const exchange = this.#unplayed[index];
    if (exchange === undefined) throw this.#miss(wanted);
    this.#unplayed.splice(index, 1);
    const failure = exchange.failure === undefined ? undefined : new CallError(exchange.failure.code, exchange.failure.message, { retryable: exchange.failure.retryable });
    if (exchange.response === undefined) throw failure ?? new CallError('NETWORK', `The cassette ${this.#name} holds no answer to ${wanted.method} ${wanted.url}: its recording was stopped.`, { retryable: false });
    const { status, headers, chunks } = exchange.response;
    return new Answer(status, { ...headers }, new RecordedBody(chunks.map(chunkBytes), failure), origin);
  }

  #miss(wanted: RecordedRequest): CallError {
    const near = this.#unplayed.filter(({ request }) => request.method === wanted.method && request.url === wanted.url);
    const reason = near.length > 0
      ? `it has ${near.length} of that method and URL, with another body`
      : `it has left: ${this.#unplayed.map(({ request }) => `${request.method} ${request.url}`).slice(0, 5).join(', ') || 'nothing'}`;
    return new CallError('NETWORK', `The cassette ${this.#name} holds no answer to ${wanted.method} ${wanted.url} with the body ${wanted.bodyHash.slice(0, 12)}; ${reason}.`, { retryable: false });
  }
}

function same(recorded: RecordedRequest, wanted: RecordedRequest): boolean {
  return recorded.method === wanted.method && recorded.url === wanted.url && recorded.bodyHash === wanted.bodyHash;
}

/** Chunks exactly as they were recorded. */
class RecordedBody implements ReadableBody {
  readonly #chunks: readonly Buffer[];
  readonly #failure: CallError | undefined;
  #taken = false;

  constructor(chunks: readonly Buffer[], failure: CallError | undefined) {
    this.#chunks = chunks;
    this.#failure = failure;
  }

  async collect(): Promise<Buffer> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    if (this.#taken) throw new CallError('INTERNAL', 'The body of an answer can be read once, and this one was read before.');
    this.#taken = true;
    return this.#read();
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    for (const chunk of this.#chunks) yield chunk;
    if (this.#failure !== undefined) throw this.#failure;
  }
}

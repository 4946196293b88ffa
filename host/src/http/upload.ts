/** A request body that streams: read once, remembering what its source threw. */

/** Passes a source on; a failure of the source is the plugin's own and must not be taken for one of the network. */
export class Upload implements AsyncIterable<Uint8Array> {
  readonly #source: AsyncIterable<Uint8Array>;
  #failure: { readonly thrown: unknown } | undefined;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source;
  }

  /** What the source threw, boxed since anything can be thrown. */
  get failure(): { readonly thrown: unknown } | undefined {
    return this.#failure;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of this.#source) yield chunk;
    } catch (error) {
      this.#failure = { thrown: error };
      throw error;
    }
  }
}

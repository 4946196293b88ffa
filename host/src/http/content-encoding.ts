/** Undoes the content encoding of a body as it streams: gzip, deflate, br and zstd, also one over the other. */
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress, constants } from 'node:zlib';
import { PassThrough, pipeline, type Transform } from 'node:stream';
import { CallError } from '@modelport/plugin-api';

/** What encoded bytes go into and plain bytes come out of. */
export interface ContentDecoder {
  readonly input: Transform;
  readonly output: Transform;
}

/** The decoder for a `content-encoding` header; undefined when nothing is encoded. Throws NETWORK for an encoding nobody asked for. */
export function contentDecoder(header: string | undefined, origin: string): ContentDecoder | undefined {
  if (header === undefined) return undefined;
  const names = header.toLowerCase().split(',').map((name) => name.trim()).filter((name) => name !== '' && name !== 'identity');
  const [first, ...rest] = names.reverse().map((name) => decoderOf(name, origin));
  if (first === undefined) return undefined;
  const last = rest.at(-1);
  if (last === undefined) return { input: first, output: first };
  // A fault in one stage destroys the others with the same error, which the last one reports.
  pipeline([first, ...rest], () => {});
  return { input: first, output: last };
}

/** Each read is flushed, or the events of a compressed stream would wait for the next ones. */
const streaming = { flush: constants.Z_SYNC_FLUSH };

function decoderOf(name: string, origin: string): Transform {
  switch (name) {
    case 'gzip': case 'x-gzip':
      return createGunzip(streaming);
    case 'deflate':
      return new Deflate();
    case 'br':
      return createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH });
    case 'zstd':
      return createZstdDecompress({ flush: constants.ZSTD_e_flush });
    default:
      throw new CallError('NETWORK', `${origin} sent a body in the encoding "${name}", which is not known.`, { retryable: false });
  }
}

/** Servers send both zlib and bare deflate under the name `deflate`; the first byte tells which it is. */
class Deflate extends PassThrough {
  #inner: Transform | undefined;

  override _transform(chunk: Buffer, encoding: BufferEncoding, callback: (error?: Error | null) => void): void {
    if (this.#inner === undefined) {
      // The low four bits of a zlib header are 8, the method; of bare deflate they hardly ever are (RFC 1950, 2.2).
      this.#inner = (chunk[0]! & 0x0f) === 8 ? createInflate(streaming) : createInflateRaw(streaming);
      this.#inner.on('data', (plain: Buffer) => { if (!this.push(plain)) this.#inner?.pause(); });
      this.#inner.on('error', (error) => this.destroy(error));
    }
    this.#inner.write(chunk, encoding, callback);
  }

  override _flush(callback: (error?: Error | null) => void): void {
    if (this.#inner === undefined) return callback();
    this.#inner.once('end', () => callback());
    this.#inner.end();
  }

  override _read(size: number): void {
    this.#inner?.resume();
    super._read(size);
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#inner?.destroy();
    super._destroy(error, callback);
  }
}

/** Writing to a stream of the process: in order, as fast as the reader takes it, and quietly over when the reader is gone. */
import { createPalette, type Palette } from './palette.ts';

/** One of stdout and stderr. */
export class Output {
  /** Colours for this stream. */
  readonly paint: Palette;
  readonly #stream: NodeJS.WriteStream;
  #closed = false;
  #atLineStart = true;

  /** @param onClosed called once when the reader went away (`modelport ... | head -1`) */
  constructor(stream: NodeJS.WriteStream, environment: NodeJS.ProcessEnv, onClosed: () => void = () => undefined) {
    this.#stream = stream;
    this.paint = createPalette(stream, environment);
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (!this.#closed) onClosed();
      this.#closed = true;
    });
  }

  /** Whether the reader went away. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Whether the next character begins a line. */
  get atLineStart(): boolean {
    return this.#atLineStart;
  }

  /** Writes text as it is; resolves when the stream can take more. */
  async write(text: string): Promise<void> {
    if (text === '' || this.#closed) return;
    this.#atLineStart = text.endsWith('\n');
    if (this.#stream.write(text)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#stream.off('drain', done).off('error', done).off('close', done);
        resolve();
      };
      this.#stream.on('drain', done).on('error', done).on('close', done);
    });
  }

  /** Writes a line. */
  line(text = ''): Promise<void> {
    return this.write(`${text}\n`);
  }

  /** Writes a value as JSON, indented, with a newline at the end. */
  json(value: unknown): Promise<void> {
    return this.line(JSON.stringify(value, undefined, 2));
  }

  /** Resolves when everything written so far has left the process. */
  async flush(): Promise<void> {
    if (!this.#closed) await new Promise<void>((resolve) => { this.#stream.write('', () => resolve()); });
  }
}

/** The head of an HTTP answer, and its body as chunks, text or JSON. */
import { CallError, type HttpResponse } from '@modelport/plugin-api';
import type { ReadableBody } from './body.ts';

/** An answer as a plugin gets it. */
export class Answer implements HttpResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ReadableBody;
  readonly #origin: string;

  constructor(status: number, headers: Readonly<Record<string, string>>, body: ReadableBody, origin: string) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.#origin = origin;
  }

  async text(): Promise<string> {
    return decode(await this.body.collect());
  }

  async json(): Promise<unknown> {
    const text = decode(await this.body.collect());
    try {
      return JSON.parse(text);
    } catch {
      // The parser's own message would quote the body.
      const kind = text.trim() === '' ? 'an empty body' : `something that is not JSON (${this.headers['content-type'] ?? 'no content-type'})`;
      throw new CallError('PROTOCOL', `${this.#origin} answered with status ${this.status} and ${kind}.`, { status: this.status });
    }
  }
}

function decode(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** JSON values out of a byte stream that holds one on each line, one array of them for each network read. */
import { CallError } from '../errors.ts';
import { Utf8Text } from './utf8-text.ts';

/** How to read lines of JSON. */
export interface JsonLinesOptions {
  /**
   * Longest line that is kept in memory. Counted in UTF-16 units, so that text beyond ASCII may take up to three times as many bytes.
   * Default 16,777,216 (16 MiB).
   */
  readonly maxLineBytes?: number;
  /** Called for a line that is not JSON, which is then left out. Lines count from 1. Default: such a line throws PROTOCOL. */
  readonly onInvalid?: (lineNumber: number, line: string) => void;
}

/**
 * Reads newline-delimited JSON (https://github.com/ndjson/ndjson-spec): LF or CRLF, blank lines left out, the last line with or without
 * its end. Yields one array per network read, and nothing for a read that completed no line. The work is linear in the bytes, however they
 * are split. Throws PROTOCOL for a line that is not JSON (with its number and none of its content) or above `maxLineBytes`, after the
 * values before it; else what the body throws.
 */
export async function* readJsonLines(
  body: AsyncIterable<Uint8Array>,
  options: JsonLinesOptions = {},
): AsyncGenerator<readonly unknown[], void, undefined> {
  const utf8 = new Utf8Text();
  const parser = new LineParser(options);
  for await (const bytes of body) {
    const values = parser.read(utf8.decode(bytes));
    if (values.length > 0) yield values;
    if (parser.failure !== undefined) throw parser.failure;
  }
  const values = parser.end(utf8.end());
  if (values.length > 0) yield values;
  if (parser.failure !== undefined) throw parser.failure;
}

/** The state between two reads: an unfinished line, and how many came before it. */
class LineParser {
  /** Set by the line that stops the stream; thrown by the reader once the values before it have been yielded. */
  failure: CallError | undefined;
  private readonly maxLength: number;
  private readonly onInvalid: JsonLinesOptions['onInvalid'];
  private lineNumber = 0;
  /** The unfinished line. Only ever appended to and read once, never searched, which keeps a long line linear. */
  private line = '';

  constructor(options: JsonLinesOptions) {
    this.maxLength = options.maxLineBytes ?? 16 * 1024 * 1024;
    this.onInvalid = options.onInvalid;
  }

  read(text: string): unknown[] {
    const values: unknown[] = [];
    let start = 0;
    while (start < text.length && this.failure === undefined) {
      const end = text.indexOf('\n', start);
      if (end === -1) {
        this.line += text.slice(start);
        if (this.line.length > this.maxLength) this.refuse();
        break;
      }
      const line = this.line === '' ? text.slice(start, end) : this.line + text.slice(start, end);
      this.line = '';
      this.takeLine(line, values);
      start = end + 1;
    }
    return values;
  }

  end(text: string): unknown[] {
    const values = this.read(text);
    const line = this.line;
    this.line = '';
    if (line !== '' && this.failure === undefined) this.takeLine(line, values);
    return values;
  }

  private takeLine(line: string, values: unknown[]): void {
    if (line.length > this.maxLength) {
      this.refuse();
      return;
    }
    this.lineNumber += 1;
    try {
      values.push(JSON.parse(line));
    } catch {
      if (line.trim() === '') return;
      if (this.onInvalid !== undefined) this.onInvalid(this.lineNumber, line);
      else this.failure = new CallError('PROTOCOL', `Line ${this.lineNumber} of the answer is not JSON.`, { retryable: false });
    }
  }

  private refuse(): void {
    this.line = '';
    this.failure = new CallError('PROTOCOL', `Line ${this.lineNumber + 1} of the answer is longer than ${this.maxLength} bytes.`, { retryable: false });
  }
}

/** Server-sent events out of a byte stream, one array of them for each network read. */
import { CallError } from '../errors.ts';
import { Utf8Text } from './utf8-text.ts';

const LINE_FEED = 10;
const SPACE = 32;

/** One server-sent event. */
export interface ServerSentEvent {
  /** Its `event` field. `undefined` = it had none, which the standard calls `message`. */
  readonly event?: string | undefined;
  /** Its `data` lines, joined by line feeds. */
  readonly data: string;
  /** Its own `id` field. `undefined` = it had none; ids of earlier events are not carried over. */
  readonly id?: string | undefined;
}

/** How to read server-sent events. */
export interface ServerSentEventOptions {
  /**
   * Largest line, and largest data of one event, that is kept in memory. Counted in UTF-16 units, so that text beyond ASCII may take up to
   * three times as many bytes. Default 16,777,216 (16 MiB).
   */
  readonly maxEventBytes?: number;
}

/**
 * Reads a stream of server-sent events. Yields one array per network read, and nothing for a read that completed no event. Follows
 * https://html.spec.whatwg.org/multipage/server-sent-events.html, with one difference: an event that the end of the stream cut off
 * before its blank line is still given when it has data, because many vendors leave that line out. So the last event may be incomplete:
 * what is not valid JSON there is a cut stream. `retry` is not read, a plugin does not reconnect. The work is linear in the bytes,
 * however they are split. Throws PROTOCOL for a line or event above `maxEventBytes`, after the events before it; else what the body throws.
 */
export async function* readServerSentEvents(
  body: AsyncIterable<Uint8Array>,
  options: ServerSentEventOptions = {},
): AsyncGenerator<readonly ServerSentEvent[], void, undefined> {
  const utf8 = new Utf8Text();
  const parser = new EventParser(options.maxEventBytes ?? 16 * 1024 * 1024);
  for await (const bytes of body) {
    const events = parser.read(utf8.decode(bytes));
    if (events.length > 0) yield events;
    parser.throwIfTooLarge();
  }
  const events = parser.end(utf8.end());
  if (events.length > 0) yield events;
  parser.throwIfTooLarge();
}

/** The state between two reads: an unfinished line, and the fields of an unfinished event. */
class EventParser {
  private readonly maxLength: number;
  private tooLarge = false;
  /** The unfinished line. Only ever appended to and read once, never searched, which keeps a long line linear. */
  private line = '';
  private afterCarriageReturn = false;
  private data: string | undefined;
  private event: string | undefined;
  private id: string | undefined;

  constructor(maxLength: number) {
    this.maxLength = maxLength;
  }

  read(received: string): ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    const text = this.withLineFeeds(received);
    let start = 0;
    if (this.line !== '') {
      const end = text.indexOf('\n');
      if (end === -1) {
        this.keep(text);
        return events;
      }
      const line = this.line + text.slice(0, end);
      this.line = '';
      this.takeLine(line, 0, line.length, events);
      start = end + 1;
    }
    while (start < text.length && !this.tooLarge) {
      const end = text.indexOf('\n', start);
      if (end === -1) {
        this.keep(text.slice(start));
        break;
      }
      this.takeLine(text, start, end, events);
      start = end + 1;
    }
    return events;
  }

  end(received: string): ServerSentEvent[] {
    const events = this.read(received);
    const line = this.line;
    this.line = '';
    if (line !== '') this.takeLine(line, 0, line.length, events);
    if (this.data !== undefined && this.data !== '' && !this.tooLarge) this.dispatch(events);
    return events;
  }

  throwIfTooLarge(): void {
    if (this.tooLarge) throw new CallError('PROTOCOL', `A server-sent event is longer than ${this.maxLength} bytes.`, { retryable: false });
  }

  /** Turns CR and CRLF into LF, also where a CRLF is split between two reads. */
  private withLineFeeds(received: string): string {
    let text = received;
    if (this.afterCarriageReturn && text !== '') {
      this.afterCarriageReturn = false;
      if (text.charCodeAt(0) === LINE_FEED) text = text.slice(1);
    }
    if (!text.includes('\r')) return text;
    this.afterCarriageReturn = text.endsWith('\r');
    return text.replace(/\r\n?/g, '\n');
  }

  private keep(text: string): void {
    this.line += text;
    this.checkLength(this.line.length);
  }

  private checkLength(lineLength: number): void {
    if (lineLength + (this.data === undefined ? 0 : this.data.length) > this.maxLength) {
      this.tooLarge = true;
      this.line = '';
      this.data = undefined;
    }
  }

  private takeLine(text: string, start: number, end: number, events: ServerSentEvent[]): void {
    if (start === end) {
      this.dispatch(events);
      return;
    }
    this.checkLength(end - start);
    if (this.tooLarge) return;
    // Most lines are `data:` lines; they are taken without making a string of the field's name.
    if (text.startsWith('data:', start)) {
      this.addData(text.slice(valueStart(text, start + 4, end), end));
      return;
    }
    const line = text.slice(start, end);
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(valueStart(line, colon, line.length));
    if (name === 'data') this.addData(value);
    else if (name === 'event') this.event = value === '' ? undefined : value;
    else if (!value.includes('\0')) this.id = value;
  }

  private addData(value: string): void {
    this.data = this.data === undefined ? value : `${this.data}\n${value}`;
  }

  private dispatch(events: ServerSentEvent[]): void {
    if (this.data !== undefined) events.push({ event: this.event, data: this.data, id: this.id });
    this.data = undefined;
    this.event = undefined;
    this.id = undefined;
  }
}

/** Where a field's value begins: after the colon, and after one space where there is one. */
function valueStart(text: string, colon: number, end: number): number {
  const next = colon + 1;
  return next < end && text.charCodeAt(next) === SPACE ? next + 1 : next;
}

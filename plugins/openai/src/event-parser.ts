/** One event's data parsed, or told as unreadable: what is left out of an answer is never left out in silence. */
import type { ChatPart } from '@modelport/plugin-api';
import { protocolError } from '@modelport/plugin-api/kit';

/** Parses the events of one stream, each once. */
export class EventParser<Event extends object> {
  private readonly headers: Readonly<Record<string, string>>;
  /** Data of the latest event where it could not be read. */
  private unreadable: string | undefined;

  constructor(headers: Readonly<Record<string, string>>) {
    this.headers = headers;
  }

  /** Whether the stream ended inside an event. Cut within `[DONE]` nothing is missing. */
  get endedInside(): boolean {
    return this.unreadable !== undefined && !'[DONE]'.startsWith(this.unreadable);
  }

  /** The event; `undefined` with a warning for one that is not JSON. Throws PROTOCOL for such a one within a tool call. */
  parse(data: string, inToolCall: boolean, parts: ChatPart[]): Event | undefined {
    try {
      const event = JSON.parse(data) as unknown;
      if (typeof event === 'object' && event !== null) {
        this.unreadable = undefined;
        return event as Event;
      }
    } catch {
      // Told below, with what is no object.
    }
    // What is missing from a tool's input may change what the tool does.
    if (inToolCall) throw protocolError('An event of the stream is not JSON, in the middle of a tool call.', this.headers);
    this.unreadable = data;
    parts.push({ type: 'warning', warning: { type: 'other', message: 'An event of the stream is not JSON and was left out: the answer may lack some text.' } });
    return undefined;
  }
}

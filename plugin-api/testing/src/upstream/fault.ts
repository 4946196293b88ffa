/** What can go wrong between a vendor and a client, made on the bytes and on the socket where frameworks cannot. */
import { cutAt } from '../cuts.ts';

/**
 * One fault. Faults of a turn work together; offsets count bytes of the answer's body before content encoding and chunking. `afterText` =
 * the offset is the end of the event or line in which that text first stands; of the whole body where it stands nowhere.
 */
export type Fault =
  /** The body is written in pieces, each its own write: at these offsets, or one for every byte or every line. */
  | { readonly type: 'split'; readonly at: readonly number[] | 'every-byte' | 'every-line' }
  /** Lines end with CR LF instead of LF. */
  | { readonly type: 'crlf' }
  /** The body begins with a byte order mark. */
  | { readonly type: 'byte-order-mark' }
  /** `data:` without the space after it. */
  | { readonly type: 'no-space' }
  /** Comments before every event, as servers send them to keep a connection alive. */
  | { readonly type: 'comments' }
  /** An event that is not JSON, before the event of that number. */
  | { readonly type: 'unreadable-event'; readonly before: number }
  /** The stream says so much, then an error object, and ends without `[DONE]`. */
  | { readonly type: 'error-event'; readonly before: number; readonly afterText?: string; readonly error: object }
  /** Status 200 and an HTML page, as a proxy or a login wall answers. */
  | { readonly type: 'html'; readonly status?: number }
  /** The whole answer as JSON though a stream was asked. */
  | { readonly type: 'json-instead-of-stream' }
  /** The body is compressed. */
  | { readonly type: 'gzip' }
  /** The connection is reset before a byte of the answer. */
  | { readonly type: 'reset-before-header' }
  /** The connection is reset after so many bytes of the body. */
  | ({ readonly type: 'reset' } & Offset)
  /** The body ends in good order after so many bytes: what a proxy makes of a vendor that died. */
  | ({ readonly type: 'cut' } & Offset)
  /** The connection is closed after so many bytes, without the end of the chunked body. */
  | ({ readonly type: 'close' } & Offset)
  /** Nothing more is sent after so many bytes, and the connection stays open. */
  | ({ readonly type: 'stall' } & Offset)
  /** The connection is accepted, the request read, and nothing is ever answered. */
  | { readonly type: 'silence' }
  /** `[DONE]` is left out. */
  | { readonly type: 'no-done' }
  /** More events after `[DONE]`. */
  | { readonly type: 'events-after-done'; readonly events: readonly (object | string)[] }
  /** The blank line after the last event is left out. */
  | { readonly type: 'no-final-newline' }
  /** A comment line of so many bytes, before the first event. */
  | { readonly type: 'long-line'; readonly bytes: number }
  /** A line that never ends, before the first event, written as fast as it is read until the client leaves. */
  | { readonly type: 'endless-line' };

/** Where in the body something happens. */
export type Offset = { readonly afterBytes: number } | { readonly afterText: string };

/** An offset in bytes of that body. */
export function offsetIn(body: Buffer, offset: Offset): number {
  if ('afterBytes' in offset) return offset.afterBytes;
  const at = body.indexOf(offset.afterText);
  const lineEnd = at === -1 ? -1 : body.indexOf('\n', at);
  if (lineEnd === -1) return body.length;
  // Server-sent events end with a blank line.
  return body[lineEnd + 1] === 0x0a ? lineEnd + 2 : lineEnd + 1;
}

/** The events up to where an error takes their place. */
export function eventsBefore(events: readonly (object | string)[], failing: FaultOf<'error-event'>): readonly (object | string)[] {
  const { before, afterText } = failing;
  if (afterText === undefined) return events.slice(0, before);
  const index = events.findIndex((event) => (typeof event === 'string' ? event : JSON.stringify(event)).includes(afterText));
  return events.slice(0, index === -1 ? events.length : index + 1);
}

type FaultOf<Type extends Fault['type']> = Extract<Fault, { readonly type: Type }>;

/** The fault of that type, where the turn has one. */
export function faultOf<Type extends Fault['type']>(faults: readonly Fault[], type: Type): FaultOf<Type> | undefined {
  return faults.find((fault): fault is FaultOf<Type> => fault.type === type);
}

/** Server-sent events as bytes, with the faults that concern lines. */
export function toEventBytes(events: readonly (object | string)[], named: boolean, done: boolean, faults: readonly Fault[]): Buffer {
  const lineEnd = faultOf(faults, 'crlf') === undefined ? '\n' : '\r\n';
  const field = (name: string, value: string): string => `${name}:${faultOf(faults, 'no-space') === undefined ? ' ' : ''}${value}${lineEnd}`;
  const unreadable = faultOf(faults, 'unreadable-event');
  const failing = faultOf(faults, 'error-event');
  const isDone = done && failing === undefined && faultOf(faults, 'no-done') === undefined;
  const sent: (object | string)[] = failing === undefined ? [...events] : [...eventsBefore(events, failing), failing.error];
  if (unreadable !== undefined) sent.splice(unreadable.before, 0, '{"choices":[{"delta":{"con');
  if (isDone) sent.push('[DONE]');
  sent.push(...(faultOf(faults, 'events-after-done')?.events ?? []));
  let text = faultOf(faults, 'byte-order-mark') === undefined ? '' : '\uFEFF';
  const long = faultOf(faults, 'long-line');
  if (long !== undefined) text += `:${'x'.repeat(long.bytes)}${lineEnd}`;
  for (const event of sent) {
    if (faultOf(faults, 'comments') !== undefined) text += `: PROCESSING${lineEnd}${lineEnd}`;
    const type = typeof event === 'object' && named ? (event as { readonly type?: string }).type : undefined;
    if (type !== undefined) text += field('event', type);
    text += field('data', typeof event === 'string' ? event : JSON.stringify(event)) + lineEnd;
  }
  if (faultOf(faults, 'no-final-newline') !== undefined) text = text.trimEnd();
  return Buffer.from(text);
}

/** The body in the pieces it is written in. */
export function toPieces(body: Buffer, faults: readonly Fault[]): Buffer[] {
  const split = faultOf(faults, 'split');
  if (split === undefined) return body.length === 0 ? [] : [body];
  if (split.at === 'every-byte') return cutAt(body, [...body.keys()]);
  if (split.at === 'every-line') return cutAt(body, [...body.entries()].flatMap(([at, byte]) => (byte === 0x0a ? [at + 1] : [])));
  return cutAt(body, split.at);
}

/** The frames of an AWS event stream, checked and taken apart, one array for each network read. */
import type { EventStreamCodec } from '@smithy/eventstream-codec';
import { protocolError } from '@modelport/plugin-api/kit';

/** One frame. */
export interface EventFrame {
  /** `event`, or how the stream failed: `exception` has its facts in the payload, `error` in the message. */
  readonly kind: 'event' | 'exception' | 'error';
  /** Type of the event or exception, or code of the error. */
  readonly name: string;
  /** The payload as text. */
  readonly payload: string;
}

/** The longest frame AWS sends is 16 MiB of payload and 128 KiB of headers. */
const MAX_FRAME_BYTES = 16 * 1024 * 1024 + 128 * 1024 + 16;

/**
 * Reads frames as they become whole. A stream that ends within a frame ends here without a word: whether the answer was whole is for its
 * reader to say. Throws PROTOCOL for a frame that is too long or whose checksum is wrong, and what the body throws.
 */
export async function* readFrames(body: AsyncIterable<Uint8Array>, codec: EventStreamCodec, headers: Readonly<Record<string, string>>): AsyncGenerator<EventFrame[], void, undefined> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let neededBytes = 4;
  for await (const bytes of body) {
    held.push(bytes);
    heldBytes += bytes.length;
    // A long frame is put together once, when all of it is there.
    if (heldBytes < neededBytes) continue;
    const all = held.length === 1 ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.concat(held);
    const frames: EventFrame[] = [];
    let failure: { readonly error: unknown } | undefined;
    let at = 0;
    neededBytes = 4;
    try {
      while (all.length - at >= 4) {
        const length = all.readUInt32BE(at);
        if (length < 16 || length > MAX_FRAME_BYTES) throw protocolError(`The stream has a frame of ${length} bytes, which no event stream has: is a proxy in between?`, headers);
        if (all.length - at < length) {
          neededBytes = length;
          break;
        }
        frames.push(toFrame(all.subarray(at, at + length), codec, headers));
        at += length;
      }
    } catch (error) {
      failure = { error };
    }
    // The frames before a bad one go out before it.
    if (frames.length > 0) yield frames;
    if (failure !== undefined) throw failure.error;
    held = at === all.length ? [] : [all.subarray(at)];
    heldBytes = all.length - at;
  }
}

function toFrame(bytes: Buffer, codec: EventStreamCodec, headers: Readonly<Record<string, string>>): EventFrame {
  let message: ReturnType<EventStreamCodec['decode']>;
  try {
    message = codec.decode(bytes);
  } catch {
    throw protocolError('A frame of the stream arrived damaged: its checksum is wrong.', headers, true);
  }
  const header = (name: string): string => String(message.headers[name]?.value ?? '');
  const payload = Buffer.from(message.body.buffer, message.body.byteOffset, message.body.byteLength).toString('utf8');
  switch (header(':message-type')) {
    case 'exception':
      return { kind: 'exception', name: header(':exception-type'), payload };
    case 'error':
      return { kind: 'error', name: header(':error-code'), payload: header(':error-message') };
    default:
      return { kind: 'event', name: header(':event-type'), payload };
  }
}

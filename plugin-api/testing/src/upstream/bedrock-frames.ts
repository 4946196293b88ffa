/** Frames of AWS event streams: length, headers, payload and two checksums. Source: the Amazon Transcribe and S3 Select guides, "event stream encoding". */
import { crc32 } from 'node:zlib';

/** Headers of a frame; all values are strings, as Bedrock sends them. */
export type FrameHeaders = Readonly<Record<string, string>>;

/** An event: its type in a header, its fields as JSON. A string payload is sent as it stands. */
export function eventFrame(type: string, payload: object | string): Buffer {
  return toFrame({ ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' }, payload);
}

/** A modelled failure in the middle of a stream. */
export function exceptionFrame(type: string, payload: object): Buffer {
  return toFrame({ ':exception-type': type, ':content-type': 'application/json', ':message-type': 'exception' }, payload);
}

/** A failure that is not in the service's model: code and message are headers, the payload is empty. */
export function errorFrame(code: string, message: string): Buffer {
  return toFrame({ ':error-code': code, ':error-message': message, ':message-type': 'error' }, '');
}

function toFrame(headers: FrameHeaders, payload: object | string): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => headerOf(name, value)));
  const body = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(head.length + body.length + 16, 0);
  prelude.writeUInt32BE(head.length, 4);
  const checked = Buffer.concat([prelude, checksum(prelude), head, body]);
  return Buffer.concat([checked, checksum(checked)]);
}

/** Name with one byte of length, the type 7 = string, value with two bytes of length. */
function headerOf(name: string, value: string): Buffer {
  const nameBytes = Buffer.from(name);
  const valueBytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(valueBytes.length);
  return Buffer.concat([Buffer.from([nameBytes.length]), nameBytes, Buffer.from([7]), length, valueBytes]);
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}

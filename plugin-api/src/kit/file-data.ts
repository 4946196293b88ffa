/** The bytes of a file as a wire takes them, and references to files a vendor keeps. */
import { CallError } from '../errors.ts';
import type { FilePart } from '../message.ts';

/** A file's bytes as base64. A string is base64 already. */
export function toBase64(data: Uint8Array | string): string {
  return typeof data === 'string' ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
}

/** A file's bytes as UTF-8 text. A string is base64. */
export function toText(data: Uint8Array | string): string {
  return typeof data === 'string' ? Buffer.from(data, 'base64').toString('utf8') : new TextDecoder().decode(data);
}

/** The id under which this vendor keeps a file. Throws REQUEST_INVALID for one that was uploaded to others only. */
export function toFileId({ reference }: Extract<FilePart['data'], { readonly type: 'reference' }>, dialect: string): string {
  const id = reference[dialect];
  if (id !== undefined) return id;
  const owners = Object.keys(reference).join(', ') || 'nobody';
  throw new CallError('REQUEST_INVALID', `A file is given by reference, but it was uploaded to ${owners}, not to "${dialect}". Send its bytes instead.`);
}

/** Files as OpenAI's wires take them: data URLs, ids, or plain text. */
import { CallError, type FilePart } from '@modelport/plugin-api';

/** A file in the one form the wire takes it. */
export type WireFile =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image' | 'audio' | 'document'; readonly mediaType: string; readonly base64?: string; readonly url?: string; readonly id?: string };

/** Says how a file travels. Throws REQUEST_INVALID for a reference that another vendor made. */
export function toWireFile(part: FilePart, dialect: string): WireFile {
  const mediaType = part.mediaType === 'image/*' ? 'image/jpeg' : part.mediaType;
  const kind = mediaType.startsWith('image/') ? 'image' : mediaType.startsWith('audio/') ? 'audio' : 'document';
  const { data } = part;
  switch (data.type) {
    case 'text':
      return { kind: 'text', text: data.text };
    case 'url':
      return { kind, mediaType, url: data.url };
    case 'reference': {
      const id = data.reference[dialect];
      if (id === undefined) {
        const owners = Object.keys(data.reference).join(', ') || 'nobody';
        throw new CallError('REQUEST_INVALID', `A file is given by reference, but it was uploaded to ${owners}, not to "${dialect}". Send its bytes instead.`);
      }
      return { kind, mediaType, id };
    }
    case 'data':
      // These APIs have no text files; the model reads the text just as well.
      if (mediaType.startsWith('text/')) return { kind: 'text', text: toText(data.data) };
      return { kind, mediaType, base64: toBase64(data.data) };
  }
}

/** A data URL (RFC 2397). */
export function toDataUrl(mediaType: string, base64: string): string {
  return `data:${mediaType};base64,${base64}`;
}

function toBase64(data: Uint8Array | string): string {
  return typeof data === 'string' ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
}

function toText(data: Uint8Array | string): string {
  return typeof data === 'string' ? Buffer.from(data, 'base64').toString('utf8') : Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
}

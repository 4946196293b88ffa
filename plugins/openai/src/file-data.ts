/** Files as OpenAI's wires take them: data URLs, ids, or plain text. */
import type { FilePart } from '@modelport/plugin-api';
import { toBase64, toFileId, toText } from '@modelport/plugin-api/kit';

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
    case 'reference':
      return { kind, mediaType, id: toFileId(data, dialect) };
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

/** Files as image and document blocks. */
import { CallError, type FilePart, type JsonObject } from '@modelport/plugin-api';
import { toBase64, toFileId, toText, type Fields } from '@modelport/plugin-api/kit';
import { ownFields } from './own-data.ts';

const IMAGE_TYPES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

/** Encodes a file. Throws REQUEST_INVALID for a reference of another vendor, CAPABILITY_MISSING for a type the API has no block for. */
export function encodeFile(part: FilePart, dialect: string): Fields {
  const { containerUpload, ...own } = ownFields(part.providerMetadata, dialect) ?? {};
  const isImage = part.mediaType.startsWith('image/');
  const source = sourceOf(part, isImage, dialect);
  if (containerUpload === true && source['type'] === 'file') return { type: 'container_upload', file_id: source['file_id'], ...own };
  if (isImage) return { type: 'image', source, ...own };
  return { type: 'document', source, ...(part.filename === undefined ? {} : { title: part.filename }), ...own };
}

function sourceOf(part: FilePart, isImage: boolean, dialect: string): JsonObject {
  const { data, mediaType } = part;
  switch (data.type) {
    case 'reference':
      return { type: 'file', file_id: toFileId(data, dialect) };
    case 'url':
      if (!isImage && mediaType !== 'application/pdf') throw missing(mediaType, 'fetches images and PDFs only');
      return { type: 'url', url: data.url };
    case 'text':
      return { type: 'text', media_type: 'text/plain', data: data.text };
    case 'data': {
      const bytes = toBase64(data.data);
      if (isImage) return { type: 'base64', media_type: imageType(mediaType, bytes), data: bytes };
      if (mediaType === 'application/pdf') return { type: 'base64', media_type: mediaType, data: bytes };
      if (isText(mediaType)) return { type: 'text', media_type: 'text/plain', data: toText(data.data) };
      throw missing(mediaType, 'takes images (JPEG, PNG, GIF, WebP), PDFs and text');
    }
  }
}

/** The API wants the exact type; a file may come as `image/*`, and its first bytes know. */
function imageType(mediaType: string, base64: string): string {
  const type = mediaType === 'image/jpg' ? 'image/jpeg' : mediaType;
  if (IMAGE_TYPES.has(type)) return type;
  const sniffed = base64.startsWith('/9j/') ? 'image/jpeg' : base64.startsWith('iVBORw') ? 'image/png'
    : base64.startsWith('R0lGOD') ? 'image/gif' : base64.startsWith('UklGR') ? 'image/webp' : undefined;
  if (sniffed === undefined || type !== 'image/*') throw missing(mediaType, 'takes JPEG, PNG, GIF and WebP images');
  return sniffed;
}

function isText(mediaType: string): boolean {
  return mediaType.startsWith('text/') || /^application\/(json|xml|yaml|toml|javascript|x-ndjson|.*\+(json|xml))$/.test(mediaType);
}

function missing(mediaType: string, what: string): CallError {
  return new CallError('CAPABILITY_MISSING', `The Messages API ${what}, not ${mediaType}.`, { retryable: false });
}

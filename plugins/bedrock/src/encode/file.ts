/** Files as image, document, video and audio blocks. */
import type { ContentBlock, DocumentFormat, S3Location } from '@aws-sdk/client-bedrock-runtime';
import { CallError, type FilePart } from '@modelport/plugin-api';
import { toFileId } from '@modelport/plugin-api/kit';
import { DIALECT, ownFields } from './own-data.ts';
import type { DocumentNames } from './document-names.ts';

const DOCUMENT_FORMATS: ReadonlyMap<string, DocumentFormat> = new Map<string, DocumentFormat>([
  ['application/pdf', 'pdf'], ['text/csv', 'csv'], ['application/msword', 'doc'], ['application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
  ['application/vnd.ms-excel', 'xls'], ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'xlsx'], ['text/html', 'html'], ['text/markdown', 'md'], ['text/plain', 'txt'],
]);
const IMAGE_FORMATS: ReadonlySet<string> = new Set(['jpeg', 'png', 'gif', 'webp']);
const VIDEO_FORMATS: ReadonlySet<string> = new Set(['flv', 'mkv', 'mov', 'mp4', 'mpeg', 'mpg', 'three_gp', 'webm', 'wmv']);
const VIDEO_NAMES: Readonly<Record<string, string>> = { quicktime: 'mov', 'x-matroska': 'mkv', '3gpp': 'three_gp', 'x-flv': 'flv', 'x-ms-wmv': 'wmv' };
const AUDIO_FORMATS: ReadonlySet<string> = new Set(['aac', 'flac', 'm4a', 'mka', 'mkv', 'mp3', 'mp4', 'mpeg', 'mpga', 'ogg', 'opus', 'pcm', 'wav', 'webm', 'x-aac']);
const AUDIO_NAMES: Readonly<Record<string, string>> = { 'x-wav': 'wav', wave: 'wav', 'x-m4a': 'm4a', 'x-flac': 'flac' };

/** A file's block. */
export type FileBlock = ContentBlock.ImageMember | ContentBlock.DocumentMember | ContentBlock.VideoMember | ContentBlock.AudioMember;

type Source = { readonly bytes: Uint8Array } | { readonly s3Location: S3Location };

/** Encodes a file. Throws REQUEST_INVALID for a reference of another vendor, CAPABILITY_MISSING for a type Converse has no block for. */
export function encodeFile(part: FilePart, names: DocumentNames): FileBlock {
  const source = sourceOf(part);
  const [kind = '', detail = ''] = part.mediaType.toLowerCase().split(';')[0]!.trim().split('/');
  switch (kind) {
    case 'image':
      return { image: { format: imageFormat(detail, source, part.mediaType), source } } as ContentBlock.ImageMember;
    case 'video':
      return { video: { format: known(VIDEO_NAMES[detail] ?? detail, VIDEO_FORMATS, part.mediaType), source } } as ContentBlock.VideoMember;
    case 'audio':
      return { audio: { format: known(AUDIO_NAMES[detail] ?? detail, AUDIO_FORMATS, part.mediaType), source } } as ContentBlock.AudioMember;
    default:
      return { document: document(part, `${kind}/${detail}`, source, names) } as ContentBlock.DocumentMember;
  }
}

function document(part: FilePart, mediaType: string, source: Source, names: DocumentNames): object {
  // Any other text is text to a model.
  const format = DOCUMENT_FORMATS.get(mediaType) ?? (/^text\/|^application\/(json|xml|yaml|toml|javascript|x-ndjson|.*\+(json|xml))$/.test(mediaType) ? 'txt' : undefined);
  if (format === undefined) throw missing(part.mediaType);
  const { context, citations } = ownFields(part.providerMetadata);
  return { format, name: names.name(part.filename), source, ...(context === undefined ? {} : { context }), ...(citations === undefined ? {} : { citations }) };
}

function sourceOf({ data, providerMetadata }: FilePart): Source {
  switch (data.type) {
    case 'data':
      return { bytes: typeof data.data === 'string' ? Buffer.from(data.data, 'base64') : data.data };
    case 'text':
      return { bytes: Buffer.from(data.text) };
    case 'url':
      return s3(data.url, ownFields(providerMetadata)['bucketOwner']);
    case 'reference':
      return s3(toFileId(data, DIALECT), ownFields(providerMetadata)['bucketOwner']);
  }
}

function s3(uri: string, bucketOwner: unknown): Source {
  if (!uri.startsWith('s3://')) throw new CallError('REQUEST_INVALID', 'Bedrock fetches files from s3:// addresses only.', { retryable: false });
  return { s3Location: { uri, ...(typeof bucketOwner === 'string' ? { bucketOwner } : {}) } };
}

/** The API wants the exact format; a file may come as `image/*`, and its first bytes know. */
function imageFormat(detail: string, source: Source, mediaType: string): string {
  if (detail !== '*') return known(detail === 'jpg' ? 'jpeg' : detail, IMAGE_FORMATS, mediaType);
  const start = 'bytes' in source ? Buffer.from(source.bytes.subarray(0, 12)).toString('latin1') : '';
  const sniffed = start.startsWith('\u00FF\u00D8\u00FF') ? 'jpeg' : start.startsWith('\u0089PNG') ? 'png' : start.startsWith('GIF8') ? 'gif' : start.startsWith('RIFF') ? 'webp' : '';
  return known(sniffed, IMAGE_FORMATS, mediaType);
}

function known(format: string, formats: ReadonlySet<string>, mediaType: string): string {
  if (!formats.has(format)) throw missing(mediaType);
  return format;
}

function missing(mediaType: string): CallError {
  return new CallError('CAPABILITY_MISSING', `The Converse API takes images (JPEG, PNG, GIF, WebP), documents (PDF, Word, Excel, CSV, HTML, text), video and audio, not ${mediaType}.`, { retryable: false });
}

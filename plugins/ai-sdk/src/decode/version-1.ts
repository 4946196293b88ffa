/** Streams and answers of specification v1, whose parts have other names and no blocks. */
import type { ChatPart, ContentPart, ProviderData } from '@modelport/plugin-api';
import { fieldsOf, textOf, type Fields } from '../specification.ts';
import { toChatPart } from './content.ts';

/** One part of a v1 stream, but for `error`, as parts of the contract; the host opens and closes the blocks. */
export function toChatPartsOfVersion1(part: Fields): readonly ChatPart[] {
  switch (part['type']) {
    case 'text-delta': return [{ type: 'text-delta', id: '0', delta: textOf(part['textDelta']) ?? '' }];
    case 'reasoning': return [{ type: 'reasoning-delta', id: 'reasoning-0', delta: textOf(part['textDelta']) ?? '' }];
    case 'reasoning-signature': return [{ type: 'reasoning-end', id: 'reasoning-0', providerMetadata: signed({ signature: textOf(part['signature']) }) }];
    case 'redacted-reasoning': return [
      { type: 'reasoning-start', id: 'redacted', providerMetadata: signed({ redactedData: textOf(part['data']) }) },
      { type: 'reasoning-end', id: 'redacted', providerMetadata: signed({ redactedData: textOf(part['data']) }) },
    ];
    // The whole call always follows, and the deltas open nothing.
    case 'tool-call-delta': return [];
    case 'tool-call': return [toolCallOf(part)];
    case 'source': return [{ ...fieldsOf(part['source']), type: 'source' } as unknown as ChatPart];
    case 'file': return [fileOf(part)];
    default: return [toChatPart(part)];
  }
}

/** The content of a whole v1 answer: reasoning, text, files, sources, then tool calls. */
export function contentOfVersion1(result: Fields): readonly ContentPart[] {
  const { text, reasoning, files, sources, toolCalls } = result;
  const content: ContentPart[] = [];
  if (typeof reasoning === 'string') content.push({ type: 'reasoning', text: reasoning });
  for (const one of listOf(reasoning)) {
    const { signature, data } = one;
    const metadata = signature === undefined && data === undefined ? {} : { providerMetadata: signed({ signature: textOf(signature), redactedData: textOf(data) }) };
    content.push({ type: 'reasoning', text: textOf(one['text']) ?? '', ...metadata });
  }
  if (typeof text === 'string' && text !== '') content.push({ type: 'text', text });
  for (const file of listOf(files)) content.push(fileOf(file));
  for (const source of listOf(sources)) content.push({ ...source, type: 'source' } as unknown as ContentPart);
  for (const toolCall of listOf(toolCalls)) content.push(toolCallOf(toolCall));
  return content;
}

function toolCallOf(part: Fields): Extract<ChatPart, { type: 'tool-call' }> {
  return { type: 'tool-call', toolCallId: String(part['toolCallId']), toolName: String(part['toolName']), input: textOf(part['args']) ?? '{}' };
}

function fileOf(part: Fields): Extract<ChatPart, { type: 'file' | 'reasoning-file' }> {
  return { type: 'file', mediaType: textOf(part['mimeType']) ?? 'application/octet-stream', data: { type: 'data', data: part['data'] as string | Uint8Array } };
}

/** v1 knows no dialect here; only Anthropic's models sign. */
function signed(data: Readonly<Record<string, string | undefined>>): ProviderData {
  return { anthropic: data };
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

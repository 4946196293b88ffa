/** What a model of the AI SDK answers, as parts of the contract: nearly the identity, for the contract took the specification's words. */
import type { ChatPart, ContentPart, FileData, Json, ToolResultPart } from '@modelport/plugin-api';
import { fieldsOf, isFields, textOf, type Fields } from '../specification.ts';
import { toEnding, toProviderData, toWarnings } from './figures.ts';

/** One part of a v2, v3 or v4 stream, but for `error`, as a part of the contract. What has no word there goes on as it is and is kept by the host. */
export function toChatPart(part: Fields): ChatPart {
  switch (part['type']) {
    case 'finish': return { type: 'finish', ...toEnding(part) };
    case 'stream-start': return { type: 'stream-start', warnings: toWarnings(part['warnings']) };
    case 'tool-result':
    case 'custom':
    case 'file':
    case 'reasoning-file': return toContentPart(part) as ChatPart;
    default: return part as unknown as ChatPart;
  }
}

/** What a host that hands out a model calls a part it has no word for itself. */
const UNKNOWN_PART = 'modelport.unknown';

/** One part of a whole v2, v3 or v4 answer. */
export function toContentPart(part: Fields): ContentPart {
  switch (part['type']) {
    case 'tool-result': return toToolResult(part);
    case 'file':
    case 'reasoning-file': return { ...part, data: toFileData(part['data']) } as unknown as ContentPart;
    case 'text':
    case 'reasoning':
    case 'source':
    case 'tool-call': return part as unknown as ContentPart;
    case 'custom': return part['kind'] === UNKNOWN_PART ? { type: 'unknown', part: fieldsOf(fieldsOf(part['providerMetadata'])['modelport'])['part'] } : (part as unknown as ContentPart);
    case 'tool-approval-request': return part as unknown as ContentPart;
    default: return { type: 'unknown', part };
  }
}

/** The result of a tool the vendor ran: the specification gives it bare, the contract as an output. */
function toToolResult({ result, isError, toolCallId, toolName, preliminary, providerMetadata }: Fields): ToolResultPart {
  const data = toProviderData(providerMetadata);
  return {
    type: 'tool-result', toolCallId: String(toolCallId), toolName: textOf(toolName) ?? '', providerExecuted: true,
    output: typeof result === 'string' ? { type: isError === true ? 'error-text' : 'text', value: result } : { type: isError === true ? 'error-json' : 'json', value: (result ?? null) as Json },
    ...(preliminary === true ? { preliminary } : {}), ...(data === undefined ? {} : { providerMetadata: data }),
  };
}

/** File data: tagged in v4, bare bytes or base64 before. */
function toFileData(data: unknown): FileData {
  if (typeof data === 'string' || data instanceof Uint8Array) return { type: 'data', data };
  const tagged = fieldsOf(data);
  if (tagged['type'] === 'url') return { type: 'url', url: String(tagged['url']) };
  return (isFields(data) ? data : { type: 'data', data: '' }) as unknown as FileData;
}

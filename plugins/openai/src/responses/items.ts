/** Output items of the Responses API in the contract's words, the same whether they were streamed or came whole. */
import type { Citation, ContentPart, Json, JsonObject, ProviderData } from '@modelport/plugin-api';
import type { ToolNames } from '@modelport/plugin-api/kit';
import type { WireItem, WireItemAnnotation, WireItemContent } from './wire.ts';

/** Tools the caller runs; every other `..._call` is run by the vendor. */
const CALLERS_ITEMS: ReadonlySet<string> = new Set(['computer_call', 'local_shell_call', 'shell_call', 'apply_patch_call', 'tool_search_call']);

/** What reading items depends on. */
export interface ItemContext {
  readonly dialect: string;
  readonly names: ToolNames;
  readonly textTools: ReadonlySet<string>;
}

/** The parts an item stands for. An item without a word in the contract is kept as `custom` and goes back verbatim. */
export function toContent(item: WireItem, context: ItemContext): ContentPart[] {
  const { dialect, names } = context;
  const itemId = item.id ?? '';
  switch (item.type) {
    case 'message':
      return (item.content ?? []).flatMap((content) => toText(content, item, dialect));
    case 'reasoning':
      return [{ type: 'reasoning', text: reasoningText(item), providerMetadata: { [dialect]: { itemId, item: keptItem(item) } } }];
    case 'function_call':
      return [{
        type: 'tool-call', toolCallId: item.call_id ?? itemId, toolName: names.original(item.name ?? ''),
        input: item.arguments === undefined || item.arguments.trim() === '' ? '{}' : item.arguments, providerMetadata: { [dialect]: { itemId } },
      }];
    case 'custom_tool_call':
      return [{
        type: 'tool-call', toolCallId: item.call_id ?? itemId, toolName: names.original(item.name ?? ''), input: item.input ?? '', inputEncoding: 'text',
        providerMetadata: { [dialect]: { itemId } },
      }];
    case 'image_generation_call':
      return toImage(item, itemId, dialect);
    case 'mcp_approval_request':
      return [{ type: 'tool-approval-request', approvalId: itemId, toolCallId: itemId, providerMetadata: { [dialect]: { itemId, item: keptItem(item) } } }];
    default:
      if (item.type.endsWith('_call') && !CALLERS_ITEMS.has(item.type)) return toVendorCall(item, itemId, dialect);
      return [{ type: 'custom', kind: `${dialect}.${item.type}`, providerMetadata: { [dialect]: { itemId, item: keptItem(item) } } }];
  }
}

/** The citation of an annotation; `undefined` for kinds that name no source. */
export function toCitation(annotation: WireItemAnnotation, itemId: string, number: number): Citation | undefined {
  const id = `${itemId}-source-${number}`;
  const place = {
    ...(annotation.start_index === undefined ? {} : { startIndex: annotation.start_index }),
    ...(annotation.end_index === undefined ? {} : { endIndex: annotation.end_index }),
  };
  if (annotation.type === 'url_citation' && annotation.url !== undefined) {
    return { source: { type: 'source', sourceType: 'url', id, url: annotation.url, ...(annotation.title === undefined ? {} : { title: annotation.title }) }, ...place };
  }
  if (annotation.filename === undefined && annotation.file_id === undefined) return undefined;
  const name = annotation.filename ?? annotation.file_id ?? '';
  return { source: { type: 'source', sourceType: 'document', id, title: name, filename: name, mediaType: 'application/octet-stream' }, ...place };
}

/** The text of a reasoning item: its summaries, or the reasoning itself where an open model shows it. */
export function reasoningText(item: WireItem): string {
  const pieces = item.summary !== undefined && item.summary.length > 0 ? item.summary : (item.content ?? []);
  return pieces.map((piece) => piece.text ?? '').join('\n\n');
}

function toText(content: WireItemContent, item: WireItem, dialect: string): ContentPart[] {
  const itemId = item.id ?? '';
  const kept: Record<string, Json> = { itemId, ...(item.phase ? { phase: item.phase } : {}) };
  if (content.type === 'refusal') return [{ type: 'text', text: content.refusal ?? '', providerMetadata: { [dialect]: { ...kept, refusal: true } } }];
  if (content.type !== 'output_text') return [{ type: 'unknown', part: content }];
  const citations = (content.annotations ?? []).flatMap((annotation, number) => toCitation(annotation, itemId, number) ?? []);
  const metadata: ProviderData = { [dialect]: kept };
  return [
    { type: 'text', text: content.text ?? '', ...(citations.length === 0 ? {} : { citations }), providerMetadata: metadata },
    ...citations.map((citation) => citation.source),
  ];
}

/** An image is a file; what is kept to send it back leaves out its bytes, which the part has. */
function toImage(item: WireItem, itemId: string, dialect: string): ContentPart[] {
  const { result, ...rest } = item;
  const providerMetadata: ProviderData = { [dialect]: { itemId, item: keptItem(rest) } };
  if (typeof result !== 'string' || result === '') return [{ type: 'custom', kind: `${dialect}.image_generation_call`, providerMetadata: { [dialect]: { itemId, item: keptItem(item) } } }];
  return [{ type: 'file', mediaType: `image/${item.output_format ?? 'png'}`, data: { type: 'data', data: result }, providerMetadata }];
}

/** A tool the vendor ran: call and result are one item, kept on the call so that it goes back once. */
function toVendorCall(item: WireItem, itemId: string, dialect: string): ContentPart[] {
  const { id: _, type, status: _status, ...rest } = item;
  const toolName = item.name ?? type.slice(0, -'_call'.length);
  const kept = keptItem(item);
  return [
    { type: 'tool-call', toolCallId: itemId, toolName, input: item.arguments ?? JSON.stringify(kept['action'] ?? {}), providerExecuted: true, providerMetadata: { [dialect]: { itemId, item: kept } } },
    { type: 'tool-result', toolCallId: itemId, toolName, output: { type: 'json', value: rest as JsonObject }, providerExecuted: true, providerMetadata: { [dialect]: { itemId } } },
  ];
}

/** The item as the API takes it back: verbatim, without the status, which is the answer's. */
function keptItem(item: WireItem): JsonObject {
  if (item.type !== 'reasoning') return item as unknown as JsonObject;
  const { status: _, ...rest } = item;
  return rest as unknown as JsonObject;
}

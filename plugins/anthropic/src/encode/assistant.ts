/** What a model said before, as blocks: its own verbatim with their signatures, another vendor's in the nearest form. */
import type { ContentPart, Json, JsonObject, ToolCallPart } from '@modelport/plugin-api';
import { toForeignCallText, toForeignResultText, toWireId, type Fields, type ToolNames, type Warnings } from '@modelport/plugin-api/kit';
import { ownFields } from './own-data.ts';

/** What encoding an answer of the past depends on. */
export interface AssistantContext {
  readonly dialect: string;
  readonly names: ToolNames;
  readonly warnings: Warnings;
}

/** Encodes one part; none or one block. */
export function encodeAssistantPart(part: ContentPart, context: AssistantContext): Fields[] {
  const { warnings } = context;
  const own = part.type === 'unknown' ? undefined : ownFields(part.providerMetadata, context.dialect);
  switch (part.type) {
    case 'text':
      return part.text.trim() === '' ? [] : [textBlock(part.text, own)];
    case 'reasoning':
      return reasoningBlock(part.text, own, warnings);
    case 'tool-call':
      if (part.providerExecuted === true && own?.['type'] === undefined) return [textBlock(toForeignCallText(part), undefined)];
      return [callBlock(part, own, context)];
    case 'tool-result':
      if (own?.['type'] === undefined) return [textBlock(toForeignResultText(part), undefined)];
      return [{ tool_use_id: part.toolCallId, content: valueOf(part.output), ...own }];
    case 'custom':
      return isObject(own?.['block']) ? [own['block']] : [];
    case 'file':
    case 'reasoning-file':
      warnings.unsupported('files in an assistant message', 'The API takes none there.');
      return [];
    case 'tool-approval-request':
    case 'tool-approval-response':
      warnings.unsupported('tool approvals', 'The API asks for none.');
      return [];
    case 'unknown':
      warnings.unsupported('unknown content', 'A part of the history that the contract has no word for is left out.');
      return [];
    // Sources are for people; the citations of the text say the same to the model.
    case 'source':
      return [];
  }
}

function textBlock(text: string, own: JsonObject | undefined): Fields {
  const citations = own?.['citations'];
  if (!Array.isArray(citations)) return { type: 'text', text, ...own };
  // Sent out with a `file_id`, but not taken back with one.
  return { type: 'text', text, ...own, citations: citations.map((citation: JsonObject) => ({ ...citation, file_id: undefined })) };
}

function reasoningBlock(text: string, own: JsonObject | undefined, warnings: Warnings): Fields[] {
  if (typeof own?.['redactedData'] === 'string') return [{ type: 'redacted_thinking', data: own['redactedData'] }];
  if (typeof own?.['signature'] === 'string') return [{ type: 'thinking', thinking: text, signature: own['signature'] }];
  warnings.unsupported('reasoning in the history', 'Reasoning without this vendor’s signature is left out.');
  return [];
}

function callBlock(part: ToolCallPart, own: JsonObject | undefined, { names, warnings }: AssistantContext): Fields {
  const input = inputOf(part);
  if (!isObject(input)) warnings.compatibility('the input of a tool call', 'The API takes objects only: it was put into one, under "input".');
  return {
    type: 'tool_use', id: part.providerExecuted === true ? part.toolCallId : toWireId(part.toolCallId),
    // A toolset's member has the vendor's own name.
    name: own?.['toolset_name'] === undefined ? names.wire(part.toolName) : part.toolName,
    input: isObject(input) ? input : { input }, ...own,
  };
}

function inputOf(part: ToolCallPart): Json {
  if (part.inputEncoding === 'text') return part.input;
  try {
    return JSON.parse(part.input) as Json;
  } catch {
    return part.input;
  }
}

function valueOf(output: Extract<ContentPart, { readonly type: 'tool-result' }>['output']): Json | undefined {
  return 'value' in output && output.type !== 'content' ? output.value : undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

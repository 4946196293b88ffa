/** What a model said before, as blocks: its own with its signatures, another vendor's in the nearest form. */
import type { ContentBlock } from '@aws-sdk/client-bedrock-runtime';
import type { ContentPart, Json, ToolCallPart, ToolResultPart } from '@modelport/plugin-api';
import { toForeignCallText, toForeignResultText, toWireId, type ToolNames } from '@modelport/plugin-api/kit';
import { isObject, ownFields } from './own-data.ts';
import type { ResultContext } from './tool-result.ts';

/** What encoding a conversation depends on. */
export interface ConversationContext extends ResultContext {
  readonly names: ToolNames;
}

/** Encodes one part; none or one block. */
export function encodeAssistantPart(part: ContentPart, context: ConversationContext): ContentBlock[] {
  const { warnings } = context;
  switch (part.type) {
    case 'text':
      return textBlock(part.text);
    case 'reasoning':
      return reasoningBlock(part, context);
    case 'tool-call':
      return part.providerExecuted === true ? vendorCall(part, context) : [callBlock(part, context)];
    case 'tool-result':
      return vendorResult(part, context);
    case 'file':
    case 'reasoning-file':
      warnings.unsupported('files in an assistant message', 'The Converse API takes none there.');
      return [];
    case 'tool-approval-request':
    case 'tool-approval-response':
      warnings.unsupported('tool approvals', 'The Converse API asks for none.');
      return [];
    case 'unknown':
      warnings.unsupported('unknown content', 'A part of the history that the contract has no word for is left out.');
      return [];
    // What only its vendor understands, and sources, which are for people.
    case 'custom':
    case 'source':
      return [];
  }
}

/** The API refuses blank text, which says nothing anyway. */
function textBlock(text: string): ContentBlock[] {
  return text.trim() === '' ? [] : [{ text }];
}

function reasoningBlock(part: Extract<ContentPart, { readonly type: 'reasoning' }>, { traits, warnings }: ConversationContext): ContentBlock[] {
  const { signature, redactedContent, family } = ownFields(part.providerMetadata);
  // Every maker signs its own, and Bedrock has many under one dialect.
  if (family === undefined || family === traits.family) {
    if (typeof redactedContent === 'string') return [{ reasoningContent: { redactedContent: Buffer.from(redactedContent, 'base64') } }];
    if (typeof signature === 'string') return [{ reasoningContent: { reasoningText: { text: part.text, signature } } }];
  }
  warnings.unsupported('reasoning in the history', 'Reasoning without a signature of this model’s maker is left out.');
  return [];
}

function callBlock(part: ToolCallPart, { names, warnings }: ConversationContext): ContentBlock {
  const input = inputOf(part);
  if (!isObject(input)) warnings.compatibility('the input of a tool call', 'The Converse API takes objects only: it was put into one, under "input".');
  return { toolUse: { toolUseId: toWireId(part.toolCallId), name: names.wire(part.toolName), input: (isObject(input) ? input : { input }) as never } };
}

/** A tool the vendor ran goes back as it came, to the maker that ran it. */
function vendorCall(part: ToolCallPart, { traits }: ConversationContext): ContentBlock[] {
  const { type, name, family } = ownFields(part.providerMetadata);
  if (typeof type !== 'string' || family !== traits.family) return textBlock(toForeignCallText(part));
  return [{ toolUse: { toolUseId: toWireId(part.toolCallId), name: typeof name === 'string' ? name : part.toolName, type: type as 'server_tool_use', input: inputOf(part) as never } }];
}

function vendorResult(part: ToolResultPart, { traits }: ConversationContext): ContentBlock[] {
  const { content, type, status, family } = ownFields(part.providerMetadata);
  if (!Array.isArray(content) || family !== traits.family) return textBlock(toForeignResultText(part));
  return [{
    toolResult: {
      toolUseId: toWireId(part.toolCallId), content: content as never, ...(typeof type === 'string' ? { type } : {}), ...(typeof status === 'string' ? { status: status as 'success' } : {}),
    },
  }];
}

function inputOf(part: ToolCallPart): Json {
  if (part.inputEncoding === 'text') return part.input;
  try {
    return JSON.parse(part.input) as Json;
  } catch {
    return part.input;
  }
}

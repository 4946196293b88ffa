/** A conversation as the Responses API takes it: a flat list of items, whoever made the history. */
import { CallError, type AssistantMessage, type FilePart, type Json, type JsonObject, type Message, type TextPart, type ToolCallPart, type ToolMessage, type ToolOutput } from '@modelport/plugin-api';
import { toForeignCallText, toForeignResultText, toReadableOutput, type ToolNames, type Warnings } from '@modelport/plugin-api/kit';
import { toDataUrl, toWireFile } from '../file-data.ts';
import type { OpenAIOptions } from '../options.ts';
import { CallIds } from '../call-ids.ts';

/** What encoding the input depends on. */
export interface InputContext {
  readonly options: OpenAIOptions;
  /** Whether the vendor keeps answers, so that an item's id means something to it. */
  readonly store: boolean;
  readonly names: ToolNames;
  readonly warnings: Warnings;
  readonly systemRole: string;
}

/** Encodes the messages. Throws REQUEST_INVALID for a foreign file reference, CAPABILITY_MISSING for a file this wire has no place for. */
export function encodeInput(messages: readonly Message[], context: InputContext): Json[] {
  const encoder = new InputEncoder(context);
  for (const message of messages) {
    if (message.role === 'system') encoder.items.push({ role: context.systemRole, content: message.content });
    else if (message.role === 'user') encoder.items.push({ role: 'user', content: message.content.map((part) => encoder.content(part)) });
    else if (message.role === 'assistant') encoder.addAssistant(message);
    else encoder.addToolResults(message);
  }
  return encoder.items;
}

class InputEncoder {
  readonly items: Json[] = [];
  private readonly context: InputContext;
  private readonly dialect: string;
  private readonly ids: CallIds;
  /** Calls whose input was free text: their results are of another type. */
  private readonly textCalls = new Set<string>();

  constructor(context: InputContext) {
    this.context = context;
    this.dialect = context.options.dialect;
    this.ids = new CallIds(context.options.toolCallIds);
  }

  content(part: TextPart | FilePart): Json {
    const own = part.providerMetadata?.[this.dialect];
    if (part.type === 'text') return { type: 'input_text', text: part.text, ...own };
    const file = toWireFile(part, this.dialect);
    if (file.kind === 'text') return { type: 'input_text', text: file.text };
    const { imageDetail, ...rest } = own ?? {};
    const data = file.base64 === undefined ? undefined : toDataUrl(file.mediaType, file.base64);
    if (file.kind === 'audio') throw new CallError('CAPABILITY_MISSING', 'The Responses API takes no audio; chat completions (option api) do.');
    if (file.kind === 'image') {
      const place = file.id === undefined ? { image_url: file.url ?? data } : { file_id: file.id };
      return { type: 'input_image', detail: imageDetail ?? 'auto', ...place, ...rest };
    }
    if (file.id !== undefined) return { type: 'input_file', file_id: file.id, ...rest };
    if (file.url !== undefined) return { type: 'input_file', file_url: file.url, ...rest };
    const filename = part.filename ?? `file.${file.mediaType.slice(file.mediaType.indexOf('/') + 1).replace(/[^a-z0-9].*$/i, '')}`;
    return { type: 'input_file', filename, file_data: data, ...rest };
  }

  addAssistant(message: AssistantMessage): void {
    const { warnings, store } = this.context;
    for (const part of message.content) {
      const own = part.type === 'unknown' ? undefined : part.providerMetadata?.[this.dialect];
      switch (part.type) {
        case 'text':
          this.addText(part.text, own);
          break;
        case 'reasoning':
          this.addReasoning(own);
          break;
        case 'tool-call':
          if (part.providerExecuted !== true) this.addToolCall(part, own);
          else if (own?.['item'] !== undefined) this.items.push(own['item']);
          else this.addText(toForeignCallText(part), undefined);
          break;
        case 'tool-result':
          // The item that stands for the call holds the result as well.
          if (own?.['itemId'] === undefined) this.addText(toForeignResultText(part), undefined);
          break;
        case 'file':
        case 'reasoning-file':
          if (own?.['item'] !== undefined && (store || part.data.type === 'data')) this.items.push(imageItem(own['item'] as JsonObject, part));
          else warnings.unsupported('files in an assistant message', 'The Responses API takes back only files it made itself.');
          break;
        case 'tool-approval-request':
          if (own?.['item'] !== undefined) this.items.push(own['item']);
          else warnings.unsupported('tool approvals', 'Another vendor asked for it.');
          break;
        case 'tool-approval-response':
          this.addApproval(part.approvalId, part.approved === true, part.reason);
          break;
        case 'custom':
          if (own?.['item'] !== undefined) this.items.push(own['item']);
          break;
        case 'unknown':
          warnings.unsupported('unknown content', 'A part of the history that the contract has no word for is left out.');
          break;
        // Sources are for people.
        case 'source':
          break;
      }
    }
  }

  addToolResults(message: ToolMessage): void {
    for (const part of message.content) {
      if (part.type !== 'tool-result') {
        if (part.type === 'tool-approval-response') this.addApproval(part.approvalId, part.approved === true, part.reason);
        continue;
      }
      this.items.push({
        type: this.textCalls.has(part.toolCallId) ? 'custom_tool_call_output' : 'function_call_output',
        call_id: this.ids.wire(part.toolCallId), output: this.toolOutput(part.output),
      });
    }
  }

  private addText(text: string, own: JsonObject | undefined): void {
    if (own?.['refusal'] === true) {
      this.items.push({ type: 'message', role: 'assistant', content: [{ type: 'refusal', refusal: text }] });
      return;
    }
    this.items.push({
      type: 'message', role: 'assistant', content: [{ type: 'output_text', text, annotations: [] }],
      ...(this.context.store && own?.['itemId'] !== undefined ? { id: own['itemId'] } : {}),
      ...(own?.['phase'] === undefined ? {} : { phase: own['phase'] }),
    });
  }

  private addReasoning(own: JsonObject | undefined): void {
    const item = own?.['item'] as JsonObject | undefined;
    const { warnings, store } = this.context;
    if (item === undefined) warnings.unsupported('reasoning in the history', 'Reasoning of another vendor or wire is left out.');
    // Without its encrypted form, and stored nowhere, the id alone points at nothing.
    else if (!store && !item['encrypted_content'] && !item['content']) warnings.unsupported('reasoning in the history', 'It came without encrypted content and is not stored.');
    else this.items.push(item);
  }

  private addToolCall(part: ToolCallPart, own: JsonObject | undefined): void {
    const isText = part.inputEncoding === 'text';
    if (isText) this.textCalls.add(part.toolCallId);
    this.items.push({
      type: isText ? 'custom_tool_call' : 'function_call', call_id: this.ids.wire(part.toolCallId), name: this.context.names.wire(part.toolName),
      [isText ? 'input' : 'arguments']: part.input,
      ...(this.context.store && own?.['itemId'] !== undefined ? { id: own['itemId'] } : {}),
    });
  }

  private addApproval(approvalId: string, approve: boolean, reason: string | undefined): void {
    this.items.push({ type: 'mcp_approval_response', approval_request_id: approvalId, approve, ...(reason === undefined ? {} : { reason }) });
  }

  private toolOutput(output: ToolOutput): Json {
    if (output.type !== 'content') return toReadableOutput(output).text;
    return output.value.flatMap((part) => (part.type === 'custom' ? [] : [this.content(part)]));
  }
}

/** The item of a generated image was kept without its bytes, which are the part's own. */
function imageItem(item: JsonObject, part: FilePart): JsonObject {
  if (part.data.type !== 'data') return item;
  const { data } = part.data;
  return { ...item, result: typeof data === 'string' ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') };
}

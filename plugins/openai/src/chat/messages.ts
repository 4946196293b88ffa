/** A conversation as chat completions take it, whoever made its history. */
import { CallError, type AssistantMessage, type FilePart, type Json, type JsonObject, type Message, type ToolCallPart, type ToolMessage, type UserMessage } from '@modelport/plugin-api';
import { toForeignCallText, toForeignResultText, toReadableOutput, type ToolNames, type Warnings } from '@modelport/plugin-api/kit';
import { toDataUrl, toWireFile } from '../file-data.ts';
import type { OpenAIOptions } from '../options.ts';
import { CallIds } from '../call-ids.ts';

/** Encodes the messages. Throws REQUEST_INVALID for a foreign file reference, CAPABILITY_MISSING for a file this wire has no place for. */
export function encodeMessages(
  messages: readonly Message[], options: OpenAIOptions, systemRole: string, names: ToolNames, warnings: Warnings,
): Json[] {
  const encoder = new MessageEncoder(options, names, warnings);
  const encoded: Json[] = [];
  for (const message of messages) {
    switch (message.role) {
      case 'system':
        encoded.push({ role: systemRole, content: message.content });
        break;
      case 'user':
        encoded.push({ role: 'user', content: encoder.userContent(message.content) });
        break;
      case 'assistant':
        encoded.push(encoder.assistant(message));
        break;
      case 'tool':
        encoder.addToolResults(message, encoded);
        break;
    }
  }
  return encoded;
}

class MessageEncoder {
  private readonly options: OpenAIOptions;
  private readonly names: ToolNames;
  private readonly warnings: Warnings;
  private readonly ids: CallIds;

  constructor(options: OpenAIOptions, names: ToolNames, warnings: Warnings) {
    this.options = options;
    this.names = names;
    this.warnings = warnings;
    this.ids = new CallIds(options.toolCallIds);
  }

  userContent(content: UserMessage['content']): Json {
    const [first] = content;
    // Text alone travels as a string: small servers take nothing else.
    if (content.length === 1 && first?.type === 'text' && first.providerMetadata?.[this.options.dialect] === undefined) return first.text;
    return content.map((part) => {
      const own = part.providerMetadata?.[this.options.dialect];
      return part.type === 'text' ? { type: 'text', text: part.text, ...own } : this.file(part, own);
    });
  }

  assistant(message: AssistantMessage): JsonObject {
    const { dialect } = this.options;
    const encoded: Record<string, Json> = { role: 'assistant', content: null };
    const calls: Json[] = [];
    const reasoning: string[] = [];
    let text: string | undefined;
    let refusal: string | undefined;
    let details: readonly Json[] = [];
    for (const part of message.content) {
      const own = part.type === 'unknown' ? undefined : part.providerMetadata?.[dialect];
      switch (part.type) {
        case 'text':
          if (own?.['refusal'] === true) refusal = (refusal ?? '') + part.text;
          else text = (text ?? '') + part.text;
          break;
        case 'reasoning':
          if (own === undefined) this.warnings.unsupported('reasoning in the history', 'Reasoning of another vendor is left out.');
          else if (this.options.reasoningHistory === 'none') this.warnings.unsupported('reasoning in the history', 'Chat completions take none back; the option reasoningHistory names a field for endpoints that do.');
          else {
            reasoning.push(part.text);
            if (Array.isArray(own['reasoningDetails'])) details = [...details, ...own['reasoningDetails']];
          }
          break;
        case 'tool-call':
          if (part.providerExecuted === true) text = appended(text, toForeignCallText(part));
          else calls.push(this.toolCall(part, own));
          break;
        case 'tool-result':
          text = appended(text, toForeignResultText(part));
          break;
        case 'file':
        case 'reasoning-file':
          this.warnings.unsupported('files in an assistant message', 'Chat completions have no place for them.');
          break;
        case 'tool-approval-request':
        case 'tool-approval-response':
          this.warnings.unsupported('tool approvals', 'Chat completions run no tools.');
          break;
        case 'unknown':
          this.warnings.unsupported('unknown content', 'A part of the history that the contract has no word for is left out.');
          break;
        // Sources are for people, and what is custom is for its own vendor.
        case 'source':
        case 'custom':
          break;
      }
    }
    if (text !== undefined) encoded['content'] = text;
    if (refusal !== undefined) encoded['refusal'] = refusal;
    if (calls.length > 0) encoded['tool_calls'] = calls;
    if (encoded['content'] === null && calls.length === 0 && refusal === undefined) encoded['content'] = '';
    const { reasoningHistory } = this.options;
    if (reasoningHistory === 'reasoning_details') {
      if (details.length > 0) encoded['reasoning_details'] = details;
    } else if (reasoningHistory !== 'none' && reasoning.length > 0) encoded[reasoningHistory] = reasoning.join('');
    return encoded;
  }

  /** One message per result, as the wire asks; files follow in a message of the user, the only place it has for them. */
  addToolResults(message: ToolMessage, encoded: Json[]): void {
    const files: FilePart[] = [];
    for (const part of message.content) {
      if (part.type !== 'tool-result') {
        this.warnings.unsupported('tool approvals', 'Chat completions run no tools.');
        continue;
      }
      const output = toReadableOutput(part.output);
      files.push(...output.files);
      encoded.push({ role: 'tool', tool_call_id: this.ids.wire(part.toolCallId), content: output.text });
    }
    if (files.length === 0) return;
    this.warnings.compatibility('files in a tool result', 'They follow as a message of the user.');
    encoded.push({ role: 'user', content: files.map((part) => this.file(part, undefined)) });
  }

  private toolCall({ toolCallId, toolName, input, inputEncoding }: ToolCallPart, own: JsonObject | undefined): Json {
    const name = this.names.wire(toolName);
    const id = this.ids.wire(toolCallId);
    return inputEncoding === 'text'
      ? { id, type: 'custom', custom: { name, input } }
      : { id, type: 'function', function: { name, arguments: input }, ...(own?.['extraContent'] === undefined ? {} : { extra_content: own['extraContent'] }) };
  }

  private file(part: FilePart, own: JsonObject | undefined): Json {
    const file = toWireFile(part, this.options.dialect);
    if (file.kind === 'text') return { type: 'text', text: file.text };
    const { imageDetail, ...rest } = own ?? {};
    if (file.kind === 'image' && file.id === undefined) {
      const url = file.url ?? toDataUrl(file.mediaType, file.base64 ?? '');
      return { type: 'image_url', image_url: { url, ...(imageDetail === undefined ? {} : { detail: imageDetail }) }, ...rest };
    }
    if (file.url !== undefined) throw new CallError('CAPABILITY_MISSING', `Chat completions fetch images only, not ${file.mediaType} from an address. Send its bytes.`);
    if (file.kind === 'audio' && file.base64 !== undefined) return { type: 'input_audio', input_audio: { data: file.base64, format: audioFormat(file.mediaType) }, ...rest };
    if (file.id !== undefined) return { type: 'file', file: { file_id: file.id }, ...rest };
    const filename = part.filename ?? `file.${file.mediaType.slice(file.mediaType.indexOf('/') + 1).replace(/[^a-z0-9].*$/i, '')}`;
    return { type: 'file', file: { filename, file_data: toDataUrl(file.mediaType, file.base64 ?? '') }, ...rest };
  }
}

function audioFormat(mediaType: string): string {
  if (/^audio\/(x-)?wav|^audio\/wave/.test(mediaType)) return 'wav';
  if (/^audio\/(mpeg|mp3)/.test(mediaType)) return 'mp3';
  throw new CallError('CAPABILITY_MISSING', `Chat completions take audio/wav and audio/mpeg, not ${mediaType}.`);
}

function appended(text: string | undefined, more: string): string {
  return text === undefined || text === '' ? more : `${text}\n${more}`;
}

/** Messages of the contract as a prompt of specification v4. */
import { CallError } from '@modelport/plugin-api';
import type { Carried, ChatRequest, ContentPart, CustomPart, FileData, FilePart, Message, ProviderData, TextPart, ToolApprovalPart, ToolCallPart, ToolOutput, ToolResultPart, Warning } from '@modelport/plugin-api';

/** Bytes as base64; what is base64 already stays. */
export function base64Of(data: unknown): string {
  return data instanceof Uint8Array ? Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') : String(data);
}

/** A message of a prompt. */
export interface PromptMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool';
  readonly content: string | readonly PromptPart[];
  readonly providerOptions?: ProviderData;
}

/** A part of a prompt's message, by its `type`. */
export interface PromptPart {
  readonly type: string;
  readonly providerOptions?: ProviderData;
  readonly [field: string]: unknown;
}

/** What a prompt depends on beside the request. */
export interface PromptFacts {
  /** The key of the model's own vendor data. */
  readonly dialect: string;
  /** Whether the package takes a file that is given as text. */
  readonly textFiles: boolean;
  /** Whether the package takes bytes only as base64. */
  readonly base64Files: boolean;
}

/** What the parts of one request have in common. */
interface Surroundings extends PromptFacts {
  /** Names of the tools the vendor runs, as this request offers them. */
  readonly vendorTools: ReadonlySet<string>;
  readonly warnings: Warning[];
}

/**
 * The prompt of a request. History made by another vendor is taken: its signed reasoning is left out with a warning, and tools it ran
 * itself become text. Throws REQUEST_INVALID for a file that is a reference of another vendor.
 */
export function toPrompt(request: ChatRequest, facts: PromptFacts, warnings: Warning[]): readonly PromptMessage[] {
  const vendorTools = new Set((request.tools ?? []).filter(({ type }) => type === 'provider').map(({ name }) => name));
  const surroundings = { ...facts, vendorTools, warnings };
  return request.messages.map((message) => ({ role: message.role, content: toContent(message, surroundings), ...optionsOf(message) }));
}

function toContent(message: Message, surroundings: Surroundings): PromptMessage['content'] {
  if (message.role === 'system') return message.content;
  if (message.role === 'assistant') return message.content.flatMap((part) => toAssistantPart(part, surroundings));
  if (message.role === 'tool') return message.content.flatMap((part) => toToolPart(part, surroundings));
  return message.content.map((part) => (part.type === 'text' ? toText(part) : toFile(part, surroundings)));
}

function toAssistantPart(part: ContentPart, surroundings: Surroundings): readonly PromptPart[] {
  const { dialect, vendorTools, warnings } = surroundings;
  switch (part.type) {
    case 'text': return [toText(part)];
    case 'reasoning':
      if (isForeign(part, dialect)) {
        warnings.push({ type: 'other', message: `Reasoning of another vendor (${Object.keys(part.providerMetadata ?? {}).join(', ')}) in the history is left out.` });
        return [];
      }
      return [{ type: 'reasoning', text: part.text, ...optionsOf(part) }];
    case 'file':
    case 'reasoning-file': return [toFile(part, surroundings)];
    case 'tool-call':
      if (part.providerExecuted === true && !vendorTools.has(part.toolName)) return [{ type: 'text', text: `[The tool ${part.toolName} was run with ${part.input}.]` }];
      return [toToolCall(part)];
    case 'tool-result':
      if (!vendorTools.has(part.toolName)) return [{ type: 'text', text: `[The tool ${part.toolName} answered: ${wordsOf(part.output)}]` }];
      return [toToolResult(part, surroundings)];
    case 'custom': return [{ type: 'custom', ...(part.kind === undefined ? {} : { kind: part.kind }), ...optionsOf(part) }];
    case 'unknown':
      warnings.push({ type: 'other', message: 'A part of the history that the contract has no word for is left out.' });
      return [];
    // Sources are remarks on the text, and a request for approval is told again by its response.
    default: return [];
  }
}

function toToolPart(part: ToolResultPart | ToolApprovalPart, surroundings: Surroundings): readonly PromptPart[] {
  if (part.type === 'tool-result') return [toToolResult(part, surroundings)];
  if (part.type === 'tool-approval-request') return [];
  const { type, approvalId, approved = false, reason } = part;
  return [{ type, approvalId, approved, ...(reason === undefined ? {} : { reason }), ...optionsOf(part) }];
}

function toText(part: TextPart): PromptPart {
  return { type: 'text', text: part.text, ...optionsOf(part) };
}

function toFile(part: FilePart, surroundings: Surroundings): PromptPart {
  const { textFiles, warnings } = surroundings;
  // Packages drop such a file, take its text for base64 or trip over it: as text it always arrives.
  if (part.data.type === 'text' && !textFiles) {
    warnings.push({ type: 'compatibility', feature: 'file given as text', details: 'It is sent as text, without its name.' });
    return { type: 'text', text: part.data.text, ...optionsOf(part) };
  }
  return { type: part.type, mediaType: part.mediaType, data: toFileData(part.data, surroundings), ...(part.filename === undefined ? {} : { filename: part.filename }), ...optionsOf(part) };
}

function toFileData(data: FileData, { dialect, base64Files }: Surroundings): object {
  if (data.type === 'reference' && data.reference[dialect] === undefined) {
    throw new CallError('REQUEST_INVALID', `A file in the request is a reference of ${Object.keys(data.reference).join(', ') || 'nobody'}, which ${dialect} does not know: send its bytes or a URL.`);
  }
  if (data.type === 'data' && base64Files && typeof data.data !== 'string') return { type: 'data', data: base64Of(data.data) };
  return data.type === 'url' ? { type: 'url', url: new URL(data.url) } : data;
}

function toToolCall({ toolCallId, toolName, input, inputEncoding, providerExecuted, ...part }: ToolCallPart): PromptPart {
  return { type: 'tool-call', toolCallId, toolName, input: inputEncoding === 'text' ? input : parsed(input), ...(providerExecuted === undefined ? {} : { providerExecuted }), ...optionsOf(part) };
}

/** A model may have written what is no JSON: it is shown its own text. */
function parsed(input: string): unknown {
  try {
    return JSON.parse(input === '' ? '{}' : input);
  } catch {
    return input;
  }
}

function toToolResult({ toolCallId, toolName, output, ...part }: ToolResultPart, surroundings: Surroundings): PromptPart {
  return { type: 'tool-result', toolCallId, toolName, output: toOutput(output, surroundings), ...optionsOf(part) };
}

function toOutput(output: ToolOutput, surroundings: Surroundings): object {
  const { providerMetadata: _metadata, ...plain } = output;
  if (output.type !== 'content') return { ...plain, ...optionsOf(output) };
  return { type: 'content', value: output.value.map((part) => toOutputPart(part, surroundings)), ...optionsOf(output) };
}

function toOutputPart(part: TextPart | FilePart | CustomPart, surroundings: Surroundings): PromptPart {
  if (part.type === 'text') return toText(part);
  return part.type === 'custom' ? { type: 'custom', ...optionsOf(part) } : toFile({ ...part, type: 'file' }, surroundings);
}

function wordsOf(output: ToolOutput): string {
  if (output.type === 'execution-denied') return output.reason ?? 'denied';
  return typeof output.value === 'string' ? output.value : JSON.stringify(output.value);
}

/** Whether vendor data is there and none of it is the model's own. */
function isForeign({ providerMetadata }: Carried, dialect: string): boolean {
  const dialects = Object.keys(providerMetadata ?? {});
  return dialects.length > 0 && !dialects.includes(dialect);
}

/** The vendor's own data goes back where it came from; it has another name on the way in. */
function optionsOf({ providerMetadata }: Carried): { readonly providerOptions?: ProviderData } {
  return providerMetadata === undefined ? {} : { providerOptions: providerMetadata };
}

/** What a user may hand to a model, and the complete, frozen request it becomes. */
import type { ChatRequest, FunctionTool, Message, ProviderTool } from '@modelport/plugin-api';
import type { Tool } from '../tools/define-tool.ts';
import { modelportError } from '../errors/modelport-error.ts';
import type { DataSchema } from './data-schema.ts';
import { outputFormat } from './structured-output.ts';

/** A question as text, a conversation, or a whole request. */
export type ChatInput = string | readonly Message[] | ChatRequest;

/** A tool as a user may offer it: made by `defineTool`, or its bare definition. */
export type ToolOffer = Tool | FunctionTool | ProviderTool;

/** Settings of one call: every field of a request, and what belongs to the call alone. */
export interface ChatOptions<T = unknown> extends Omit<ChatRequest, 'messages' | 'tools'> {
  /** Text put before the messages as a system message. */
  readonly instructions?: string;
  /** Ends the call: the request is aborted, the stream rejects with ABORTED. */
  readonly signal?: AbortSignal;
  /** The answer must be JSON that fits: a Standard Schema that can tell its JSON Schema (zod 4), or a plain JSON Schema. */
  readonly schema?: DataSchema<T>;
  /** Tools the model may call. They are offered, not run: an agent runs them. */
  readonly tools?: readonly ToolOffer[];
  /** Id of the conversation, sent where the vendor takes one. */
  readonly sessionId?: string;
  /** Labels of the call, sent where the vendor takes them. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Also give every event of the wire as a `raw` part. Default false. */
  readonly includeRaw?: boolean;
}

/** Settings an alias adds where the caller gave none. */
export type RequestDefaults = Omit<ChatRequest, 'messages' | 'tools'> & { readonly instructions?: string };

/** Settings in the order of who wins: those of the call, the handle's (`with`, `reconfigure`), the alias's. */
export interface SettingLayers {
  readonly options: ChatOptions;
  readonly handle: ChatOptions;
  /** Of the alias, and below them those of aliases it names; the weakest first. */
  readonly aliases: readonly RequestDefaults[];
}

/** A request ready to be sent, and the schema its answer is held to. */
export interface PreparedRequest {
  readonly request: ChatRequest;
  readonly schema: DataSchema<unknown> | undefined;
}

/**
 * The request a call sends, frozen. Who wins, field by field: the options of the call, the request given as input, the handle's defaults,
 * the alias's. `headers` and `providerOptions` are merged by key; a field that is `undefined` says nothing. The caller's own objects are
 * copied, never frozen. Throws REQUEST_INVALID for an input that is none.
 */
export function prepareRequest(input: ChatInput, { options, handle, aliases }: SettingLayers): PreparedRequest {
  const given = requestOf(input);
  const standing = aliases.findLast(({ instructions }) => instructions !== undefined)?.instructions;
  // A call that says itself what form its answer has is not held to the handle's schema.
  const schema = options.schema ?? (options.responseFormat === undefined && given.responseFormat === undefined ? handle.schema : undefined);
  const system = options.instructions ?? handle.instructions ?? standing;
  const merged = mergeSettings([...aliases.map(settingsOf), settingsOf(handle), given, settingsOf(options)]);
  const request = {
    ...merged,
    ...(schema === undefined ? {} : { responseFormat: outputFormat(schema, merged.responseFormat) }),
    messages: system === undefined || !Array.isArray(given.messages) ? given.messages : [{ role: 'system', content: system }, ...given.messages],
  };
  return { request: frozenCopy(request), schema };
}

function requestOf(input: ChatInput): ChatRequest {
  if (typeof input === 'string') return { messages: [userMessage(input)] };
  if (isMessages(input)) return { messages: input };
  if (typeof input === 'object' && (input as ChatRequest | null) !== null) return input;
  throw modelportError('REQUEST_INVALID', { text: `The input is ${(input as ChatRequest | null) === null ? 'null' : typeof input}: it must be a text, a list of messages, or a request.` }, { retryable: false });
}

/** What of a call's options stands in the request. */
function settingsOf({ instructions: _instructions, signal: _signal, schema: _schema, sessionId: _sessionId, metadata: _metadata, includeRaw: _includeRaw, tools, ...settings }: ChatOptions): Partial<ChatRequest> {
  return tools === undefined ? settings : { ...settings, tools: tools.map(definitionOf) };
}

/** Later layers over earlier ones. */
function mergeSettings(layers: readonly Partial<ChatRequest>[]): Partial<ChatRequest> {
  const merged: Record<string, unknown> = {};
  for (const layer of layers) {
    for (const [field, value] of Object.entries(layer)) {
      if (value === undefined) continue;
      merged[field] = (field === 'headers' || field === 'providerOptions') && isPlain(merged[field]) && isPlain(value) ? mergeByKey(merged[field], value, field === 'providerOptions') : value;
    }
  }
  return merged;
}

function mergeByKey(earlier: object, later: object, deeper: boolean): object {
  const merged: Record<string, unknown> = { ...earlier };
  for (const [key, value] of Object.entries(later) as [string, unknown][]) {
    merged[key] = deeper && isPlain(merged[key]) && isPlain(value) ? { ...merged[key], ...value } : value;
  }
  return merged;
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A user message of one text. */
export function userMessage(text: string): Message {
  return { role: 'user', content: [{ type: 'text', text }] };
}

function isMessages(input: readonly Message[] | ChatRequest): input is readonly Message[] {
  return Array.isArray(input);
}

/** What a model is told of a tool. */
export function definitionOf(tool: ToolOffer): FunctionTool | ProviderTool {
  return 'definition' in tool ? tool.definition : tool;
}

/**
 * A frozen copy of plain data; what is frozen already is taken over as it is, so a history is copied once. Bytes, dates and other objects
 * with a class stay the caller's own.
 */
export function frozenCopy<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy)) as T;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  // A spread and a loop over what is not plain text or number: a third of the time of rebuilding entry by entry.
  const copy = { ...value } as Record<string, unknown>;
  for (const key in copy) {
    const item = copy[key];
    if (typeof item === 'object' && item !== null) copy[key] = frozenCopy(item);
  }
  return Object.freeze(copy) as T;
}

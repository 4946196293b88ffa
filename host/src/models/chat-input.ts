/** What a user may hand to a model, and the complete, frozen request it becomes. */
import type { ChatRequest, FunctionTool, Message, ProviderTool } from '@modelport/plugin-api';
import type { Tool } from '../tools/define-tool.ts';
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

/** The request a call sends: input and options over the alias's defaults, deep-frozen. */
export function toChatRequest(input: ChatInput, options: ChatOptions, defaults: RequestDefaults | undefined): ChatRequest {
  const { instructions, signal: _signal, schema, tools, sessionId: _sessionId, metadata: _metadata, includeRaw: _includeRaw, ...settings } = options;
  const given: ChatRequest = typeof input === 'string' ? { messages: [userMessage(input)] } : isMessages(input) ? { messages: input } : input;
  const { instructions: standing, ...standard } = defaults ?? {};
  const system = instructions ?? standing;
  const request: ChatRequest = {
    ...standard,
    ...given,
    ...defined(settings),
    ...(tools === undefined ? {} : { tools: tools.map(definitionOf) }),
    ...(schema === undefined ? {} : { responseFormat: outputFormat(schema) }),
    messages: system === undefined ? given.messages : [{ role: 'system', content: system }, ...(given.messages ?? [])],
  };
  return deepFreeze(request);
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

function defined<T extends object>(settings: T): T {
  for (const value of Object.values(settings)) {
    if (value === undefined) return Object.fromEntries(Object.entries(settings).filter(([, item]) => item !== undefined)) as T;
  }
  return settings;
}

/** Freezes plain data to its leaves; what is frozen already is taken as frozen through, so a history is walked once. Bytes stay as they are. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const item of Object.values(value)) deepFreeze(item as unknown);
  return value;
}


/** What is asked of a chat model: everything that may change the answer, so the whole of it is the cache key. */
import type { JsonObject } from './json.ts';
import type { Message } from './message.ts';
import type { Open } from './open.ts';
import type { ProviderData } from './provider-data.ts';

/**
 * One request to a chat model. Field names follow the call options of the AI SDK's language-model specification v4. An absent setting is
 * left to the vendor's default; a setting the wire cannot carry becomes a warning. One request has one answer: there is no `n`.
 */
export interface ChatRequest {
  /** The conversation, oldest first, at least one message. History made by another vendor is valid input. */
  readonly messages: readonly Message[];
  /** Tools the model may call. Default: none. */
  readonly tools?: readonly (FunctionTool | ProviderTool)[];
  /** Whether and which tool is called. Default: the vendor's, which is `auto` where there are tools. */
  readonly toolChoice?: ToolChoice;
  /** Whether one answer may hold several tool calls. */
  readonly parallelToolCalls?: boolean;
  /** Form of the answer's text. Default: text. */
  readonly responseFormat?: ResponseFormat;
  /** How hard to think before answering; `none` turns reasoning off. Mapped to the vendor's nearest level, with a warning where it differs. */
  readonly reasoning?: Open<'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max'>;
  /** Most tokens the answer may have, reasoning included where the vendor counts it so. A whole number of at least 1. */
  readonly maxOutputTokens?: number;
  /** Randomness, 0 = least. The range is the vendor's. */
  readonly temperature?: number;
  /** Nucleus sampling, 0 to 1. */
  readonly topP?: number;
  /** Sample among so many most likely tokens. */
  readonly topK?: number;
  /** Asks for a repeatable answer. A whole number; vendors promise little. */
  readonly seed?: number;
  /** Penalty for tokens that occurred at all, -2 to 2. */
  readonly presencePenalty?: number;
  /** Penalty for tokens by how often they occurred, -2 to 2. */
  readonly frequencyPenalty?: number;
  /** Texts that end the answer and are not part of it. */
  readonly stopSequences?: readonly string[];
  /** Bias per token id of the model's own tokenizer, -100 to 100. */
  readonly logitBias?: Readonly<Record<string, number>>;
  /** How many alternatives to report per token, 0 = only the chosen token's own probability. Absent = no log probabilities. */
  readonly topLogprobs?: number;
  /** The vendor's field for an end user's id. Never a name or an address. */
  readonly user?: string;
  /** Headers to add to the vendor's request; never `authorization`, never `host`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Vendor settings without a word here, by dialect. A plugin reads its own dialect and sends what it finds, unchecked. */
  readonly providerOptions?: ProviderData;
}

/** Whether and which tool is called: `none` = not at all, `auto` = the model decides, `required` = at least one, `tool` = this one. */
export type ToolChoice = AnyToolChoice | NamedToolChoice;

/** A choice that names no tool. */
export interface AnyToolChoice {
  /** Tag. */
  readonly type: 'auto' | 'none' | 'required';
}

/** The choice of one tool. */
export interface NamedToolChoice {
  /** Tag. */
  readonly type: 'tool';
  /** Name of one of the request's tools. */
  readonly toolName: string;
}

/** Form of the answer's text. */
export type ResponseFormat = TextFormat | JsonFormat;

/** Free text. */
export interface TextFormat {
  /** Tag. */
  readonly type: 'text';
}

/** JSON, of a schema where one is given. */
export interface JsonFormat {
  /** Tag. */
  readonly type: 'json';
  /** JSON Schema (draft 2020-12) of the answer. Absent = any JSON object. The host validates, whatever the vendor promises. */
  readonly schema?: JsonObject;
  /** Name of the schema, for vendors that ask for one. */
  readonly name?: string;
  /** What the answer is, for vendors that pass it to the model. */
  readonly description?: string;
}

/** A tool that runs on the caller's side. */
export interface FunctionTool {
  /** Tag. */
  readonly type: 'function';
  /** Name, unique in the request. One the wire refuses is mapped reversibly by the plugin. */
  readonly name: string;
  /** What it does and when to use it: the model reads this. */
  readonly description?: string;
  /** JSON Schema (draft 2020-12) of the input, an object. */
  readonly inputSchema: JsonObject;
  /** Whether the vendor shall hold the model to the schema. Default: the vendor's. */
  readonly strict?: boolean;
  /** Vendor settings of this tool, by dialect. */
  readonly providerOptions?: ProviderData;
}

/** A tool the vendor itself knows or runs: web search, code execution. */
export interface ProviderTool {
  /** Tag. */
  readonly type: 'provider';
  /** `<dialect>.<the vendor's name of it>`. A foreign dialect becomes a warning of type `unsupported`. */
  readonly id: `${string}.${string}`;
  /** Name by which the answer's tool calls refer to it, unique in the request. */
  readonly name: string;
  /** The vendor's settings of it; `{}` = none. */
  readonly args: JsonObject;
}


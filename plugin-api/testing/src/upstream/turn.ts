/** What a scripted upstream says next, apart from the wire it says it on. */
import type { Fault } from './fault.ts';

/** One scripted answer to one request. An empty turn is an empty answer that ends well. */
export interface Turn {
  /** The answer's text; an array is sent as one delta each. Default: none. */
  readonly text?: string | readonly string[];
  /** The model's reasoning; an array is sent as one delta each. Default: none. */
  readonly reasoning?: string | readonly string[];
  /** Encrypted form of the reasoning (Responses). Default: none. */
  readonly encryptedReasoning?: string;
  /** A refusal instead of an answer. Default: none. */
  readonly refusal?: string | readonly string[];
  /** Tools the model calls. Default: none. */
  readonly toolCalls?: readonly ScriptedToolCall[];
  /** Pages the text cites, each for the whole of it. Default: none. */
  readonly citations?: readonly { readonly url: string; readonly title: string }[];
  /** Log probability of each delta of the text, where the request asks for them. Default: -0.1 each. */
  readonly logprob?: number;
  /** The wire's own word. Default: `tool_calls` where tools are called, else `stop`. */
  readonly finishReason?: string | null;
  /** Token counts. `null` = the upstream says none. Default: 11 in, 7 out. */
  readonly usage?: ScriptedUsage | null;
  /** Model the answer names. Default: the request's. */
  readonly model?: string;
  /** Headers added to the answer. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** An HTTP error instead of an answer. Default: none. */
  readonly error?: ScriptedError;
  /** What goes wrong on the way. Default: nothing. */
  readonly faults?: readonly Fault[];
  /** Wire events in place of the scripted ones, as they stand: objects are serialised. Default: none. */
  readonly events?: readonly (object | string)[];
  /** The whole JSON answer in place of the scripted one, where no stream is asked. Default: none. */
  readonly whole?: object;
}

/** A tool call of the model. */
export interface ScriptedToolCall {
  /** Id of the call. Default: `call_` and its number in the script. */
  readonly id?: string;
  /** Name of the tool. */
  readonly name: string;
  /** Its input as the model writes it; an array is sent as one delta each. Default: empty. */
  readonly arguments?: string | readonly string[];
}

/** Token counts as a script gives them. */
export interface ScriptedUsage {
  /** Tokens of the request, cached ones included. */
  readonly input: number;
  /** Tokens of the answer, reasoning included. */
  readonly output: number;
  /** Of the input, read from the cache. Default: not said. */
  readonly cached?: number;
  /** Of the output, reasoning. Default: not said. */
  readonly reasoning?: number;
}

/** An HTTP error. */
export interface ScriptedError {
  /** HTTP status. */
  readonly status: number;
  /** OpenAI's `error.code`. Default: null. */
  readonly code?: string | null;
  /** OpenAI's `error.type`. Default: `invalid_request_error`. */
  readonly type?: string;
  /** OpenAI's `error.message`. Default: `scripted error`. */
  readonly message?: string;
  /** The whole body in place of OpenAI's error object. */
  readonly body?: string | object;
}

/** One text or many as a list of deltas. */
export function deltasOf(text: string | readonly string[] | undefined): readonly string[] {
  return text === undefined ? [] : typeof text === 'string' ? [text] : text;
}

/** All deltas as one text. */
export function wholeOf(text: string | readonly string[] | undefined): string {
  return deltasOf(text).join('');
}

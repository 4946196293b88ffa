/** What a call gives back: the text, the tool calls parsed, the message for the history, and what it cost. */
import type {
  AssistantMessage, ChatResult, ContentPart, FinishReason, Price, ProviderData, ResponseMetadata, ToolCallPart, Usage, Warning,
} from '@modelport/plugin-api';
import { costOf, isSameModel } from './cost.ts';

/** A tool call with its arguments parsed, once. */
export interface ToolCall {
  readonly toolCallId: string;
  readonly toolName: string;
  /** The arguments; `undefined` when `invalid` is set. */
  readonly input: unknown;
  /** The text the model wrote. */
  readonly rawInput: string;
  /** Why the text is no JSON, when it is none. */
  readonly invalid?: string;
  /** Whether the vendor ran the tool itself. */
  readonly providerExecuted: boolean;
}

/** One try at one target. */
export interface Attempt {
  readonly backend: string;
  /** The model id that was asked for. */
  readonly model: string;
  /** Generation of the backend that served; absent when none could be had. */
  readonly generation?: number;
  /** Code of the error it ended with; absent on success. */
  readonly code?: string;
}

/** The whole answer of one call. */
export interface Answer<T = unknown> {
  /** All text parts, joined. */
  readonly text: string;
  /** The validated object, when `schema` was given; otherwise `undefined`. */
  readonly object: T;
  /** Tool calls the caller is to run, and those the vendor ran (`providerExecuted`). */
  readonly toolCalls: readonly ToolCall[];
  readonly content: readonly ContentPart[];
  /** Put it into the history unchanged: vendor data that must travel back is in it. */
  readonly message: AssistantMessage;
  /** The vendor's figures; one it did not send is `undefined`, never 0. */
  readonly usage: Usage;
  /** Cost in US dollars: as the vendor states it, else from its usage and the model's price; `undefined` = unknown, never a guess. */
  readonly costUsd: number | undefined;
  readonly finishReason: FinishReason;
  readonly warnings: readonly Warning[];
  /** Model id as the vendor reports it, else as it was asked for. */
  readonly model: string;
  /** Key under `backends:` that answered. */
  readonly backend: string;
  readonly attempts: readonly Attempt[];
  readonly callId: string;
  /** The vendor's own id, time and headers of the response. */
  readonly response: ResponseMetadata | undefined;
  readonly providerMetadata: ProviderData | undefined;
}

/** Where an answer came from. */
export interface AnswerFacts {
  readonly backend: string;
  readonly model: string;
  readonly attempts: readonly Attempt[];
  readonly callId: string;
  /** Price of the model that was asked, where it is known. */
  readonly price?: Price | undefined;
}

/** Makes the answer out of a folded result. `object` is filled in by whoever validates it. */
export function toAnswer(result: ChatResult, facts: AnswerFacts): Answer<undefined> {
  let text = '';
  const toolCalls: ToolCall[] = [];
  for (const part of result.content) {
    if (part.type === 'text') text += part.text;
    else if (part.type === 'tool-call') toolCalls.push(parseToolCall(part));
  }
  const { providerMetadata } = result;
  return {
    text,
    object: undefined,
    toolCalls,
    content: result.content,
    message: { role: 'assistant', content: result.content, ...(providerMetadata === undefined ? {} : { providerMetadata }) },
    usage: result.usage,
    costUsd: costOf(result.usage, isSameModel(facts.model, result.response?.modelId ?? facts.model) ? facts.price : undefined),
    finishReason: result.finishReason,
    warnings: result.warnings ?? [],
    model: result.response?.modelId ?? facts.model,
    backend: facts.backend,
    attempts: facts.attempts,
    callId: facts.callId,
    response: result.response,
    providerMetadata,
  };
}

/** Parses the arguments of a tool call; empty ones arrive as `{}`. Text that is no JSON is told in `invalid`, never thrown: the model may mend it. */
function parseToolCall(part: ToolCallPart): ToolCall {
  const base = { toolCallId: part.toolCallId, toolName: part.toolName, rawInput: part.input, providerExecuted: part.providerExecuted === true };
  if (part.inputEncoding === 'text') return { ...base, input: part.input };
  try {
    return { ...base, input: JSON.parse(part.input) as unknown };
  } catch (error) {
    return { ...base, input: undefined, invalid: (error as Error).message };
  }
}

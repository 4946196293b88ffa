/** The script language: rules that say when they apply, and steps that say what the model then does. */
import type { CallErrorCode, Json, JsonObject, Open, ProviderData, Warning } from '@modelport/plugin-api';

/** The rules in the order in which they are tried; the first that matches answers. None that matches is a REQUEST_INVALID. */
export type Script = readonly Rule[];

/** When to answer, and how: give `reply` or `turns`, not both. */
export interface Rule {
  /** When the rule applies. A bare pattern is the same as `{ user: pattern }`. Absent = always. */
  readonly match?: TextPattern | Match;
  /**
   * The steps of the answer. A rule with a `user` pattern and a `reply` applies only while the user's message is the last one, so that it
   * does not answer its own tool result; say `afterTool` to have that.
   */
  readonly reply?: Reply;
  /**
   * Several answers of one conversation in order: the first answers the user's message, the second what follows it (a tool result, as a
   * rule). Counted from the last user message with a `user` pattern, else from the start of the conversation. After the last turn the rule
   * no longer applies.
   */
  readonly turns?: readonly Reply[];
}

/** The steps of one answer; a bare string is one step of text. */
export type Reply = string | readonly Step[];

/** Text that must occur in another, whatever its case; or a regular expression in the syntax of JavaScript. */
export type TextPattern = string | RegexPattern;

/** A regular expression as data. */
export interface RegexPattern {
  /** Source of the expression, without slashes. */
  readonly regex: string;
  /** Flags, for example `i`. Default none. */
  readonly flags?: string;
}

/** Conditions; all that are given must hold. */
export interface Match {
  /** The text of the last user message. Its groups fill `{{1}}`, `{{name}}`. */
  readonly user?: TextPattern;
  /** The text of the system messages, joined by line breaks. */
  readonly system?: TextPattern;
  /** The text of the last tool result, while it is the last message. Its groups come before those of `user`. */
  readonly toolResult?: TextPattern;
  /** The last message is a result of the tool of this name (a string) or of any tool (`true`), or is no tool result (`false`). */
  readonly afterTool?: string | boolean;
  /** The last tool result reports an error or a refusal (`true`), or does not (`false`). Holds only after a tool. */
  readonly toolFailed?: boolean;
  /** The request offers a tool of this name. */
  readonly offers?: string;
  /** The model id that was asked for. */
  readonly model?: TextPattern;
  /** The n-th answer of this conversation, from 1: one more than the assistant messages in the request. */
  readonly turn?: number;
  /** The n-th request of any conversation this model got, from 1; retries count. */
  readonly call?: number;
  /** The n-th attempt at this call, from 1, as the host counts its retries. */
  readonly attempt?: number;
}

/** One thing the model does. Each step holds exactly one of these. */
export type Step =
  | TextStep | ReasoningStep | JsonStep | ToolCallStep | DelayStep | StallStep | FileStep | SourceStep | WarningStep
  | ResponseMetadataStep | UsageStep | FinishStep | FaultStep | CutStep | UnknownStep;

/** Streams text. Steps of text that follow one another are one block. */
export interface TextStep {
  /** The text; placeholders are filled in. */
  readonly text: string;
}

/** Streams reasoning. */
export interface ReasoningStep {
  /** The reasoning; placeholders are filled in. */
  readonly reasoning: string;
  /** What the vendor would want back with it, for example a signature. */
  readonly providerMetadata?: ProviderData;
}

/** Streams a value as JSON text. */
export interface JsonStep {
  /** The value; placeholders in its strings are filled in. */
  readonly json: Json;
}

/** Calls a tool; several in one reply are parallel calls. */
export interface ToolCallStep {
  /** The call. */
  readonly toolCall: {
    /** Name of the tool. */
    readonly name: string;
    /** An object, or raw text that is sent as it stands (broken JSON too); placeholders are filled in. Default `{}`. */
    readonly input?: JsonObject | string;
    /** Id of the call. Default `call_<turn>_<number in this reply>`. */
    readonly id?: string;
    /** `text` = the input is free text, for tools that take it. Default `json`. */
    readonly inputEncoding?: 'json' | 'text';
  };
}

/** Waits. An abort ends the wait with the signal's reason. */
export interface DelayStep {
  /** How long, in milliseconds. */
  readonly delayMs: number;
}

/** Waits until the call is aborted: an upstream that hangs. */
export interface StallStep {
  /** Always true. */
  readonly stall: true;
}

/** Sends a file. Give `data` or `url`. */
export interface FileStep {
  /** The file. */
  readonly file: {
    /** IANA media type, for example `image/png`. */
    readonly mediaType: string;
    /** Content in base64. */
    readonly data?: string;
    /** Absolute URL. */
    readonly url?: string;
    /** Name to show. */
    readonly filename?: string;
  };
}

/** Names a web page the answer rests on. */
export interface SourceStep {
  /** The page. */
  readonly source: {
    /** Address. */
    readonly url: string;
    /** Title to show. */
    readonly title?: string;
    /** Id. Default `source_<number in this reply>`. */
    readonly id?: string;
  };
}

/** Sends a warning of the contract, or its text. */
export interface WarningStep {
  /** The warning; a string is a warning of type `other`. */
  readonly warning: string | Warning;
}

/** Sends facts about the response. By default a reply begins with `{ modelId }`, the id that was asked for. */
export interface ResponseMetadataStep {
  /** The facts. */
  readonly responseMetadata: {
    /** Id the vendor gives the response. */
    readonly id?: string;
    /** Model that answered. */
    readonly modelId?: string;
    /** When, as an ISO 8601 date and time. */
    readonly timestamp?: string;
    /** Response headers. */
    readonly headers?: Readonly<Record<string, string>>;
  };
}

/** Token counts as a script writes them: flat. A count that is not given is absent from the answer, never 0. */
export interface ScriptedUsage {
  /** All input tokens. */
  readonly inputTokens?: number;
  /** Input tokens read from a prompt cache. */
  readonly cacheReadTokens?: number;
  /** Input tokens written to a prompt cache. */
  readonly cacheWriteTokens?: number;
  /** All output tokens. */
  readonly outputTokens?: number;
  /** Output tokens spent on reasoning. */
  readonly reasoningTokens?: number;
  /** What the vendor says the answer cost, in US dollars. */
  readonly costUsd?: number;
}

/** States the usage from here on: sent at once as a `usage` part, and with the finish. Without it words are counted. */
export interface UsageStep {
  /** The counts; `absent` = a vendor that says nothing: every figure undefined. */
  readonly usage: ScriptedUsage | 'absent';
}

/** Ends the answer here. Without it a reply ends with `tool-calls` when it called a tool, else with `stop`. */
export interface FinishStep {
  /** Why the model stopped. */
  readonly finish: Open<'stop' | 'length' | 'tool-calls' | 'content-filter' | 'refusal' | 'interrupted' | 'error' | 'other'>;
  /** The vendor's own word. */
  readonly raw?: string;
}

/** Throws a CallError here: as the first step before any part was sent, later in mid-stream. */
export interface FaultStep {
  /** The failure. */
  readonly fault: {
    /** Error code of the contract, or one of a plugin's own (`x-...`). */
    readonly code: Open<CallErrorCode>;
    /** Message. Default names the code. */
    readonly message?: string;
    /** HTTP status a vendor would have answered. */
    readonly status?: number;
    /** How long the vendor asks to wait, in milliseconds. */
    readonly retryAfterMs?: number;
    /** Whether another attempt may help. Absent = the host decides by the code. */
    readonly retryable?: boolean;
    /** Id the vendor gives the request. */
    readonly requestId?: string;
  };
}

/** Ends the stream with no finish: a connection that was cut. */
export interface CutStep {
  /** Always true. */
  readonly cut: true;
}

/** Sends a part the contract has no word for. */
export interface UnknownStep {
  /** The part as a newer vendor would send it. */
  readonly unknown: JsonObject;
}

/** Messages of a conversation, and the content they are made of: one content type for what goes in and what comes out. */
import type { Json } from './json.ts';
import type { Carried } from './provider-data.ts';

/**
 * One message. The vocabulary is that of the AI SDK's language-model specification v4, with one content type in both directions: the
 * `content` of a result goes back unchanged as the content of an assistant message.
 */
export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

/** Instructions to the model. */
export interface SystemMessage extends Carried {
  /** Tag. */
  readonly role: 'system';
  /** The instructions. */
  readonly content: string;
}

/** What the user says. */
export interface UserMessage extends Carried {
  /** Tag. */
  readonly role: 'user';
  /** Text and files, in order. */
  readonly content: readonly (TextPart | FilePart)[];
}

/** What a model said, this one or another. */
export interface AssistantMessage extends Carried {
  /** Tag. */
  readonly role: 'assistant';
  /**
   * The content of a `ChatResult`, unchanged. A plugin drops reasoning that carries no data of its own dialect with a warning, and turns
   * another vendor's provider-executed tool calls into text; another vendor's file reference is REQUEST_INVALID.
   */
  readonly content: readonly ContentPart[];
}

/** What the tools answered. */
export interface ToolMessage extends Carried {
  /** Tag. */
  readonly role: 'tool';
  /** One result or approval per tool call of the assistant message before it, in any order. */
  readonly content: readonly (ToolResultPart | ToolApprovalPart)[];
}

/** Any piece of a message or an answer. */
export type ContentPart = TextPart | ReasoningPart | FilePart | ToolCallPart | ToolResultPart | ToolApprovalPart | Source | CustomPart | UnknownPart;

/** Text. */
export interface TextPart extends Carried {
  /** Tag. */
  readonly type: 'text';
  /** The text, never trimmed or filtered. */
  readonly text: string;
  /** What the vendor says the text rests on. Absent = nothing. */
  readonly citations?: readonly Citation[];
}

/** What the model thought before it answered. Signatures live in `providerMetadata`; foreign reasoning is dropped with a warning. */
export interface ReasoningPart extends Carried {
  /** Tag. */
  readonly type: 'reasoning';
  /** The reasoning or its summary; empty when the vendor sends only a signature. */
  readonly text: string;
}

/** A file, given or made: an image, a document, a recording. `reasoning-file` = made while thinking. */
export interface FilePart extends Carried {
  /** Tag. */
  readonly type: 'file' | 'reasoning-file';
  /** IANA media type, for example `image/png`; `image/*` where only that much is known. */
  readonly mediaType: string;
  /** The content, or where it is. */
  readonly data: FileData;
  /** Name to show. Absent = none. */
  readonly filename?: string;
}

/** The content of a file, or where it is. */
export type FileData = FileBytes | FileUrl | FileReference | FileText;

/** The bytes themselves. */
export interface FileBytes {
  /** Tag. */
  readonly type: 'data';
  /** Bytes, or the same in base64 (RFC 4648, with padding, no line breaks). */
  readonly data: Uint8Array | string;
}

/** A file the vendor fetches itself; only URLs that `ChatModel.supportedUrls` names reach a plugin. */
export interface FileUrl {
  /** Tag. */
  readonly type: 'url';
  /** Absolute URL. */
  readonly url: string;
}

/** A file that was uploaded to a vendor before. */
export interface FileReference {
  /** Tag. */
  readonly type: 'reference';
  /** The vendor's id of the file, by dialect. A reference without one's own dialect is REQUEST_INVALID. */
  readonly reference: Readonly<Record<string, string>>;
}

/** A file given as text. */
export interface FileText {
  /** Tag. */
  readonly type: 'text';
  /** The text. */
  readonly text: string;
}

/** The model asks for a tool. */
export interface ToolCallPart extends Carried {
  /** Tag. */
  readonly type: 'tool-call';
  /** Id the result refers to, unique in the conversation. The plugin makes one up where the vendor sends none. */
  readonly toolCallId: string;
  /** Name of the tool, as the request named it. */
  readonly toolName: string;
  /** The input as raw text, `{}` when empty. Parsed once, by the host: an invalid one is passed on as it came. */
  readonly input: string;
  /** `json` = the input is JSON; `text` = it is free text, for tools that take it. Default `json`. */
  readonly inputEncoding?: 'json' | 'text';
  /** True = the vendor runs the tool itself and sends the result in the same answer. Default false. */
  readonly providerExecuted?: boolean;
}

/** What a tool answered. */
export interface ToolResultPart extends Carried {
  /** Tag. */
  readonly type: 'tool-result';
  /** The id of the call this answers. */
  readonly toolCallId: string;
  /** Name of the tool. */
  readonly toolName: string;
  /** What it answered. */
  readonly output: ToolOutput;
  /** True = the vendor ran it. Default false. */
  readonly providerExecuted?: boolean;
  /** True = a state on the way; a later result of the same id replaces it. Default false. */
  readonly preliminary?: boolean;
}

/** What a tool answered, in the form the model shall see it. */
export type ToolOutput = TextOutput | JsonOutput | DeniedOutput | ContentOutput;

/** Text, or the text of an error. */
export interface TextOutput extends Carried {
  /** `error-text` = the tool failed and the model shall know. */
  readonly type: 'text' | 'error-text';
  /** The text. */
  readonly value: string;
}

/** JSON, or an error told in JSON. */
export interface JsonOutput extends Carried {
  /** `error-json` = the tool failed and the model shall know. */
  readonly type: 'json' | 'error-json';
  /** The value. */
  readonly value: Json;
}

/** The user did not allow the tool to run. */
export interface DeniedOutput extends Carried {
  /** Tag. */
  readonly type: 'execution-denied';
  /** Why, for the model to read. */
  readonly reason?: string;
}

/** Text and files. */
export interface ContentOutput extends Carried {
  /** Tag. */
  readonly type: 'content';
  /** The pieces, in order. */
  readonly value: readonly (TextPart | FilePart | CustomPart)[];
}

/** A vendor-run tool asks for leave, or is given it. */
export interface ToolApprovalPart extends Carried {
  /** `tool-approval-request` comes from the vendor, `tool-approval-response` goes back in a tool message. */
  readonly type: 'tool-approval-request' | 'tool-approval-response';
  /** Id that ties request and response together. */
  readonly approvalId: string;
  /** The tool call in question, on a request. */
  readonly toolCallId?: string;
  /** The decision, on a response; absent on a response counts as false. */
  readonly approved?: boolean;
  /** Why, for the model to read. */
  readonly reason?: string;
}

/** Something the model used to make its answer. */
export interface Source extends Carried {
  /** Tag. */
  readonly type: 'source';
  /** A web page (`url`) or a document of the request or of the vendor's store. */
  readonly sourceType: 'url' | 'document';
  /** Id of the source, unique in the answer. */
  readonly id: string;
  /** Address, for `url`. */
  readonly url?: string;
  /** IANA media type, for `document`. */
  readonly mediaType?: string;
  /** Title to show. */
  readonly title?: string;
  /** File name, for `document`. */
  readonly filename?: string;
}

/** Where a piece of text comes from. */
export interface Citation {
  /** The source. */
  readonly source: Source;
  /** First UTF-16 unit of the text that rests on it. Absent = the whole text. */
  readonly startIndex?: number;
  /** The unit after the last. Absent = to the end. */
  readonly endIndex?: number;
  /** What the source says there, where the vendor quotes it. */
  readonly citedText?: string;
}

/** A piece only its vendor understands, all of it in `providerMetadata`. Goes back verbatim; other dialects leave it out. */
export interface CustomPart extends Carried {
  /** Tag. */
  readonly type: 'custom';
  /** `<dialect>.<what it is>`. Absent = the metadata says it. */
  readonly kind?: string;
}

/** What this version of the contract has no word for, kept instead of dropped. */
export interface UnknownPart {
  /** Tag. */
  readonly type: 'unknown';
  /** The piece as it came, structured-cloneable. */
  readonly part: unknown;
}

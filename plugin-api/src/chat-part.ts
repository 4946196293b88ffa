/** The parts of a chat model's stream, and the order in which they may come. */
import type { FinishReason } from './finish-reason.ts';
import type { Citation, ContentPart, ReasoningPart, TextPart } from './message.ts';
import type { Carried } from './provider-data.ts';
import type { ResponseMetadata } from './response-metadata.ts';
import type { Usage } from './usage.ts';
import type { Warning } from './warning.ts';

/**
 * One part of a stream. Names and blocks are those of the AI SDK's language-model specification v4. The order:
 *
 * 1. `stream-start` at most once and first, then any number of `response-metadata` (later fields win), `warning`, `ping` and `raw` anywhere.
 * 2. Text, reasoning and tool input are blocks: `start`, any number of `delta`, `end`, all with the id of the block. Ids are unique among
 *    the open blocks; blocks may interleave, and their order in the answer is that of their start. A plugin may send only deltas: the host
 *    opens a block at its first delta and closes what is open at `finish`.
 * 3. A tool call is its complete `tool-call` part; the `tool-input-*` block before it, whose id is the `toolCallId`, is for those who
 *    watch it grow. The host makes the `tool-call` of a block that ended without one. The other content parts come whole.
 * 4. `usage` is cumulative: each one replaces the one before. Send it as soon as the vendor does, since a cut stream is billed by the last.
 * 5. Exactly one `finish`, after which come only `raw` and `ping`. A stream that ends without one was cut: PROTOCOL, with the partial result kept.
 * 6. Failures are thrown, never yielded: no part says "error".
 *
 * Parts are immutable, and an array of parts is the same as its parts one after the other.
 */
export type ChatPart =
  | StreamStartPart
  | WarningPart
  | ResponseMetadataPart
  | BlockEdgePart
  | TextEndPart
  | DeltaPart
  | ToolInputStartPart
  | Exclude<ContentPart, TextPart | ReasoningPart>
  | UsagePart
  | FinishPart
  | PingPart
  | RawPart;

/** The request was taken, and this is what of it was not honoured. */
export interface StreamStartPart {
  /** Tag. */
  readonly type: 'stream-start';
  /** What was not honoured; empty = nothing. */
  readonly warnings: readonly Warning[];
}

/** A warning that was found only while streaming. */
export interface WarningPart {
  /** Tag. */
  readonly type: 'warning';
  /** The warning. */
  readonly warning: Warning;
}

/** What the vendor says about the response. May come in pieces: the fields are merged, later ones win. */
export interface ResponseMetadataPart extends ResponseMetadata {
  /** Tag. */
  readonly type: 'response-metadata';
}

/** A block opens or closes. */
export interface BlockEdgePart extends Carried {
  /** Which kind of block, and which edge of it. */
  readonly type: 'text-start' | 'reasoning-start' | 'reasoning-end' | 'tool-input-end';
  /** Id of the block; of tool input, the tool call's id. */
  readonly id: string;
}

/** A block of text closes. */
export interface TextEndPart extends Carried {
  /** Tag. */
  readonly type: 'text-end';
  /** Id of the block. */
  readonly id: string;
  /** What the block's text rests on. Absent = nothing. */
  readonly citations?: readonly Citation[];
}

/** A block grows. */
export interface DeltaPart extends Carried {
  /** Which kind of block. */
  readonly type: 'text-delta' | 'reasoning-delta' | 'tool-input-delta';
  /** Id of the block; of tool input, the tool call's id. */
  readonly id: string;
  /** The text to append. Empty = only the metadata is new, for example a signature. */
  readonly delta: string;
}

/** The input of a tool call begins to arrive. */
export interface ToolInputStartPart extends Carried {
  /** Tag. */
  readonly type: 'tool-input-start';
  /** The tool call's id. */
  readonly id: string;
  /** Name of the tool, as the request named it. */
  readonly toolName: string;
  /** As on `ToolCallPart`. Default `json`. */
  readonly inputEncoding?: 'json' | 'text';
  /** As on `ToolCallPart`. Default false. */
  readonly providerExecuted?: boolean;
}

/** What was used up so far. */
export interface UsagePart {
  /** Tag. */
  readonly type: 'usage';
  /** The count from the start of the answer: cumulative, replaces the one before. */
  readonly usage: Usage;
}

/** The answer is whole. */
export interface FinishPart extends Carried {
  /** Tag. */
  readonly type: 'finish';
  /** Why the model stopped. */
  readonly finishReason: FinishReason;
  /** What the whole answer used up. */
  readonly usage: Usage;
}

/** The connection lives though there is nothing to say: re-arms the idle limit, and reaches no user. */
export interface PingPart {
  /** Tag. */
  readonly type: 'ping';
}

/** One event of the wire as it came, sent only when `call.includeRaw` asks for it. */
export interface RawPart {
  /** Tag. */
  readonly type: 'raw';
  /** The event, parsed where it parses. */
  readonly rawValue: unknown;
}

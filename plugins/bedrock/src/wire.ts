/** The wire of Converse and ConverseStream, as far as it is read. Source: the API reference; the SDK's own types are for what is sent. */
import type { Json, JsonObject } from '@modelport/plugin-api';

/** Token counts. `inputTokens` leaves out what was read from and written to the cache. */
export interface WireUsage {
  readonly inputTokens?: number | null;
  readonly outputTokens?: number | null;
  readonly cacheReadInputTokens?: number | null;
  readonly cacheWriteInputTokens?: number | null;
  readonly [key: string]: unknown;
}

/** What a piece of text rests on. */
export interface WireCitation {
  readonly title?: string;
  readonly source?: string;
  readonly sourceContent?: readonly { readonly text?: string }[];
  readonly location?: { readonly web?: { readonly url?: string; readonly domain?: string }; readonly [kind: string]: unknown };
}

/** One block of content, or what is known of it at its start; one member is set. Bytes are base64. */
export interface WireBlock {
  readonly text?: string;
  readonly toolUse?: { readonly toolUseId?: string; readonly name?: string; readonly input?: Json; readonly type?: string };
  readonly toolResult?: { readonly toolUseId?: string; readonly content?: readonly JsonObject[]; readonly status?: string; readonly type?: string };
  readonly reasoningContent?: { readonly reasoningText?: { readonly text?: string; readonly signature?: string }; readonly redactedContent?: string };
  readonly citationsContent?: { readonly content?: readonly { readonly text?: string }[]; readonly citations?: readonly WireCitation[] };
  readonly image?: { readonly format?: string; readonly source?: { readonly bytes?: string } };
  readonly [kind: string]: unknown;
}

/** What is added to a block; one member is set. */
export interface WireDelta {
  readonly text?: string;
  readonly toolUse?: { readonly input?: string };
  readonly toolResult?: readonly JsonObject[];
  readonly reasoningContent?: { readonly text?: string; readonly signature?: string; readonly redactedContent?: string };
  readonly citation?: WireCitation;
  readonly image?: { readonly source?: { readonly bytes?: string } };
  readonly [kind: string]: unknown;
}

/** What is told beside the content, at the end of an answer. */
export interface WireMetadata {
  readonly usage?: WireUsage | null;
  readonly metrics?: JsonObject;
  readonly trace?: JsonObject;
  readonly performanceConfig?: JsonObject;
  readonly serviceTier?: JsonObject;
}

/** The whole answer of Converse. */
export interface WireAnswer extends WireMetadata {
  readonly output?: { readonly message?: { readonly content?: readonly WireBlock[] } };
  readonly stopReason?: string;
  readonly additionalModelResponseFields?: Json;
}

/** The payload of a stream's event; which fields it has, its type says. */
export interface WireEvent extends WireMetadata {
  readonly contentBlockIndex?: number;
  readonly start?: WireBlock;
  readonly delta?: WireDelta;
  readonly stopReason?: string;
  readonly additionalModelResponseFields?: Json;
  readonly message?: string;
}

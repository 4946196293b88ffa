/** The wire of POST /v1/messages, as far as it is read. Source: the types of the official client, `@anthropic-ai/sdk` 1. */
import type { JsonObject } from '@modelport/plugin-api';

/** Token counts. `input_tokens` leaves out what was read from and written to the cache. */
export interface WireUsage {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly output_tokens_details?: { readonly thinking_tokens?: number | null } | null;
  readonly [key: string]: unknown;
}

/** One block of content. Blocks of a type that is not known here are kept as they are. */
export interface WireBlock {
  readonly type: string;
  readonly text?: string;
  readonly citations?: readonly WireCitation[] | null;
  readonly thinking?: string;
  readonly signature?: string;
  readonly data?: string;
  readonly id?: string;
  readonly name?: string;
  readonly input?: unknown;
  readonly caller?: { readonly type?: string } | null;
  readonly tool_use_id?: string;
  readonly content?: unknown;
  readonly [key: string]: unknown;
}

/** What a piece of text rests on. */
export interface WireCitation {
  readonly type: string;
  readonly cited_text?: string;
  readonly document_index?: number;
  readonly document_title?: string | null;
  readonly search_result_index?: number;
  readonly source?: string;
  readonly title?: string | null;
  readonly url?: string;
  readonly [key: string]: unknown;
}

/** What ends an answer. */
export interface WireStop {
  readonly stop_reason?: string | null;
  readonly stop_sequence?: string | null;
  readonly stop_details?: JsonObject | null;
  readonly container?: JsonObject | null;
}

/** A whole answer, or its head in a stream. */
export interface WireMessage extends WireStop {
  readonly id?: string;
  readonly model?: string;
  readonly content?: readonly WireBlock[] | null;
  readonly usage?: WireUsage | null;
  readonly diagnostics?: JsonObject | null;
  readonly context_management?: JsonObject | null;
}

/** What is added to a block. */
export interface WireDelta extends WireStop {
  readonly type?: string;
  readonly text?: string;
  readonly thinking?: string;
  readonly signature?: string;
  readonly partial_json?: string;
  readonly citation?: WireCitation;
  readonly [key: string]: unknown;
}

/** One event of a stream. */
export interface WireEvent {
  readonly type?: string;
  readonly index?: number;
  readonly message?: WireMessage;
  readonly content_block?: WireBlock;
  readonly delta?: WireDelta;
  readonly usage?: WireUsage | null;
  readonly context_management?: JsonObject | null;
  readonly error?: unknown;
}

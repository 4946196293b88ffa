/** Ollama's wire as far as this plugin reads it. Source: docs/api.md and api/types.go of github.com/ollama/ollama. */
import type { JsonObject } from '@modelport/plugin-api';

/** One line of a chat answer, or the whole of it. */
export interface WireChatLine {
  readonly model?: string;
  readonly remote_model?: string;
  readonly created_at?: string;
  readonly message?: WireMessage | null;
  readonly done?: boolean;
  readonly done_reason?: string;
  readonly logprobs?: readonly JsonObject[] | null;
  /** Durations are in nanoseconds; a count of 0 is left out by the server. */
  readonly total_duration?: number;
  readonly load_duration?: number;
  readonly prompt_eval_count?: number;
  readonly prompt_eval_duration?: number;
  readonly eval_count?: number;
  readonly eval_duration?: number;
  readonly error?: unknown;
}

/** What the model says in one line. */
export interface WireMessage {
  readonly content?: string | null;
  readonly thinking?: string | null;
  readonly tool_calls?: readonly WireToolCall[] | null;
}

/** A tool call: whole, its arguments an object, its id absent on older servers. */
export interface WireToolCall {
  readonly id?: string;
  readonly function?: { readonly name?: string; readonly arguments?: JsonObject | string | null };
}

/** One entry of GET /api/tags and GET /api/ps. */
export interface WireModel {
  readonly name?: string;
  readonly model?: string;
  readonly modified_at?: string;
  readonly size?: number;
  readonly digest?: string;
  readonly details?: WireDetails | null;
  readonly expires_at?: string;
}

/** How a model is made. */
export interface WireDetails {
  readonly format?: string;
  readonly family?: string;
  readonly parameter_size?: string;
  readonly quantization_level?: string;
}

/** The answer of POST /api/show. */
export interface WireShow {
  readonly template?: string;
  readonly parameters?: string;
  readonly modified_at?: string;
  readonly details?: WireDetails | null;
  readonly model_info?: JsonObject | null;
  readonly capabilities?: readonly string[] | null;
}

/** One line of POST /api/pull. */
export interface WirePullLine {
  readonly status?: string;
  readonly digest?: string;
  readonly total?: number;
  readonly completed?: number;
  readonly error?: unknown;
}

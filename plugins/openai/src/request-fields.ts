/** Request fields that only OpenAI and its imitators know, typed for `providerOptions.openai`. */
import type { Json, JsonObject } from '@modelport/plugin-api';

/**
 * Fields merged into the body of a request as they are: `providerOptions: { openai: { verbosity: 'low' } satisfies OpenAIRequestFields }`.
 * A field that is not listed travels too; it is not checked. Source: OpenAI's API reference, chat completions and responses.
 */
export type OpenAIRequestFields = {
  /** How the request is queued and billed. */
  readonly service_tier?: 'auto' | 'default' | 'flex' | 'scale' | 'priority' | (string & {});
  /** Whether the vendor keeps the answer for later retrieval. */
  readonly store?: boolean;
  /** Labels kept with a stored answer: up to 16, keys up to 64 and values up to 512 characters. */
  readonly metadata?: { readonly [key: string]: string };
  /** How long answers are meant to be. */
  readonly verbosity?: 'low' | 'medium' | 'high' | (string & {});
  /** Text most of the answer is expected to repeat: chat completions only. */
  readonly prediction?: { readonly type: 'content'; readonly content: string };
  /** Key by which similar prompts share a cache. */
  readonly prompt_cache_key?: string;
  /** How long a cached prompt is kept. */
  readonly prompt_cache_retention?: 'in_memory' | '24h' | (string & {});
  /** A stable id of the end user, hashed, by which the vendor finds abuse. */
  readonly safety_identifier?: string;
  /** Web search of the model itself: chat completions only. */
  readonly web_search_options?: JsonObject;
  /** Further output to include, such as `reasoning.encrypted_content`: responses only. */
  readonly include?: readonly string[];
  /** What becomes of a conversation that is too long: responses only. */
  readonly truncation?: 'auto' | 'disabled' | (string & {});
  /** Id of the answer to continue: responses only. */
  readonly previous_response_id?: string;
  readonly [field: string]: Json | undefined;
};

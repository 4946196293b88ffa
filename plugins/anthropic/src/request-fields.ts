/** Request fields that only the Messages API knows, typed for `providerOptions.anthropic`. */
import type { Json, JsonObject } from '@modelport/plugin-api';

/**
 * Fields merged into the body of a request as they are: `providerOptions: { anthropic: { speed: 'fast' } satisfies AnthropicRequestFields }`.
 * A field that is not listed travels too; it is not checked. Source: Anthropic's API reference, messages.
 */
export type AnthropicRequestFields = {
  /** Beta features of this request; sent as a header, not in the body. */
  readonly betas?: readonly string[];
  /** Whether and how much the model thinks before it answers. */
  readonly thinking?: { readonly type: 'enabled'; readonly budget_tokens: number } | { readonly type: 'adaptive' | 'disabled' };
  /** Where the end of the cached prompt lies, and for how long it is kept. */
  readonly cache_control?: { readonly type: 'ephemeral'; readonly ttl?: '5m' | '1h' };
  /** How the request is queued and billed. */
  readonly service_tier?: 'auto' | 'standard_only' | (string & {});
  /** Faster answers at another price, where a model has them. */
  readonly speed?: 'standard' | 'fast' | (string & {});
  /** What is cleared from a long conversation. */
  readonly context_management?: JsonObject;
  /** Container of earlier answers to go on in. */
  readonly container?: string | JsonObject;
  /** Where the request may be worked on. */
  readonly inference_geo?: string;
  readonly [field: string]: Json | undefined;
};

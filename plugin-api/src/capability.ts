/** What a model can do, in words from a closed list with a written promise each. */

/** One capability. Its value is true (yes), false (no) or absent (unknown): unknown is never a reason to refuse a call. */
export type Capability =
  /** Sends its answer as it is made. */
  | 'streaming'
  /** Takes function tools and calls them. */
  | 'tools'
  /** May call several tools in one answer. */
  | 'parallel-tools'
  /** Honours `toolChoice` `required` and a named tool. */
  | 'tool-choice'
  /** Can be held to answer in JSON. */
  | 'json'
  /** Can be held to answer in JSON of a given schema. */
  | 'json-schema'
  /** Takes images. */
  | 'image-input'
  /** Takes recordings. */
  | 'audio-input'
  /** Takes documents such as PDF. */
  | 'file-input'
  /** Thinks before it answers, and `reasoning` says how hard. */
  | 'reasoning'
  /** Reports log probabilities. */
  | 'logprobs'
  /** Takes a seed. */
  | 'seed'
  /** Takes system messages. */
  | 'system-message';

/** The closed list of capabilities of this version of the contract. */
export const CAPABILITIES: readonly Capability[] = Object.freeze([
  'streaming', 'tools', 'parallel-tools', 'tool-choice', 'json', 'json-schema', 'image-input', 'audio-input', 'file-input', 'reasoning',
  'logprobs', 'seed', 'system-message',
] as const);

/** Capabilities of one model. */
export type Capabilities = { readonly [Name in Capability]?: boolean };

/** The chat completions wire as documented by OpenAI and stretched by compatible servers: only the fields this plugin reads. */

/** Source of the fields: the OpenAI API reference (chat completions) and the documentation of the servers named beside a field. */
export interface WireCompletion {
  readonly id?: string;
  readonly created?: number;
  readonly model?: string;
  readonly choices?: readonly WireChoice[];
  readonly usage?: WireUsage | null;
  readonly system_fingerprint?: string | null;
  readonly service_tier?: string | null;
  /** An error inside an answer with status 200 (OpenRouter, Azure, proxies). */
  readonly error?: unknown;
  /** Groq: usage and errors of a stream. */
  readonly x_groq?: { readonly usage?: WireUsage | null; readonly error?: unknown } | null;
}

/** One choice of a completion (`message`) or of a chunk (`delta`). */
export interface WireChoice {
  readonly index?: number;
  readonly delta?: WireMessage | null;
  readonly message?: WireMessage | null;
  readonly finish_reason?: string | null;
  readonly logprobs?: WireLogprobs | null;
  /** OpenRouter: why the choice ended with finish_reason "error". */
  readonly error?: unknown;
}

/** What the model says, whole or a fragment of it. */
export interface WireMessage {
  readonly content?: string | readonly WireContent[] | null;
  readonly refusal?: string | null;
  /** DeepSeek, llama.cpp, vLLM. */
  readonly reasoning_content?: string | null;
  /** OpenRouter, Groq, newer vLLM. */
  readonly reasoning?: string | null;
  /** OpenRouter: reasoning with its signatures, to be sent back as it came. */
  readonly reasoning_details?: readonly object[] | null;
  readonly tool_calls?: readonly WireToolCall[] | null;
  /** The form before tool calls; some servers still answer in it. */
  readonly function_call?: { readonly name?: string; readonly arguments?: unknown } | null;
  readonly annotations?: readonly WireAnnotation[] | null;
}

/** Content in pieces (Mistral). */
export interface WireContent {
  readonly type?: string;
  readonly text?: string;
  readonly thinking?: string | readonly { readonly text?: string }[];
}

/** A tool call, whole or a fragment. `arguments` is a string by the book and an object on some servers. */
export interface WireToolCall {
  readonly index?: number | null;
  readonly id?: string | null;
  readonly type?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: unknown } | null;
  readonly custom?: { readonly name?: string | null; readonly input?: string | null } | null;
  /** Gemini: its signature, which must go back with the call. */
  readonly extra_content?: object | null;
}

/** A citation of web search. Indices count characters of the whole content. */
export interface WireAnnotation {
  readonly type?: string;
  readonly url_citation?: { readonly url?: string; readonly title?: string; readonly start_index?: number; readonly end_index?: number };
}

/** Log probabilities of the tokens of one chunk or of the whole answer. */
export interface WireLogprobs {
  readonly content?: readonly object[] | null;
  readonly refusal?: readonly object[] | null;
}

/** Token counts. `prompt_tokens` includes cached ones, `completion_tokens` includes reasoning. */
export interface WireUsage {
  readonly prompt_tokens?: number | null;
  readonly completion_tokens?: number | null;
  readonly total_tokens?: number | null;
  readonly prompt_tokens_details?: { readonly cached_tokens?: number | null; readonly cache_write_tokens?: number | null } | null;
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number | null } | null;
  /** DeepSeek. */
  readonly prompt_cache_hit_tokens?: number | null;
  /** OpenRouter: US dollars. */
  readonly cost?: number | null;
}

/** The Responses wire as documented by OpenAI: only the fields this plugin reads. */

/** Source: the OpenAI API reference (responses), as in the types of the official client. */
export interface WireResponse {
  readonly id?: string;
  readonly created_at?: number;
  readonly model?: string;
  readonly status?: string | null;
  readonly output?: readonly WireItem[];
  readonly usage?: WireResponseUsage | null;
  readonly service_tier?: string | null;
  readonly incomplete_details?: { readonly reason?: string } | null;
  readonly error?: unknown;
}

/** One item of the output; which fields it has depends on `type`. */
export interface WireItem {
  readonly type: string;
  readonly id?: string;
  readonly status?: string | null;
  /** message */
  readonly role?: string;
  readonly phase?: string | null;
  readonly content?: readonly WireItemContent[] | null;
  /** reasoning */
  readonly summary?: readonly { readonly text?: string }[];
  readonly encrypted_content?: string | null;
  /** function_call, custom_tool_call */
  readonly call_id?: string;
  readonly name?: string;
  readonly arguments?: string;
  readonly input?: string;
  /** image_generation_call */
  readonly result?: string | null;
  readonly output_format?: string | null;
  /** mcp_approval_request */
  readonly server_label?: string;
}

/** Content of a message (`output_text`, `refusal`) or of reasoning (`reasoning_text`). */
export interface WireItemContent {
  readonly type: string;
  readonly text?: string;
  readonly refusal?: string;
  readonly annotations?: readonly WireItemAnnotation[];
  readonly logprobs?: readonly object[];
}

/** What a text rests on: url_citation, file_citation, container_file_citation, file_path. */
export interface WireItemAnnotation {
  readonly type: string;
  readonly url?: string;
  readonly title?: string;
  readonly file_id?: string;
  readonly filename?: string;
  readonly start_index?: number;
  readonly end_index?: number;
}

/** Token counts: input includes cached tokens, output includes reasoning. */
export interface WireResponseUsage {
  readonly input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly input_tokens_details?: { readonly cached_tokens?: number | null; readonly cache_write_tokens?: number | null } | null;
  readonly output_tokens_details?: { readonly reasoning_tokens?: number | null } | null;
  /** US dollars: OpenRouter as a number, Perplexity as a total with its parts. */
  readonly cost?: number | { readonly total_cost?: number | null } | null;
}

/** One event of the stream. */
export interface WireEvent {
  readonly type: string;
  readonly response?: WireResponse;
  readonly item?: WireItem;
  readonly item_id?: string;
  readonly output_index?: number;
  readonly content_index?: number;
  readonly summary_index?: number;
  readonly delta?: string;
  readonly annotation?: WireItemAnnotation | null;
  readonly logprobs?: readonly object[];
  /** error */
  readonly code?: string | null;
  readonly message?: string;
}

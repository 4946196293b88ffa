/** Why a model stopped: one word of ours beside the vendor's own. */
import type { Open } from './open.ts';

/** Why an answer ended. The words are those of the AI SDK's language-model specification v4, with `refusal` and `interrupted`. */
export interface FinishReason {
  /**
   * `stop` = the model was done or met a stop sequence; `length` = a token limit; `tool-calls` = it waits for tool results (also when the
   * vendor says "stop" beside tool calls); `content-filter` = the vendor's filter cut it; `refusal` = the model declined; `interrupted` =
   * paused by the vendor and may be continued; `error` = the vendor says it failed; `other` = a reason without a word here.
   */
  readonly unified: Open<'stop' | 'length' | 'tool-calls' | 'content-filter' | 'refusal' | 'interrupted' | 'error' | 'other'>;
  /** The vendor's own word, verbatim; `undefined` when it sent none. */
  readonly raw?: string | undefined;
}

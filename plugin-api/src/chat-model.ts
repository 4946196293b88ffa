/** A chat model answers a request with a stream of parts. */
import type { Call } from './context.ts';
import type { ChatPart } from './chat-part.ts';
import type { ChatRequest } from './chat-request.ts';
import type { FinishReason } from './finish-reason.ts';
import type { ContentPart } from './message.ts';
import type { Carried } from './provider-data.ts';
import type { ResponseMetadata } from './response-metadata.ts';
import type { Usage } from './usage.ts';
import type { Warning } from './warning.ts';

/** One chat model of one backend. Holds no state between calls. */
export interface ChatModel {
  /**
   * URLs the vendor fetches itself, by media type (`image/*`, `application/pdf`, `*`). The host downloads every other URL under its
   * address rules, or refuses it. Default: none.
   */
  readonly supportedUrls?: Readonly<Record<string, readonly RegExp[]>>;
  /**
   * Streams the answer in the order `ChatPart` describes. Nothing is sent before the first `next()`; leaving the loop closes the
   * connection. One array of parts per network read is the fast way: a reader's cost is per yield. An option the wire cannot carry
   * becomes a warning, never silence. Throws CallError, and `call.signal.reason` on abort.
   */
  stream(request: ChatRequest, call: Call): AsyncIterable<ChatPart | readonly ChatPart[]>;
  /**
   * The whole answer at once, for a wire that is cheaper without streaming. Default: the host folds `stream()`. A wire that cannot
   * stream writes `stream` as `yield partsOf(await this.complete(request, call))`. Throws as `stream` does.
   */
  complete?(request: ChatRequest, call: Call): Promise<ChatResult>;
}

/** A whole answer: what folding a stream gives. */
export interface ChatResult extends Carried {
  /** The content in the order it was made. Goes back unchanged as the `content` of an assistant message. */
  readonly content: readonly ContentPart[];
  /** Why the model stopped. */
  readonly finishReason: FinishReason;
  /** What the answer used up. */
  readonly usage: Usage;
  /** What the vendor says about the response. Absent = nothing. */
  readonly response?: ResponseMetadata;
  /** What of the request was not honoured. Absent = nothing to say. */
  readonly warnings?: readonly Warning[];
}

/** How a plugin's author lets the kit script the vendor: neutral turns in, the vendor's own wire out. */
import type { JsonObject } from '@modelport/plugin-api';
import type { ReceivedRequest } from '../upstream/raw-server.ts';
import type { ScriptedToolCall, ScriptedUsage } from '../upstream/turn.ts';

/** One answer of the vendor, told without its wire. An empty turn is an empty answer that ends well. */
export interface UpstreamTurn {
  /** The answer's text; an array is sent as one delta each. Default: none. */
  readonly text?: string | readonly string[];
  /** The model's reasoning; an array is sent as one delta each. Default: none. */
  readonly reasoning?: string | readonly string[];
  /** Tools the model calls, their arguments as the model writes them. Default: none. */
  readonly toolCalls?: readonly ScriptedToolCall[];
  /** Token counts; `null` = the vendor says none. Default: whatever the wire says without them. */
  readonly usage?: ScriptedUsage | null;
  /** Why the model stops. Default: `tool-calls` where tools are called, else `stop`. */
  readonly finish?: UpstreamFinish;
  /** The vendor's own error object under this status, instead of an answer. Status 200 = an error where an answer should be. Default: none. */
  readonly error?: UpstreamError;
  /** What goes wrong on the way. Default: nothing. */
  readonly fault?: UpstreamFault;
}

/** A reason to stop that wires have a word for. */
export type UpstreamFinish = 'stop' | 'length' | 'content-filter' | 'refusal';

/** An error of the vendor. */
export interface UpstreamError {
  /** HTTP status. */
  readonly status: number;
  /** Header `retry-after`. Default: not sent. */
  readonly retryAfter?: string;
}

/** What goes wrong: before the answer, or after the first delta of its text has been sent whole. */
export type UpstreamFault =
  /** The request is read and nothing is ever answered. */
  | 'silence'
  /** After the first delta nothing more is sent, and the connection stays open. */
  | 'stall'
  /** After the first delta the body ends in good order, as a proxy makes of a vendor that died. */
  | 'cut'
  /** After the first delta the connection closes in the middle of the body. */
  | 'close'
  /** After the first delta the connection is reset. */
  | 'reset'
  /** After the first delta comes the vendor's own error, in the stream. */
  | 'error-event'
  /** Status 200 and an HTML page, as a login wall answers. */
  | 'html'
  /** The answer arrives one byte at a time. */
  | 'every-byte'
  /** The answer arrives one line or event at a time. */
  | 'every-event';

/** A pull that the kit cancels half way. */
export interface UpstreamPull {
  /** Id of a model that can be pulled and is not there yet. */
  readonly model: string;
  /** The next pull says nothing more when half of the model has come. */
  stall(): void;
}

/** A scripted vendor that runs, for one backend. */
export interface RunningUpstream {
  /** The plugin's options that lead to it, for example `{ baseUrl }`. */
  readonly options: JsonObject;
  /** The wire, for the cases that look at it. Absent = the plugin has none: it answers inside this process. */
  readonly wire?: UpstreamWire;
  /** A model to pull, for plugins that provide `local`. Absent = none can be pulled. */
  readonly pull?: UpstreamPull;
  /** Ends it. */
  close(): Promise<void>;
}

/** What the kit sees of a wire. */
export interface UpstreamWire {
  /** Every request so far, oldest first; its `closed` tells that the client let go of the connection. */
  readonly requests: readonly ReceivedRequest[];
}

/** Makes scripted vendors. One is started for each backend a case needs, and closed after it. */
export interface UpstreamAdapter {
  /** Starts one that gives these answers in order to the requests that ask for one; the last is repeated. Embeddings need no turn. */
  start(turns: readonly UpstreamTurn[]): Promise<RunningUpstream>;
  /** The reasons to stop the wire can say. Default: `stop` and `length`. */
  readonly finishReasons?: readonly UpstreamFinish[];
  /** Which parts of a count the wire can say. Default: none. */
  readonly usageDetails?: readonly ('cached' | 'reasoning')[];
  /** Whether the wire can leave token counts out. Default true. */
  readonly canOmitUsage?: boolean;
  /** The vector the vendor gives for a text at a place in the request. Default: a text's vector does not depend on its place. */
  embeddingOf?(text: string, index: number): readonly number[];
}

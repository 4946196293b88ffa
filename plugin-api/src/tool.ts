/** Tools a backend lends to agents. */
import type { FunctionTool } from './chat-request.ts';
import type { Call } from './context.ts';
import type { Json, JsonObject } from './json.ts';
import type { ToolOutput } from './message.ts';

/** Tools of one backend. */
export interface ToolSource {
  /** The tools there are now. */
  list(call: Call): AsyncIterable<OfferedTool>;
  /**
   * Runs a tool. A failure the model shall know is an `error-text` or `error-json` output; what the model cannot mend is thrown as
   * CallError, and `call.signal.reason` on abort.
   */
  execute(tool: ToolExecution, call: ToolCallContext): Promise<ToolOutput>;
}

/** A tool on offer. */
export interface OfferedTool extends FunctionTool {
  /**
   * What running it twice would do: `none` = it changes nothing, `idempotent` = the second run with the same key changes nothing more,
   * `once` = it must not be rerun after a crash whose outcome is unknown. Default `once`.
   */
  readonly effects?: 'none' | 'idempotent' | 'once';
}

/** One run of a tool. */
export interface ToolExecution {
  /** Name of the tool, as `list` gave it. */
  readonly toolName: string;
  /** Id of the model's tool call. */
  readonly toolCallId: string;
  /** The input, parsed by the host and valid against the tool's schema. */
  readonly input: unknown;
}

/** The call of a tool: a call, and what a tool may need besides. */
export interface ToolCallContext extends Call {
  /** The same for every run of the same task and tool call, also after a crash. */
  readonly idempotencyKey: string;
  /** Tells how far the tool has come. Never waits, never throws. */
  progress(update: ToolProgress): void;
  /** Asks the user. Rejects with CAPABILITY_MISSING where nobody can answer, and with `signal.reason` on abort. */
  requestInput(question: ToolQuestion): Promise<Json>;
}

/** How far a tool has come. */
export interface ToolProgress {
  /** What it is doing. */
  readonly message?: string;
  /** How much is done, in the unit of `total`. */
  readonly done?: number;
  /** How much there is to do. */
  readonly total?: number;
}

/** A question to the user. */
export interface ToolQuestion {
  /** The question. */
  readonly message: string;
  /** JSON Schema (draft 2020-12) of the answer. Default: a string. */
  readonly schema?: JsonObject;
}

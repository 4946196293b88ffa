/** What reading an answer depends on: the request as it went out, and the head of the answer. */
import type { Call, Warning } from '@modelport/plugin-api';
import type { ToolNames } from '@modelport/plugin-api/kit';
import type { OpenAIOptions } from './options.ts';
import type { CompatibleVendor } from './vendor.ts';

/** A request ready to be sent, and what is needed to read its answer. */
export interface EncodedRequest {
  /** The JSON body. */
  readonly body: string;
  /** Headers of this request alone; `undefined` = none. */
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** What the wire could not carry. */
  readonly warnings: readonly Warning[];
  /** The tools' names as they went out. */
  readonly names: ToolNames;
  /** Tools whose input is free text, by the request's names. */
  readonly textTools: ReadonlySet<string>;
}

/** What a decoder must know of the request it reads the answer to. */
export interface AnswerContext {
  readonly call: Call;
  readonly options: OpenAIOptions;
  readonly encoded: EncodedRequest;
  readonly headers: Readonly<Record<string, string>>;
  readonly vendor: CompatibleVendor;
}

/** What an OpenAI-compatible vendor does in another way than OpenAI: hooks that a plugin of its own hands to this wire. */
import type { Call, CallError, CallErrorCode, ChatRequest, Json, JsonObject, Open, Usage } from '@modelport/plugin-api';
import type { FailedResponse, Fields, VendorError, Warnings } from '@modelport/plugin-api/kit';

/** A request on its way to the wire. */
export interface Adapting {
  /** The model that is asked. */
  readonly modelId: string;
  /** Takes what the wire cannot carry. */
  readonly warnings: Warnings;
}

/** The head of an answer. */
export interface AnswerHead {
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the answer comes in pieces, its headers before its figures. */
  readonly isStream: boolean;
}

/** A vendor's differences. Every member may be left out: then the wire is OpenAI's. No hook may wait or keep state. */
export interface CompatibleVendor {
  /** The vendor's own hosts: they are not asked without a key. Default: none, as for servers that may ask for no key. */
  readonly hosts?: readonly string[];
  /** What is encoded in place of the request and its call; what is taken out must be a warning. Default: both as they are. */
  readonly adapt?: (request: ChatRequest, call: Call, adapting: Adapting) => { readonly request: ChatRequest; readonly call: Call };
  /** Changes the body of a chat request before the caller's own fields are merged in; it gets request and call as they were before `adapt`. Default: nothing. */
  readonly changeBody?: (body: Fields, asked: ChatRequest, made: Call, adapting: Adapting) => void;
  /** Headers of every POST beside the endpoint's own, by lower-case name. Default: none. */
  readonly headers?: (call: Call) => Readonly<Record<string, string>>;
  /** The code for what the vendor says, asked before OpenAI's words; `undefined` leaves it to them. Default: OpenAI's words. */
  readonly errorCode?: (error: VendorError) => Open<CallErrorCode> | undefined;
  /** The whole error of an answer, where a code alone would lose what the vendor says; asked first. Default: none. */
  readonly readError?: (failed: FailedResponse) => CallError | undefined;
  /** Corrects the usage of an answer. Default: as OpenAI counts. */
  readonly readUsage?: (usage: Usage, head: AnswerHead) => Usage;
  /** Vendor data of an answer, out of a completion or a chunk of it; later values replace those `found` earlier. Default: none. */
  readonly readFacts?: (chunk: JsonObject, found: Readonly<Record<string, Json>>) => Readonly<Record<string, Json>> | undefined;
  /** Vendor data of an answer, out of its head. Default: none. */
  readonly readHead?: (head: AnswerHead) => Readonly<Record<string, Json>> | undefined;
}

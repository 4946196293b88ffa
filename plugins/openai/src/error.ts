/** OpenAI's words for what went wrong, and those of the endpoints that imitate it. */
import { CallError, type CallErrorCode, type HttpResponse } from '@modelport/plugin-api';
import { parseObject, readFailedResponse, toCallError, type FailedResponse, type VendorError } from '@modelport/plugin-api/kit';
import type { CompatibleVendor } from './vendor.ts';

/** Words beyond those the kit knows. Source: the error codes of the API reference and of `ResponseError`, and the servers' own code. */
const CODE_OF_WORD: ReadonlyMap<string, CallErrorCode> = new Map([
  ['account_deactivated', 'AUTH_INVALID'], ['invalid_organization', 'AUTH_INVALID'], ['mismatched_organization', 'AUTH_INVALID'],
  ['access_terminated', 'QUOTA_EXCEEDED'], ['insufficient_funds', 'QUOTA_EXCEEDED'],
  ['tokens', 'RATE_LIMITED'], ['requests', 'RATE_LIMITED'],
  ['engine_overloaded', 'OVERLOADED'], ['service_unavailable', 'OVERLOADED'], ['vector_store_timeout', 'OVERLOADED'],
  // llama.cpp while it loads the model.
  ['unavailable_error', 'OVERLOADED'],
  ['string_above_max_length', 'REQUEST_INVALID'],
  // "Invalid prompt" is how reasoning models say that a usage policy refused it.
  ['invalid_prompt', 'CONTENT_FILTERED'], ['bio_policy', 'CONTENT_FILTERED'], ['cyber_policy_violation', 'CONTENT_FILTERED'],
  ['misalignment_policy_violation', 'CONTENT_FILTERED'], ['image_content_policy_violation', 'CONTENT_FILTERED'],
  ['moderation_blocked', 'CONTENT_FILTERED'],
]);

/** vLLM and older llama.cpp have no word for it, only this sentence; a swap to a larger model depends on telling it apart. */
const OVERFLOW_SENTENCE = /maximum context length|context (length|size|window)|(prompt|input) is too long|exceeds the available context/i;

/** The code for what the vendor says, `undefined` where the kit's general rules serve. */
export function codeOfOpenAIError(error: VendorError): CallErrorCode | undefined {
  for (const word of [error.code, error.type]) {
    const known = word === undefined ? undefined : CODE_OF_WORD.get(word.toLowerCase());
    if (known !== undefined && !(known === 'RATE_LIMITED' && error.status !== 429)) return known;
  }
  const message = error.message ?? '';
  if ((error.status === 400 || error.status === 500 || error.status < 400) && OVERFLOW_SENTENCE.test(message)) return 'CONTEXT_OVERFLOW';
  // A gateway's 404 for a wrong path says nothing about a model.
  if (error.status === 404 && error.code === undefined && !/model/i.test(message)) return 'REQUEST_INVALID';
  // OpenRouter refuses a prompt with 403; elsewhere 403 is about the key.
  if (error.status === 403 && /moderation|flagged/i.test(message)) return 'CONTENT_FILTERED';
  return undefined;
}

/** Throws the CallError of an answer with an error status. `keySent` false turns a refusal for want of a key into AUTH_MISSING. */
export async function throwFailed(response: HttpResponse, signal: AbortSignal, keySent: boolean, vendor: CompatibleVendor): Promise<never> {
  const failed = await readFailedResponse(response, signal);
  if (response.status === 401 && !keySent) {
    throw new CallError('AUTH_MISSING', 'The endpoint asks for a key and none is set: give this backend a secret "apiKey".', { retryable: false, status: 401 });
  }
  throw toVendorError(failed, vendor);
}

/** The CallError of an error object inside an answer that began with status 200. */
export function insideAnswer(error: unknown, headers: Readonly<Record<string, string>>, vendor: CompatibleVendor): CallError {
  return toVendorError({ status: 200, headers, body: typeof error === 'string' ? { error } : error }, vendor);
}

function toVendorError(failed: FailedResponse, vendor: CompatibleVendor): CallError {
  return vendor.readError?.(failed) ?? toCallError(failed, { dialect: (error) => vendor.errorCode?.(error) ?? codeOfOpenAIError(error) });
}

/** Reads a body that came whole. Throws PROTOCOL, or the CallError of an error object. */
export function readWhole(text: string, headers: Readonly<Record<string, string>>, vendor: CompatibleVendor): object {
  const value = parseObject(text, headers);
  const { error } = value as { readonly error?: unknown };
  if (error !== undefined && error !== null) throw insideAnswer(value, headers, vendor);
  return value;
}

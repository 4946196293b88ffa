/** Failures of AI SDK packages, known by their brands and never by their class, as the contract's. */
import { CallError, type CallErrorCode, type CallErrorFacts } from '@modelport/plugin-api';
import { toCallError } from '@modelport/plugin-api/kit';
import { fieldsOf, isFields, textOf, type Fields } from './specification.ts';

/** What each brand means. The status of an AI_APICallError says more than its brand. Source: the errors folder of @ai-sdk/provider. */
const CODE_OF_BRAND: Readonly<Record<string, CallErrorCode>> = {
  AI_LoadAPIKeyError: 'AUTH_MISSING', AI_LoadSettingError: 'REQUEST_INVALID', AI_NoSuchModelError: 'MODEL_NOT_FOUND', AI_NoSuchProviderError: 'MODEL_NOT_FOUND',
  AI_UnsupportedFunctionalityError: 'CAPABILITY_MISSING', AI_UnsupportedModelVersionError: 'CAPABILITY_MISSING', AI_InvalidPromptError: 'REQUEST_INVALID',
  AI_InvalidArgumentError: 'REQUEST_INVALID', AI_TooManyEmbeddingValuesForCallError: 'REQUEST_INVALID', AI_NoSuchProviderReferenceError: 'REQUEST_INVALID',
  AI_InvalidDataContentError: 'REQUEST_INVALID', AI_EmptyResponseBodyError: 'PROTOCOL', AI_InvalidResponseDataError: 'PROTOCOL', AI_JSONParseError: 'PROTOCOL',
  AI_TypeValidationError: 'PROTOCOL', AI_NoContentGeneratedError: 'PROTOCOL',
};

/** Whether a value carries the brand of an AI SDK error, whatever copy of the SDK made it. */
export function hasBrand(error: unknown, name: string): boolean {
  return isFields(error) && (error as { readonly [brand: symbol]: unknown })[Symbol.for(`vercel.ai.error.${name}`)] === true;
}

/** Whether an error says that one event of a stream could not be read, which need not be the end of the stream. */
export function isUnreadableEvent(error: unknown): boolean {
  return hasBrand(error, 'AI_JSONParseError') || hasBrand(error, 'AI_TypeValidationError');
}

/**
 * The CallError of what a package threw or put into its stream. What the host's own client threw comes through unchanged, however deep it
 * lies; an aborted call gives the signal's reason.
 */
export function toBridgeError(error: unknown, signal: AbortSignal, facts: CallErrorFacts = {}): unknown {
  if (signal.aborted) return signal.reason;
  const chain = chainOf(error);
  const own = chain.find((link) => CallError.is(link));
  if (own !== undefined) return own;
  const handedOut = chain.find((link) => (link as { readonly [brand: symbol]: unknown })[HOST_ERROR] === true);
  if (handedOut !== undefined) return fromHost(handedOut, facts);
  if (hasBrand(error, 'AI_RetryError')) return toBridgeError(fieldsOf(error)['lastError'], signal, facts);
  const { statusCode, status, message } = fieldsOf(error);
  const answered = statusOf(statusCode) ?? statusOf(status);
  if (answered !== undefined && answered >= 400) return withFacts(fromAnswer(answered, error as Fields), facts);
  for (const [name, code] of Object.entries(CODE_OF_BRAND)) {
    if (hasBrand(error, name)) return new CallError(code, clipped(textOf(message) ?? name), { retryable: false, ...facts, cause: error });
  }
  if (hasBrand(error, 'AI_APICallError')) return fromBadAnswer(error as Fields, facts);
  // What stands in a stream as an error is often the vendor's own object, or its text.
  if (isFields(error) && !(error instanceof Error)) return withFacts(toCallError({ status: 200, body: 'error' in error ? error : { error } }, { cause: error }), facts);
  if (typeof error === 'string') return new CallError('PROTOCOL', clipped(error), facts);
  return new CallError('INTERNAL', `The package failed: ${clipped(error instanceof Error ? `${error.name}: ${error.message}` : String(error))}`, { ...facts, cause: error });
}

/** Brand of a host's errors: those of a model that a host handed out to the AI SDK lie beneath the SDK's. */
const HOST_ERROR = Symbol.for('modelport.ModelportError');

function fromHost(error: Fields, facts: CallErrorFacts): CallError {
  const { retryable, retryAfterMs, status, requestId } = fieldsOf(error['context']) as CallErrorFacts;
  const known = { retryable, retryAfterMs, status, requestId };
  return new CallError(String(error['code']), String(error['message']), { ...(Object.fromEntries(Object.entries(known).filter(([, fact]) => fact !== undefined)) as CallErrorFacts), ...facts, cause: error });
}

function fromAnswer(status: number, error: Fields): CallError {
  const { responseHeaders, responseBody, data, message } = error;
  const headers = Object.fromEntries(Object.entries(fieldsOf(responseHeaders)).map(([name, value]) => [name.toLowerCase(), String(value)]));
  return toCallError({ status, headers, body: responseBody ?? data ?? textOf(message) ?? '' }, { cause: error });
}

/** An AI_APICallError without an error status: the connection failed, or the answer was not what the package can read. */
function fromBadAnswer(error: Fields, facts: CallErrorFacts): CallError {
  const { statusCode, isRetryable, message } = error;
  const code: CallErrorCode = statusCode === undefined ? 'NETWORK' : 'PROTOCOL';
  return new CallError(code, clipped(textOf(message) ?? 'The request failed.'), { retryable: code === 'NETWORK' && isRetryable !== false, ...facts, cause: error });
}

/** The same error with more facts, such as the usage of the failed call. */
function withFacts(error: CallError, facts: CallErrorFacts): CallError {
  return Object.keys(facts).length === 0 ? error : new CallError(error.code, error.message, { ...error.facts, ...facts });
}

/** An error and what lies beneath it, each once. */
function chainOf(error: unknown): readonly Fields[] {
  const chain: Fields[] = [];
  for (let link = error; isFields(link) && !chain.includes(link); link = link['cause']) chain.push(link);
  return chain;
}

function statusOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 100 && value < 600 ? value : undefined;
}

function clipped(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= 500 ? line : `${line.slice(0, 499).toWellFormed()}…`;
}

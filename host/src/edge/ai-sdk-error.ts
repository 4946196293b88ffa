/** The host's errors with the brands the AI SDK knows its own by, so that its retries and its `isInstance` checks work on them. */
import { ModelportError } from '../errors/modelport-error.ts';

/** Statuses for failures that had no answer, as the vendor that might have sent them would have. */
const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  AUTH_MISSING: 401, AUTH_INVALID: 401, QUOTA_EXCEEDED: 402, MODEL_NOT_FOUND: 404, MODEL_NOT_PULLED: 404, RATE_LIMITED: 429, CONTEXT_OVERFLOW: 413, REQUEST_INVALID: 400,
  CONTENT_FILTERED: 400, OVERLOADED: 529, TIMEOUT: 408,
};

/**
 * The error the SDK's user sees: the reason of an aborted signal as it is; AI_UnsupportedFunctionalityError for CAPABILITY_MISSING;
 * AI_LoadAPIKeyError for AUTH_MISSING; AI_NoSuchModelError for a model the vendor does not have; else AI_APICallError. The host's error is its
 * `cause`. What is none of the host's goes on as it is.
 */
export function toAISDKError(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted === true) return signal.reason;
  if (!ModelportError.is(error)) return error;
  const { code, context, message } = error;
  if (code === 'ABORTED') return new DOMException(message, 'AbortError');
  if (code === 'CAPABILITY_MISSING') return branded('AI_UnsupportedFunctionalityError', message, error, { functionality: message });
  if (code === 'AUTH_MISSING') return branded('AI_LoadAPIKeyError', message, error, {});
  if (code === 'MODEL_NOT_FOUND') return branded('AI_NoSuchModelError', message, error, { modelId: context.model, modelType: 'languageModel' });
  const responseHeaders = {
    ...(context.retryAfterMs === undefined ? {} : { 'retry-after-ms': String(context.retryAfterMs) }), ...(context.requestId === undefined ? {} : { 'x-request-id': context.requestId }),
  };
  return branded('AI_APICallError', message, error, {
    url: `modelport:${context.backend ?? ''}/${context.model ?? ''}`, requestBodyValues: {}, statusCode: context.status ?? STATUS_OF_CODE[code], responseHeaders,
    isRetryable: context.retryable === true, data: { error: { code, message } },
  });
}

/** An AI_NoSuchModelError. `modelType` is the SDK's word for the kind. */
export function noSuchModel(modelId: string, modelType: string, cause: unknown): Error {
  return branded('AI_NoSuchModelError', cause instanceof Error ? cause.message : `No such ${modelType}: ${modelId}`, cause, { modelId, modelType });
}

/** Source of the brands: the errors folder of @ai-sdk/provider, the same over all its versions. */
function branded(name: string, message: string, cause: unknown, fields: object): Error {
  const error = new Error(message, { cause });
  error.name = name;
  return Object.assign(error, { [Symbol.for('vercel.ai.error')]: true, [Symbol.for(`vercel.ai.error.${name}`)]: true }, fields);
}

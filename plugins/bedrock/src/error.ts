/** Bedrock's words for what went wrong, and the AWS SDK's for what went wrong before. */
import { CallError, type CallErrorCode, type HttpResponse, type Usage } from '@modelport/plugin-api';
import { parseObject, toCallError, type FailedResponse, type VendorError } from '@modelport/plugin-api/kit';

type Headers = Readonly<Record<string, string>>;

/** Exceptions by name, first letter small, as streams write them. Source: the errors of Converse, ConverseStream and the common errors of AWS. */
const CODE_OF_EXCEPTION: ReadonlyMap<string, CallErrorCode> = new Map([
  ['throttlingException', 'RATE_LIMITED'], ['tooManyRequestsException', 'RATE_LIMITED'], ['throttling', 'RATE_LIMITED'],
  ['serviceQuotaExceededException', 'QUOTA_EXCEEDED'],
  ['internalServerException', 'OVERLOADED'], ['internalFailure', 'OVERLOADED'], ['serviceUnavailableException', 'OVERLOADED'], ['serviceUnavailable', 'OVERLOADED'],
  // A model that is being loaded: the status says 429.
  ['modelNotReadyException', 'OVERLOADED'], ['modelErrorException', 'OVERLOADED'], ['modelStreamErrorException', 'OVERLOADED'], ['modelTimeoutException', 'TIMEOUT'],
  ['accessDeniedException', 'AUTH_INVALID'], ['unrecognizedClientException', 'AUTH_INVALID'], ['invalidSignatureException', 'AUTH_INVALID'],
  ['signatureDoesNotMatch', 'AUTH_INVALID'], ['invalidClientTokenId', 'AUTH_INVALID'], ['expiredTokenException', 'AUTH_INVALID'], ['expiredToken', 'AUTH_INVALID'],
  ['incompleteSignature', 'AUTH_INVALID'], ['missingAuthenticationTokenException', 'AUTH_INVALID'], ['notAuthorized', 'AUTH_INVALID'], ['optInRequired', 'AUTH_INVALID'],
  ['resourceNotFoundException', 'MODEL_NOT_FOUND'], ['conflictException', 'REQUEST_INVALID'],
  ['unknownOperationException', 'REQUEST_INVALID'], ['validationException', 'REQUEST_INVALID'], ['serializationException', 'REQUEST_INVALID'],
]);

/** The CallError of an answer with an error status. */
export function fromService(failed: FailedResponse): CallError {
  return toCallError(failed, { dialect: codeOf });
}

/** The CallError of a failure inside a stream that began well. */
export function insideStream(name: string, message: string, headers: Headers, usage: Usage | undefined): CallError {
  const { code, message: text, facts } = toCallError({ status: 200, headers: withoutErrorType(headers), body: { __type: name, message } }, { dialect: codeOf });
  return new CallError(code, text.replace(/^.*? status 200/, `The stream ended with ${name}`), { ...facts, ...(usage === undefined ? {} : { usage }) });
}

/** Reads a body that comes whole. Throws PROTOCOL for what is not a JSON object. */
export async function readWhole(response: HttpResponse): Promise<object> {
  return parseObject(await response.text(), response.headers);
}

/** The CallError of what the SDK threw without sending the request: no credentials, no region, input it cannot write. */
export function fromSdk(error: unknown): CallError {
  if (CallError.is(error)) return error;
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') {
    return new CallError('AUTH_MISSING', `The AWS SDK found no credentials: ${message}. Set the secrets apiKey, or accessKeyId and secretAccessKey, or the option profile; "aws sso login" renews a session.`, { retryable: false, cause: error });
  }
  if (message.startsWith('Region is missing')) {
    return new CallError('REQUEST_INVALID', 'No AWS region is known: set the option region, AWS_REGION, or region in ~/.aws/config.', { retryable: false, cause: error });
  }
  // A service that gives out credentials answers with its own exceptions.
  if (typeof (error as { readonly $fault?: unknown } | null)?.$fault === 'string') {
    return new CallError('AUTH_INVALID', `Credentials were refused by AWS: ${name}: ${message}`, { retryable: false, cause: error });
  }
  return new CallError('INTERNAL', `The AWS SDK could not make the request: ${message}`, { retryable: false, cause: error });
}

/** Bedrock has one word, ValidationException, for a wrong field, a full window and an unknown model: only its text tells them apart. */
function codeOf({ status, code, type, message = '' }: VendorError): CallErrorCode | undefined {
  const word = code ?? type ?? '';
  const name = word.slice(0, 1).toLowerCase() + word.slice(1);
  if (name === 'validationException') {
    if (/too long|too large|exceeds? (the )?(maximum )?(model )?(context|input|token)|context (length|window)|input length and `?max_tokens|too many (input )?tokens|max(imum)? (input )?tokens? (limit )?(was )?exceeded/i.test(message)) return 'CONTEXT_OVERFLOW';
    if (/model identifier is invalid|model (id|identifier).*(not found|not exist|isn't valid)|end of (its )?life/i.test(message)) return 'MODEL_NOT_FOUND';
    if (/content (was )?(filter|block)|usage policy|content policy/i.test(message)) return 'CONTENT_FILTERED';
  }
  // A day's quota is not helped by waiting a minute.
  if (name === 'throttlingException' && /per day/i.test(message)) return 'QUOTA_EXCEEDED';
  if (name === 'resourceNotFoundException' && /use case details/i.test(message)) return 'AUTH_INVALID';
  // A proxy's own 404 is a wrong address, not a missing model; 424 is a failure of the model.
  return CODE_OF_EXCEPTION.get(name) ?? (name === '' && status === 404 ? 'REQUEST_INVALID' : status === 424 ? 'OVERLOADED' : undefined);
}

function withoutErrorType(headers: Headers): Headers {
  const { 'x-amzn-errortype': _, ...rest } = headers;
  return rest;
}

/** Ollama's words for what went wrong: it has no codes, only a status and a sentence. */
import { CallError, type CallErrorCode, type HttpResponse, type JsonObject } from '@modelport/plugin-api';
import { protocolError, readFailedResponse, toCallError, type VendorError } from '@modelport/plugin-api/kit';
import { howToInstall } from './install.ts';

const NOT_ON_DISK = /model .*not found|try pulling it first/i;
const LACKS_CAPABILITY = /does not support|missing data required for image/i;
const OVERFLOW = /exceeds? (the |maximum |max )?context|context (length|window)|prompt (is )?too long|input length/i;
const MENDED_BY_A_PERSON = /requires more system memory|out of memory|no space left|disk quota/i;
const NOWHERE = /pull model manifest: (file does not exist|40[14])|manifest unknown|invalid model name/i;
/** The server's own connections, to the library or to a model that runs elsewhere. */
const BROKEN_CONNECTION = /dial tcp|no such host|i\/o timeout|connection re(fused|set)|TLS handshake|unexpected EOF/i;

/** The code for what the server says, `undefined` where the kit's general rules serve. */
export function codeOfOllamaError({ status, message = '' }: VendorError): CallErrorCode | undefined {
  if (NOWHERE.test(message)) return 'MODEL_NOT_FOUND';
  if (NOT_ON_DISK.test(message)) return 'MODEL_NOT_PULLED';
  if (OVERFLOW.test(message)) return 'CONTEXT_OVERFLOW';
  if (LACKS_CAPABILITY.test(message)) return 'CAPABILITY_MISSING';
  if (/unauthorized/i.test(message)) return 'AUTH_INVALID';
  if (BROKEN_CONNECTION.test(message)) return 'NETWORK';
  // The server answers 500 to faults of its own, and 404 to paths an older version lacks.
  if (status === 404) return 'REQUEST_INVALID';
  return status < 400 ? 'OVERLOADED' : undefined;
}

/** Which model of which backend was asked, for sentences that say what to do. */
export interface AskedModel {
  readonly backend: string;
  readonly modelId?: string | undefined;
}

/** Throws the CallError of an answer with an error status; what `readFailedResponse` throws on abort. */
export async function throwFailed(response: HttpResponse, signal: AbortSignal, asked: AskedModel): Promise<never> {
  throw explained(toCallError(await readFailedResponse(response, signal), { dialect: codeOfOllamaError }), asked);
}

/** The CallError of an error line inside an answer that began with status 200. */
export function insideAnswer(error: unknown, headers: Readonly<Record<string, string>>, asked: AskedModel): CallError {
  const failed = toCallError({ status: 200, headers, body: typeof error === 'string' ? { error } : error }, { dialect: codeOfOllamaError });
  // The status was that of the beginning, and says nothing of how it ended.
  return explained(new CallError(failed.code, failed.message.replace(/^The vendor answered with status 200/, 'Ollama failed on the way'), failed.facts), asked);
}

/** Reads an answer that came whole as an object; an empty one is `{}`. Throws PROTOCOL for what is none, naming the request that was `asked`, and what an `error` in it says. */
export function readWhole(text: string, headers: Readonly<Record<string, string>>, asked: string, about: AskedModel): JsonObject {
  if (text === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw protocolError(`${asked} answered with something that is not JSON: is this the address of an Ollama server?`, headers);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw protocolError(`${asked} answered with JSON that is no object.`, headers);
  const { error } = value as { readonly error?: unknown };
  if (error !== undefined && error !== null) throw insideAnswer(error, headers, about);
  return value as JsonObject;
}

/** Says in one sentence which command starts a server that does not answer. Other errors pass unchanged. */
export function explainedConnection(error: unknown, base: string): unknown {
  if (!CallError.is(error)) return error;
  if (error.code === 'HOST_NOT_ALLOWED') {
    return new CallError('HOST_NOT_ALLOWED', `${error.message} If the variable OLLAMA_HOST names it, write the address as the option baseUrl of this backend.`, error.facts);
  }
  if (error.code !== 'NETWORK' || !isRefused(error)) return error;
  return new CallError('NETWORK', `Ollama does not answer at ${base}: start it with \`ollama serve\`, or install it first: ${howToInstall()}.`, error.facts);
}

/** Whether nobody listened: the one network failure that starting the server mends. */
function isRefused(error: CallError): boolean {
  for (let cause: unknown = error, depth = 0; cause !== undefined && cause !== null && depth < 5; depth += 1) {
    const { code, cause: inner, errors } = cause as { readonly code?: unknown; readonly cause?: unknown; readonly errors?: readonly unknown[] };
    if (code === 'ECONNREFUSED') return true;
    cause = inner ?? errors?.[0];
  }
  return false;
}

function explained(error: CallError, { backend, modelId }: AskedModel): CallError {
  if (error.code === 'MODEL_NOT_PULLED' && modelId !== undefined) {
    return new CallError(error.code, `${modelId} is not on the machine of backend "${backend}": pull it with \`modelport models pull ${modelId}@${backend}\`.`, error.facts);
  }
  if (error.code === 'MODEL_NOT_FOUND' && modelId !== undefined) {
    return new CallError(error.code, `Ollama knows no model ${modelId}: https://ollama.com/library shows those it can pull.`, error.facts);
  }
  // Waiting makes neither memory nor room on a disk.
  if (MENDED_BY_A_PERSON.test(error.message)) return new CallError('OVERLOADED', error.message, { ...error.facts, retryable: false });
  return error;
}

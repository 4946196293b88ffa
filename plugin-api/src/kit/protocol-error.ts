/** An answer that is not what the wire says. */
import { CallError } from '../errors.ts';
import { requestIdOf } from './request-id.ts';
import { isHtml } from './vendor-error.ts';

/** The PROTOCOL error of an answer, with the vendor's id of the request where a header has it. `retryable`: a cut answer may be whole the next time. Default false. */
export function protocolError(message: string, headers: Readonly<Record<string, string>> = {}, retryable = false): CallError {
  const requestId = requestIdOf(headers);
  return new CallError('PROTOCOL', message, { retryable, ...(requestId === undefined ? {} : { requestId }) });
}

/** Parses an answer that came whole and should be an object. Throws PROTOCOL, which says so where it is the HTML page of a proxy. */
export function parseObject(text: string, headers: Readonly<Record<string, string>> = {}): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const what = isHtml(text, headers) ? 'an HTML page: is a proxy in between, or is the configured address that of a website?' : 'not JSON.';
    throw protocolError(`The answer is ${what}`, headers);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw protocolError('The answer is JSON, but no object.', headers);
  return value;
}

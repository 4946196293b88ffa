/** JSON from a vendor, whose fault is told without showing what it sent. */
import { CallError } from '../errors.ts';

/** Parses JSON from the wire. Throws PROTOCOL, with none of the text in it, where it is not JSON: a cut stream often ends so. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The engine's own error quotes the text, so it is not kept as the cause.
    throw new CallError('PROTOCOL', `The vendor sent ${text.length} characters that are not JSON.`, { retryable: false });
  }
}

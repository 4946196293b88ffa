/** One readable line out of whatever was thrown, even when it is no error at all. */

/** Longest reason that is shown, in characters. */
const LONGEST = 500;

/** Name and message of an error, or a description of the thing that was thrown instead. Never throws, never holds a stack. */
export function reasonOf(thrown: unknown): string {
  try {
    return shorten(describe(thrown));
  } catch {
    return 'a value that cannot be read';
  }
}

function describe(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown === '' ? 'an empty string' : thrown;
  if (typeof thrown === 'function') return 'a function';
  if (typeof thrown !== 'object' || thrown === null) return `${String(thrown)} (no error object)`;
  const { name, message } = thrown as { readonly name?: unknown; readonly message?: unknown };
  if (typeof message === 'string' && message !== '') return typeof name === 'string' && name !== '' && name !== 'Error' ? `${name}: ${message}` : message;
  if (typeof name === 'string' && name !== '') return `${name} without a message`;
  return `an object without a message (keys: ${Object.keys(thrown).join(', ') || 'none'})`;
}

function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}...`;
}

/** What a vendor says about an error, found in the shapes that are common in the field. */

/** An error in the vendor's own words. */
export interface VendorError {
  /** HTTP status; for an error object inside an answer that began well, the status the object names, where it names one. */
  readonly status: number;
  /** The more exact word: `code`, `__type`, or Google's `status`. */
  readonly code?: string | undefined;
  /** The more general word: `type`. */
  readonly type?: string | undefined;
  /** The message, on one line, at most 500 characters. */
  readonly message?: string | undefined;
}

const MAX_MESSAGE_LENGTH = 500;

/**
 * Finds code, type and message in `{ error: { message, type, code } }` (OpenAI, Anthropic, Google, Azure, also inside an array),
 * `{ error: "..." }` (Ollama), `{ message, type, code, __type }` (Bedrock, Cohere, Mistral), `{ detail }` (FastAPI), or plain text.
 */
export function readVendorError(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): VendorError {
  const parsed = typeof body === 'string' ? jsonOrNothing(body) : body;
  const outer = asRecord(Array.isArray(parsed) ? parsed[0] : parsed);
  if (outer === undefined) {
    return { status, code: headerWord(headers), message: typeof body === 'string' && !isHtml(body, headers) ? clip(body) : undefined };
  }
  const inner = asRecord(outer['error']) ?? outer;
  const innermost = asRecord(inner['innererror']);
  // Azure says `content_filter` or a plain status there, and the exact word one level down.
  const code = word(inner['code']) ?? word(inner['__type']) ?? word(inner['status']) ?? word(innermost?.['code']) ?? headerWord(headers);
  const named = Number(inner['code']);
  return {
    status: status < 400 && named >= 400 && named < 600 ? named : status,
    code,
    type: word(inner['type']),
    message: clip(firstText(inner['message'], outer['error'], outer['message'], outer['detail'], asRecord(asFirst(outer['detail']))?.['msg'])),
  };
}

/** Whether an answer is an HTML page, by its content type or its first characters. */
export function isHtml(body: unknown, headers: Readonly<Record<string, string>> = {}): boolean {
  if (/\bhtml\b/i.test(headers['content-type'] ?? '')) return true;
  return typeof body === 'string' && /^\s*<(!doctype html|html)\b/i.test(body.slice(0, 200));
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : undefined;
}

function asFirst(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}

/** A word a program can compare: no number, which only repeats the status, and Bedrock's without its namespace. */
function word(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' && !/^\d+$/.test(value) ? value.slice(value.lastIndexOf('#') + 1) : undefined;
}

function headerWord(headers: Readonly<Record<string, string>>): string | undefined {
  return word(headers['x-amzn-errortype']?.split(':')[0]);
}

function firstText(...values: readonly unknown[]): string | undefined {
  return values.find((value): value is string => typeof value === 'string' && value.trim() !== '');
}

function clip(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const line = text.slice(0, MAX_MESSAGE_LENGTH * 4).replace(/\s+/g, ' ').trim();
  if (line === '') return undefined;
  // `toWellFormed` mends a character that the cut went through.
  return line.length <= MAX_MESSAGE_LENGTH ? line : `${line.slice(0, MAX_MESSAGE_LENGTH - 1).toWellFormed()}…`;
}

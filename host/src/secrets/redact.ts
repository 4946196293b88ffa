/** The one place that knows how to keep secrets out of text: by value, in the forms a value travels in. */
import { isNativeError } from 'node:util/types';

/** Shortest value that is hidden wherever it stands; a shorter one would blank ordinary words. */
const SHORTEST = 8;

/** Credentials by their place rather than their value: they are hidden even when the host never saw the value. */
const PLACES: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, '$1 [secret]'],
  [/([?&](?:api[_-]?key|key|token|access_token|sig|signature)=)(?!\[secret)[^&\s"']+/gi, '$1[secret]'],
  [/(\/\/[^/\s:@]+:)(?!\[secret)[^/\s@]+@/g, '$1[secret]@'],
  [/(?<![\w.-])((?:\w+-)*api-key["']?\s*[:=]\s*["']?)(?!\[secret)[^\s"',;}]+/gi, '$1[secret]'],
];

/** How deep data is followed for a log line; what lies deeper is left out. */
const DEEPEST = 8;

/** Remembers the values that must not show, and takes them out of any text. */
export class Redactor {
  readonly #forms = new Map<string, string>();
  #pattern: RegExp | undefined;

  /** Remembers a secret under its name; every later text loses it. Values under 8 characters are left alone. */
  add(name: string, value: string): void {
    if (value.length < SHORTEST) return;
    for (const form of formsOf(value)) this.#forms.set(form, `[secret ${name}]`);
    this.#pattern = undefined;
  }

  /** The text without any remembered value, and without credentials in the places they usually stand. */
  redact(text: string): string {
    let clean = text;
    if (this.#forms.size > 0) {
      this.#pattern ??= new RegExp([...this.#forms.keys()].sort((a, b) => b.length - a.length).map((form) => form.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
      clean = clean.replace(this.#pattern, (form) => this.#forms.get(form) ?? '[secret]');
    }
    for (const [place, shown] of PLACES) clean = clean.replace(place, shown);
    return clean;
  }

  /**
   * A copy of data for a log, with every text redacted. What is no plain data is copied as such: errors, maps, sets, and the own
   * properties of objects with a class; bytes are counted, cycles and what lies more than 8 deep are left out.
   */
  redactData<T>(value: T): T {
    return this.#copy(value, []) as T;
  }

  #copy(value: unknown, above: readonly object[]): unknown {
    if (typeof value === 'string') return this.redact(value);
    if (typeof value !== 'object' || value === null || value instanceof Date) return value;
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
    if (above.includes(value)) return '[circular]';
    if (above.length >= DEEPEST) return '[deeper]';
    const path = [...above, value];
    if (isNativeError(value)) return this.redactError(value);
    if (Array.isArray(value)) return value.map((item) => this.#copy(item, path));
    if (value instanceof Map || isEntries(value)) return this.#copyEntries([...(value as Iterable<[unknown, unknown]>)].map(([key, item]) => [String(key), item]), path);
    if (value instanceof Set) return [...value].map((item) => this.#copy(item, path));
    const { toJSON } = value as { readonly toJSON?: unknown };
    if (typeof toJSON === 'function') return this.#copy((toJSON as () => unknown).call(value), path);
    return this.#copyEntries(Object.entries(value), path);
  }

  #copyEntries(entries: readonly (readonly [string, unknown])[], path: readonly object[]): object {
    return Object.fromEntries(entries.map(([key, item]) => [this.redact(key), this.#copy(item, path)]));
  }

  /** What of an error users may see: name, message, stack, code and status, redacted, to three causes deep. */
  redactError(error: unknown, depth = 3): unknown {
    if (typeof error !== 'object' || error === null) return typeof error === 'string' ? this.redact(error) : error;
    const source = error as { name?: unknown; message?: unknown; stack?: unknown; code?: unknown; status?: unknown; cause?: unknown };
    const copy = new Error(this.redact(textOf(source.message, '')));
    Object.defineProperty(copy, 'name', { value: this.redact(textOf(source.name, 'Error')), configurable: true, writable: true });
    copy.stack = typeof source.stack === 'string' ? this.redact(source.stack) : `${copy.name}: ${copy.message}`;
    if (typeof source.code === 'string' || typeof source.code === 'number') Object.assign(copy, { code: typeof source.code === 'string' ? this.redact(source.code) : source.code });
    if (typeof source.status === 'number') Object.assign(copy, { status: source.status });
    if (source.cause !== undefined && depth > 0) Object.defineProperty(copy, 'cause', { value: this.redactError(source.cause, depth - 1), enumerable: false });
    return copy;
  }
}

/** The forms in which a value travels. */
function formsOf(value: string): string[] {
  const wellFormed = value.toWellFormed();
  const bytes = Buffer.from(value);
  const encoded = [encodeURIComponent(wellFormed), new URLSearchParams([['', wellFormed]]).toString().slice(1)];
  const small = encoded.map((form) => form.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
  return [value, JSON.stringify(value).slice(1, -1), ...encoded, ...small, bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')];
}

/** Headers and search parameters, whichever library made them. */
function isEntries(value: object): boolean {
  return typeof (value as { readonly entries?: unknown }).entries === 'function' && typeof (value as { readonly [Symbol.iterator]?: unknown })[Symbol.iterator] === 'function' && typeof (value as { readonly get?: unknown }).get === 'function';
}

function textOf(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : value === undefined || value === null ? fallback : `[${typeof value}]`;
}

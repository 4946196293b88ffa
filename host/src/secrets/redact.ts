/** The one place that knows how to keep secrets out of text: by value, in the forms a value travels in. */

/** Shortest value that is hidden wherever it stands; a shorter one would blank ordinary words. */
const SHORTEST = 8;

/** Credentials by their place rather than their value: they are hidden even when the host never saw the value. */
const PLACES: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, '$1 [secret]'],
  [/([?&](?:api[_-]?key|key|token|access_token|sig|signature)=)[^&\s"']+/gi, '$1[secret]'],
  [/(\/\/[^/\s:@]+:)[^/\s@]+@/g, '$1[secret]@'],
];

/** Remembers the values that must not show, and takes them out of any text. */
export class Redactor {
  readonly #forms = new Map<string, string>();
  #pattern: RegExp | undefined;

  /** Remembers a secret under its name; every later text loses it. Values under 8 characters are left alone. */
  add(name: string, value: string): void {
    if (value.length < SHORTEST) return;
    const shown = `[secret ${name}]`;
    const bytes = Buffer.from(value);
    const escaped = JSON.stringify(value).slice(1, -1);
    for (const form of [value, escaped, encodeURIComponent(value), bytes.toString('base64'), bytes.toString('base64url'), bytes.toString('hex')]) {
      this.#forms.set(form, shown);
    }
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

  /** A copy of plain data with every string redacted. */
  redactData<T>(value: T): T {
    if (typeof value === 'string') return this.redact(value) as T;
    if (Array.isArray(value)) return value.map((item) => this.redactData(item)) as T;
    if (typeof value === 'object' && value !== null && (Object.getPrototypeOf(value) === Object.prototype || Object.getPrototypeOf(value) === null)) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.redactData(item)])) as T;
    }
    return value;
  }

  /** What of an error users may see: name, message, stack, code and status, redacted, to three causes deep. */
  redactError(error: unknown, depth = 3): unknown {
    if (typeof error !== 'object' || error === null) return typeof error === 'string' ? this.redact(error) : error;
    const source = error as { name?: unknown; message?: unknown; stack?: unknown; code?: unknown; status?: unknown; cause?: unknown };
    const copy = new Error(this.redact(String(source.message ?? '')));
    copy.name = String(source.name ?? 'Error');
    copy.stack = typeof source.stack === 'string' ? this.redact(source.stack) : `${copy.name}: ${copy.message}`;
    if (typeof source.code === 'string' || typeof source.code === 'number') Object.assign(copy, { code: source.code });
    if (typeof source.status === 'number') Object.assign(copy, { status: source.status });
    if (source.cause !== undefined && depth > 0) Object.defineProperty(copy, 'cause', { value: this.redactError(source.cause, depth - 1), enumerable: false });
    return copy;
  }
}

/** Where the keys and values of a TOML text stand; the TOML library tells values but no places. */

/** A line and a column, both from 1. */
export interface TextPlace { readonly line: number; readonly column: number }
/** The places of one entry. */
export interface TomlPlace { readonly key?: TextPlace; readonly value: TextPlace }

/** Places by the JSON text of the path. The text must be valid TOML: parse it with the library first. */
export function findTomlPlaces(text: string): Map<string, TomlPlace> {
  const scanner = new TomlScanner(text);
  scanner.scan();
  return scanner.places;
}

type Path = (string | number)[];

class TomlScanner {
  readonly places = new Map<string, TomlPlace>();
  private readonly text: string;
  private position = 0;
  private readonly lineStarts = [0];
  /** How often each `[[table]]` was opened, by its path. */
  private readonly tables = new Map<string, number>();

  constructor(text: string) {
    this.text = text;
    for (let index = text.indexOf('\n'); index >= 0; index = text.indexOf('\n', index + 1)) this.lineStarts.push(index + 1);
  }

  scan(): void {
    let table: Path = [];
    for (this.skipBlank(); this.position < this.text.length; this.skipBlank()) {
      if (this.text[this.position] === '[') table = this.header();
      else this.entry(table);
    }
  }

  private header(): Path {
    const start = this.position;
    const isList = this.text.startsWith('[[', start);
    this.position += isList ? 2 : 1;
    const names = this.dottedKey();
    const path: Path = [];
    for (const [index, { name, at }] of names.entries()) {
      path.push(name);
      this.note(path, at, index === names.length - 1 ? start : at);
      const count = this.tables.get(JSON.stringify(path));
      if (index < names.length - 1 && count !== undefined) path.push(count - 1);
    }
    if (isList) {
      const count = this.tables.get(JSON.stringify(path)) ?? 0;
      this.tables.set(JSON.stringify(path), count + 1);
      path.push(count);
      this.note(path, undefined, start);
    }
    this.position += isList ? 2 : 1;
    return path;
  }

  private entry(table: Path): void {
    const names = this.dottedKey();
    this.position += 1; // The equals sign.
    this.skipBlank();
    const path = [...table];
    for (const [index, { name, at }] of names.entries()) {
      path.push(name);
      this.note(path, at, index === names.length - 1 ? this.position : at);
    }
    this.value(path);
  }

  private value(path: Path): void {
    const first = this.text[this.position];
    if (first === '{') {
      this.position += 1;
      for (this.skipSeparators(); this.text[this.position] !== '}' && this.position < this.text.length; this.skipSeparators()) this.entry(path);
      this.position += 1;
    } else if (first === '[') {
      this.position += 1;
      let index = 0;
      for (this.skipSeparators(); this.text[this.position] !== ']' && this.position < this.text.length; this.skipSeparators()) {
        this.note([...path, index], undefined, this.position);
        this.value([...path, index]);
        index += 1;
      }
      this.position += 1;
    } else if (first === '"' || first === "'") this.string();
    else while (this.position < this.text.length && !/[,\]}\n#]/.test(this.text[this.position] ?? '\n')) this.position += 1;
  }

  private dottedKey(): { name: string; at: number }[] {
    const names: { name: string; at: number }[] = [];
    for (;;) {
      this.skipBlank();
      const at = this.position;
      const first = this.text[at];
      if (first === '"' || first === "'") {
        const raw = this.string();
        names.push({ name: first === '"' ? unescapeKey(raw) : raw, at });
      } else {
        while (/[A-Za-z0-9_-]/.test(this.text[this.position] ?? ' ')) this.position += 1;
        names.push({ name: this.text.slice(at, this.position), at });
      }
      this.skipBlank();
      if (this.text[this.position] !== '.') return names;
      this.position += 1;
    }
  }

  /** Passes a string of any of the four kinds and gives its raw inside. */
  private string(): string {
    const quote = this.text[this.position] ?? '"';
    const mark = this.text.startsWith(quote.repeat(3), this.position) ? quote.repeat(3) : quote;
    const start = this.position + mark.length;
    let end = start;
    while (end < this.text.length && !this.text.startsWith(mark, end)) end += quote === '"' && this.text[end] === '\\' ? 2 : 1;
    // Up to two quotes may stand directly before the closing three.
    while (mark.length === 3 && this.text[end + 3] === quote) end += 1;
    this.position = end + mark.length;
    return this.text.slice(start, end);
  }

  private skipBlank(): void {
    for (;;) {
      while (/\s/.test(this.text[this.position] ?? 'x')) this.position += 1;
      if (this.text[this.position] !== '#') return;
      const end = this.text.indexOf('\n', this.position);
      this.position = end < 0 ? this.text.length : end;
    }
  }

  private skipSeparators(): void {
    for (this.skipBlank(); this.text[this.position] === ','; this.skipBlank()) this.position += 1;
  }

  private note(path: Path, key: number | undefined, value: number): void {
    const text = JSON.stringify(path);
    if (!this.places.has(text)) this.places.set(text, { ...(key === undefined ? {} : { key: this.placeOf(key) }), value: this.placeOf(value) });
  }

  private placeOf(offset: number): TextPlace {
    let low = 0;
    for (let high = this.lineStarts.length; high - low > 1;) {
      const middle = (low + high) >> 1;
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (this.lineStarts[low] ?? 0) + 1 };
  }
}

function unescapeKey(raw: string): string {
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return raw; // An escape that only TOML knows: the place is lost, the value is not.
  }
}

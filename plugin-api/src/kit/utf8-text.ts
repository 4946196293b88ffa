/** Bytes of a network stream to text, with characters that are split between two reads put together again. */

// Without `stream: true` decoding takes the engine's fast path, and keeps no state, so one decoder serves every stream.
const wholeCharacters = new TextDecoder('utf-8', { ignoreBOM: true });
const CONTINUED = { stream: true } as const;

/** Decodes one stream of UTF-8 bytes. Malformed bytes become U+FFFD; a byte order mark at the very start is left out. */
export class Utf8Text {
  private continued: InstanceType<typeof TextDecoder> | undefined;
  private holdsBytes = false;
  private atStart = true;

  /** The text that is complete with this read; empty when the read ends inside its first character. */
  decode(bytes: Uint8Array): string {
    if (bytes.length === 0) return '';
    // A read that ends in ASCII ends between two characters.
    const endsInside = bytes[bytes.length - 1]! >= 0x80;
    let text: string;
    if (endsInside || this.holdsBytes) {
      this.continued ??= new TextDecoder('utf-8', { ignoreBOM: true });
      text = this.continued.decode(bytes, CONTINUED);
      this.holdsBytes = endsInside;
    } else {
      text = wholeCharacters.decode(bytes);
    }
    return this.atStart ? this.withoutByteOrderMark(text) : text;
  }

  /** What is left at the end: empty, or U+FFFD for a character that never arrived whole. */
  end(): string {
    return this.holdsBytes ? this.continued!.decode() : '';
  }

  private withoutByteOrderMark(text: string): string {
    if (text === '') return text;
    this.atStart = false;
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }
}

/** Tool names and tool-call ids as most wires take them, and the way back. */

const LEGAL = /^[A-Za-z0-9_-]+$/;
const MAX_NAME_LENGTH = 64;

/**
 * One request's tool names. Most vendors take `[A-Za-z0-9_-]`, 1 to 64 characters; another name is replaced by one that is the same in every
 * request, so that a vendor's prompt cache still matches, and found again when the model calls it.
 */
export class ToolNames {
  private readonly sent = new Map<string, string>();
  private readonly asked = new Map<string, string>();

  /** Fixes the wire name of a tool whose name is the vendor's own. */
  fix(name: string, wireName: string): void {
    this.sent.set(name, wireName);
    this.asked.set(wireName, name);
  }

  /** Tells that the vendor also answers under another name for this tool. */
  answersAs(wireName: string, name: string): void {
    this.asked.set(wireName, name);
  }

  /** The name as it goes on the wire. */
  wire(name: string): string {
    const known = this.sent.get(name);
    if (known !== undefined) return known;
    let wireName = toWireId(name, MAX_NAME_LENGTH);
    // A legal name may happen to be another's replacement.
    while (this.asked.has(wireName)) wireName = replacementOf(`${name} ${wireName}`, MAX_NAME_LENGTH);
    this.fix(name, wireName);
    return wireName;
  }

  /** A legal name no tool of the request has. */
  free(wanted: string): string {
    let name = toWireId(wanted);
    while (this.asked.has(name) || this.sent.has(name)) name = toWireId(`${name}_`);
    return name;
  }

  /** The name as the request wrote it; one the request never held comes back as it is. */
  original(wireName: string): string {
    return this.asked.get(wireName) ?? wireName;
  }
}

/** A tool-call id as most wires take it: `[A-Za-z0-9_-]`, at most `maxLength` characters. A call and its result meet under the same one. */
export function toWireId(id: string, maxLength: number = MAX_NAME_LENGTH): string {
  return id.length <= maxLength && LEGAL.test(id) ? id : replacementOf(id, maxLength);
}

/** FNV-1a over UTF-16 units, twice with different seeds: 64 bits in base 36, at most 12 characters, enough to keep the names of one request apart. */
export function fingerprint(text: string): string {
  return (hash(text, 0x811c9dc5).toString(36) + hash(text, 0x050c5d1f).toString(36)).slice(0, 12);
}

function replacementOf(text: string, maxLength: number): string {
  const mark = `_${fingerprint(text)}`;
  return text.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, maxLength - mark.length) + mark;
}

function hash(text: string, seed: number): number {
  let value = seed;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}

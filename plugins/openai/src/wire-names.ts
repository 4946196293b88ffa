/** Tool names and tool-call ids as the wire takes them, and the way back. */

const WIRE_NAME = /^[A-Za-z0-9_-]{1,64}$/;
const MAX_LENGTH = 64;

/**
 * One request's tool names. OpenAI takes `[A-Za-z0-9_-]`, 1 to 64 characters; another name is replaced by one that is the same in every
 * request, so that a vendor's prompt cache still matches, and found again when the model calls it.
 */
export class ToolNames {
  private readonly toWire = new Map<string, string>();
  private readonly fromWire = new Map<string, string>();

  /** The name as it goes on the wire. */
  wire(name: string): string {
    const known = this.toWire.get(name);
    if (known !== undefined) return known;
    let wireName = WIRE_NAME.test(name) ? name : replacement(name);
    // A legal name may happen to be another's replacement.
    for (let number = 2; this.fromWire.has(wireName); number += 1) wireName = replacement(`${name}#${number}`);
    this.toWire.set(name, wireName);
    this.fromWire.set(wireName, name);
    return wireName;
  }

  /** The name as the request wrote it; a name the request never held comes back as it is. */
  original(wireName: string): string {
    return this.fromWire.get(wireName) ?? wireName;
  }
}

/** One request's tool-call ids. Call and result meet under the same replacement; nothing has to come back, since new ids are the vendor's. */
export class CallIds {
  private readonly toWire = new Map<string, string>();
  private readonly legal: RegExp;
  private readonly alphanumeric: boolean;

  constructor(rule: 'any' | 'alphanumeric-9') {
    this.alphanumeric = rule === 'alphanumeric-9';
    this.legal = this.alphanumeric ? /^[A-Za-z0-9]{9}$/ : WIRE_NAME;
  }

  /** The id as it goes on the wire. */
  wire(id: string): string {
    if (this.legal.test(id)) return id;
    let wireId = this.toWire.get(id);
    if (wireId === undefined) {
      wireId = this.alphanumeric ? fingerprint(id).padStart(9, '0').slice(-9) : replacement(id);
      this.toWire.set(id, wireId);
    }
    return wireId;
  }
}

function replacement(name: string): string {
  const mark = `_${fingerprint(name)}`;
  return name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, MAX_LENGTH - mark.length) + mark;
}

/** FNV-1a over UTF-16 units, twice with different seeds: 64 bits in base 36, enough to keep the names of one request apart. */
function fingerprint(text: string): string {
  return (hash(text, 0x811c9dc5).toString(36) + hash(text, 0x050c5d1f).toString(36)).slice(0, 12);
}

function hash(text: string, seed: number): number {
  let value = seed;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value >>> 0;
}

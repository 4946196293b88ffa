/** Tool names and tool-call ids as the API takes them, and the way back. */

const LEGAL_NAME = /^[A-Za-z0-9_-]{1,64}$/;
const LEGAL_ID = /^[A-Za-z0-9_-]+$/;
const MAX_NAME_LENGTH = 64;

/** The names of one request's tools: those the API refuses are replaced, the same in every request so that a prompt cache still matches. */
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
    let wireName = this.sent.get(name);
    if (wireName !== undefined) return wireName;
    wireName = LEGAL_NAME.test(name) ? name : replacementOf(name, MAX_NAME_LENGTH);
    while (this.asked.has(wireName)) wireName = replacementOf(`${name} ${wireName}`, MAX_NAME_LENGTH);
    this.fix(name, wireName);
    return wireName;
  }

  /** A name no tool of the request has. */
  free(wanted: string): string {
    let name = wanted;
    while (this.asked.has(name) || this.sent.has(name)) name = `${name}_`;
    return name;
  }

  /** The name as the request wrote it; one the request never held comes back as it is. */
  original(wireName: string): string {
    return this.asked.get(wireName) ?? wireName;
  }
}

/** A tool-call id as the API takes it; call and result meet under the same one. */
export function toWireId(id: string): string {
  return LEGAL_ID.test(id) ? id : replacementOf(id, 128);
}

function replacementOf(text: string, maxLength: number): string {
  const mark = `_${digest(text)}`;
  return text.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, maxLength - mark.length) + mark;
}

/** 52 bits of the text in base 36 (cyrb53's mixing): enough to keep the names of one request apart. */
function digest(text: string): string {
  let high = 0x9e3779b1;
  let low = 0x85ebca77;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 0x85ebca6b);
    low = Math.imul(low ^ unit, 0xc2b2ae35);
  }
  return ((low >>> 12) * 0x1_0000_0000 + (high >>> 0)).toString(36);
}

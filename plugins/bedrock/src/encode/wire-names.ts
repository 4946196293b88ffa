/** Tool names, tool-call ids and document names as Converse takes them, and the way back for tool names. */
import { createHash } from 'node:crypto';

const LEGAL_NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const LEGAL_ID = /^[a-zA-Z0-9_.:-]{1,64}$/;
const MAX_LENGTH = 64;

/** The names of one request's tools: those the API refuses are replaced, the same in every request so that a prompt cache still matches. */
export class ToolNames {
  private readonly sent = new Map<string, string>();
  private readonly asked = new Map<string, string>();

  /** Fixes the wire name of a tool whose name is the vendor's own. */
  fix(name: string, wireName: string): void {
    this.sent.set(name, wireName);
    this.asked.set(wireName, name);
  }

  /** The name as it goes on the wire. */
  wire(name: string): string {
    let wireName = this.sent.get(name);
    if (wireName !== undefined) return wireName;
    wireName = LEGAL_NAME.test(name) ? name : replacementOf(name, /[^a-zA-Z0-9_-]/g);
    while (this.asked.has(wireName)) wireName = replacementOf(`${name} ${wireName}`, /[^a-zA-Z0-9_-]/g);
    this.fix(name, wireName);
    return wireName;
  }

  /** A legal name no tool of the request has. */
  free(wanted: string): string {
    let name = LEGAL_NAME.test(wanted) ? wanted : replacementOf(wanted, /[^a-zA-Z0-9_-]/g);
    while (this.asked.has(name)) name = replacementOf(name, /[^a-zA-Z0-9_-]/g);
    return name;
  }

  /** The name as the request wrote it; one the request never held comes back as it is. */
  original(wireName: string): string {
    return this.asked.get(wireName) ?? wireName;
  }
}

/** A tool-call id as the API takes it; call and result meet under the same one. */
export function toWireId(id: string): string {
  return LEGAL_ID.test(id) ? id : replacementOf(id, /[^a-zA-Z0-9_.:-]/g);
}

/** The names of one request's documents: letters, digits, single spaces, hyphens, parentheses and brackets, and no name twice. */
export class DocumentNames {
  private readonly taken = new Set<string>();

  /** A legal name like the file's, without its extension; a neutral one for a file without a name. */
  name(filename: string | undefined): string {
    const plain = (filename ?? '').replace(/\.[A-Za-z0-9]{1,5}$/, '').normalize('NFKD').replaceAll(/[^\dA-Za-z\-()[\] ]+/g, ' ').replaceAll(/ {2,}/g, ' ').trim().slice(0, 180).trim();
    const wanted = plain === '' ? 'document' : plain;
    let name = wanted;
    for (let number = 2; this.taken.has(name); number += 1) name = `${wanted} (${number})`;
    this.taken.add(name);
    return name;
  }
}

function replacementOf(text: string, illegal: RegExp): string {
  const mark = `_${createHash('sha256').update(text).digest('hex').slice(0, 10)}`;
  return text.replaceAll(illegal, '_').slice(0, MAX_LENGTH - mark.length) + mark;
}

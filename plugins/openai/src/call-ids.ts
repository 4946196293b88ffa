/** Tool-call ids as an endpoint takes them. */
import { fingerprint, toWireId } from '@modelport/plugin-api/kit';

/** One request's tool-call ids. Call and result meet under the same replacement; nothing has to come back, since new ids are the vendor's. */
export class CallIds {
  private readonly alphanumeric: boolean;

  constructor(rule: 'any' | 'alphanumeric-9') {
    this.alphanumeric = rule === 'alphanumeric-9';
  }

  /** The id as it goes on the wire. */
  wire(id: string): string {
    if (!this.alphanumeric) return toWireId(id);
    return /^[A-Za-z0-9]{9}$/.test(id) ? id : fingerprint(id).padStart(9, '0').slice(-9);
  }
}

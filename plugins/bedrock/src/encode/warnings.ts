/** What of a request does not travel as it was asked, each told once. */
import type { Warning } from '@modelport/plugin-api';

/** Collects the warnings of one request. */
export class Warnings {
  /** In the order they were found. */
  readonly list: Warning[] = [];
  private readonly told = new Set<string>();

  /** Notes a feature that was left out. */
  unsupported(feature: string, details: string): void {
    this.add({ type: 'unsupported', feature, details });
  }

  /** Notes a feature that travels as the nearest thing the wire has. */
  compatibility(feature: string, details: string): void {
    this.add({ type: 'compatibility', feature, details });
  }

  private add(warning: Warning): void {
    const key = JSON.stringify(warning);
    if (this.told.has(key)) return;
    this.told.add(key);
    this.list.push(warning);
  }
}

/** Vendor data that travels beside the contract's own fields, under the name of the dialect that understands it. */
import type { JsonObject } from './json.ts';

/**
 * Vendor fields, keyed by dialect (`anthropic`, `openai`, `google`): the wire format that reads them, never the name of a
 * backend, so that two backends of one vendor understand each other's history. A plugin reads its own dialect and leaves the rest alone.
 */
export type ProviderData = Readonly<Record<string, JsonObject>>;

/** Something that can carry vendor data in both directions. */
export interface Carried {
  /**
   * Vendor data on this part or message: a reasoning signature, a prompt-cache breakpoint, an item id. The name is the same on the
   * way in and on the way out, and what a plugin put here comes back verbatim with the history. Absent = nothing to carry.
   */
  readonly providerMetadata?: ProviderData;
}

/** What the models of one bridged backend share: the package's provider, what is known of it, and the settings it was made with. */
import type { PluginContext } from '@modelport/plugin-api';
import type { CompatRow } from './compat-table.ts';
import type { BridgeOptions } from './options.ts';

/** One started package. */
export interface ProviderFacts {
  /** What the factory returned. */
  readonly provider: unknown;
  readonly row: CompatRow;
  /** What the factory was called with, secrets included: never logged. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly context: PluginContext<BridgeOptions>;
}

/** The key of a model's own vendor data: what stands before the wire in its provider's name (`openai.responses`: openai). */
export function dialectOf(model: { readonly provider?: string }, fallback: string): string {
  return model.provider?.split('.')[0] ?? fallback;
}

/** Runs a package's factory with its settings, its key and the host's own way to the network. */
import { CallError, type PluginContext } from '@modelport/plugin-api';
import { chooseFactory } from './choose-factory.ts';
import type { CompatRow } from './compat-table.ts';
import type { BridgeOptions } from './options.ts';
import type { ProviderFacts } from './provider-facts.ts';

/**
 * Makes the provider. The secrets are read before the package is imported, so that one that is missing costs no import and the package
 * never looks for a key of its own. Throws AUTH_MISSING, what the import threw, and an Error where no factory is found.
 */
export async function makeProvider(context: PluginContext<BridgeOptions>, row: CompatRow): Promise<ProviderFacts> {
  const { target, options } = context;
  if (target === undefined) throw new Error('@modelport/ai-sdk wraps a package: name the package as `plugin` of the backend and `adapter: ai-sdk` beside it.');
  const keys = keysOf(context, row);
  const settings = { ...row.defaults, ...options.settings, ...keys, fetch: fetchOf(context, row) };
  const factory = chooseFactory(await target.import(), target.name, target.export ?? row.export);
  return { provider: await factory(settings), row, settings, context };
}

/** Every secret as the setting that takes it. One that is optional and not there is passed as empty text: absent, the package would look for its own variable. */
function keysOf(context: PluginContext<BridgeOptions>, row: CompatRow): Readonly<Record<string, string>> {
  const keys: Record<string, string> = {};
  for (const { name, required } of context.target?.secrets ?? []) {
    const secret = context.secret(name);
    const setting = row.settings?.[name] ?? name;
    if (secret.present) keys[setting] = secret.reveal();
    else if (required) throw new CallError('AUTH_MISSING', `The secret ${name} of backend "${context.backend}" is not set.`, { retryable: false });
    else if (setting === 'apiKey' && context.options.settings['apiKey'] === undefined) keys[setting] = '';
  }
  return keys;
}

/** The host's fetch; for a package whose address is fixed, with the user's `baseURL` in its place. */
function fetchOf({ http, options }: PluginContext<BridgeOptions>, { fixedUrl }: CompatRow): typeof globalThis.fetch {
  const { baseURL } = options.settings;
  if (fixedUrl === undefined || typeof baseURL !== 'string') return (input, init) => http.fetch(input, init);
  const moved = (url: string): string => (url.startsWith(fixedUrl) ? baseURL.replace(/\/+$/, '') + url.slice(fixedUrl.length) : url);
  return (input, init) => http.fetch(input instanceof Request ? new Request(moved(input.url), input) : moved(String(input)), init);
}

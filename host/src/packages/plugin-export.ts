/** Takes the plugin out of a module, whatever the module format made of its default export. */
import { isPlugin, type Plugin } from '@modelport/plugin-api';
import { reasonOf } from './thrown-reason.ts';

/** A default export may be wrapped this often: CommonJS output imported as ESM, bundled once more. */
const MOST_WRAPPINGS = 3;

/** The plugin of the newest major both sides speak, or what the module holds instead. `majors` are those in common, newest first. */
export function pluginOf(module: object, majors: readonly number[]): { readonly plugin: Plugin } | { readonly reason: string } {
  try {
    const offered = unwrapped(module);
    const plugins = (Array.isArray(offered) ? offered : [offered]).filter((candidate) => isPlugin(candidate));
    if (plugins.length === 0) return { reason: describe(module, offered) };
    for (const major of majors) {
      const plugin = plugins.find((candidate) => candidate.api === major);
      if (plugin) return checked(plugin);
    }
    return { reason: `it is written for contract ${plugins.map(({ api }) => String(api)).join(' and ')}, while its manifest and this host agree on ${majors.join(' and ')}` };
  } catch (error) {
    return { reason: `its default export cannot be read: ${reasonOf(error)}` };
  }
}

/** The default export without the wrapping `{ default: ... }` that CommonJS output gets when it is imported as ESM. */
function unwrapped(module: object): unknown {
  let value = (module as { readonly default?: unknown }).default;
  for (let depth = 0; depth < MOST_WRAPPINGS; depth += 1) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || isPlugin(value) || !('default' in value)) return value;
    value = value.default;
  }
  return value;
}

/** The brand alone makes a plugin recognisable; it does not make it whole. */
function checked(plugin: Plugin): { readonly plugin: Plugin } | { readonly reason: string } {
  if (typeof plugin.start !== 'function') return { reason: 'its plugin has no function start()' };
  const schema: unknown = plugin.options;
  if (schema === undefined) return { plugin };
  // A schema may be a function that carries the property, as arktype's are.
  const carries = (typeof schema === 'object' || typeof schema === 'function') && schema !== null;
  const standard = carries ? (schema as { readonly '~standard'?: { readonly validate?: unknown } })['~standard'] : undefined;
  if (typeof standard?.validate !== 'function') return { reason: 'the "options" of its plugin are no Standard Schema (they have no "~standard" with validate())' };
  return { plugin };
}

function describe(module: object, offered: unknown): string {
  const names = Object.keys(module).filter((name) => name !== 'default' && name !== 'module.exports' && name !== '__esModule');
  const others = names.length > 0 ? `; it exports ${names.join(', ')}` : '';
  if (offered === undefined) return `it has no default export${others}`;
  if (typeof offered === 'function') return `its default export is a function${offered.name ? ` (${offered.name})` : ''}, not a plugin`;
  if (typeof offered !== 'object' || offered === null) return `its default export is ${offered === null ? 'null' : `a ${typeof offered}`}`;
  if (Array.isArray(offered)) return offered.length === 0 ? 'its default export is an empty array' : 'its default export is an array without a plugin';
  const { api, start } = offered as { readonly api?: unknown; readonly start?: unknown };
  const faults = [...(typeof api === 'number' ? [] : [`its "api" is ${api === undefined ? 'missing' : `a ${typeof api}`}, expected a number`]), ...(typeof start === 'function' ? [] : ['it has no function start()'])];
  return `its default export is an object, but ${faults.join(' and ')}`;
}

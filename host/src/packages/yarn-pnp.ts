/** Yarn Plug'n'Play: asks its resolver where one runs, and notices where one should. */
import { access } from 'node:fs/promises';
import Module from 'node:module';
import { dirname, join, sep } from 'node:path';

/** The part of Yarn's `pnpapi` that discovery needs. Source: https://yarnpkg.com/advanced/pnpapi */
export interface PnpApi {
  resolveToUnqualified(request: string, issuer: string, options?: { readonly considerBuiltins?: boolean }): string | null;
}

/** Yarn's resolver for a folder; `undefined` under plain node. `yarn node` adds `findPnpApi` to `node:module`. */
export function findPnpApi(folder: string): PnpApi | undefined {
  const { findPnpApi: find } = Module as unknown as { readonly findPnpApi?: (location: string) => PnpApi | null };
  return find?.(folder + sep) ?? undefined;
}

/** The folder of a package by Yarn's resolver, or why it has none. */
export function resolveByPnp(api: PnpApi, name: string, folder: string): { readonly folder: string } | { readonly reason: string } {
  try {
    const found = api.resolveToUnqualified(name, folder + sep, { considerBuiltins: false });
    return found === null ? { reason: 'Yarn knows no such package' } : { folder: found };
  } catch (error) {
    const message = (error as { readonly message?: unknown } | null)?.message;
    // Yarn's messages run over many lines; the first one says what is wrong.
    return { reason: typeof message === 'string' ? message.split('\n', 1)[0] ?? '' : 'Yarn does not resolve it' };
  }
}

/** The nearest `.pnp.cjs` from a folder upward; `undefined` where the project does not use Plug'n'Play. */
export async function findPnpFile(folder: string): Promise<string | undefined> {
  for (let above = folder; ; above = dirname(above)) {
    const file = join(above, '.pnp.cjs');
    if (await access(file).then(() => true, () => false)) return file;
    if (dirname(above) === above) return undefined;
  }
}

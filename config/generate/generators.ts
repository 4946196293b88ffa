/** The table of generated files: which file, and what writes it. A new one is a line here. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../check/command.ts';
import { publishedPackages } from '../check/files.ts';
import { optionsSchema } from './options-schema.ts';

/** One generated file. */
export interface Generator {
  /** Relative to the root of the workspace. */
  readonly file: string;
  /** Answers with the whole text of the file. Runs on the built packages. */
  produce(): Promise<string>;
}

/** All generated files of the workspace, those of each plugin included. */
export async function generators(): Promise<readonly Generator[]> {
  return [...(await pluginSchemas())];
}

/** The static options schema of every plugin whose manifest names a file for it. */
async function pluginSchemas(): Promise<readonly Generator[]> {
  return (await publishedPackages()).flatMap(({ folder, packageJson }) => {
    const manifest = packageJson['modelport'];
    const file = typeof manifest === 'object' && manifest !== null && 'options' in manifest ? manifest.options : undefined;
    if (typeof file !== 'string') return [];
    const entry = pathToFileURL(path.join(ROOT, folder, 'dist', 'index.js')).href;
    return [{ file: path.posix.join(folder, file), produce: async () => optionsSchema(folder, (await import(entry)) as { readonly default?: unknown }) }];
  });
}

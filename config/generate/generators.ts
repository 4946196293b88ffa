/** The table of generated files: which file, and what writes it. A new one is a line here. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../check/command.ts';
import { publishedPackages } from '../check/files.ts';
import { errorsPage } from './errors-page.ts';
import { jsonSchema, optionsOf } from './json-schema.ts';

/** One generated file. */
export interface Generator {
  /** Relative to the root of the workspace. */
  readonly file: string;
  /** Answers with the whole text of the file. Runs on the built packages. */
  produce(): Promise<string>;
}

/** All generated files of the workspace, those of each plugin included. */
export async function generators(): Promise<readonly Generator[]> {
  return [
    { file: 'docs/errors.md', produce: async () => errorsPage(await built('host', 'errors/catalogue.js')) },
    { file: 'config/modelport.config.schema.json', produce: async () => `${JSON.stringify(((await built('host', 'config/json-schema.js'))['configJsonSchema'] as () => unknown)(), null, 2)}\n` },
    ...(await pluginSchemas()),
  ];
}

/** A module of a built package. */
async function built(folder: string, file: string): Promise<Readonly<Record<string, unknown>>> {
  return (await import(pathToFileURL(path.join(ROOT, folder, 'dist', file)).href)) as Readonly<Record<string, unknown>>;
}

/** The static options schema of every plugin whose manifest names a file for it. */
async function pluginSchemas(): Promise<readonly Generator[]> {
  return (await publishedPackages()).flatMap(({ folder, packageJson }) => {
    const manifest = packageJson['modelport'];
    const file = typeof manifest === 'object' && manifest !== null && 'options' in manifest ? manifest.options : undefined;
    if (typeof file !== 'string') return [];
    return [{ file: path.posix.join(folder, file), produce: async () => jsonSchema(optionsOf(await built(folder, 'index.js'))) }];
  });
}

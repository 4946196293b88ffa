/** Finds the static option schema of a plugin: inside its package, or nowhere. */
import { readFileSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { JsonObject } from '@modelport/plugin-api';
import { isMissing } from './package-file.ts';
import { reasonOf } from './thrown-reason.ts';

/** The schema named by a manifest's `options`, or why there is none to read. `folder` is the real folder of the package. */
export function readOptionSchema(options: string | JsonObject, folder: string): { readonly schema: JsonObject } | { readonly problem: string } {
  if (typeof options !== 'string') return { schema: options };
  const file = join(folder, options);
  if (isAbsolute(options) || leaves(folder, file)) return { problem: `modelport.options: ${options} lies outside the package` };
  try {
    // A link inside the package may lead out of it.
    if (leaves(folder, realpathSync.native(file))) return { problem: `modelport.options: ${options} leads outside the package` };
    const schema: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return { problem: `modelport.options: ${options} holds no JSON Schema object` };
    return { schema: schema as JsonObject };
  } catch (error) {
    return { problem: isMissing(error) ? `modelport.options: ${options} is not in the package` : `modelport.options: ${options} cannot be read: ${reasonOf(error)}` };
  }
}

function leaves(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
}

/** Finds the static option schema of a plugin: inside its package, or nowhere. */
import { readFileSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { JsonObject } from '@modelport/plugin-api';
import { isMissing } from './package-file.ts';
import { reasonOf } from './thrown-reason.ts';

/** The schema named by a manifest's `options`, or why there is none to read. `folder` is the real folder of the package. */
export function readOptionSchema(options: string | JsonObject, folder: string): { readonly schema: JsonObject } | { readonly problem: string } {
  if (typeof options !== 'string') return { schema: options };
  const read = readPackageJson(options, folder, 'options');
  return 'problem' in read ? read : { schema: read.json };
}

/** The JSON object in a file of a package, as its manifest names it under `key`, or why there is none to read. Never a file outside the package. */
export function readPackageJson(path: string, folder: string, key: string): { readonly json: JsonObject } | { readonly problem: string } {
  const file = join(folder, path);
  const problem = (text: string): { readonly problem: string } => ({ problem: `modelport.${key}: ${path} ${text}` });
  if (isAbsolute(path) || leaves(folder, file)) return problem('lies outside the package');
  try {
    // A link inside the package may lead out of it.
    if (leaves(folder, realpathSync.native(file))) return problem('leads outside the package');
    const json: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof json !== 'object' || json === null || Array.isArray(json)) return problem(`holds no JSON ${key === 'options' ? 'Schema ' : ''}object`);
    return { json: json as JsonObject };
  } catch (error) {
    return problem(isMissing(error) ? 'is not in the package' : `cannot be read: ${reasonOf(error)}`);
  }
}

function leaves(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path === '..' || path.startsWith(`..${sep}`) || isAbsolute(path);
}

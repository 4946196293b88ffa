/** A script from a file. */
import { readFile } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Script } from './script.ts';
import { parseScript } from './script-schema.ts';

/**
 * Reads the rules from a `.json` file, named by its absolute path or `file:` URL. A relative path is refused: a plugin does not know the
 * folder of the config that names it, and the working folder would be a guess. Throws an Error that names the file and what is wrong.
 */
export async function readScript(place: string): Promise<Script> {
  const path = place.startsWith('file:') ? fileURLToPath(place) : place;
  if (!isAbsolute(path)) throw new Error(`options.script is the relative path '${place}': write an absolute path, or the rules themselves`);
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Error(`options.script: the file ${path} cannot be read`, { cause });
  });
  return parseScript(parseJson(text, path), path);
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`options.script: the file ${path} is not JSON`, { cause });
  }
}

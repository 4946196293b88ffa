/** Paths as a person reads them: from the working folder, or from home. */
import { homedir } from 'node:os';
import { dirname, isAbsolute, relative, sep } from 'node:path';

/** A path below the working folder (unless that is the root) without it, one below home with `~`, any other as it is. */
export function shortPath(path: string, cwd = process.cwd()): string {
  const inside = relative(cwd, path);
  if (inside === '') return '.';
  if (!inside.startsWith('..') && !isAbsolute(inside) && dirname(cwd) !== cwd) return inside;
  const home = homedir();
  return path.startsWith(home + sep) ? `~${path.slice(home.length)}` : path;
}

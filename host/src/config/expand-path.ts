/** Path-like values of a config as absolute paths. */
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** `~` and `~/x` become the home folder; `~name` stays, since no other user's home is guessed. */
export function expandHome(path: string): string {
  if (path === '~') return homedir();
  return path.startsWith('~/') || path.startsWith('~\\') ? join(homedir(), path.slice(2)) : path;
}

/** An absolute path, read from the folder of the file that wrote it. */
export function expandPath(path: string, folder: string): string {
  return resolve(folder, expandHome(path));
}

/** Whether the text of a `plugin:` or `extends:` names a path and not a package. */
export function isPathLike(text: string): boolean {
  return /^\.{1,2}([/\\]|$)/.test(text) || /^~([/\\]|$)/.test(text) || isAbsolute(text);
}

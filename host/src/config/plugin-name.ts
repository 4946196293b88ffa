/** The text of a `plugin:` value: a package name, with a version range after it, or a path. */
import { isPathLike } from './expand-path.ts';

/** `@scope/name@^1.2.0` as name and range; a path has no range. */
export function splitPluginName(text: string): { readonly plugin: string; readonly range?: string } {
  const at = isPathLike(text) ? -1 : text.indexOf('@', 1);
  return at < 0 ? { plugin: text } : { plugin: text.slice(0, at), range: text.slice(at + 1) };
}

/** What is wrong with the text of a `plugin:` value, as a sentence; undefined when it can be a package name or a path. */
export function faultOfPluginName(text: string): string | undefined {
  if (isPathLike(text)) return undefined;
  const { plugin, range } = splitPluginName(text);
  if (range === '') return `expected a version range after the "@" of "${text}"`;
  // npm's rule: lower case, at most 214 characters, an optional scope; old names with capitals still install.
  if (plugin.length <= 214 && /^(@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*$/i.test(plugin)) return undefined;
  return `expected an npm package name or a path that begins with "./", got "${text}"`;
}

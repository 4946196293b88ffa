/** `name`, `name@range`, `./folder` or a tarball, as `plugins add` takes it. */
import { resolve } from 'node:path';
import { CommandError } from '../command-error.ts';

/** What is to be installed. */
export interface PackageSpec {
  /** As the package manager takes it; a path is absolute. */
  readonly install: string;
  /** Name of the package; absent for a file, whose package.json tells it. */
  readonly name?: string;
  /** What the config may pin: a range of versions, not a tag. */
  readonly range?: string;
}

/** Reads a spec. Throws USAGE for what is neither, and for characters no range needs. */
export function parsePackageSpec(text: string): PackageSpec {
  // A path is meant from where the command was typed, and the install runs in the project.
  if (/^(\.{0,2}\/|file:)[^\s"'`$;&|<>]+$/.test(text)) return { install: resolve(text.replace(/^file:(\/\/)?/, '')) };
  const [, name, range] = /^((?:@[a-z0-9~][\w.~-]*\/)?[a-z0-9~][\w.~-]*)(?:@([\w.^~<>=| *+-]+))?$/i.exec(text) ?? [];
  if (name === undefined) throw new CommandError('USAGE', `"${text}" is no package: expected NAME or NAME@RANGE.`, 'Write it as npm does: `modelport plugins add "@modelport/openai@^1"`.');
  return { install: text, name, ...(range !== undefined && /^[\^~<>=v]?[=]?\d/.test(range) ? { range } : {}) };
}

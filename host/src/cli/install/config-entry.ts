/** The config entry of a plugin, and its writing into a config file that keeps its comments. */
import { readFile, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { CommandError } from '../command-error.ts';

/** An entry to add. */
export interface ConfigEntry {
  readonly section: 'backends' | 'tools';
  readonly name: string;
  readonly value: { readonly plugin: string; readonly secrets?: Readonly<Record<string, { readonly env: string }>> };
}

/** A name for a backend out of a package's name: without scope and without the customary prefixes. */
export function backendNameOf(packageName: string): string {
  const bare = packageName.toLowerCase().replace(/^@[^/]+\//, '').replace(/^modelport-(?:plugin-)?/, '').replaceAll(/[^a-z0-9-]+/g, '-').replace(/^[^a-z]+|-+$/g, '').slice(0, 40);
  return bare === '' ? 'plugin' : bare;
}

/** The entry as YAML, ready to be pasted. */
export async function entryText({ section, name, value }: ConfigEntry): Promise<string> {
  const { Document } = await import('yaml');
  return new Document({ [section]: { [name]: value } }).toString().trimEnd();
}

/** Adds the entry to a YAML or JSON config; comments and order stay. Throws NOT_EDITABLE for other kinds, FILE_EXISTS for a taken name. */
export async function writeEntry(file: string, entry: ConfigEntry): Promise<void> {
  const before = await readFile(file, 'utf8');
  const extension = extname(file);
  const json = extension === '.json' || (extension === '' && before.trimStart().startsWith('{'));
  if (!json && !['.yaml', '.yml', ''].includes(extension)) {
    throw new CommandError('NOT_EDITABLE', `${file} is not edited by a program: only YAML and JSON configs are.`, `Add this entry yourself:\n${await entryText(entry)}`, { file });
  }
  await writeFile(file, json ? editedJson(before, entry) : await editedYaml(before, entry));
}

function editedJson(text: string, { section, name, value }: ConfigEntry): string {
  const config = JSON.parse(text) as Record<string, Record<string, unknown> | undefined>;
  if (config[section]?.[name] !== undefined) throw taken(section, name);
  config[section] = { ...config[section], [name]: value };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}

async function editedYaml(text: string, { section, name, value }: ConfigEntry): Promise<string> {
  const { isMap, parseDocument } = await import('yaml');
  const document = parseDocument(text);
  if (document.hasIn([section, name])) throw taken(section, name);
  // `backends:` with nothing behind it is null; setIn wants a map.
  if (!isMap(document.getIn([section]))) document.setIn([section], document.createNode({}));
  document.setIn([section, name], document.createNode(value));
  return document.toString({ lineWidth: 0 });
}

function taken(section: string, name: string): CommandError {
  return new CommandError('FILE_EXISTS', `The config has \`${section}.${name}\` already.`, 'Give the new entry another name: `--as NAME`.', { section, name });
}

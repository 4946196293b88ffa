/** The presets that come with the host: compatible vendors as data, from `presets.json` beside the sources. */
import { readFileSync } from 'node:fs';
import type { JsonObject } from '@modelport/plugin-api';

/** One compatible vendor: what a backend that names it begins with, and what is known of the vendor. */
export interface BuiltInPreset {
  /** The vendor, for people. */
  readonly title: string;
  /** Package that speaks the vendor's wire; looked up from the config that names the preset, as any plugin. */
  readonly plugin: string;
  /** Options of that plugin; a backend's own lie over them. */
  readonly options: JsonObject;
  /** Variables the key is read from; a backend's own secret of the name takes its place. */
  readonly secrets: Readonly<Record<string, { readonly env: string; readonly optional?: boolean }>>;
  /** The vendor's page about this interface. */
  readonly docs: string;
  /** What the vendor does otherwise than OpenAI, and what the options above do not cure, a sentence each. */
  readonly limits: readonly string[];
  /** Day the address, the key's variable and the limits were read in the vendor's documentation, `2026-11-21`. */
  readonly checked: string;
  /** Day the vendor ended the service; absent while it serves. */
  readonly retired?: string;
}

let table: Readonly<Record<string, BuiltInPreset>> | undefined;

/** The presets by name, read with the first call. */
export function builtInPresets(): Readonly<Record<string, BuiltInPreset>> {
  table ??= JSON.parse(readFileSync(new URL('../../presets.json', import.meta.url), 'utf8')) as Readonly<Record<string, BuiltInPreset>>;
  return table;
}

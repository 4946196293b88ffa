/** The checked input as a `Config`: aliases as targets, tools as backends, paths absolute, secrets wrapped. */
import { dirname } from 'node:path';
import type { JsonObject } from '@modelport/plugin-api';
import type { SecretReference } from '../secrets/secret-reference.ts';
import { SecretValue } from '../secrets/secret-value.ts';
import { targetsOf } from './check-names.ts';
import type { AliasConfig, BackendConfig, Config, NamedBy, PresetConfig, ToolConfig } from './config-types.ts';
import { expandPath } from './expand-path.ts';
import { deepFreeze } from './freeze.ts';
import { nodeAt, type ConfigPath, type MapNode } from './layer-node.ts';
import { splitPluginName } from './plugin-name.ts';
import type { CheckedInput } from './schema.ts';

type BackendInput = CheckedInput['backends'][string];
type SecretInput = BackendInput['secrets'][string];

/** What building needs beside the input: the tree it was read from, for places, and the folder of values that no file wrote. */
export interface BuildPlaces {
  readonly root: MapNode;
  readonly cwd: string;
}

/** Builds the frozen config. The input must have passed the schema and `checkNames`. */
export function buildConfig(input: CheckedInput, places: BuildPlaces): Config {
  const { $schema: _schema, calls, ...rest } = input;
  const backends: Record<string, BackendConfig> = {};
  for (const [name, backend] of Object.entries(input.backends)) backends[name] = buildBackend(name, backend, 'backends', places);
  const tools: Record<string, ToolConfig> = {};
  for (const [name, tool] of Object.entries(input.tools)) {
    const { plugin, enabled = true, options = {}, secrets = {}, permissions = {}, backend = name, ...choice } = tool;
    if (plugin !== undefined) {
      const declared = { plugin, enabled, eager: false, options, headers: {}, secrets, permissions, models: {} };
      backends[name] = buildBackend(name, declared, 'tools', places);
    }
    tools[name] = { name, backend, ...present(choice) };
  }
  return deepFreeze<Config>({
    ...rest,
    ...present({ calls }),
    backends,
    tools,
    models: mapEntries(input.models, (name, alias) => buildAlias(name, alias, places)),
    presets: mapEntries(input.presets, (name, preset): PresetConfig => ({
      ...present({ plugin: preset.plugin }),
      options: (preset.options ?? {}) as JsonObject,
      secrets: mapEntries(preset.secrets ?? {}, (secret, reference) => buildSecret(secret, reference, ['presets', name, 'secrets', secret], places)),
    })),
    agents: mapEntries(input.agents, (name, agent) => ({ ...agent, name })),
    http: { ...input.http, ca: input.http.ca.map((file, index) => expandPath(file, folderOf(['http', 'ca', index], places))) },
    policy: { ...input.policy, pluginFolders: input.policy.pluginFolders.map((folder, index) => expandPath(folder, folderOf(['policy', 'pluginFolders', index], places))) },
    state: input.state.folder === undefined ? {} : { folder: expandPath(input.state.folder, folderOf(['state', 'folder'], places)) },
  });
}

function buildBackend(name: string, input: BackendInput, section: 'backends' | 'tools', places: BuildPlaces): BackendConfig {
  const { plugin = '', permissions, secrets, options, calls, adapter, preset, export: exported, ...rest } = input;
  const from = namedBy([section, name, 'plugin'], places);
  return {
    name,
    ...splitPluginName(plugin),
    ...present({ adapter, preset, export: exported, calls }),
    ...rest,
    options,
    secrets: mapEntries(secrets, (secret, reference) => buildSecret(secret, reference, [section, name, 'secrets', secret], places)),
    permissions: { net: permissions.net ?? [], env: permissions.env ?? [], files: permissions.files ?? [] },
    from,
    declaredBy: section,
  };
}

function buildAlias(name: string, input: CheckedInput['models'][string], places: BuildPlaces): AliasConfig {
  const node = nodeAt(places.root, ['models', name]);
  const targets = node ? targetsOf(name, node).map(({ text }) => text.trim()) : [];
  if (typeof input === 'string' || Array.isArray(input)) return { name, targets, defaults: {} };
  const { spec: _spec, any: _any, instructions, calls, ...defaults } = input;
  return { name, targets, defaults, ...present({ instructions, calls }) };
}

function buildSecret(name: string, input: SecretInput, path: ConfigPath, places: BuildPlaces): SecretReference {
  if (typeof input === 'string') return { literal: new SecretValue(name, input) };
  const { env, file, command, keychain, literal, ttlMs, optional } = input;
  const more = present({ optional });
  if (env !== undefined) return { env, ...more };
  if (file !== undefined) return { file: expandPath(file, folderOf([...path, 'file'], places)), ...more };
  if (command !== undefined) return { command, ...present({ ttlMs }), ...more };
  if (keychain !== undefined) return { keychain, ...more };
  return { literal: new SecretValue(name, literal ?? ''), ...more };
}

function namedBy(path: ConfigPath, places: BuildPlaces): NamedBy {
  const origin = nodeAt(places.root, path)?.origin;
  if (origin?.file === undefined) return { file: places.cwd, folder: places.cwd };
  return { file: origin.file, folder: dirname(origin.file), ...present({ line: origin.line }) };
}

function folderOf(path: ConfigPath, places: BuildPlaces): string {
  return namedBy(path, places).folder;
}

function mapEntries<In, Out>(record: Readonly<Record<string, In>>, change: (name: string, value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(name, value)]));
}

type Present<Values> = { [Key in keyof Values]?: Exclude<Values[Key], undefined> };

/** The entries that are not undefined. */
function present<Values extends object>(values: Values): Present<Values> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<Values>;
}

/** What an application brings in code: plugins as backends, models as aliases, secrets; as a layer over the config. */
import { definePlugin, type ChatModel, type JsonObject, type Plugin } from '@modelport/plugin-api';
import type { ConfigInput } from '../config/schema.ts';

/** A backend given in code: a plugin, or a plugin with options and secrets. `plugin` may be a package name, as in the config. */
export type BackendOverride = Plugin | {
  readonly plugin: Plugin | string;
  readonly options?: JsonObject;
  /** Values by name, e.g. `{ apiKey: '...' }`. */
  readonly secrets?: Readonly<Record<string, string>>;
};

/** What `createHost({ overrides })` and `host.register()` take. */
export interface Overrides {
  /** Backends by name; they win over the config's. */
  readonly backends?: Readonly<Record<string, BackendOverride>>;
  /** Aliases by name: a spec, an ordered list of specs, or a ready model. They win over the config's. */
  readonly models?: Readonly<Record<string, string | readonly string[] | ChatModel>>;
  /** Secrets by backend and name; they win over the config's references. */
  readonly secrets?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Overrides as a config layer and the plugins it stands for. */
export interface OverrideLayer {
  readonly layer: ConfigInput;
  /** Plugins given in code, by backend. */
  readonly code: ReadonlyMap<string, Plugin>;
}

/** What the layer names in place of a package; the backend's plan finds the plugin itself in `code`. */
const GIVEN_IN_CODE = 'given-in-code';

/** Turns overrides into a layer of the config. */
export function toLayer({ backends = {}, models = {}, secrets = {} }: Overrides): OverrideLayer {
  const code = new Map<string, Plugin>();
  const layer: { backends: Record<string, Record<string, unknown>>; models: Record<string, unknown> } = { backends: {}, models: {} };
  for (const [name, override] of Object.entries(backends)) {
    const { plugin, options, secrets: own } = isPlugin(override) ? { plugin: override, options: undefined, secrets: undefined } : override;
    if (typeof plugin !== 'string') code.set(name, plugin);
    layer.backends[name] = {
      plugin: typeof plugin === 'string' ? plugin : GIVEN_IN_CODE,
      ...(options === undefined ? {} : { options }),
      ...(own === undefined ? {} : { secrets: own }),
    };
  }
  for (const [alias, target] of Object.entries(models)) {
    if (typeof target === 'string' || isList(target)) {
      layer.models[alias] = typeof target === 'string' ? target : [...target];
      continue;
    }
    const backend = `injected-${alias.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-')}`;
    code.set(backend, pluginOf(target));
    layer.backends[backend] = { plugin: GIVEN_IN_CODE };
    layer.models[alias] = `in-code@${backend}`;
  }
  for (const [backend, values] of Object.entries(secrets)) layer.backends[backend] = { ...layer.backends[backend], secrets: values };
  return { layer: layer as unknown as ConfigInput, code };
}

/** Later overrides over earlier ones, name by name. */
export function mergeOverrides(earlier: Overrides, later: Overrides): Overrides {
  return {
    backends: { ...earlier.backends, ...later.backends },
    models: { ...earlier.models, ...later.models },
    secrets: { ...earlier.secrets, ...later.secrets },
  };
}

const plugins = new WeakMap<ChatModel, Plugin>();

/** The same model is the same plugin, so that registering another name keeps its generation. */
function pluginOf(model: ChatModel): Plugin {
  const known = plugins.get(model);
  if (known) return known;
  const plugin = definePlugin({ api: 1, start: () => ({ chatModel: () => model }) });
  plugins.set(model, plugin);
  return plugin;
}

function isPlugin(override: BackendOverride): override is Plugin {
  return 'start' in override;
}

function isList(target: readonly string[] | ChatModel): target is readonly string[] {
  return Array.isArray(target);
}

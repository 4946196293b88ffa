/** What a plugin says about itself in its package.json, read by the host without running it. */
import type { JsonObject } from './json.ts';

/**
 * The value of the `modelport` key in a plugin's package.json. Unknown keys are ignored; a newer `manifest` number is refused
 * with the version of the host that reads it.
 */
export interface Manifest {
  /** Layout of this object. 1 is the only one. */
  readonly manifest: 1;
  /** Short name, `[a-z0-9-]{2,40}`. Need not be unique: the identity of a plugin is its real folder and version. */
  readonly id: string;
  /** Contract range (semver), for example `^1.0.0`. `*` and ranges that name no major are refused. */
  readonly api: string;
  /** What the plugin's providers offer. A member of `Provider` that is not named here is refused at activation. */
  readonly provides: readonly ProvidedKind[];
  /**
   * Static JSON Schema (draft 2020-12) of the options: a path relative to the package's folder, or the schema itself. May be looser
   * than the code's own schema, never stricter. Absent = options are checked only after import.
   */
  readonly options?: string | JsonObject;
  /** The secrets the plugin may ask for with `context.secret(name)`. Default: none. */
  readonly secrets?: readonly ManifestSecret[];
  /** What the plugin touches outside its own memory. Default: nothing. */
  readonly permissions?: ManifestPermissions;
  /** Range of Node versions the plugin needs (semver), checked before import. Default: that of the host. */
  readonly node?: string;
  /** URL of the page a user should read, shown in errors and listings. */
  readonly docs?: string;
  /**
   * Facts of models by their ids, as `ModelInfo` has them but without the id: a path relative to the package's folder, or the object itself.
   * The host lays what the backend lists live over them, and shows them without running the plugin. Default: none.
   */
  readonly models?: string | JsonObject;
  /**
   * The key under which the plugin reads and writes `providerMetadata` and `providerOptions`. Default: `id`. Plugins that speak one
   * vendor's wire format share its dialect, so history made by one is native to the other.
   */
  readonly dialect?: string;
  /**
   * Makes the plugin an adapter (`adapter:` in the config): the path of a JSON file in the package, `{ "packages": { "<name>": { "secrets",
   * "permissions" } } }`, that says of the packages it wraps what their manifests would say. `*` is the row of those that have none; one
   * without `permissions.net` may reach any public host. What a wrapped package provides is seen when it starts. Absent = no adapter.
   */
  readonly adapts?: string;
}

/** One word of a manifest's `provides`, and the `Provider` member it announces. */
export type ProvidedKind =
  /** `chatModel` */
  | 'chat'
  /** `embeddingModel` */
  | 'embedding'
  /** `rerankModel` */
  | 'rerank'
  /** `listModels`, `describeModel` */
  | 'models'
  /** `local` */
  | 'local'
  /** `tools` */
  | 'tools';

/** The closed list of words a version 1 manifest may use in `provides`. */
export const PROVIDED_KINDS: readonly ProvidedKind[] = Object.freeze(['chat', 'embedding', 'rerank', 'models', 'local', 'tools'] as const);

/** Words kept for a later minor version: refused today with a message that says so, so that nobody gives them another meaning. */
export const RESERVED_KINDS: readonly string[] = Object.freeze(['store', 'hooks', 'secrets', 'image', 'speech', 'transcription'] as const);

/** A secret a plugin may ask for. Its value is never in the manifest and never in the options. */
export interface ManifestSecret {
  /** The name given to `context.secret(name)` and used in the config under `secrets`. */
  readonly name: string;
  /**
   * Environment variables looked up in order when the config names no source. They hold keys for the vendor's own hosts: a backend whose
   * `option:` URL leads to a host that `permissions.net` does not name gets no value from them, and does not require one. Default: none.
   */
  readonly env?: readonly string[];
  /** True = without it the backend's state is `needs secret` and no call starts. Default false. */
  readonly required?: boolean;
  /** URL where a user gets one, shown when it is missing. */
  readonly obtain?: string;
}

/** What a plugin touches outside its own memory. A guard against accidents, not against attacks. */
export interface ManifestPermissions {
  /**
   * Hosts (`api.acme.ai`, `*.acme.ai`, `localhost:11434`) or `option:<name>`: the host of the URL a user wrote into that option is
   * allowed by having been written. Default: none.
   */
  readonly net?: readonly string[];
  /** Environment variables read directly, for vendor SDKs that do; a plugin's own secrets need no entry. Default: none. */
  readonly env?: readonly string[];
  /** Files and folders read directly, `~` allowed. The plugin's `dataFolder` needs no entry. Default: none. */
  readonly files?: readonly string[];
  /** Programs started, by name. Default: none. */
  readonly spawn?: readonly string[];
}

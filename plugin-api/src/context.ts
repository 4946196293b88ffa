/** All that a plugin gets from the host: its options, its secrets, a way to the network, and for each call what the call is about. */
import type { HttpClient } from './http.ts';
import type { Open } from './open.ts';

/** What a plugin is started with. One context per generation of a backend; nothing in it changes while the generation lives. */
export interface PluginContext<Options = unknown> {
  /** The contract this host offers. */
  readonly api: {
    /** Contract version of the host (semver), for example `1.2.0`. */
    readonly version: string;
    /** Whether the host offers a named feature of the contract (`CONTRACT_FEATURES`, and the words later minors add). */
    has(feature: string): boolean;
  };
  /** Name of the backend: its key in the config. For logs and messages; use it in no wire field, it is the user's own word. */
  readonly backend: string;
  /** The validated options: the output of the plugin's schema, frozen. */
  readonly options: Options;
  /**
   * A secret by its manifest name. Constant for the generation: rotation makes a new generation. A name the manifest does not
   * declare throws INTERNAL; a declared secret that is not set is returned with `present: false`.
   */
  secret(name: string): Secret;
  /** The HTTP client every plugin should use: pools, limits, allow-list, proxy, redaction and recording are in it. */
  readonly http: HttpClient;
  /** Log of this backend. Secrets are redacted by value; never pass a prompt or an answer. */
  readonly log: Logger;
  /** Absolute path of a folder that belongs to this backend alone. Made on first use, kept over restarts. */
  readonly dataFolder: string;
  /** The foreign package behind `adapter:` in the config. Absent for every plugin that is not an adapter. */
  readonly target?: AdapterTarget;
  /** Aborts when the generation must be gone; its calls are aborted by then. For background work a plugin started itself. */
  readonly signal: AbortSignal;
  /** Tells the host that what it cached of this backend is stale, so it asks again when it next needs it. Never required. */
  changed(what: Open<'models' | 'tools' | 'health'>): void;
}

/** The package an adapter wraps, found by the host and not yet run. */
export interface AdapterTarget {
  /** Package name. */
  readonly name: string;
  /** Version found. */
  readonly version: string;
  /** The export the config names (`export:`). Absent = the adapter finds it. */
  readonly export?: string;
  /** The secrets this backend may ask for: those the adapter declares for the package, then those only the config names. Absent on hosts of contract 1.0.0. */
  readonly secrets?: readonly AdapterSecret[];
  /** Runs the package and resolves with its module. Rejects with what the import threw. */
  import(): Promise<unknown>;
}

/** A secret an adapter may pass on to the package it wraps. */
export interface AdapterSecret {
  /** The name for `context.secret(name)`. */
  readonly name: string;
  /** Whether the package cannot do without. */
  readonly required: boolean;
}

/** A secret value that shows as `[secret <name>]` when printed, logged, serialised or thrown. */
export interface Secret {
  /** Its name in the manifest. */
  readonly name: string;
  /** Whether a value was found. */
  readonly present: boolean;
  /** The value, for the one line that puts it on the wire. Throws AUTH_MISSING, naming the config path and variables, when there is none. */
  reveal(): string;
}

/** Structured log: one short text that stays the same from call to call, and the facts that vary. */
export type Logger = Readonly<Record<'debug' | 'info' | 'warn' | 'error', (text: string, facts?: object) => void>>;

/** One started request: the last argument of everything that waits. Holds what cannot change the answer; what can stands in the request. */
export interface Call {
  /** Id of the call, unique in the host, the same over retries. */
  readonly id: string;
  /** Aborts on cancel, on a limit, and when the host closes. Always there; on abort reject with `signal.reason` and nothing else. */
  readonly signal: AbortSignal;
  /** Number of this attempt, 1 = first. A plugin never retries by itself: the host does, and a retry is a new attempt. */
  readonly attempt: number;
  /** Id of the conversation or task the call belongs to, for vendors that take one. Absent = none. */
  readonly sessionId?: string;
  /** The caller's own labels, for vendors that take them. Absent = none. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** True = yield a `raw` part for every event of the wire, before the parts made of it. Default false. */
  readonly includeRaw?: boolean;
}

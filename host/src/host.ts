/** createHost(): from a config file to models and tools that can be injected, a line for each step of the flow. */
import type { Health, JsonObject, Logger, ModelInfo } from '@modelport/plugin-api';
import type { ConfigInput } from './config/schema.ts';
import type { Container } from './container/container.ts';
import type { AISDKProvider, AISDKSpecification } from './edge/ai-sdk-types.ts';
import { supportedUrls } from './edge/supported-urls.ts';
import { toAISDK, type AISDKOptions } from './edge/to-ai-sdk.ts';
import { modelportError } from './errors/modelport-error.ts';
import { readConfig, type ConfigSource, type LoadedConfig } from './flow/config.ts';
import type { LoadLimits } from './flow/plugin.ts';
import { createContainer, registerSnapshot } from './flow/register.ts';
import { checkHealth, listModels, optionSchema, type AskOptions } from './lifecycle/ask-backend.ts';
import { probeModel, type ProbeOptions, type ProbeResult } from './models/probe.ts';
import { createServices, discoveryOf } from './lifecycle/create-services.ts';
import { describeHost, type HostDescription } from './lifecycle/describe.ts';
import { quarantineCrashed } from './lifecycle/crashes.ts';
import { createHandles, type HostHandles } from './lifecycle/host-handles.ts';
import { checkAllHealth, type BackendHealth, type HealthOptions } from './models/backend-health.ts';
import { mergeOverrides, toLayer, type Overrides } from './lifecycle/overrides.ts';
import { Reloader, type ReloadOutcome } from './lifecycle/reload.ts';
import { Runtime } from './lifecycle/runtime.ts';
import { createSnapshot, type SnapshotSurroundings } from './lifecycle/snapshot.ts';
import { watchConfig } from './lifecycle/watch.ts';

/** Options of `createHost`. */
export interface HostOptions {
  /** A config file, or a config as an object. Default: the file found from the working folder upward. */
  readonly config?: string | ConfigInput;
  /** Profiles laid over the config, in order; several may stand in one string, divided by commas. Default: MODELPORT_PROFILE. */
  readonly profile?: string | readonly string[];
  /** Single values over the config, as the CLI's `--set` takes them: `models.default=gpt-5@openai`. */
  readonly set?: readonly string[];
  /** Plugins, models and secrets given in code; they win over the config. */
  readonly overrides?: Overrides;
  /** `none` = every backend counts as switched off, whatever the config says: for looking at a config whose plugins make trouble. */
  readonly plugins?: 'none';
  /**
   * Whether the config may run commands to get secrets. Default: where it is given in code, lies in the user's home or config folder, or was
   * trusted with `modelport trust`. An application that ships its config with it says true.
   */
  readonly trust?: boolean;
  /** Follow edits of the config file. Default: the config's `reload.watch`. */
  readonly watch?: boolean;
  /** Closes the host when it aborts. */
  readonly signal?: AbortSignal;
  /** Takes the host's and the plugins' log lines, redacted. Default: lines on stderr from the config's `log.level` up. */
  readonly log?: Logger;
  /** Time limits of loading a plugin. Default: 10 s for the import, 10 s for `start()`. */
  readonly limits?: Partial<LoadLimits>;
  /** Where the search for a config begins. Default: the working folder of the process. */
  readonly cwd?: string;
  /** Variables for `${VAR}`, secrets and MODELPORT_*. Default: those of the process. */
  readonly environment?: NodeJS.ProcessEnv;
  /** npm's global prefix, when the program itself runs from it: plugins installed there are found last. */
  readonly globalPrefix?: string;
}

/** Options of `host.reload`. */
export interface ReloadOptions {
  /** Also retire generations whose successor could not start: for a key that leaked. Default false. */
  readonly force?: boolean;
}

/** Time running calls have when a host closes, in milliseconds. */
const CLOSE_DRAIN_MS = 10_000;

/** A running host. Close it when done, or hold it with `await using`. */
export interface Host extends HostHandles, AsyncDisposable {
  /** Injects handles, tools and the application's own things into classes. */
  readonly container: Container;
  /** Everything there is, as plain data. Runs no plugin code. */
  describe(): Promise<HostDescription>;
  /** Reads the config again and moves traffic to what it says now. An invalid config changes nothing. Never rejects. */
  reload(options?: ReloadOptions): Promise<ReloadOutcome>;
  /** Adds backends and models in code. Throws CONFIG_INVALID, or TOKEN_TAKEN when a name is taken and `override` is not set. */
  register(overrides: Overrides, options?: { readonly override?: boolean }): Promise<void>;
  /** Takes back what `register` or `overrides` brought; running calls drain. */
  unregister(names: { readonly backends?: readonly string[]; readonly models?: readonly string[] }): Promise<void>;
  /** Tries a quarantined backend again. Resolves with its state afterwards. */
  retry(backend: string): Promise<HostDescription['backends'][number]['state']>;
  /** The models a backend lists now; starts it. Throws BACKEND_REMOVED, NOT_PROVIDED, or what the backend met. */
  listModels(backend: string, options?: AskOptions): Promise<readonly ModelInfo[]>;
  /** The health of a backend by its own free check, `unknown` where it has none; starts it. Throws BACKEND_REMOVED, or what the backend met. */
  checkHealth(backend: string, options?: AskOptions): Promise<Health>;
  /** Asks a model one short question, which a vendor may charge for. Throws what the call met. */
  probe(spec: string, options?: ProbeOptions): Promise<ProbeResult>;
  /**
   * How every backend feels, asked at the same time, each within its limit; starts those that idle. A backend that fails or cannot start is
   * told as unhealthy beside the others. Throws BACKEND_REMOVED for an unknown name, HOST_CLOSED and ABORTED.
   */
  health(options?: HealthOptions): Promise<BackendHealth[]>;
  /** The options a backend's plugin takes, as the JSON Schema in its package says; `undefined` without one. Runs no plugin code. Throws BACKEND_REMOVED. */
  optionSchema(backend: string): Promise<JsonObject | undefined>;
  /** A text without the secrets this host has seen, in any of the forms they travel in: for printing what others wrote. */
  redact(text: string): string;
  /**
   * Every model as a provider of the AI SDK: aliases and specs are its model ids, and a backend starts with its first question. `spec` is
   * the version of the specification: `v4` (default) for ai@7, `v3` for ai@6.
   */
  toAISDK<Spec extends AISDKSpecification = 'v4'>(options?: AISDKOptions<Spec>): AISDKProvider<Spec>;
  /** Refuses new calls, lets running ones finish for up to `drainMs` (default 10000, or `reload.drainMs` where that is less), then closes everything in reverse order. Idempotent. */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}

/**
 * Makes a host. Boot reads the config and the plugins' manifests and runs none of their code, unless a backend is `eager`. A plugin that
 * cannot serve is quarantined alone: `describe()` tells why. Throws CONFIG_NOT_FOUND, CONFIG_UNREADABLE and CONFIG_INVALID.
 */
export async function createHost(options: HostOptions = {}): Promise<Host> {
  options.signal?.throwIfAborted();
  const source = toSource(options);
  const overrides = options.overrides ?? {};
  const { layer, code } = toLayer(overrides);
  const loaded = await readConfig({ ...source, overlay: layer });
  const services = createServices(loaded, options, () => runtime.snapshot.config);
  const surroundings = (current: LoadedConfig): Omit<SnapshotSurroundings, 'code'> => ({ discovery: discoveryOf(current, options), environment: services.environment, switchedOff: options.plugins === 'none', trust: options.trust });
  const snapshot = await createSnapshot(1, loaded, { ...surroundings(loaded), code });
  const runtime: Runtime = new Runtime(services, snapshot);
  const handles = createHandles(runtime);
  const container = createContainer(handles);
  registerSnapshot(container, handles, snapshot);
  const reloader = new Reloader({ runtime, source, overrides, surroundings, onSnapshot: (next) => { registerSnapshot(container, handles, next); } });
  const unwatch = (options.watch ?? loaded.config.reload.watch) ? watchConfig(() => reloader.files, () => reloader.reload()) : undefined;
  const forgetCrashes = quarantineCrashed(runtime);
  let closing: Promise<void> | undefined;
  const close = (drainMs = Math.min(CLOSE_DRAIN_MS, runtime.snapshot.config.reload.drainMs)): Promise<void> => (closing ??= closeAll(drainMs));
  const onAbort = (): void => void close(0).catch(() => undefined);
  const closeAll = async (drainMs: number): Promise<void> => {
    options.signal?.removeEventListener('abort', onAbort);
    unwatch?.();
    await runtime.drain(drainMs);
    try {
      // What the application made stands on the backends, so it closes before them.
      await container.close();
    } finally {
      await runtime.close();
      await services.http.destroy();
      services.guard?.close();
      await services.wireLog?.close();
      forgetCrashes();
      services.events.tell('host:closed', undefined);
    }
  };
  options.signal?.addEventListener('abort', onAbort, { once: true });
  if (loaded.warnings.length > 0) setImmediate(() => services.events.tell('config:warned', { warnings: loaded.warnings }));
  await Promise.all(runtime.backends.filter(({ plan }) => plan.config.eager).map((backend) => backend.start()));
  if (options.signal?.aborted) {
    await close(0).catch(() => undefined);
    options.signal.throwIfAborted();
  }

  return Object.freeze({
    ...handles,
    container,
    describe: () => describeHost(runtime, container.list()),
    reload: async ({ force = false }: ReloadOptions = {}) => {
      const outcome = await reloader.reload();
      if (!force || 'error' in outcome) return outcome;
      // A newer edit that took this one's place holds what is to be forced now.
      if (outcome.applied) await outcome.settled;
      else await reloader.idle();
      for (const backend of runtime.backends) backend.retireStale();
      return outcome;
    },
    register: (added: Overrides, { override = false }: { readonly override?: boolean } = {}) => reloader.override((current) => mergeOverrides(current, override ? added : unused(added, runtime))),
    unregister: ({ backends = [], models = [] }: { readonly backends?: readonly string[]; readonly models?: readonly string[] }) => reloader.override((current) => ({ ...current, backends: without(current.backends, backends), models: without(current.models, models) })),
    retry: async (name: string) => {
      await reloader.retry(name);
      return runtime.backend(name).state;
    },
    listModels: (name: string, asked?: AskOptions) => listModels(runtime, name, asked),
    checkHealth: (name: string, asked?: AskOptions) => checkHealth(runtime, name, asked),
    probe: (spec: string, asked?: ProbeOptions) => probeModel(handles.models.get(spec), asked),
    health: (asked?: HealthOptions) => checkAllHealth(runtime, asked),
    optionSchema: async (name: string) => optionSchema(runtime, name),
    redact: (text: string) => services.redactor.redact(text),
    toAISDK: <Spec extends AISDKSpecification = 'v4'>(asked?: AISDKOptions<Spec>) => toAISDK({ ...handles, supportedUrls: (name) => supportedUrls(runtime, name) }, asked),
    close: ({ drainMs }: { readonly drainMs?: number } = {}) => close(drainMs),
    [Symbol.asyncDispose]: () => close(),
  });
}

function toSource({ config, profile, set, cwd, environment }: HostOptions): ConfigSource {
  return {
    ...(typeof config === 'string' ? { file: config } : config === undefined ? {} : { value: config }),
    ...(profile === undefined ? {} : { profiles: typeof profile === 'string' ? [profile] : profile }),
    ...(set === undefined ? {} : { set }),
    ...(cwd === undefined ? {} : { cwd }),
    ...(environment === undefined ? {} : { environment }),
  };
}

/** The additions, refused where a name is taken. */
function unused(added: Overrides, runtime: Runtime): Overrides {
  const { config, loaded } = runtime.snapshot;
  for (const [section, names] of [['backends', Object.keys(added.backends ?? {})], ['models', Object.keys(added.models ?? {})]] as const) {
    for (const name of names) {
      if (!(name in config[section])) continue;
      const origin = loaded.origin([section, name]);
      throw modelportError('TOKEN_TAKEN', { token: `${section}.${name}`, owner: origin?.file ?? 'the application', newcomer: 'host.register()' });
    }
  }
  return added;
}

function without<T>(record: Readonly<Record<string, T>> | undefined, names: readonly string[]): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(record ?? {}).filter(([name]) => !names.includes(name)));
}

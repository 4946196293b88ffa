/** What a plugin is handed when it starts: its options, its secrets, its way to the network, and nothing of the host. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CallError, CONTRACT_FEATURES, CONTRACT_VERSION, type AdapterTarget, type Call, type PluginContext } from '@modelport/plugin-api';
import { modelportError } from '../errors/modelport-error.ts';
import type { FoundPackage } from '../flow/discover.ts';
import { importPackage, versionImportedBefore } from '../flow/plugin.ts';
import type { HttpLimits } from '../http/settings.ts';
import { childLogger } from '../log/logger.ts';
import type { BackendSecrets } from '../secrets/backend-secrets.ts';
import { networkGrant } from './network-grant.ts';
import type { BackendPlan } from './plan.ts';
import type { Services } from './services.ts';

/** What the host fills a context with. */
export interface ContextParts {
  readonly plan: BackendPlan;
  readonly services: Services;
  readonly secrets: BackendSecrets;
  /** Validated options, frozen. */
  readonly options: unknown;
  /** Aborts when the generation must be gone. */
  readonly signal: AbortSignal;
  /** Called when the plugin says that something the host cached is stale. */
  readonly changed: (what: string) => void;
}

/** Makes the context of one generation. */
export function createContext({ plan, services, secrets, options, signal, changed }: ContextParts): PluginContext {
  const features: readonly string[] = CONTRACT_FEATURES;
  let dataFolder: string | undefined;
  const context = {
    api: Object.freeze({ version: CONTRACT_VERSION, has: (feature: string) => features.includes(feature) }),
    backend: plan.name,
    options,
    secret: (name: string) => {
      const secret = secrets.get(name);
      if (secret) return secret;
      throw new CallError('INTERNAL', `${plan.plugin} asks for the secret "${name}", which its manifest does not declare.`);
    },
    http: services.http.clientFor({
      ...networkGrant(plan),
      headers: plan.config.headers,
      // The call's own timer holds the other limits; what an alias says of connecting comes with the call.
      limits: connectLimit(services.timeoutsOf(plan.name).connectMs),
      forCall: ({ connectMs }: Call & { readonly connectMs?: number }) => (connectMs === undefined ? undefined : { limits: connectLimit(connectMs) }),
      fetchLimits: () => services.timeoutsOf(plan.name),
      fetchSignal: signal,
      redact: (text) => services.redactor.redact(text),
      observers: services.wireLog === undefined ? [] : [services.wireLog],
    }),
    log: childLogger(services.log, plan.name, services.redactor),
    get dataFolder(): string {
      if (dataFolder === undefined) {
        dataFolder = join(services.stateFolder, 'data', plan.name);
        mkdirSync(dataFolder, { recursive: true, mode: 0o700 });
      }
      return dataFolder;
    },
    ...(plan.target === undefined ? {} : { target: adapterTarget(plan, plan.target, secrets, services) }),
    signal,
    changed,
  };
  return Object.freeze(context);
}

function connectLimit(connectMs: number): HttpLimits {
  return { connectMs, firstPartMs: 0, idleMs: 0, totalMs: 0 };
}

function adapterTarget({ name: backend, config }: BackendPlan, target: FoundPackage, { status }: BackendSecrets, { limits, events }: Services): AdapterTarget {
  const { name, version, folder } = target;
  return Object.freeze({
    name, version, ...(config.export === undefined ? {} : { export: config.export }),
    secrets: Object.freeze(status.map(({ name: secret, required }) => Object.freeze({ name: secret, required }))),
    import: () => {
      const imported = versionImportedBefore(target);
      if (imported !== undefined) throw modelportError('PLUGIN_RESTART_NEEDED', { plugin: name, version, folder, imported }, { plugin: name, backend });
      return importPackage(target, limits, (importMs) => events.tell('plugin:loaded', { plugin: name, version, folder, importMs }));
    },
  });
}

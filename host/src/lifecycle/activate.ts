/** Brings a backend to life: import, options, secrets, context, start; what comes out is a generation. */
import type { Manifest, Plugin } from '@modelport/plugin-api';
import { modelportError } from '../errors/modelport-error.ts';
import { loadPlugin, startPlugin, validateOptions, versionImportedBefore } from '../flow/plugin.ts';
import { resolveBackendSecrets } from '../secrets/backend-secrets.ts';
import { createContext } from './context.ts';
import { inCrashFrame } from './crash-watch.ts';
import { Generation } from './generation.ts';
import { networkGrant } from './network-grant.ts';
import type { BackendPlan } from './plan.ts';
import type { Services } from './services.ts';

/** A manifest for plugins given in code: what they provide is seen when they start. */
const codeManifest: Manifest = Object.freeze({ manifest: 1, id: 'code', api: '^1.0.0', provides: [] });

/**
 * Starts one generation. Throws the plan's own failure, or the ModelportError of the step that failed. When `starting` aborts, the
 * start is given up; a provider that comes late is closed. What the plugin does in the background runs under `starting` as its frame.
 */
export async function activate(plan: BackendPlan, number: number, services: Services, starting: AbortController, changed: (what: string) => void): Promise<Generation> {
  const { signal } = starting;
  if (plan.failure) throw plan.failure;
  const { config, found } = plan;
  const manifest = plan.manifest ?? codeManifest;
  const secrets = await resolveBackendSecrets(config, plan.manifest, { environment: services.environment, redactor: services.redactor, trusted: plan.trusted, runCommands: true });
  if (secrets.missing) throw secrets.missing;
  signal.throwIfAborted();
  const plugin = plan.code ?? (await load(plan, manifest, services));
  signal.throwIfAborted();
  const options = await validateOptions({ plugin, backend: plan.name, declaredBy: config.declaredBy, pluginName: plan.plugin, found, options: config.options, limits: services.limits, place: (path) => plan.place(['options', ...path]) });
  const controller = new AbortController();
  const giveUp = (): void => controller.abort(signal.reason);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const context = createContext({ plan, services, secrets, options, signal: controller.signal, changed });
    const { guard } = services;
    const grant = guard && networkGrant(plan);
    const start: Plugin['start'] = (given) => (guard && grant ? guard.run(grant, () => plugin.start(given)) : plugin.start(given));
    const watched: Plugin = { ...plugin, start: (given) => inCrashFrame(starting, () => start(given)) };
    const provider = await startPlugin({ plugin: watched, context, backend: plan.name, found, manifest, limits: services.limits, signal, redactor: services.redactor });
    return new Generation(plan.name, number, plan.identity, guard && grant ? guard.provider(grant, provider) : provider, controller, starting);
  } catch (error) {
    controller.abort(error);
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

async function load(plan: BackendPlan, manifest: Manifest, services: Services): Promise<Plugin> {
  const found = plan.found as NonNullable<typeof plan.found>;
  const imported = versionImportedBefore(found);
  if (imported !== undefined) throw modelportError('PLUGIN_RESTART_NEEDED', { plugin: found.name, version: found.version, folder: found.folder, imported }, { plugin: found.name, backend: plan.name });
  const loaded = await loadPlugin(found, manifest, services.limits);
  if (loaded.importMs !== undefined) services.events.tell('plugin:loaded', { plugin: found.name, version: found.version, folder: found.folder, importMs: loaded.importMs });
  return loaded.plugin;
}

/** Makes what the parts of one host share, by its config. */
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Logger } from '@modelport/plugin-api';
import type { LoadedConfig } from '../flow/config.ts';
import type { DiscoverOptions } from '../flow/discover.ts';
import { defaultLoadLimits, type LoadLimits } from '../flow/plugin.ts';
import { createHttp } from '../http/http.ts';
import { defaultHttpLimits, type HttpLimits } from '../http/settings.ts';
import { WireLog } from '../http/wire-log.ts';
import { createLogger } from '../log/logger.ts';
import { parsePluginPath } from '../packages/search-places.ts';
import { credentialsOfUrl } from '../secrets/configured-credentials.ts';
import { Redactor } from '../secrets/redact.ts';
import { Events } from './events.ts';
import { PluginGuard } from './plugin-guard.ts';
import type { Services } from './services.ts';

/** What an application may decide of the services. */
export interface ServiceSettings {
  readonly log?: Logger;
  readonly limits?: Partial<LoadLimits>;
  readonly environment?: NodeJS.ProcessEnv;
  readonly globalPrefix?: string;
}

/** Makes the services of a host. `current` answers with the config in force: some settings may change while the host runs. */
export function createServices(loaded: LoadedConfig, { log, limits, environment = process.env }: ServiceSettings, current: () => LoadedConfig['config']): Services {
  const redactor = new Redactor();
  const { config } = loaded;
  const { http, store } = config;
  for (const url of [http.proxy, typeof store === 'string' ? '' : store.url]) for (const [name, value] of credentialsOfUrl(url)) redactor.add(name, value);
  const logger = log ?? createLogger(config.log.level, redactor);
  const wireLog = http.wireLog === false ? undefined : new WireLog({
    file: http.wireLog === true ? join(stateFolderOf(loaded), 'wire.jsonl') : resolve(configFolderOf(loaded), http.wireLog),
    onError: (error) => logger.warn('the wire log is off: it cannot be written', { reason: error.message }),
  });
  const events = new Events();
  return {
    events,
    redactor,
    log: logger,
    http: createHttp({ proxy: http.proxy === 'env' ? 'environment' : http.proxy, environment, ca: http.ca, maxConnections: http.maxConnections, allowPrivate: http.allowPrivate }),
    wireLog,
    guard: config.policy.socketGuard ? new PluginGuard(events, logger) : undefined,
    environment,
    limits: { ...defaultLoadLimits, ...limits },
    stateFolder: stateFolderOf(loaded),
    timeoutsOf: (backend) => {
      const { calls, backends } = current();
      return { ...defaultHttpLimits, ...calls?.timeouts, ...backends[backend]?.calls?.timeouts } as HttpLimits;
    },
    drainMs: () => current().reload.drainMs,
  };
}

/** Where packages are looked for beside the folders above the config. */
export function discoveryOf(loaded: LoadedConfig, { environment = process.env, globalPrefix }: ServiceSettings): DiscoverOptions {
  return {
    pluginFolders: [...loaded.config.policy.pluginFolders, ...parsePluginPath(environment['MODELPORT_PLUGIN_PATH'])],
    storeFolder: join(stateFolderOf(loaded), 'plugins'),
    ...(globalPrefix === undefined ? {} : { globalPrefix }),
  };
}

/** `state.folder`, else `.modelport` beside the config file, else the user's state folder. */
function stateFolderOf(loaded: LoadedConfig): string {
  if (loaded.config.state.folder !== undefined) return loaded.config.state.folder;
  return loaded.files.length === 0 ? join(homedir(), '.local', 'state', 'modelport') : join(configFolderOf(loaded), '.modelport');
}

/** The folder of the config file; without one, the working folder. */
function configFolderOf({ files }: LoadedConfig): string {
  const file = files.at(-1);
  return file === undefined ? process.cwd() : dirname(file);
}

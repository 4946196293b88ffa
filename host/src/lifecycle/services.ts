/** What the parts of a running host have in common: made once in `createHost`, passed down, never global. */
import type { Logger } from '@modelport/plugin-api';
import type { LoadLimits } from '../flow/plugin.ts';
import type { Http } from '../http/http.ts';
import type { HttpLimits } from '../http/settings.ts';
import type { WireLog } from '../http/wire-log.ts';
import type { Redactor } from '../secrets/redact.ts';
import type { Events } from './events.ts';
import type { PluginGuard } from './plugin-guard.ts';

/** The services of one host. */
export interface Services {
  readonly events: Events;
  readonly redactor: Redactor;
  readonly log: Logger;
  readonly http: Http;
  /** Logs what goes over the wire, where `http.wireLog` asks for it. */
  readonly wireLog: WireLog | undefined;
  /** Watches the sockets plugins open by themselves, where `policy.socketGuard` asks for it. */
  readonly guard: PluginGuard | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly limits: LoadLimits;
  /** Folder of the host's own state; each backend's data folder lies in it. */
  readonly stateFolder: string;
  /** Time limits of a backend's requests as the config says now: its own, else the top level's, else the defaults, key by key. */
  timeoutsOf(backend: string): HttpLimits;
  /** How long a retired generation may finish its calls, in milliseconds. */
  drainMs(): number;
}

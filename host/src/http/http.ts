/** HTTP for a whole host: one set of connections, and a client for each backend. */
import type { HttpClient } from '@modelport/plugin-api';
import { BackendHttp } from './client.ts';
import { Connections } from './connections.ts';
import type { HttpGrant, HttpSettings } from './settings.ts';

/** The network of one host. Close it after the last call. */
export interface Http {
  /** The client of one backend. Opens nothing and imports nothing; several backends share connections where they may. */
  clientFor(grant: HttpGrant): HttpClient;
  /** Waits for running requests to end, then closes every connection; later requests throw NETWORK. Idempotent. An answer nobody reads is waited for too: `destroy` ends those. */
  close(): Promise<void>;
  /** Breaks running requests with NETWORK and closes every connection. Idempotent. */
  destroy(): Promise<void>;
}

/** Makes the network of a host. Nothing is opened, read or imported before the first request. */
export function createHttp(settings: HttpSettings = {}): Http {
  const connections = new Connections(settings);
  return {
    clientFor: (grant) => new BackendHttp(grant, connections, settings.allowPrivate ?? false),
    close: () => connections.close(),
    destroy: () => connections.destroy(),
  };
}

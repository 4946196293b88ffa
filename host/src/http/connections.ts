/** The host's connections: a pool per origin, made with undici, which is imported with the first request. */
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { readFile } from 'node:fs/promises';
import type { LookupFunction } from 'node:net';
import { getCACertificates } from 'node:tls';
import { CallError } from '@modelport/plugin-api';
import type { Agent, Dispatcher, buildConnector as BuildConnector } from 'undici';
import { isPrivateAddress } from './address.ts';
import type { Wire } from './exchange.ts';
import type { Reach } from './host-policy.ts';
import { PrivateAddressError } from './network-error.ts';
import { proxyFrom } from './proxy.ts';
import type { HttpSettings } from './settings.ts';

/** Most bytes of headers in an answer: some gateways send long ones. */
const headerBytes = 64 * 1024;

/** Connections of one reach: a host allowed on public addresses only never shares one with a host that may be private. */
class Lane implements Wire {
  readonly dispatcher: Dispatcher;
  readonly #agent: Agent | undefined;
  readonly #maxConnections: number;
  readonly #connecting: { fresh: boolean };

  constructor(dispatcher: Dispatcher, agent: Agent | undefined, maxConnections: number, connecting: { fresh: boolean }) {
    this.dispatcher = dispatcher;
    this.#agent = agent;
    this.#maxConnections = maxConnections;
    this.#connecting = connecting;
  }

  onNewConnection(): boolean {
    // Behind a proxy nothing tells new connections from used ones, so all count as new.
    return this.#agent === undefined || this.#connecting.fresh;
  }

  isSaturated(origin: string): boolean {
    const stats = this.#agent?.stats[origin];
    return stats !== undefined && stats.running >= this.#maxConnections;
  }
}

type Lanes = Readonly<Record<Reach, Lane>>;

/** All connections of one host. */
export class Connections {
  readonly #settings: HttpSettings;
  #lanes: Lanes | undefined;
  #opening: Promise<Lanes> | undefined;
  #connectMs = 0;
  #closed = false;

  constructor(settings: HttpSettings) {
    this.#settings = settings;
  }

  /** A connection attempt is given up after the longest `connectMs` of all backends; 0 of any of them = never. */
  allowConnectMs(connectMs: number): void {
    this.#connectMs = connectMs === 0 || this.#connectMs === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : Math.max(this.#connectMs, connectMs);
  }

  /** The connections for hosts of a reach; a promise only while undici is being imported. Throws NETWORK when a CA file cannot be read. */
  lane(reach: Reach): Lane | Promise<Lane> {
    if (this.#closed) throw new CallError('NETWORK', 'The request cannot be sent: the HTTP client is closed.', { retryable: false });
    if (this.#lanes !== undefined) return this.#lanes[reach];
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      throw error;
    });
    return this.#opening.then((lanes) => lanes[reach]);
  }

  /** Waits for running requests to end, then closes every connection. An answer nobody reads is waited for too: `destroy` ends those. */
  async close(): Promise<void> {
    this.#closed = true;
    const lanes = await this.#opening?.catch(() => undefined);
    if (lanes !== undefined) await Promise.all(Object.values(lanes).map(async ({ dispatcher }) => { await dispatcher.close().catch(ignoreClosed); }));
  }

  /** Breaks every running request with NETWORK and closes every connection. */
  async destroy(): Promise<void> {
    this.#closed = true;
    const lanes = await this.#opening?.catch(() => undefined);
    if (lanes !== undefined) await Promise.all(Object.values(lanes).map(async ({ dispatcher }) => { await dispatcher.destroy(); }));
  }

  async #open(): Promise<Lanes> {
    const [undici, ca] = await Promise.all([import('undici'), this.#authorities()]);
    const tls = ca === undefined ? {} : { ca };
    const lanes = { public: this.#lane(undici, tls, publicLookup), any: this.#lane(undici, tls, undefined) };
    this.#lanes = lanes;
    return lanes;
  }

  #lane(undici: typeof import('undici'), tls: { ca?: string[] }, lookup: LookupFunction | undefined): Lane {
    const maxConnections = this.#settings.maxConnections ?? 64;
    const connecting = { fresh: false };
    const options: Agent.Options = {
      connections: maxConnections,
      pipelining: 1,
      // HTTP/1.1 only: one request a connection makes pausing, aborting and the limits per request exact.
      allowH2: false,
      keepAliveTimeout: this.#settings.keepAliveMs ?? 30_000,
      maxHeaderSize: headerBytes,
      // All time limits but the one on connecting are the exchange's own timer.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: this.#connector(undici.buildConnector, lookup === undefined ? tls : { ...tls, lookup }, connecting),
    };
    const proxy = proxyFrom(this.#settings);
    if (proxy === undefined) {
      const agent = new undici.Agent(options);
      return new Lane(agent, agent, maxConnections, connecting);
    }
    return new Lane(new undici.EnvHttpProxyAgent({ ...options, ...proxy, connectTimeout: 10_000, requestTls: tls, proxyTls: tls }), undefined, maxConnections, connecting);
  }

  /** Lets the request that starts inside the callback know that its connection is new. */
  #connector(build: typeof BuildConnector, options: BuildConnector.BuildOptions, connecting: { fresh: boolean }): BuildConnector.connector {
    const byLimit = new Map<number, BuildConnector.connector>();
    return (target, callback) => {
      const timeout = this.#connectMs === Number.POSITIVE_INFINITY ? 0 : this.#connectMs;
      let connect = byLimit.get(timeout);
      if (connect === undefined) byLimit.set(timeout, connect = build({ ...options, allowH2: false, timeout }));
      connect(target, (...outcome) => {
        connecting.fresh = true;
        try {
          callback(...outcome);
        } finally {
          connecting.fresh = false;
        }
      });
    };
  }

  async #authorities(): Promise<string[] | undefined> {
    const files = this.#settings.ca ?? [];
    if (files.length === 0) return undefined;
    const extra = await Promise.all(files.map((file) => readFile(file, 'utf8').catch((cause: unknown) => {
      throw new CallError('NETWORK', `The CA file ${file}, named under \`http.ca\`, cannot be read.`, { retryable: false, cause });
    })));
    return [...getCACertificates('default'), ...extra];
  }
}

/** `close()` after `destroy()` is no fault. */
function ignoreClosed(error: unknown): void {
  if ((error as { readonly code?: string }).code !== 'UND_ERR_DESTROYED') throw error;
}

/** Looks a name up and keeps its public addresses. The socket connects to what this returns, so a second look-up cannot change it. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  dnsLookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error !== null) return callback(error, '');
    const reachable = addresses.filter(({ address }) => !isPrivateAddress(address));
    const first = reachable[0];
    if (first === undefined) return callback(new PrivateAddressError(addresses[0]?.address ?? 'none'), '');
    if (options.all === true) callback(null, reachable);
    else callback(null, first.address, first.family);
  });
};

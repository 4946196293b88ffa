/** What the HTTP client is told: by the config for all backends, and by the grant of each backend. */
import type { Call } from '@modelport/plugin-api';
import type { ExchangeObserver } from './observer.ts';
import type { CassettePlayer } from './cassette-player.ts';

/** Time limits of one request, in milliseconds. 0 = no limit. */
export interface HttpLimits {
  /** Longest time to a connection. Default 10000. */
  readonly connectMs: number;
  /** Longest time from the request to the first byte of the answer's body, which is when a model starts to speak. Default 300000. */
  readonly firstPartMs: number;
  /** Longest silence between two reads of the body. A reader that is slow itself does not count as silence. Default 60000. */
  readonly idleMs: number;
  /** Longest time for the whole request with its redirects. Default 0. */
  readonly totalMs: number;
}

/** The limits that hold where nothing else is said. */
export const defaultHttpLimits: HttpLimits = { connectMs: 10_000, firstPartMs: 300_000, idleMs: 60_000, totalMs: 0 };

/** The config's `http` section: what all backends of a host have in common. */
export interface HttpSettings {
  /**
   * `environment` (default) reads HTTPS_PROXY, HTTP_PROXY and NO_PROXY, in small letters too, and never sends loopback through a proxy;
   * a URL is the proxy for everything but loopback; `none` goes straight.
   */
  readonly proxy?: 'environment' | 'none' | (string & {});
  /** Variables the proxy is read from. Default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** PEM files of certificate authorities to trust besides the system's own. Default none. */
  readonly ca?: readonly string[];
  /** Most connections to one origin at a time; further requests wait for a free one. Default 64. */
  readonly maxConnections?: number;
  /** How long an idle connection is kept, in milliseconds, where the server does not say. Default 30000. */
  readonly keepAliveMs?: number;
  /** True = every allowed host may have a private address. Default false: only hosts in URLs the user wrote. */
  readonly allowPrivate?: boolean;
}

/** What is particular to one request, by the call it belongs to. */
export interface HttpCallFacts {
  /** Limits that the alias, agent or caller set. */
  readonly limits?: HttpLimits;
  /** Headers the host adds, such as `traceparent`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What one backend may do on the network, and how. */
export interface HttpGrant {
  /** Key under `backends:`. */
  readonly backend: string;
  /** Package name of the plugin. */
  readonly plugin: string;
  /** Hosts from the manifest and `permissions.net`: `api.acme.ai`, `host:8080`, `*.acme.ai` (subdomains only), or `undeclared` for any public host. */
  readonly allowedHosts: readonly string[];
  /** URLs the user wrote into options: their hosts are allowed by having been written, private addresses included. Default none. */
  readonly configuredUrls?: readonly string[];
  /** The backend's `headers`; they win over the plugin's. Default none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default `defaultHttpLimits`. */
  readonly limits?: HttpLimits;
  /** Limits of a `fetch` that brings no signal: nothing else would end it. Default `limits`. */
  readonly fetchLimits?: () => HttpLimits;
  /** Ends every `fetch` that brings no signal of its own. Default: nothing does. */
  readonly fetchSignal?: AbortSignal;
  /** Limits and headers of a particular call; what it leaves out comes from the grant. */
  readonly forCall?: (call: Call) => HttpCallFacts | undefined;
  /** Takes secrets out of a text. Default leaves texts as they are. */
  readonly redact?: (text: string) => string;
  /** Sees what goes over the wire: a wire log, a cassette being recorded. Default none, which costs nothing. */
  readonly observers?: readonly ExchangeObserver[];
  /** Answers instead of the network. Default none. */
  readonly replay?: CassettePlayer;
}

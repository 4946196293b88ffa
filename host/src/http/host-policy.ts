/** Which hosts a backend may talk to, decided before any connection. */
import { CallError } from '@modelport/plugin-api';
import { isLoopbackName, isPrivateAddress, literalAddress } from './address.ts';
import { DeclaredHosts } from './declared-hosts.ts';

/** What decides where a backend may connect; see `HttpGrant` for the fields. */
export interface HostGrant {
  readonly backend: string;
  readonly plugin: string;
  readonly allowedHosts: readonly string[];
  readonly configuredUrls?: readonly string[];
}

/** How far an allowed host is trusted: `public` connects to public addresses only, `any` to private ones too. */
export type Reach = 'public' | 'any';

/** Decides for one backend. */
export class HostPolicy {
  readonly #grant: HostGrant;
  readonly #hosts: DeclaredHosts;
  readonly #anyPublic: boolean;
  readonly #configuredHosts = new Set<string>();
  readonly #configuredServices = new Set<string>();
  readonly #allowPrivate: boolean;

  constructor(grant: HostGrant, allowPrivate: boolean) {
    this.#grant = grant;
    this.#allowPrivate = allowPrivate;
    this.#anyPublic = grant.allowedHosts.includes('undeclared');
    this.#hosts = new DeclaredHosts(grant.allowedHosts);
    for (const text of grant.configuredUrls ?? []) {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      if (url === undefined) continue;
      this.#configuredHosts.add(url.hostname);
      this.#configuredServices.add(service(url));
    }
  }

  /** How far the URL's host is trusted. Throws REQUEST_INVALID for what is not http(s), HOST_NOT_ALLOWED for a host nobody declared. */
  check(url: URL): Reach {
    if (url.protocol !== 'https:' && url.protocol !== 'http:') {
      throw new CallError('REQUEST_INVALID', `Plugin ${this.#grant.plugin} asked for a ${url.protocol} URL; only http and https are served.`);
    }
    // A private host is allowed with the port the user wrote: another port of it is another service.
    if (this.#configuredServices.has(service(url))) return 'any';
    if (!this.#hosts.has(url) && !this.#anyPublic && !this.#configuredHosts.has(url.hostname)) throw this.#refusal(url);
    if (this.#allowPrivate) return 'any';
    const address = literalAddress(url.hostname);
    const local = isLoopbackName(url.hostname) || (address !== undefined && isPrivateAddress(address));
    if (!local) return 'public';
    // A private address declared in so many words is shown at install like any other host; a wildcard or `undeclared` never covers it.
    if (this.#hosts.names(url)) return 'any';
    throw this.privateRefusal(url.host, undefined);
  }

  /** The error for a host that has a private address without a URL of the user's naming it. */
  privateRefusal(host: string, address: string | undefined): CallError {
    const found = address === undefined ? 'is a private address' : `has the private address ${address}`;
    return new CallError('HOST_NOT_ALLOWED', `${host} ${found}, and no URL in the config of backend "${this.#grant.backend}" names it, so ${this.#grant.plugin} may not connect to it.`);
  }

  #refusal(url: URL): CallError {
    const { backend, plugin, allowedHosts } = this.#grant;
    const allowed = [...allowedHosts, ...this.#configuredHosts].join(', ') || 'none';
    return new CallError('HOST_NOT_ALLOWED', `Backend "${backend}" (${plugin}) may not connect to ${url.host}: its hosts are ${allowed}.`);
  }
}

function service(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}

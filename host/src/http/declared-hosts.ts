/** Hosts as manifests and the config write them: `api.acme.ai`, `localhost:8080`, or `*.acme.ai` for subdomains only. Case is forgiven. */
export class DeclaredHosts {
  readonly #names = new Set<string>();
  readonly #suffixes: string[] = [];

  constructor(hosts: readonly string[]) {
    for (const host of hosts) {
      if (host.startsWith('*.')) this.#suffixes.push(host.slice(1).toLowerCase());
      else this.#names.add(host.toLowerCase());
    }
  }

  /** Whether the URL's host is declared in so many words, with or without its port. */
  names(url: URL): boolean {
    return this.#names.has(url.hostname) || this.#names.has(url.host);
  }

  /** Whether the URL's host is declared, in so many words or by a wildcard. */
  has(url: URL): boolean {
    return this.names(url) || this.#suffixes.some((suffix) => url.hostname.endsWith(suffix) && url.hostname.length > suffix.length);
  }
}

/** One configured endpoint: where requests go, what every one of them carries, and how a refusal comes back. */
import { CallError, type Call, type HttpResponse, type PluginContext } from '@modelport/plugin-api';
import { throwFailed } from './error.ts';
import type { AnthropicOptions } from './options.ts';

/** The first API version without sampling settings. Source: https://platform.claude.com/docs/en/api/versioning. */
export const VERSION_WITHOUT_SAMPLING = '2026-10-21';

/** The way to one endpoint that speaks the Messages API. */
export class Endpoint {
  /** The backend's options. */
  readonly options: AnthropicOptions;
  /** Whether it is Anthropic itself and no gateway. */
  readonly isAnthropic: boolean;
  private readonly context: PluginContext<AnthropicOptions>;
  private readonly base: string;
  private readonly search: string;
  private headers: Readonly<Record<string, string>> | undefined;

  constructor(context: PluginContext<AnthropicOptions>) {
    this.context = context;
    this.options = context.options;
    const base = new URL(context.options.baseUrl);
    this.isAnthropic = base.hostname === 'api.anthropic.com';
    this.base = base.origin + base.pathname.replace(/\/+$/, '').replace(/\/v1$/, '');
    this.search = base.search;
  }

  /** The API version of a request. `samples` = it sets temperature, top_p or top_k, which the newer version refuses. */
  versionFor(samples: boolean): string {
    if (this.options.version !== 'auto') return this.options.version;
    return this.isAnthropic && !samples ? VERSION_WITHOUT_SAMPLING : '2023-06-01';
  }

  /** Posts JSON. Throws the CallError of an error status, AUTH_MISSING without a key, and what `context.http.request` throws. */
  async post(path: string, body: string, headers: Readonly<Record<string, string>>, call: Call): Promise<HttpResponse> {
    const url = this.base + path + this.search;
    const response = await this.context.http.request({ method: 'POST', url, headers: { ...headers, ...this.ownHeaders(), 'content-type': 'application/json' }, body }, call);
    return response.status < 400 ? response : throwFailed(response, call.signal);
  }

  /** Gets JSON. Throws as `post` does. */
  async get(path: string, call: Call): Promise<unknown> {
    const search = path.includes('?') ? this.search.replace('?', '&') : this.search;
    const { betas } = this.options;
    const headers = { ...(betas.length === 0 ? {} : { 'anthropic-beta': betas.join(',') }), 'anthropic-version': this.versionFor(false), ...this.ownHeaders() };
    const response = await this.context.http.request({ method: 'GET', url: this.base + path + search, headers }, call);
    if (response.status >= 400) await throwFailed(response, call.signal);
    return response.json();
  }

  /** Made with the first request, since a secret is revealed only for the wire, and then kept: it cannot change within a generation. */
  private ownHeaders(): Readonly<Record<string, string>> {
    if (this.headers !== undefined) return this.headers;
    const key = this.context.secret('apiKey').reveal();
    if (/[^\x21-\x7e]/.test(key)) throw new CallError('AUTH_INVALID', 'The secret "apiKey" holds a space, a line break or another character no key has.', { retryable: false });
    this.headers = this.options.auth === 'bearer' ? { authorization: `Bearer ${key}` } : { 'x-api-key': key };
    return this.headers;
  }
}

/** One configured endpoint: where requests go, what every one of them carries, and how a refusal comes back. */
import { CallError, type Call, type HttpResponse, type PluginContext } from '@modelport/plugin-api';
import { callerHeaders } from '@modelport/plugin-api/kit';
import { throwFailed } from './error.ts';
import type { OpenAIOptions } from './options.ts';
import type { CompatibleVendor } from './vendor.ts';

/** The part of a plugin's context that an endpoint works with. */
export type EndpointContext = Pick<PluginContext, 'http' | 'secret'>;

/** In the path of a base URL, what the model id takes the place of. */
const MODEL_IN_PATH = '/:model';

/** The way to one OpenAI-compatible endpoint. */
export class Endpoint {
  /** The backend's options. */
  readonly options: OpenAIOptions;
  /** What the vendor does otherwise; empty for OpenAI and for endpoints that only options tell apart. */
  readonly vendor: CompatibleVendor;
  /** Whether it is OpenAI itself, which has fields its imitators lack. */
  readonly isOpenAI: boolean;
  private readonly needsKey: boolean;
  private readonly context: EndpointContext;
  private readonly base: string;
  private readonly search: string;
  private headers: Readonly<Record<string, string>> | undefined;
  private keySent = false;

  constructor(context: EndpointContext, options: OpenAIOptions, vendor: CompatibleVendor = {}) {
    this.context = context;
    this.options = options;
    this.vendor = vendor;
    const base = new URL(options.baseUrl);
    this.isOpenAI = base.hostname === 'api.openai.com' || base.hostname.endsWith('.api.openai.com');
    this.needsKey = this.isOpenAI || (vendor.hosts?.includes(base.hostname) ?? false);
    const query = new URLSearchParams([...base.searchParams, ...Object.entries(options.query)]).toString();
    this.base = base.origin + base.pathname.replace(/\/+$/, '');
    this.search = query === '' ? '' : `?${query}`;
  }

  /** Whether the base URL names a model, so that there is no place to ask for the list of them. */
  get isPerModel(): boolean {
    return this.base.includes(MODEL_IN_PATH);
  }

  /**
   * Posts JSON for a model. Throws the CallError of an error status, AUTH_MISSING where a vendor that needs a key is asked without one,
   * and what `context.http.request` throws.
   */
  async post(modelId: string, path: string, body: string, headers: Readonly<Record<string, string>> | undefined, call: Call): Promise<HttpResponse> {
    const own = this.ownHeaders();
    const response = await this.context.http.request({
      method: 'POST', url: this.base.replace(MODEL_IN_PATH, () => `/${encodeURIComponent(modelId)}`) + path + this.search,
      headers: headers === undefined ? own : { ...headers, ...own }, body,
    }, call);
    return response.status < 400 ? response : throwFailed(response, call.signal, this.keySent, this.vendor);
  }

  /** Gets JSON from below the base URL, or from `base` where a vendor keeps it elsewhere. Throws as `post` does. */
  async get(path: string, call: Call, base = this.base): Promise<unknown> {
    const { 'content-type': _, ...headers } = this.ownHeaders();
    const response = await this.context.http.request({ method: 'GET', url: base + path + this.search, headers }, call);
    if (response.status >= 400) await throwFailed(response, call.signal, this.keySent, this.vendor);
    return response.json();
  }

  /** Made with the first request, since a secret is revealed only for the wire, and then kept: it cannot change within a generation. */
  private ownHeaders(): Readonly<Record<string, string>> {
    if (this.headers !== undefined) return this.headers;
    const { options } = this;
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    const secret = this.context.secret('apiKey');
    // A server on one's own machine asks for no key; a vendor does, and reveal() says how to set it.
    if (secret.present || this.needsKey) {
      const key = secret.reveal();
      if (/[^\x21-\x7e]/.test(key)) throw new CallError('AUTH_INVALID', 'The secret "apiKey" holds a space, a line break or another character no key has.', { retryable: false });
      if (options.authHeader === 'bearer') headers['authorization'] = `Bearer ${key}`;
      else headers['api-key'] = key;
      this.keySent = true;
    }
    if (options.organization !== undefined) headers['openai-organization'] = options.organization;
    if (options.project !== undefined) headers['openai-project'] = options.project;
    this.headers = headers;
    return headers;
  }
}

const RESERVED_HEADERS: ReadonlySet<string> = new Set(['authorization', 'api-key', 'host', 'content-length', 'content-type']);

/** The headers a request adds: its own, in lower case and without those that are the plugin's, the vendor's and the session id. `undefined` = none. */
export function requestHeaders(
  given: Readonly<Record<string, string>> | undefined,
  sessionId: string | undefined,
  vendors?: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | undefined {
  if (given === undefined && sessionId === undefined && vendors === undefined) return undefined;
  const headers = { ...vendors, ...callerHeaders(given, RESERVED_HEADERS) };
  if (sessionId !== undefined) headers['x-session-id'] ??= sessionId;
  return headers;
}

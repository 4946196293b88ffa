/** One configured server: where requests go, what every one of them carries, and how a refusal comes back. */
import type { Call, HttpResponse, JsonObject, PluginContext } from '@modelport/plugin-api';
import { callerHeaders } from '@modelport/plugin-api/kit';
import { serverAddress } from './address.ts';
import { explainedConnection, readWhole, throwFailed } from './error.ts';
import type { OllamaOptions } from './options.ts';

const RESERVED_HEADERS: ReadonlySet<string> = new Set(['authorization', 'host', 'content-length', 'content-type']);

/** The way to one Ollama server. */
export class OllamaServer {
  /** The backend's options. */
  readonly options: OllamaOptions;
  /** The backend's name, for messages. */
  readonly backend: string;
  /** Its address, without a slash at the end. */
  readonly base: string;
  private readonly context: PluginContext<OllamaOptions>;
  private headers: Readonly<Record<string, string>> | undefined;

  constructor(context: PluginContext<OllamaOptions>) {
    this.context = context;
    this.options = context.options;
    this.backend = context.backend;
    this.base = serverAddress(context.options);
  }

  /** Sends a request and resolves with an answer that is no error. Throws the CallError of an error status, NETWORK with what starts the server. */
  async send(method: string, path: string, body: object | undefined, call: Call, more: SendMore = {}): Promise<HttpResponse> {
    let response: HttpResponse;
    try {
      response = await this.context.http.request({
        method, url: this.base + path, headers: { ...callerHeaders(more.headers, RESERVED_HEADERS), ...this.ownHeaders(body !== undefined) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(more.idleMs === undefined ? {} : { idleMs: more.idleMs }),
      }, call);
    } catch (error) {
      throw call.signal.aborted ? call.signal.reason : explainedConnection(error, this.base);
    }
    return response.status < 400 ? response : throwFailed(response, call.signal, { backend: this.backend, modelId: more.modelId });
  }

  /** Sends a request and reads the whole answer as an object. Throws as `send`, PROTOCOL for what is no object, and what an `error` in it says. */
  async ask(method: string, path: string, body: object | undefined, call: Call, more: SendMore = {}): Promise<JsonObject> {
    const response = await this.send(method, path, body, call, more);
    return readWhole(await response.text(), response.headers, `${method} ${path}`, { backend: this.backend, modelId: more.modelId });
  }

  /** The window to ask for, where the options name one. */
  windowOf(modelId: string): number | undefined {
    const { numCtx } = this.options;
    if (numCtx === undefined || typeof numCtx === 'number') return numCtx;
    return Object.hasOwn(numCtx, modelId) ? numCtx[modelId] : undefined;
  }

  /** Model options that every request of a model carries: another set of them would load the model anew. */
  modelOptions(modelId: string): JsonObject {
    const window = this.windowOf(modelId);
    return { ...(this.options.options as JsonObject), ...(window === undefined ? {} : { num_ctx: window }) };
  }

  /** Made with the first request, since a secret is revealed only for the wire. A server on one's own machine asks for none. */
  private ownHeaders(hasBody: boolean): Readonly<Record<string, string>> {
    if (this.headers === undefined) {
      const secret = this.context.secret('apiKey');
      this.headers = secret.present ? { authorization: `Bearer ${secret.reveal()}` } : {};
    }
    return hasBody ? { ...this.headers, 'content-type': 'application/json' } : this.headers;
  }
}

/** What a request may say beside its body. */
export interface SendMore {
  /** Headers the caller adds. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** The model it is about, for error messages. */
  readonly modelId?: string | undefined;
  /** Longest silence in the answer, in milliseconds. Default: the call's own limit. */
  readonly idleMs?: number | undefined;
}

/** One configured account and region: the AWS SDK makes and signs each request, the host's HTTP client carries it, and the answer comes back as it was sent. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { BedrockClient, BedrockClientConfig } from '@aws-sdk/client-bedrock';
import type { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import type { EventStreamCodec } from '@smithy/eventstream-codec';
import { CallError, type Call, type HttpResponse, type PluginContext } from '@modelport/plugin-api';
import { fromSdk, fromService } from './error.ts';
import type { BedrockOptions } from './options.ts';
import { HostRequestHandler, type Exchange } from './request-handler.ts';

/** The SDK of the runtime, loaded, with its client. */
export interface Runtime {
  readonly sdk: typeof import('@aws-sdk/client-bedrock-runtime');
  readonly client: BedrockRuntimeClient;
  /** Checks and takes apart the frames of an event stream. */
  readonly codec: EventStreamCodec;
}

/** The SDK of the control plane, loaded, with its client. */
export interface Control {
  readonly sdk: typeof import('@aws-sdk/client-bedrock');
  readonly client: BedrockClient;
}

/** The way to one account. */
export class Connection {
  /** The backend's options. */
  readonly options: BedrockOptions;
  private readonly context: PluginContext<BedrockOptions>;
  private readonly exchanges = new AsyncLocalStorage<Exchange>();
  private runtimePromise: Promise<Runtime> | undefined;
  private controlPromise: Promise<Control> | undefined;

  constructor(context: PluginContext<BedrockOptions>) {
    this.context = context;
    this.options = context.options;
  }

  /** The runtime's SDK. Loaded with the first call, since it is a tenth of a second of work. */
  runtime(): Promise<Runtime> {
    this.runtimePromise ??= this.loadRuntime();
    return this.runtimePromise;
  }

  /** The control plane's SDK, loaded when it is first needed. */
  control(): Promise<Control> {
    this.controlPromise ??= this.loadControl();
    return this.controlPromise;
  }

  /**
   * Runs one command of an SDK's client, and resolves with the answer, its body unread. Throws the CallError of an error status, AUTH_MISSING
   * without credentials, REQUEST_INVALID without a region, what `context.http.request` throws, and `call.signal.reason` on abort.
   */
  async exchange(call: Call, headers: Readonly<Record<string, string>>, send: () => Promise<unknown>): Promise<HttpResponse> {
    const { signal } = call;
    signal.throwIfAborted();
    const exchange: Exchange = { call, headers };
    let failure: { readonly cause: unknown } | undefined;
    try {
      // The SDK looks for credentials without regard to any signal.
      await untilAborted(this.exchanges.run(exchange, send), signal);
    } catch (cause) {
      failure = { cause };
    }
    if (signal.aborted) throw signal.reason;
    if (exchange.thrown !== undefined) throw exchange.thrown.error;
    if (exchange.failed !== undefined) throw fromService(exchange.failed);
    if (exchange.response !== undefined) return exchange.response;
    throw fromSdk(failure?.cause);
  }

  /** Lets go of what the SDK holds. */
  async close(): Promise<void> {
    for (const loaded of [this.runtimePromise, this.controlPromise]) (await loaded?.catch(() => undefined))?.client.destroy();
  }

  private async loadRuntime(): Promise<Runtime> {
    const [sdk, { EventStreamCodec }] = await Promise.all([import('@aws-sdk/client-bedrock-runtime'), import('@smithy/eventstream-codec')]);
    const client = new sdk.BedrockRuntimeClient(this.configure(this.options.endpoint));
    this.watch(client);
    const codec = new EventStreamCodec((bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8')), (text) => Buffer.from(text));
    return { sdk, client, codec };
  }

  private async loadControl(): Promise<Control> {
    const sdk = await import('@aws-sdk/client-bedrock');
    const client = new sdk.BedrockClient(this.configure(this.options.controlEndpoint));
    this.watch(client);
    return { sdk, client };
  }

  private configure(endpoint: string | undefined): BedrockClientConfig {
    const { region, profile } = this.options;
    return {
      ...(region === undefined ? {} : { region }), ...(profile === undefined ? {} : { profile }), ...(endpoint === undefined ? {} : { endpoint }),
      ...this.credentials(),
      requestHandler: new HostRequestHandler(this.context.http, this.exchanges),
      // The host retries. "standard" is named, for other modes make the SDK ask the instance it runs on, or slow itself down.
      maxAttempts: 1, retryMode: 'standard', defaultsMode: 'standard',
    };
  }

  /** Nothing is left to the SDK's own look into the environment where a secret says it, so that two backends never share an account by accident. */
  private credentials(): BedrockClientConfig {
    const { auth, profile } = this.options;
    const has = (name: string): boolean => this.context.secret(name).present;
    const reveal = (name: string): string => this.context.secret(name).reveal();
    const chosen = auth !== 'auto' ? auth : profile !== undefined ? 'chain' : has('apiKey') ? 'api-key' : has('accessKeyId') ? 'keys' : 'chain';
    switch (chosen) {
      case 'api-key': {
        const token = reveal('apiKey');
        if (/[^\x21-\x7e]/.test(token)) throw new CallError('AUTH_INVALID', 'The secret "apiKey" holds a space, a line break or another character no key has.', { retryable: false });
        return { token: { token }, authSchemePreference: ['httpBearerAuth'] };
      }
      case 'keys':
        return {
          authSchemePreference: ['sigv4'],
          credentials: {
            accessKeyId: reveal('accessKeyId'), secretAccessKey: reveal('secretAccessKey'), ...(has('sessionToken') ? { sessionToken: reveal('sessionToken') } : {}),
          },
        };
      case 'chain':
        return { authSchemePreference: ['sigv4'] };
    }
  }

  /** Adds the call's own headers before a request is signed, and tells it from the requests by which the SDK fetches credentials. */
  private watch({ middlewareStack }: { readonly middlewareStack: BedrockRuntimeClient['middlewareStack'] | BedrockClient['middlewareStack'] }): void {
    const stack = middlewareStack as BedrockRuntimeClient['middlewareStack'];
    stack.add((next) => (step) => {
      Object.assign((step.request as { readonly headers: Record<string, string> }).headers, this.exchanges.getStore()?.headers);
      return next(step);
    }, { step: 'build', name: 'modelportHeaders' });
    stack.add((next) => (step) => {
      const exchange = this.exchanges.getStore();
      if (exchange !== undefined) exchange.request = step.request;
      return next(step);
    }, { step: 'deserialize', priority: 'low', name: 'modelportRequest' });
  }
}

async function untilAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  let stop = (): void => undefined;
  const aborted = new Promise<void>((resolve) => {
    stop = resolve;
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    // Abandoned work may fail later, with nobody to tell.
    work.catch(() => undefined);
  }
}

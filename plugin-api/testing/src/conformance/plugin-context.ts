/** The context a backend gets in the kit: the host's own HTTP client, secrets that are canaries, and a record of what was done with them. */
import { CallError, CONTRACT_FEATURES, CONTRACT_VERSION, type Call, type HttpClient, type HttpRequest, type HttpResponse, type Logger, type Manifest, type PluginContext, type Secret } from '@modelport/plugin-api';
import { createHttp, defaultHttpLimits, type Http, type HttpGrant, type HttpLimits } from '@modelport/host/conformance';

/** What a backend did with its context. */
export interface ContextRecord {
  /** Requests sent through `context.http`. */
  requests: number;
  /** Bytes of answers that the plugin took. */
  bytesTaken: number;
  /** Lines logged, with their facts. */
  readonly logged: unknown[];
}

/** A context and what belongs to it. */
export interface KitContext {
  readonly context: PluginContext;
  readonly record: ContextRecord;
  readonly http: Http;
  readonly grant: HttpGrant;
  /** Aborts the context's signal, as a host does when a generation must be gone. */
  readonly retire: () => void;
}

/** What a context is made of. */
export interface KitContextParts {
  readonly manifest: Manifest;
  readonly packageName: string;
  readonly backend: string;
  /** Validated options. */
  readonly options: unknown;
  /** The options as they were written: the URLs in them are allowed hosts. */
  readonly written: Readonly<Record<string, unknown>>;
  readonly limits: Partial<HttpLimits>;
  readonly canary: string;
}

/** Makes the context. Nothing is redacted in it, so that what a plugin lets slip is seen. */
export function createKitContext(parts: KitContextParts): KitContext {
  const { manifest, packageName, backend, options, written, limits, canary } = parts;
  const record: ContextRecord = { requests: 0, bytesTaken: 0, logged: [] };
  const controller = new AbortController();
  const http = createHttp({ proxy: 'none' });
  const grant = { ...grantOf(manifest, packageName, backend, written), limits: { ...defaultHttpLimits, ...limits } };
  const declared = new Set((manifest.secrets ?? []).map(({ name }) => name));
  const log = (text: string, facts?: object): void => void record.logged.push({ text, facts });
  const logger: Logger = { debug: log, info: log, warn: log, error: log };
  const features: readonly string[] = CONTRACT_FEATURES;
  const context: PluginContext = Object.freeze({
    api: Object.freeze({ version: CONTRACT_VERSION, has: (feature: string) => features.includes(feature) }),
    backend, options, log: logger, dataFolder: '/nonexistent', signal: controller.signal,
    secret: (name: string) => secretOf(name, declared, canary),
    http: watched(http.clientFor(grant), record),
    changed: () => undefined,
  });
  return { context, record, http, grant, retire: () => controller.abort(new Error('the generation is gone')) };
}

function grantOf(manifest: Manifest, plugin: string, backend: string, written: Readonly<Record<string, unknown>>): HttpGrant {
  const hosts = manifest.permissions?.net ?? [];
  const named = hosts.filter((host) => host.startsWith('option:')).map((host) => written[host.slice('option:'.length)]);
  return {
    backend, plugin, allowedHosts: hosts.filter((host) => !host.startsWith('option:')),
    configuredUrls: named.filter((value): value is string => typeof value === 'string' && URL.canParse(value)),
  };
}

function secretOf(name: string, declared: ReadonlySet<string>, value: string): Secret {
  if (!declared.has(name)) throw new CallError('INTERNAL', `The plugin asks for the secret "${name}", which its manifest does not declare.`);
  const shown = `[secret ${name}]`;
  const hidden = { toString: () => shown, toJSON: () => shown, [Symbol.for('nodejs.util.inspect.custom')]: () => shown };
  return Object.freeze({ name, present: true, reveal: () => value, ...hidden });
}

function watched(client: HttpClient, record: ContextRecord): HttpClient {
  return {
    async request(request: HttpRequest, call: Call): Promise<HttpResponse> {
      record.requests += 1;
      const response = await client.request(request, call);
      const body = counted(response.body, record);
      return { status: response.status, headers: response.headers, body, text: () => response.text(), json: () => response.json() };
    },
    fetch: async (input, init) => {
      record.requests += 1;
      const response = await client.fetch(input, init);
      if (response.body === null) return response;
      const counter = new TransformStream<Uint8Array, Uint8Array>({
        transform: (bytes, out) => {
          record.bytesTaken += bytes.length;
          out.enqueue(bytes);
        },
      });
      return new Response(response.body.pipeThrough(counter), response);
    },
  };
}

async function* counted(body: AsyncIterable<Uint8Array>, record: ContextRecord): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const bytes of body) {
    record.bytesTaken += bytes.length;
    yield bytes;
  }
}

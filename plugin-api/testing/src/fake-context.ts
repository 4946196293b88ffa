/** The context and the calls a host would hand to a plugin, for tests that have no host. */
import { CallError, CONTRACT_FEATURES, CONTRACT_VERSION, type Call, type HttpClient, type PluginContext, type Secret, type StandardSchema } from '@modelport/plugin-api';
import { createNodeHttpClient } from './node-http-client.ts';

/** What a fake context is made of. */
export interface FakeContextOptions<Options> {
  /** The plugin's schema; `input` is validated by it as a host would. Default: `input` is taken as it is. */
  readonly schema?: StandardSchema<Options>;
  /** The options as a user writes them. Default: none. */
  readonly input?: unknown;
  /** Values of secrets by name. One that is not here is not present. Default: none. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** The HTTP client. Default: a plain one over node:http. */
  readonly http?: HttpClient;
  /** Name of the backend. Default: `test`. */
  readonly backend?: string;
}

/** Makes a context. Throws REQUEST_INVALID with the schema's own words for options it refuses. */
export function fakeContext<Options>(options: FakeContextOptions<Options> = {}): PluginContext<Options> {
  const secrets = options.secrets ?? {};
  return {
    api: { version: CONTRACT_VERSION, has: (feature) => (CONTRACT_FEATURES as readonly string[]).includes(feature) },
    backend: options.backend ?? 'test',
    options: validated(options),
    secret: (name) => fakeSecret(name, secrets[name]),
    http: options.http ?? createNodeHttpClient(),
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    dataFolder: '/nonexistent',
    signal: new AbortController().signal,
    changed: ignore,
  };
}

/** Makes a call: attempt 1, a signal that never aborts, whatever `fields` says otherwise. */
export function testCall(fields: Partial<Call> = {}): Call {
  return { id: 'call-1', signal: new AbortController().signal, attempt: 1, ...fields };
}

function validated<Options>({ schema, input = {} }: FakeContextOptions<Options>): Options {
  if (schema === undefined) return input as Options;
  const result = schema['~standard'].validate(input) as { readonly value?: Options; readonly issues?: readonly { readonly message: string }[] };
  if (result.issues !== undefined) throw new CallError('REQUEST_INVALID', result.issues.map((issue) => issue.message).join('; '));
  return result.value as Options;
}

function fakeSecret(name: string, value: string | undefined): Secret {
  return {
    name, present: value !== undefined,
    reveal: () => {
      if (value === undefined) throw new CallError('AUTH_MISSING', `The secret "${name}" is not set.`);
      return value;
    },
  };
}

function ignore(): void {
  // A test that wants to see it passes its own.
}

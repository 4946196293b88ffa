/** The AWS SDK's way to the network: every request it makes goes through the HTTP client of the host. */
import type { AsyncLocalStorage } from 'node:async_hooks';
import { CallError, type Call, type HttpClient, type HttpResponse } from '@modelport/plugin-api';
import { readFailedResponse, type FailedResponse } from '@modelport/plugin-api/kit';

/** One command on its way: what is sent with it, and what came of it. */
export interface Exchange {
  readonly call: Call;
  /** Headers of this request alone. */
  readonly headers: Readonly<Record<string, string>>;
  /** The command's own signed request, once the SDK has made it. */
  request?: unknown;
  /** Its answer, body unread. */
  response?: HttpResponse;
  /** Its answer, where that is an error. */
  failed?: FailedResponse;
  /** What the HTTP client threw. */
  thrown?: { readonly error: unknown };
}

/** A request as the SDK hands it over. */
interface SdkRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** An answer as the SDK takes it. */
interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Uint8Array;
}

const NOTHING = new Uint8Array();

/** A request handler for clients of the AWS SDK. Source: the interface `HttpHandler` of `@smithy/types`. */
export class HostRequestHandler {
  /** What the SDK asks before it shares a handler with the clients that fetch credentials. */
  readonly metadata = { handlerProtocol: 'http/1.1' };
  private readonly http: HttpClient;
  private readonly exchanges: AsyncLocalStorage<Exchange>;

  constructor(http: HttpClient, exchanges: AsyncLocalStorage<Exchange>) {
    this.http = http;
    this.exchanges = exchanges;
  }

  /** Sends a request. Throws whatever the HTTP client throws, told apart from the SDK's own failures by the exchange. */
  async handle(request: SdkRequest): Promise<{ response: SdkResponse }> {
    const exchange = this.exchanges.getStore();
    if (exchange === undefined) throw new CallError('INTERNAL', 'The AWS SDK sent a request outside of any call.');
    try {
      const answer = await this.http.request(toHostRequest(request), exchange.call);
      const { status: statusCode, headers } = answer;
      if (request !== exchange.request) return { response: { statusCode, headers: { ...headers }, body: await wholeBody(answer) } };
      if (statusCode >= 400) {
        exchange.failed = await readFailedResponse(answer, exchange.call.signal);
        return { response: { statusCode, headers: { ...headers }, body: Buffer.from(String(exchange.failed.body)) } };
      }
      exchange.response = answer;
      // The answer is read by this plugin, as it arrives; the SDK sees its head, by which it sets its clock.
      return { response: { statusCode, headers: { ...headers }, body: NOTHING } };
    } catch (error) {
      exchange.thrown = { error };
      // The SDK writes its own notes on what it catches: it gets an error of its own.
      throw new Error('The host’s HTTP client failed.', { cause: error });
    }
  }

  /** Nothing here can be changed after the start. */
  updateHttpClientConfig(): void {
    // The host's client has its own settings.
  }

  /** No settings that the SDK knows. */
  httpHandlerConfigs(): Record<string, never> {
    return {};
  }
}

function toHostRequest({ protocol, hostname, port, path, query, method, headers, body }: SdkRequest): Parameters<HttpClient['request']>[0] {
  const url = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}${toSearch(query)}`;
  const sent: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (!ADDED_BY_CLIENT.has(name.toLowerCase())) sent[name] = value;
  if (body === undefined || body === null || body === '') return { method, url, headers: sent };
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) throw new CallError('INTERNAL', 'The AWS SDK made a request with a body of an unknown kind.');
  return { method, url, headers: sent, body };
}

/** The host's client writes these itself; both are what the SDK has signed. */
const ADDED_BY_CLIENT: ReadonlySet<string> = new Set(['host', 'content-length']);

/** A query as it was signed: names and values encoded as RFC 3986 says. */
function toSearch(query: SdkRequest['query']): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) => {
    if (value === null) return [encode(name)];
    return (typeof value === 'string' ? [value] : value).map((each) => `${encode(name)}=${encode(each)}`);
  });
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`);
}

async function wholeBody({ body }: HttpResponse): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const bytes of body) pieces.push(bytes);
  return Buffer.concat(pieces);
}

/** The HTTP client one backend gets: allow-list per hop, redirects, headers, limits, and the way to the wire. */
import { CallError, type Call, type HttpClient, type HttpRequest, type HttpResponse } from '@modelport/plugin-api';
import type { Dispatcher } from 'undici';
import type { Answer } from './answer.ts';
import type { Connections } from './connections.ts';
import { Exchange } from './exchange.ts';
import { createFetch } from './fetch.ts';
import { HostPolicy, type Reach } from './host-policy.ts';
import { followAll, type ObservedRequest } from './observer.ts';
import { headersForStranger, maxRedirects, redirectTarget } from './redirect.ts';
import { defaultHttpLimits, type HttpGrant, type HttpLimits } from './settings.ts';
import { Upload } from './upload.ts';

/** What happens to a redirect: followed, handed over as it is, or refused, as in the fetch standard. */
export type RedirectMode = 'follow' | 'manual' | 'error';

/** An answer and the URL it came from in the end. */
export interface Arrival {
  readonly answer: Answer;
  readonly url: string;
}

/** A URL taken apart and found allowed. */
interface Target {
  readonly href: string;
  readonly origin: string;
  readonly path: string;
  readonly reach: Reach;
  readonly authorization: string | undefined;
}

/** One request as it goes to one target. */
interface Hop {
  readonly target: Target;
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: HttpRequest['body'];
  readonly limits: HttpLimits;
  readonly idleMs: number;
  readonly beganAt: number;
}

/** Most URLs whose parts are remembered; a plugin calls few. */
const rememberedTargets = 64;

const repeatableMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);
const unchanged = (text: string): string => text;

/** HTTP for one backend, over the connections of its host. */
export class BackendHttp implements HttpClient {
  readonly fetch: typeof globalThis.fetch;
  readonly #grant: HttpGrant;
  readonly #connections: Connections;
  readonly #policy: HostPolicy;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #limits: HttpLimits;
  readonly #targets = new Map<string, Target>();

  constructor(grant: HttpGrant, connections: Connections, allowPrivate: boolean) {
    this.#grant = grant;
    this.#connections = connections;
    this.#policy = new HostPolicy(grant, allowPrivate);
    this.#headers = Object.fromEntries(Object.entries(grant.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
    this.#limits = grant.limits ?? defaultHttpLimits;
    connections.allowConnectMs(this.#limits.connectMs);
    this.fetch = createFetch((request, call, redirect, bound) => this.#arrive(request, call, redirect, bound), grant.fetchSignal);
  }

  async request(request: HttpRequest, call: Call): Promise<HttpResponse> {
    const hop = this.#firstHop(request, call);
    const answer = await this.#send(hop, call);
    return answer.status < 300 || answer.status > 399 ? answer : (await this.#follow(hop, answer, call, 'follow')).answer;
  }

  /** As `request`, with the redirect mode of fetch and the URL the answer came from. `bound`: a signal of the caller's ends it. */
  async #arrive(request: HttpRequest, call: Call, redirect: RedirectMode, bound: boolean): Promise<Arrival> {
    const hop = this.#firstHop(request, call, bound ? undefined : this.#grant.fetchLimits?.());
    return this.#follow(hop, await this.#send(hop, call), call, redirect);
  }

  async #follow(first: Hop, firstAnswer: Answer, call: Call, redirect: RedirectMode): Promise<Arrival> {
    let hop = first;
    let answer = firstAnswer;
    for (let hops = 0; ; hops += 1) {
      const next = redirect === 'manual' ? undefined : redirectTarget(answer.status, answer.headers['location'], hop.method, hop.target.href);
      if (next === undefined || (isStreamed(hop.body) && redirect === 'follow')) return { answer, url: hop.target.href };
      await answer.body[Symbol.asyncIterator]().return?.();
      if (redirect === 'error') throw new CallError('NETWORK', `${hop.target.origin} redirects, and redirects were not wanted.`, { retryable: false });
      if (hops === maxRedirects) throw new CallError('NETWORK', `${first.target.origin} redirects more than ${maxRedirects} times.`, { retryable: false });
      const target = this.#parse(next);
      const stranger = target.origin !== hop.target.origin;
      const headers = stranger ? headersForStranger(hop.headers) : hop.headers;
      if (stranger) for (const name of Object.keys(this.#headers)) delete headers[name];
      hop = { ...hop, target, headers };
      answer = await this.#send(hop, call);
    }
  }

  #firstHop(request: HttpRequest, call: Call, fetchLimits?: HttpLimits): Hop {
    const { body } = request;
    const facts = this.#grant.forCall?.(call);
    const limits = fetchLimits ?? facts?.limits ?? this.#limits;
    if (limits !== this.#limits) this.#connections.allowConnectMs(limits.connectMs);
    const target = this.#target(request.url);
    const headers: Record<string, string> = {};
    if (target.authorization !== undefined) headers['authorization'] = target.authorization;
    if (typeof body === 'string') headers['content-type'] = 'application/json';
    if (request.headers !== undefined) {
      for (const name of Object.keys(request.headers)) {
        const lower = name.toLowerCase();
        // Both follow from the URL and the body; a host header of its own would also choose the certificate.
        if (lower !== 'host' && lower !== 'content-length') headers[lower] = request.headers[name]!;
      }
    }
    Object.assign(headers, this.#headers, facts?.headers);
    return { target, method: request.method ?? (body === undefined ? 'GET' : 'POST'), headers, body, limits, idleMs: request.idleMs ?? limits.idleMs, beganAt: performance.now() };
  }

  async #send(hop: Hop, call: Call): Promise<Answer> {
    const { target, method, headers, body, limits, idleMs, beganAt } = hop;
    call.signal.throwIfAborted();
    const { observers, replay } = this.#grant;
    const watched = observers !== undefined && observers.length > 0;
    const observed = watched || replay !== undefined ? this.#observe(hop, call) : undefined;
    if (replay !== undefined && observed !== undefined) return replay.answer(observed, target.origin);
    const opened = this.#connections.lane(target.reach);
    const wire = opened instanceof Promise ? await opened : opened;
    call.signal.throwIfAborted();
    const upload = isStreamed(body) ? new Upload(body) : undefined;
    return Exchange.send({
      wire,
      origin: target.origin,
      options: { origin: target.origin, path: target.path, method, headers, body: (upload ?? body ?? null) as Dispatcher.DispatchOptions['body'] & null },
      signal: call.signal,
      limits,
      idleMs,
      beganAt,
      repeatable: repeatableMethods.has(method) && upload === undefined,
      refusePrivate: (address) => this.#policy.privateRefusal(target.origin, address),
      follower: watched && observed !== undefined ? followAll(observers, observed) : undefined,
      upload,
    });
  }

  #observe(hop: Hop, call: Call): ObservedRequest {
    const { body } = hop;
    return {
      backend: this.#grant.backend,
      callId: call.id,
      attempt: call.attempt,
      method: hop.method,
      url: hop.target.href,
      headers: hop.headers,
      ...(typeof body === 'string' || body instanceof Uint8Array ? { body } : {}),
      redact: this.#grant.redact ?? unchanged,
    };
  }

  #target(text: string): Target {
    const known = this.#targets.get(text);
    if (known !== undefined) return known;
    if (!URL.canParse(text)) throw new CallError('REQUEST_INVALID', `Plugin ${this.#grant.plugin} asked for a URL that is not absolute or not well formed.`);
    const target = this.#parse(new URL(text));
    // A query may hold a key and changes from call to call.
    if (!text.includes('?')) {
      if (this.#targets.size >= rememberedTargets) this.#targets.clear();
      this.#targets.set(text, target);
    }
    return target;
  }

  #parse(url: URL): Target {
    const reach = this.#policy.check(url);
    const { username, password } = url;
    const authorization = username === '' && password === '' ? undefined : `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
    url.username = '';
    url.password = '';
    url.hash = '';
    return { href: url.href, origin: url.origin, path: `${url.pathname}${url.search}`, reach, authorization };
  }
}

/** Whether a body can be sent only once. */
function isStreamed(body: HttpRequest['body']): body is AsyncIterable<Uint8Array> {
  return body !== undefined && typeof body !== 'string' && !(body instanceof Uint8Array);
}

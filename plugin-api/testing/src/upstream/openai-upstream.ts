/** A scripted upstream that speaks the OpenAI wire: chat completions, Responses, embeddings and models. */
import type { Socket } from 'node:net';
import { writeAnswer, type Answer } from './answer-writer.ts';
import { toChatChunks, toChatCompletion, type ChatWireRequest } from './chat-wire.ts';
import { toEmbeddings, type EmbeddingsWireRequest } from './embeddings-wire.ts';
import { faultOf, toEventBytes, type Fault } from './fault.ts';
import { startRawServer, type ReceivedRequest } from './raw-server.ts';
import { toResponse, toResponseEvents } from './responses-wire.ts';
import type { ScriptedError, Turn } from './turn.ts';

/** How an upstream answers. */
export interface OpenAIUpstreamOptions {
  /** The answers in order, one for each request that asks for one; the last one is repeated. Default: one turn, the text `Hello.`. */
  readonly turns?: readonly Turn[];
  /** Entries of GET /models. Default: `scripted` and `scripted-embedding`. */
  readonly models?: readonly ({ readonly id: string } & Readonly<Record<string, unknown>>)[];
  /** Key that is asked for; another or none is answered with 401. Default: none is asked for. */
  readonly apiKey?: string;
  /** Path of the base URL, as a compatible vendor has it: `/inference/v1`. Default: `/v1`, which requests may also leave out. */
  readonly basePath?: string;
  /** Answers by method and path (`GET /model/info`), before everything else and without a key. Default: none. */
  readonly routes?: Readonly<Record<string, { readonly status?: number; readonly body: object | string }>>;
  /** What a compatible vendor refuses; asked with the body of every POST. Default: nothing. */
  readonly refuse?: (body: unknown) => ScriptedError | undefined;
  /** Changes each object of an answer, whole or a chunk, as a compatible vendor writes it; `number` is that of the answer. Default: none. */
  readonly change?: (value: object, number: number) => object;
  /** Sends embeddings as arrays whatever is asked, as some servers do. Default false. */
  readonly arraysOnly?: boolean;
}

/** A running upstream. */
export interface OpenAIUpstream extends AsyncDisposable {
  /** Base URL for a client, with `/v1` or the `basePath` of the options. */
  readonly baseUrl: string;
  /** Every request, oldest first. */
  readonly requests: readonly ReceivedRequest[];
  /** Connections that are open now. */
  readonly openConnections: number;
  /** Connections accepted so far. */
  readonly acceptedConnections: number;
  /** Replaces the answers to come. */
  script(...turns: readonly Turn[]): void;
  /** Destroys every connection and stops listening. */
  close(): Promise<void>;
}

/** Starts an upstream on a free port of 127.0.0.1. */
export async function createOpenAIUpstream(options: OpenAIUpstreamOptions = {}): Promise<OpenAIUpstream> {
  const script = new Script(options.turns ?? [{ text: 'Hello.' }]);
  const requests: ReceivedRequest[] = [];
  const server = await startRawServer(async (request, socket) => {
    requests.push(request);
    await answerRequest(request, socket, script, options);
  });
  return {
    baseUrl: `${server.url}${options.basePath ?? '/v1'}`,
    requests,
    get openConnections() {
      return server.openConnections;
    },
    get acceptedConnections() {
      return server.acceptedConnections;
    },
    script: (...turns) => {
      script.replace(turns);
    },
    close: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

class Script {
  /** Number of the answer, which is part of every id. */
  number = 0;
  private turns: Turn[];
  private last: Turn = {};

  constructor(turns: readonly Turn[]) {
    this.turns = [...turns];
  }

  replace(turns: readonly Turn[]): void {
    this.turns = [...turns];
  }

  next(): Turn {
    this.number += 1;
    this.last = this.turns.shift() ?? this.last;
    return this.last;
  }
}

async function answerRequest(request: ReceivedRequest, socket: Socket, script: Script, options: OpenAIUpstreamOptions): Promise<void> {
  const route = options.routes?.[`${request.method} ${request.path.replace(/\?.*$/, '')}`];
  if (route !== undefined) {
    await writeAnswer(socket, routeAnswer(route), []);
    return;
  }
  const path = withoutBase(request.path.replace(/\?.*$/, ''), options.basePath);
  if (options.apiKey !== undefined && keyOf(request) !== options.apiKey) {
    await writeAnswer(socket, errorAnswer({ status: 401, code: 'invalid_api_key', message: 'Incorrect API key provided.' }), []);
    return;
  }
  if (request.method === 'GET') {
    await writeAnswer(socket, modelsAnswer(path, options), []);
    return;
  }
  const refused = options.refuse?.(request.body);
  if (refused !== undefined) {
    await writeAnswer(socket, errorAnswer(refused), []);
    return;
  }
  const turn = script.next();
  const faults = turn.faults ?? [];
  const answer = turn.error === undefined ? scriptedAnswer(path, request.body, turn, script.number, options) : errorAnswer(turn.error);
  await writeAnswer(socket, { ...answer, headers: { ...commonHeaders(script.number), ...answer.headers, ...turn.headers } }, faults);
}

/** Below another base than it was given, an upstream knows nothing. */
function withoutBase(path: string, base: string | undefined): string {
  if (base === undefined) return path.replace(/^\/v1(?=\/)/, '');
  return path.startsWith(base) ? path.slice(base.length) : path.replace(/^\//, '/elsewhere/');
}

function scriptedAnswer(path: string, body: unknown, turn: Turn, number: number, options: OpenAIUpstreamOptions): Answer {
  const faults = turn.faults ?? [];
  const html = faultOf(faults, 'html');
  if (html !== undefined) return { status: html.status ?? 200, headers: { 'content-type': 'text/html' }, body: Buffer.from('<!doctype html><html><body>Please log in.</body></html>') };
  const request = (body ?? {}) as ChatWireRequest;
  const streams = request.stream === true && faultOf(faults, 'json-instead-of-stream') === undefined;
  const changed = <Value extends object | string>(value: Value): Value => (typeof value === 'string' || options.change === undefined ? value : (options.change(value, number) as Value));
  switch (path) {
    case '/chat/completions':
      return streams
        ? eventsAnswer(turn.events ?? toChatChunks(turn, request, number).map(changed), false, true, faults)
        : jsonAnswer(turn.whole ?? changed(toChatCompletion(turn, request, number)));
    case '/responses':
      // This API names its events and ends without [DONE].
      return streams
        ? eventsAnswer(turn.events ?? toResponseEvents(turn, request, number), true, false, faults)
        : jsonAnswer(turn.whole ?? toResponse(turn, request, number));
    case '/embeddings':
      return jsonAnswer(turn.whole ?? toEmbeddings(body as EmbeddingsWireRequest, options.arraysOnly === true));
    default:
      return errorAnswer({ status: 404, message: `Invalid URL (POST ${path})` });
  }
}

function modelsAnswer(path: string, options: OpenAIUpstreamOptions): Answer {
  const models = (options.models ?? [{ id: 'scripted' }, { id: 'scripted-embedding' }]).map((model) => ({ object: 'model', created: 1_760_000_000, owned_by: 'modelport', ...model }));
  if (path === '/models') return jsonAnswer({ object: 'list', data: models });
  const id = decodeURIComponent(path.replace(/^\/models\//, ''));
  const model = models.find((candidate) => candidate.id === id);
  return model === undefined ? errorAnswer({ status: 404, code: 'model_not_found', message: `The model '${id}' does not exist` }) : jsonAnswer(model);
}

function routeAnswer({ status = 200, body }: { readonly status?: number; readonly body: object | string }): Answer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers: { 'content-type': typeof body === 'string' ? 'text/plain' : 'application/json' }, body: Buffer.from(text) };
}

function jsonAnswer(value: object): Answer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(value)) };
}

function eventsAnswer(events: readonly (object | string)[], named: boolean, done: boolean, faults: readonly Fault[]): Answer {
  return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' }, body: toEventBytes(events, named, done, faults) };
}

function errorAnswer({ status, code = null, type = 'invalid_request_error', message = 'scripted error', body }: ScriptedError): Answer {
  const value = body ?? { error: { message, type, param: null, code } };
  return {
    status, headers: { 'content-type': typeof value === 'string' ? 'text/plain' : 'application/json' },
    body: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  };
}

function commonHeaders(number: number): Readonly<Record<string, string>> {
  return {
    'x-request-id': `req_${number}`, 'openai-processing-ms': '5', 'x-ratelimit-limit-requests': '5000', 'x-ratelimit-remaining-requests': '4999',
    'x-ratelimit-reset-requests': '12ms',
  };
}

function keyOf(request: ReceivedRequest): string | undefined {
  return request.headers['authorization']?.replace(/^Bearer /, '') ?? request.headers['api-key'] ?? request.headers['x-api-key'];
}

/** A scripted upstream that speaks the OpenAI wire: chat completions, Responses, embeddings and models. */
import type { Answer } from './answer-writer.ts';
import { toChatChunks, toChatCompletion, type ChatWireRequest } from './chat-wire.ts';
import { toEmbeddings, type EmbeddingsWireRequest } from './embeddings-wire.ts';
import { faultOf, toEventBytes, type Fault } from './fault.ts';
import type { ReceivedRequest } from './raw-server.ts';
import { toResponse, toResponseEvents } from './responses-wire.ts';
import { bodyAnswer, pageAnswer, Script, startScriptedServer, type ScriptedUpstream } from './scripted-server.ts';
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

/** A running upstream; its base URL ends with `/v1` or the `basePath` of the options. */
export type OpenAIUpstream = ScriptedUpstream<Turn>;

/** Starts an upstream on a free port of 127.0.0.1. */
export async function createOpenAIUpstream(options: OpenAIUpstreamOptions = {}): Promise<OpenAIUpstream> {
  const script = new Script(options.turns ?? [{ text: 'Hello.' }]);
  // Of the answers that follow the script: it is part of every id.
  let number = 0;
  return startScriptedServer(script, (request) => {
    const given = givenAnswer(request, options);
    if (given !== undefined) return given;
    number += 1;
    const turn = script.next();
    const path = withoutBase(pathOf(request), options.basePath);
    const answer = turn.error === undefined ? scriptedAnswer(path, request.body, turn, number, options) : errorAnswer(turn.error);
    return { ...answer, headers: { ...commonHeaders(number), ...answer.headers, ...turn.headers }, faults: turn.faults ?? [] };
  }, options.basePath ?? '/v1');
}

/** The answer that no turn is needed for: a route of the options, a key that is wrong, the list of models, a refusal. */
function givenAnswer(request: ReceivedRequest, options: OpenAIUpstreamOptions): Answer | undefined {
  const route = options.routes?.[`${request.method} ${pathOf(request)}`];
  if (route !== undefined) return bodyAnswer(route.body, route.status);
  if (options.apiKey !== undefined && keyOf(request) !== options.apiKey) return errorAnswer({ status: 401, code: 'invalid_api_key', message: 'Incorrect API key provided.' });
  if (request.method === 'GET') return modelsAnswer(withoutBase(pathOf(request), options.basePath), options);
  const refused = options.refuse?.(request.body);
  return refused === undefined ? undefined : errorAnswer(refused);
}

function pathOf({ path }: ReceivedRequest): string {
  return path.replace(/\?.*$/, '');
}

/** Below another base than it was given, an upstream knows nothing. */
function withoutBase(path: string, base: string | undefined): string {
  if (base === undefined) return path.replace(/^\/v1(?=\/)/, '');
  return path.startsWith(base) ? path.slice(base.length) : path.replace(/^\//, '/elsewhere/');
}

function scriptedAnswer(path: string, body: unknown, turn: Turn, number: number, options: OpenAIUpstreamOptions): Answer {
  const faults = turn.faults ?? [];
  const page = pageAnswer(faults);
  if (page !== undefined) return page;
  const request = (body ?? {}) as ChatWireRequest;
  const streams = request.stream === true && faultOf(faults, 'json-instead-of-stream') === undefined;
  const changed = <Value extends object | string>(value: Value): Value => (typeof value === 'string' || options.change === undefined ? value : (options.change(value, number) as Value));
  switch (path) {
    case '/chat/completions':
      return streams
        ? eventsAnswer(turn.events ?? toChatChunks(turn, request, number).map(changed), false, true, faults)
        : bodyAnswer(turn.whole ?? changed(toChatCompletion(turn, request, number)));
    case '/responses':
      // This API names its events and ends without [DONE].
      return streams
        ? eventsAnswer(turn.events ?? toResponseEvents(turn, request, number), true, false, faults)
        : bodyAnswer(turn.whole ?? toResponse(turn, request, number));
    case '/embeddings':
      return bodyAnswer(turn.whole ?? toEmbeddings(body as EmbeddingsWireRequest, options.arraysOnly === true));
    default:
      return errorAnswer({ status: 404, message: `Invalid URL (POST ${path})` });
  }
}

function modelsAnswer(path: string, options: OpenAIUpstreamOptions): Answer {
  const models = (options.models ?? [{ id: 'scripted' }, { id: 'scripted-embedding' }]).map((model) => ({ object: 'model', created: 1_760_000_000, owned_by: 'modelport', ...model }));
  if (path === '/models') return bodyAnswer({ object: 'list', data: models });
  const id = decodeURIComponent(path.replace(/^\/models\//, ''));
  const model = models.find((candidate) => candidate.id === id);
  return model === undefined ? errorAnswer({ status: 404, code: 'model_not_found', message: `The model '${id}' does not exist` }) : bodyAnswer(model);
}

function eventsAnswer(events: readonly (object | string)[], named: boolean, done: boolean, faults: readonly Fault[]): Answer {
  return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' }, body: toEventBytes(events, named, done, faults) };
}

function errorAnswer({ status, code = null, type = 'invalid_request_error', message = 'scripted error', body }: ScriptedError): Answer {
  return bodyAnswer(body ?? { error: { message, type, param: null, code } }, status);
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

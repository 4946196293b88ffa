/** A scripted upstream that speaks Anthropic's Messages API: messages, streamed and whole, token counts and models with paging. */
import { refusalOf } from './anthropic-rules.ts';
import type { AnthropicTurn } from './anthropic-turn.ts';
import { toMessage, toMessageEvents, type MessagesWireRequest } from './anthropic-wire.ts';
import type { Answer } from './answer-writer.ts';
import { faultOf, toEventBytes } from './fault.ts';
import type { ReceivedRequest } from './raw-server.ts';
import { bodyAnswer, pageAnswer, Script, startScriptedServer, type ScriptedUpstream } from './scripted-server.ts';
import type { ScriptedError } from './turn.ts';

/** How an upstream answers. */
export interface AnthropicUpstreamOptions {
  /** The answers in order, one for each request that asks for one; the last one is repeated. Default: one turn, the text `Hello.`. */
  readonly turns?: readonly AnthropicTurn[];
  /** Entries of GET /v1/models. Default: `claude-scripted`. */
  readonly models?: readonly ({ readonly id: string } & Readonly<Record<string, unknown>>)[];
  /** Most entries of one page of models, whatever is asked. Default 1000. */
  readonly pageSize?: number;
  /** Key that is asked for; another or none is answered with 401. Default: none is asked for. */
  readonly apiKey?: string;
  /** Answers requests the API would refuse as well. Default false. */
  readonly lenient?: boolean;
}

/** A running upstream; its base URL is without `/v1`. */
export type AnthropicUpstream = ScriptedUpstream<AnthropicTurn>;

/** Starts an upstream on a free port of 127.0.0.1. */
export async function createAnthropicUpstream(options: AnthropicUpstreamOptions = {}): Promise<AnthropicUpstream> {
  const script = new Script(options.turns ?? [{ text: 'Hello.' }]);
  return startScriptedServer(script, (request, number) => {
    const headers = { 'request-id': `req_${number}`, ...RATE_LIMITS };
    const refused = refusedAnswer(request, number, options) ?? modelsAnswer(request, number, options);
    if (refused !== undefined) return { ...refused, headers: { ...headers, ...refused.headers } };
    const turn = script.next();
    const scripted = turn.error === undefined ? turnAnswer(turn, request.body as MessagesWireRequest, number) : errorAnswer(turn.error, number);
    return { ...scripted, headers: { ...headers, ...scripted.headers, ...turn.headers }, faults: turn.faults ?? [] };
  });
}

const RATE_LIMITS: Readonly<Record<string, string>> = {
  'anthropic-ratelimit-requests-limit': '4000', 'anthropic-ratelimit-requests-remaining': '3999', 'anthropic-ratelimit-requests-reset': '2026-11-21T12:00:00Z',
  'anthropic-ratelimit-input-tokens-remaining': '400000', 'anthropic-ratelimit-output-tokens-remaining': '80000', 'anthropic-organization-id': 'org_scripted',
};

/** The word for a status where a script names none. */
const TYPE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'invalid_request_error', 401: 'authentication_error', 402: 'billing_error', 403: 'permission_error', 404: 'not_found_error', 413: 'request_too_large',
  429: 'rate_limit_error', 500: 'api_error', 504: 'timeout_error', 529: 'overloaded_error',
};

function refusedAnswer({ method, path, headers, body }: ReceivedRequest, number: number, options: AnthropicUpstreamOptions): Answer | undefined {
  const key = headers['x-api-key'] ?? headers['authorization']?.replace(/^Bearer /, '');
  if (options.apiKey !== undefined && key !== options.apiKey) return errorAnswer({ status: 401, message: 'invalid x-api-key' }, number);
  if (headers['anthropic-version'] === undefined) return errorAnswer({ status: 400, message: 'anthropic-version: header is required' }, number);
  const route = `${method} ${path.replace(/\?.*$/, '')}`;
  const isCount = route === 'POST /v1/messages/count_tokens';
  if (route !== 'POST /v1/messages' && !isCount && !route.startsWith('GET /v1/models')) return errorAnswer({ status: 404, message: 'Not Found' }, number);
  if (method === 'GET' || options.lenient === true) return undefined;
  // A count needs no limit of its answer.
  const refused = refusalOf(isCount ? { max_tokens: 1, ...(body as object) } : body, headers['anthropic-version']);
  if (refused !== undefined) return errorAnswer({ status: 400, message: refused }, number);
  return isCount ? bodyAnswer({ input_tokens: Math.ceil(JSON.stringify(body).length / 4) }) : undefined;
}

function modelsAnswer({ method, path }: ReceivedRequest, number: number, options: AnthropicUpstreamOptions): Answer | undefined {
  if (method !== 'GET') return undefined;
  const url = new URL(path, 'http://upstream');
  const models = (options.models ?? [{ id: 'claude-scripted' }]).map((model) => ({
    type: 'model', display_name: model.id, created_at: '2026-01-01T00:00:00Z', lifecycle: 'active', capabilities: null, max_input_tokens: null, max_tokens: null, ...model,
  }));
  const id = decodeURIComponent(url.pathname.slice('/v1/models/'.length));
  if (id !== '') {
    const model = models.find((candidate) => candidate.id === id);
    return model === undefined ? errorAnswer({ status: 404, message: `model: ${id}` }, number) : bodyAnswer(model);
  }
  const after = url.searchParams.get('after_id');
  const first = after === null ? 0 : models.findIndex((model) => model.id === after) + 1;
  const data = models.slice(first, first + Math.min(Number(url.searchParams.get('limit') ?? 20), options.pageSize ?? 1000));
  return bodyAnswer({ data, has_more: first + data.length < models.length, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null });
}

function turnAnswer(turn: AnthropicTurn, request: MessagesWireRequest, number: number): Answer {
  const faults = turn.faults ?? [];
  const page = pageAnswer(faults);
  if (page !== undefined) return page;
  if (request.stream !== true || faultOf(faults, 'json-instead-of-stream') !== undefined) return bodyAnswer(turn.whole ?? toMessage(turn, request, number));
  const events = turn.events ?? toMessageEvents(turn, request, number);
  return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' }, body: toEventBytes(events, true, false, faults) };
}

function errorAnswer({ status, type = TYPE_OF_STATUS[status] ?? 'api_error', message = 'scripted error', body }: ScriptedError, number: number): Answer {
  return bodyAnswer(body ?? { type: 'error', error: { type, message }, request_id: `req_${number}` }, status);
}

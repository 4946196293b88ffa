/** A scripted upstream that speaks Ollama's native wire: chat, embeddings, and the models on its machine. */
import type { Answer } from './answer-writer.ts';
import { faultOf, type Fault } from './fault.ts';
import { toLineBytes, toOllamaAnswer, toOllamaLines, type OllamaChatRequest } from './ollama-chat-wire.ts';
import { OllamaMachine, type OllamaModel, type OllamaPullScript } from './ollama-machine.ts';
import type { ReceivedRequest } from './raw-server.ts';
import { bodyAnswer, pageAnswer, Script, startScriptedServer, type ScriptedAnswer, type ScriptedUpstream } from './scripted-server.ts';
import type { Turn } from './turn.ts';

/** How an upstream answers. */
export interface OllamaUpstreamOptions {
  /** The answers to chat and embedding requests, in order; the last one is repeated. Default: one turn, the text `Hello.`. */
  readonly turns?: readonly Turn[];
  /** Models on disk. Default: `scripted:latest`, and `scripted-embedding:latest`, which only embeds. */
  readonly models?: readonly OllamaModel[];
  /** Models that can be pulled beside those. Default: `tiny:latest`. */
  readonly library?: readonly OllamaModel[];
  /** What /api/version says. Default: `0.12.6`. */
  readonly version?: string;
}

/** A running upstream; its base URL is without `/api`. */
export interface OllamaUpstream extends ScriptedUpstream<Turn> {
  /** Says how the next pulls go, in order; those after them go well. */
  scriptPulls(...pulls: readonly OllamaPullScript[]): void;
}

interface State {
  readonly script: Script<Turn>;
  pulls: OllamaPullScript[];
  readonly machine: OllamaMachine;
  readonly version: string;
}

/** Starts an upstream on a free port of 127.0.0.1. */
export async function createOllamaUpstream(options: OllamaUpstreamOptions = {}): Promise<OllamaUpstream> {
  const installed = options.models ?? [{ id: 'scripted:latest' }, { id: 'scripted-embedding:latest', capabilities: ['embedding'] }];
  const state: State = {
    script: new Script(options.turns ?? [{ text: 'Hello.' }]), pulls: [], version: options.version ?? '0.12.6',
    machine: new OllamaMachine(installed, options.library ?? [{ id: 'tiny:latest' }]),
  };
  const upstream = await startScriptedServer(state.script, (request) => answerTo(request, state));
  return Object.assign(upstream, { scriptPulls: (...pulls: readonly OllamaPullScript[]) => { state.pulls = [...pulls]; } });
}

function answerTo(request: ReceivedRequest, state: State): ScriptedAnswer {
  const { machine } = state;
  const body = (request.body ?? {}) as OllamaChatRequest & { readonly name?: string; readonly keep_alive?: unknown; readonly input?: unknown; readonly dimensions?: number };
  // `name` is what older clients, and the official one to this day, call it for some requests.
  const name = body.model ?? body.name ?? '';
  const model = machine.find(name);
  switch (`${request.method} ${request.path.replace(/\?.*$/, '')}`) {
    case 'GET /':
      return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: Buffer.from('Ollama is running') };
    case 'GET /api/version':
      return jsonAnswer({ version: state.version });
    case 'GET /api/tags':
      return jsonAnswer(machine.tags());
    case 'GET /api/ps':
      return jsonAnswer(machine.running());
    case 'POST /api/pull':
      return pullAnswer(name, (request.body as { readonly stream?: boolean } | undefined)?.stream !== false, state);
    case 'POST /api/show':
      return model === undefined ? notFound(name) : jsonAnswer(machine.show(model));
    case 'DELETE /api/delete':
      if (model === undefined) return notFound(name);
      machine.remove(model);
      return { status: 200, headers: {}, body: Buffer.alloc(0) };
    case 'POST /api/generate':
    case 'POST /api/chat':
    case 'POST /api/embed':
      break;
    default:
      return { status: 404, headers: { 'content-type': 'text/plain' }, body: Buffer.from('404 page not found') };
  }
  if (model === undefined) return notFound(name);
  const path = request.path.replace(/\?.*$/, '');
  if (path !== '/api/embed' && model.capabilities?.includes('completion') === false) {
    return errorAnswer(400, `"${name}" does not support ${path.slice('/api/'.length)}`);
  }
  machine.use(model, body.keep_alive);
  // Without a prompt the model is only loaded, or unloaded.
  if (path === '/api/generate') return jsonAnswer({ model: name, created_at: '2026-11-21T10:00:00Z', response: '', done: true, done_reason: body.keep_alive === 0 ? 'unload' : 'load' });
  if (path === '/api/embed' && body.input === '') return jsonAnswer({ model: name, embeddings: [] });
  return turnAnswer(path, body, state.script.next(), model);
}

function turnAnswer(path: string, body: OllamaChatRequest & { readonly input?: unknown; readonly dimensions?: number }, turn: Turn, model: OllamaModel): ScriptedAnswer {
  const faults = turn.faults ?? [];
  const answered = (): Answer => {
    if (turn.error !== undefined) {
      const { status, message = 'scripted error', body: whole } = turn.error;
      return whole === undefined ? errorAnswer(status, message) : bodyAnswer(whole, status);
    }
    const page = pageAnswer(faults);
    if (page !== undefined) return page;
    if (path === '/api/embed') return jsonAnswer(turn.whole ?? toEmbeddings(body, model, turn));
    if (body.stream === false || faultOf(faults, 'json-instead-of-stream') !== undefined) return jsonAnswer(turn.whole ?? toOllamaAnswer(turn, body));
    return linesAnswer(turn.events ?? toOllamaLines(turn, body), faults);
  };
  const answer = answered();
  return { ...answer, headers: { ...answer.headers, ...turn.headers }, faults };
}

/** A pull that is scripted to stall holds its connection; each line is a write of its own. */
function pullAnswer(name: string, streams: boolean, { machine, pulls }: State): ScriptedAnswer {
  const script = pulls.shift() ?? {};
  const lines = machine.pull(name, script);
  if (!streams) return jsonAnswer(lines.at(-1) ?? {});
  const answer = linesAnswer(lines, []);
  const faults: Fault[] = [{ type: 'split', at: 'every-line' }];
  if (script.stallAfterBytes !== undefined) faults.push({ type: 'stall', afterBytes: answer.body.length });
  return { ...answer, faults };
}

/** One vector per text, made of its length and place, so that an order that was lost shows. */
function toEmbeddings({ model: name, input, dimensions }: { readonly model?: string; readonly input?: unknown; readonly dimensions?: number }, model: OllamaModel, turn: Turn): object {
  const texts = (Array.isArray(input) ? input : [input]) as readonly string[];
  const length = dimensions ?? model.embeddingLength ?? 4;
  const usage = turn.usage === undefined ? { input: texts.length * 2 } : turn.usage;
  return {
    model: name, embeddings: texts.map((text, index) => Array.from({ length }, (_, place) => (place === 0 ? index : place === 1 ? text.length : 0.5))),
    total_duration: 14_143_917, load_duration: 1_019_500, ...(usage === null || usage.input === 0 ? {} : { prompt_eval_count: usage.input }),
  };
}

function notFound(name: string): Answer {
  return errorAnswer(404, `model '${name}' not found`);
}

function errorAnswer(status: number, message: string): Answer {
  return { ...jsonAnswer({ error: message }), status };
}

function jsonAnswer(value: object): Answer {
  return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, body: Buffer.from(JSON.stringify(value)) };
}

function linesAnswer(lines: readonly (object | string)[], faults: readonly Fault[]): Answer {
  return { status: 200, headers: { 'content-type': 'application/x-ndjson' }, body: toLineBytes(lines, faults) };
}

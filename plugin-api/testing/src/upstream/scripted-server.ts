/** What every scripted upstream is underneath: a server, its script of turns, and the requests it has seen. */
import { writeAnswer, type Answer } from './answer-writer.ts';
import { faultOf, type Fault } from './fault.ts';
import { startRawServer, type ReceivedRequest } from './raw-server.ts';

/** A running upstream. */
export interface ScriptedUpstream<Turn> extends AsyncDisposable {
  /** Base URL for a client. */
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

/** An answer, and what goes wrong with it. */
export interface ScriptedAnswer extends Answer {
  /** Default: nothing. */
  readonly faults?: readonly Fault[];
}

/** The turns to come; the last one is repeated. */
export class Script<Turn extends object> {
  private turns: Turn[];
  private last = {} as Turn;

  constructor(turns: readonly Turn[]) {
    this.turns = [...turns];
  }

  /** Takes the turn for the next answer. */
  next(): Turn {
    this.last = this.turns.shift() ?? this.last;
    return this.last;
  }

  /** Replaces the turns to come. */
  replace(turns: readonly Turn[]): void {
    this.turns = [...turns];
  }
}

/** Starts an upstream on a free port of 127.0.0.1. `answer` is asked with the number of the request, from 1. */
export async function startScriptedServer<Turn extends object>(
  script: Script<Turn>, answer: (request: ReceivedRequest, number: number) => ScriptedAnswer, basePath = '',
): Promise<ScriptedUpstream<Turn>> {
  const requests: ReceivedRequest[] = [];
  const server = await startRawServer(async (request, socket) => {
    const number = requests.push(request);
    const { faults = [], ...written } = answer(request, number);
    await writeAnswer(socket, written, faults);
  });
  return {
    baseUrl: server.url + basePath,
    requests,
    get openConnections() {
      return server.openConnections;
    },
    get acceptedConnections() {
      return server.acceptedConnections;
    },
    script: (...turns) => { script.replace(turns); },
    close: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** An answer whose body is JSON, or text as it stands. */
export function bodyAnswer(body: object | string, status = 200): Answer {
  const isText = typeof body === 'string';
  return { status, headers: { 'content-type': isText ? 'text/plain' : 'application/json' }, body: Buffer.from(isText ? body : JSON.stringify(body)) };
}

/** The page a login wall answers with, where the turn has that fault. */
export function pageAnswer(faults: readonly Fault[]): Answer | undefined {
  const html = faultOf(faults, 'html');
  if (html === undefined) return undefined;
  return { status: html.status ?? 200, headers: { 'content-type': 'text/html' }, body: Buffer.from('<!doctype html><html><body>Please log in.</body></html>') };
}

/** What one case works with: scripted vendors and backends it may start, requests it may send, and the end of them all. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { randomBytes } from 'node:crypto';
import type { Call, ChatModel, ChatPart, ChatRequest, ChatResult, EmbeddingModel, Provider } from '@modelport/plugin-api';
import { AnswerFold, currentPluginFrame, inPluginFrame, installSocketGuard, startPlugin, StreamNormaliser, validateOptions, type HttpLimits } from '@modelport/host/conformance';
import { testCall } from '../fake-context.ts';
import { NotConforming, expectThat, type Claim } from './case.ts';
import type { ChatDeclaration } from './declaration.ts';
import { createKitContext, type ContextRecord, type KitContext } from './plugin-context.ts';
import type { OpenedPlugin, Subject } from './subject.ts';
import type { RunningUpstream, UpstreamTurn, UpstreamWire } from './upstream-adapter.ts';

/** How a backend is started. */
export interface BackendOptions {
  /** Time limits of its HTTP client. Default: those of a host. */
  readonly limits?: Partial<HttpLimits>;
}

/** What a stream gave. */
export interface Outcome {
  /** The parts as the plugin yielded them, batches taken apart. */
  readonly raw: readonly ChatPart[];
  /** The parts as a host's reader sees them. */
  readonly parts: readonly ChatPart[];
  /** What was thrown; `undefined` = it ended well. */
  readonly error: unknown;
  /** The answer, as far as it came. */
  readonly result: ChatResult;
  /** Its text. */
  readonly text: string;
}

/** The words of the smallest request: looked for on the wire. */
export const PROMPT = 'Say hello to the conformance kit.';

/** Longest time for `close()`, in milliseconds, as a host bounds it. */
const CLOSE_LIMIT_MS = 5_000;

/** The smallest request, with more where given. */
export function ask(more: Partial<ChatRequest> = {}): ChatRequest {
  return deepFreeze({ messages: [{ role: 'user', content: [{ type: 'text', text: PROMPT }] }], ...more });
}

/** A backend of the plugin under test that runs against a scripted vendor. */
export class TestBackend {
  readonly provider: Provider;
  readonly record: ContextRecord;
  readonly canary: string;
  readonly upstream: RunningUpstream | undefined;
  readonly #kit: KitContext;
  readonly #chat: () => ChatDeclaration;
  #closed: Promise<void> | undefined;

  constructor(provider: Provider, kit: KitContext, upstream: RunningUpstream | undefined, canary: string, chat: () => ChatDeclaration) {
    this.provider = provider;
    this.record = kit.record;
    this.canary = canary;
    this.upstream = upstream;
    this.#kit = kit;
    this.#chat = chat;
  }

  /** The wire; a plugin that declares hosts must have one. */
  get wire(): UpstreamWire {
    expectThat(this.upstream?.wire, 'the manifest declares hosts, but the upstream of the declaration has no wire to look at');
    return this.upstream.wire;
  }

  /** The text of every request so far. */
  get sent(): string {
    return this.wire.requests.map(({ path, headers, text }) => `${path}\n${JSON.stringify(headers)}\n${text}`).join('\n');
  }

  /** Runs work as code of the plugin, so that its sockets are seen. */
  run<Result>(work: () => Result): Result {
    return inPluginFrame(this.#kit.grant, work);
  }

  /** The declared chat model. */
  model(): ChatModel {
    const model = this.run(() => this.provider.chatModel?.(this.#chat().model));
    expectThat(model, 'the provider has no chatModel');
    return model;
  }

  /** The embedding model of that id. */
  embedding(id: string): EmbeddingModel {
    const model = this.run(() => this.provider.embeddingModel?.(id));
    expectThat(model, 'the provider has no embeddingModel');
    return model;
  }

  /** Streams the answer to a request through the host's normaliser. What the plugin throws is in the outcome; `onPart` sees each part as it is yielded. */
  ask(request: ChatRequest = ask(), call: Partial<Call> = {}, onPart?: (part: ChatPart) => void): Promise<Outcome> {
    return this.run(async () => {
      const model = this.model();
      const raw: ChatPart[] = [];
      const parts: ChatPart[] = [];
      const normaliser = new StreamNormaliser({ includeRaw: call.includeRaw === true });
      let error: unknown;
      try {
        for await (const batch of model.stream(deepFreeze(request), testCall(call))) {
          const yielded = Array.isArray(batch) ? (batch as readonly ChatPart[]) : [batch as ChatPart];
          raw.push(...yielded);
          normaliser.push(yielded, parts);
          for (const part of yielded) onPart?.(part);
        }
        normaliser.end(parts);
      } catch (thrown) {
        error = thrown ?? new NotConforming('the stream threw nothing but undefined');
        normaliser.cut(parts);
      }
      const fold = new AnswerFold();
      fold.addAll(parts);
      return { raw, parts, error, result: fold.partial(), text: fold.text() };
    });
  }

  /** As `ask`, for an answer that must end well. */
  async answer(request: ChatRequest = ask(), call: Partial<Call> = {}): Promise<Outcome> {
    const outcome = await this.ask(request, call);
    if (outcome.error !== undefined) throw new NotConforming(`the call failed: ${describeError(outcome.error)}`, { cause: outcome.error });
    return outcome;
  }

  /** Closes the provider, its connections and its vendor. Rejects with what `close()` threw. */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#kit.retire();
    try {
      await endedWithin(CLOSE_LIMIT_MS, Promise.resolve(this.run(() => this.provider.close?.())));
    } finally {
      await this.#kit.http.destroy();
      await this.upstream?.close();
    }
  }
}

/** One run of one case. */
export class Trial {
  readonly subject: Subject;
  readonly opened: OpenedPlugin;
  readonly claims: ReadonlySet<Claim>;
  /** Hosts to which the plugin opened sockets around `context.http`. */
  readonly ownSockets: string[] = [];
  readonly #backends: TestBackend[] = [];
  readonly #atEnd: (() => void | Promise<void>)[] = [];

  constructor(subject: Subject, opened: OpenedPlugin, claims: ReadonlySet<Claim>) {
    this.subject = subject;
    this.opened = opened;
    this.claims = claims;
    this.#atEnd.push(installSocketGuard({ onRefused: ({ host }) => this.ownSockets.push(host) }), this.#watchSockets());
  }

  /** The declared chat model. */
  readonly chat = (): ChatDeclaration => {
    const { chat } = this.subject.declaration;
    expectThat(chat, 'the manifest provides "chat", but the declaration names no chat model to ask');
    return chat;
  };

  /** Starts a backend against a vendor that gives these answers. Throws NotConforming where it cannot be scripted or started. */
  async backend(turns: readonly UpstreamTurn[] = [], { limits = {} }: BackendOptions = {}): Promise<TestBackend> {
    const { declaration } = this.subject;
    const { found, manifest, plugin } = this.opened;
    expectThat(declaration.upstream !== undefined || turns.length === 0, 'it cannot be tested: the declaration has no upstream to script');
    const upstream = await declaration.upstream?.start(turns);
    try {
      const written = { ...upstream?.options, ...declaration.options };
      const canary = `canary-${randomBytes(12).toString('hex')}`;
      const name = `kit-${this.#backends.length + 1}`;
      const options = await validateOptions({ plugin, backend: name, found, options: written });
      const kit = createKitContext({ manifest, packageName: found.name, backend: name, options, written, limits, canary });
      const provider = await inPluginFrame(kit.grant, () => startPlugin({
        plugin, context: kit.context, backend: name, found, manifest, signal: new AbortController().signal, redactor: { redact: (text) => text, redactError: (error) => error },
      }));
      const backend = new TestBackend(provider, kit, upstream, canary, this.chat);
      this.#backends.push(backend);
      return backend;
    } catch (error) {
      await upstream?.close();
      throw error;
    }
  }

  /** Closes what the case started. Whether `close()` may be called and called again is a case of its own. */
  async end(): Promise<void> {
    for (const backend of this.#backends) await backend.close().catch(() => undefined);
    for (const undo of this.#atEnd) await undo();
  }

  /** Notes every socket that is made while code of the plugin runs; the host's own client makes its sockets outside of it. */
  #watchSockets(): () => void {
    const watch = (): void => {
      const grant = currentPluginFrame();
      if (grant !== undefined) this.ownSockets.push(`a socket of ${grant.plugin}`);
    };
    subscribe('net.client.socket', watch);
    return () => { unsubscribe('net.client.socket', watch); };
  }
}

/** An error in one line: code and message. */
export function describeError(error: unknown): string {
  const { code, message } = (typeof error === 'object' && error !== null ? error : {}) as { readonly code?: unknown; readonly message?: unknown };
  return `${typeof code === 'string' ? `${code}: ` : ''}${typeof message === 'string' ? message : String(error)}`;
}

/** Freezes plain data to its depth: a plugin may not write into what it is given. */
export function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || ArrayBuffer.isView(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}

/** The end of the work; throws NotConforming when it does not come in time. */
export async function endedWithin<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new NotConforming(`it did not end within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the connection of the newest request closes, within `limitMs` (default 2000). */
export async function letsGo({ wire }: TestBackend, limitMs = 2_000): Promise<boolean> {
  let closed = false;
  void wire.requests.at(-1)?.closed.then(() => { closed = true; });
  return eventually(() => closed, limitMs);
}

/** Waits until a condition holds, looking again after each turn of the event loop, for at most `limitMs` (default 2000). Whether it held. */
export async function eventually(holds: () => boolean, limitMs = 2_000): Promise<boolean> {
  const end = Date.now() + limitMs;
  while (!holds()) {
    if (Date.now() > end) return false;
    await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
  return true;
}

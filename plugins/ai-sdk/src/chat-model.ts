/** A chat model of an AI SDK package as a chat model of the contract. */
import { CallError } from '@modelport/plugin-api';
import type { Call, ChatModel, ChatPart, ChatRequest, ChatResult, ContentPart, FinishPart, FinishReason, Usage, Warning } from '@modelport/plugin-api';
import { toChatPart, toContentPart } from './decode/content.ts';
import { hasFigures, toEnding, toUsage, toWarnings } from './decode/figures.ts';
import { contentOfVersion1, toChatPartsOfVersion1 } from './decode/version-1.ts';
import { toCallOptions, type Encoded } from './encode/call-options.ts';
import { isUnreadableEvent, toBridgeError } from './error.ts';
import { findModel } from './find-model.ts';
import { dialectOf, type ProviderFacts } from './provider-facts.ts';
import { readStream } from './read-stream.ts';
import { fieldsOf, isFields, textOf, type Fields, type LanguageModel } from './specification.ts';

/** A chat model by id. The package's own model is made with the first call: what it throws for an id is that call's error. */
export class BridgedChatModel implements ChatModel {
  readonly #facts: ProviderFacts;
  readonly #modelId: string;
  #model: LanguageModel | undefined;
  #supportedUrls: ChatModel['supportedUrls'];

  constructor(modelId: string, facts: ProviderFacts) {
    this.#modelId = modelId;
    this.#facts = facts;
  }

  /** What the vendor fetches itself, as the model says; nothing while a model that has to ask has not answered. */
  get supportedUrls(): NonNullable<ChatModel['supportedUrls']> {
    try {
      const urls = this.#find().supportedUrls;
      if (isFields(urls) && typeof urls['then'] !== 'function') return urls as NonNullable<ChatModel['supportedUrls']>;
    } catch { /* told by the call */ }
    return this.#supportedUrls ?? {};
  }

  async *stream(request: ChatRequest, call: Call): AsyncGenerator<ChatPart | readonly ChatPart[]> {
    const { model, options, warnings } = this.#encode(request, call);
    let answered;
    try {
      answered = await model.doStream(options);
    } catch (error) {
      throw toCallFailure(error, request, call);
    }
    const headers = answered.response?.headers ?? answered.rawResponse?.headers ?? {};
    const known = [...warnings, ...toWarnings(answered.warnings)];
    let started = false;
    for await (const part of this.#parts(readStream(answered.stream, call.signal), model, call)) {
      if (!started) {
        started = true;
        const first = 'type' in part && part.type === 'stream-start' ? part : undefined;
        yield { type: 'stream-start', warnings: [...known, ...(first?.warnings ?? [])] };
        if (Object.keys(headers).length > 0) yield { type: 'response-metadata', headers };
        if (first !== undefined) continue;
      }
      yield part;
    }
  }

  async complete(request: ChatRequest, call: Call): Promise<ChatResult> {
    const { model, options, warnings } = this.#encode(request, call);
    let result: Fields;
    try {
      result = await model.doGenerate(options);
    } catch (error) {
      throw toCallFailure(error, request, call);
    }
    call.signal.throwIfAborted();
    const response = responseOf(result);
    return { content: contentOf(model, result), ...toEnding(result), warnings: [...warnings, ...toWarnings(result['warnings'])], ...(response === undefined ? {} : { response }) };
  }

  /** The parts of a stream. An error in it is kept while usage may still come, and thrown after. */
  async *#parts(stream: AsyncIterable<Fields>, model: LanguageModel, call: Call): AsyncGenerator<ChatPart | readonly ChatPart[]> {
    let unreadable: unknown;
    const told = new Set<string>();
    for await (const part of stream) {
      if (part['type'] === 'error') {
        const { error } = part;
        // One event may be odd; of more, the answer would lack too much to be shown as whole.
        if (!isUnreadableEvent(error) || unreadable !== undefined) throw await this.#afterUsage(error, stream, call);
        unreadable = error;
        yield { type: 'warning', warning: unreadableWarning() };
        continue;
      }
      if (part['type'] === 'finish') {
        const finish = toChatPart(part) as FinishPart;
        checkWhole(finish, unreadable, call.signal);
        yield finish;
      } else if (part['type'] === 'stream-start') {
        // A repeated start holds all warnings so far: each is told once.
        const warnings = toWarnings(part['warnings']).filter((warning) => !told.has(JSON.stringify(warning)));
        for (const warning of warnings) told.add(JSON.stringify(warning));
        yield { type: 'stream-start', warnings };
      } else if (model.specificationVersion === 'v1') yield toChatPartsOfVersion1(part);
      else yield toChatPart(part);
    }
  }

  async #afterUsage(error: unknown, rest: AsyncIterable<Fields>, call: Call): Promise<unknown> {
    const usage = await usageWithin(rest, 1_000, call.signal);
    return toBridgeError(error, call.signal, usage === undefined ? {} : { usage });
  }

  #find(): LanguageModel {
    const { provider, row, context } = this.#facts;
    const model = (this.#model ??= findModel(provider, 'chat', this.#modelId, { way: row.access?.chat, experimentalV1: context.options.experimentalV1 }));
    const { supportedUrls } = model;
    if (this.#supportedUrls === undefined && supportedUrls instanceof Promise) {
      this.#supportedUrls = {};
      supportedUrls.then((urls: unknown) => { if (isFields(urls)) this.#supportedUrls = urls as ChatModel['supportedUrls']; }, () => undefined);
    }
    return model;
  }

  #encode(request: ChatRequest, call: Call): Encoded & { readonly model: LanguageModel } {
    call.signal.throwIfAborted();
    try {
      const model = this.#find();
      const { row, context } = this.#facts;
      const facts = { version: model.specificationVersion, dialect: dialectOf(model, context.target?.name ?? ''), fields: row.fields ?? {}, ignores: row.ignores ?? [], textFiles: row.textFiles ?? false, base64Files: row.base64Files ?? false };
      return { model, ...toCallOptions(request, call, facts) };
    } catch (error) {
      throw toBridgeError(error, call.signal);
    }
  }
}

/** Packages trip over files they were not written for before they send anything: that is a refusal, without the manners of one. */
function toCallFailure(error: unknown, request: ChatRequest, call: Call): unknown {
  const failure = toBridgeError(error, call.signal);
  const tripped = CallError.is(failure) && failure.code === 'INTERNAL' && fieldsOf(error)['name'] === 'TypeError';
  if (!tripped || !request.messages.some(({ content }) => Array.isArray(content) && content.some(({ type }: { readonly type: string }) => type === 'file'))) return failure;
  return new CallError('CAPABILITY_MISSING', `The package cannot take the files of this request as they are given (${failure.message})`, { retryable: false, cause: error });
}

/** Usage that comes with the finish of a stream that has failed, if it comes in time. */
async function usageWithin(rest: AsyncIterable<Fields>, limitMs: number, signal: AbortSignal): Promise<Usage | undefined> {
  const iterator = rest[Symbol.asyncIterator]();
  let over: (() => void) | undefined;
  const limit = new Promise<undefined>((resolve) => { over = () => resolve(undefined); });
  const timer = setTimeout(() => over?.(), limitMs);
  const stop = (): void => over?.();
  signal.addEventListener('abort', stop, { once: true });
  const search = async (): Promise<Usage | undefined> => {
    for (;;) {
      const { done, value } = await iterator.next();
      if (done === true) return undefined;
      if (value['type'] === 'finish') return toUsage(value['usage']);
    }
  };
  try {
    const usage = await Promise.race([search().catch(() => undefined), limit]);
    return usage !== undefined && hasFigures(usage) ? usage : undefined;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

/**
 * Packages of the SDK close every stream with a finish, also one that broke off: a finish that says neither why nor how much is that.
 * Throws PROTOCOL (retryable), as the host does for a stream without a finish.
 */
function checkWhole({ finishReason, usage }: { readonly finishReason: FinishReason; readonly usage: Usage }, unreadable: unknown, signal: AbortSignal): void {
  const { unified, raw } = finishReason;
  if (raw !== undefined && raw !== '') return;
  if (unified === 'error' && unreadable !== undefined) throw toBridgeError(unreadable, signal);
  if (unified === 'other' && !hasFigures(usage)) throw new CallError('PROTOCOL', 'The stream ended without saying why: it was cut off.', { retryable: true, ...(unreadable === undefined ? {} : { cause: unreadable }) });
}

function unreadableWarning(): Warning {
  return { type: 'other', message: 'The package could not read one event of the stream; it is left out.' };
}

function contentOf(model: LanguageModel, result: Fields): readonly ContentPart[] {
  if (model.specificationVersion === 'v1') return contentOfVersion1(result);
  const { content, structuredOutputText } = result;
  const parts = Array.isArray(content) ? content.map((part) => toContentPart(fieldsOf(part))) : [];
  // Some packages give a structured output beside the content.
  const structured = textOf(structuredOutputText);
  return structured === undefined || parts.some(({ type }) => type === 'text') ? parts : [...parts, { type: 'text', text: structured }];
}

function responseOf(result: Fields): ChatResult['response'] {
  const { body: _body, ...response } = fieldsOf(result['response']);
  const headers = response['headers'] ?? fieldsOf(result['rawResponse'])['headers'];
  const all = { ...response, ...(headers === undefined ? {} : { headers }) };
  return Object.keys(all).length === 0 ? undefined : (all as ChatResult['response']);
}

/** A model of the host as a language model of the AI SDK. */
import type { ChatPart, Warning } from '@modelport/plugin-api';
import type { Answer } from '../models/answer.ts';
import type { AnswerStream } from '../models/answer-stream.ts';
import type { ChatOptions } from '../models/chat-input.ts';
import type { ModelHandle } from '../models/model-handle.ts';
import { toAISDKError } from './ai-sdk-error.ts';
import { toAISDKContent, toAISDKFinishReason, toAISDKMetadata, toAISDKPart, toAISDKUsage, toAISDKWarnings, withoutAbsent } from './ai-sdk-parts.ts';
import { toChatRequest, type AISDKCallOptions } from './ai-sdk-request.ts';
import type { AISDKLanguageModel, AISDKSpecification } from './ai-sdk-types.ts';

/** What a vendor fetches itself, by media type. */
export type SupportedUrls = Record<string, RegExp[]>;

/** Holds a handle, which holds a name: what the name means is settled by each call. */
export class HandedOutModel<Spec extends AISDKSpecification> implements AISDKLanguageModel<Spec> {
  readonly specificationVersion: Spec;
  readonly provider = 'modelport';
  readonly modelId: string;
  readonly #handle: ModelHandle;
  readonly #askUrls: () => Promise<SupportedUrls>;

  constructor(spec: Spec, handle: ModelHandle, askUrls: () => Promise<SupportedUrls>) {
    this.specificationVersion = spec;
    this.modelId = handle.name;
    this.#handle = handle;
    this.#askUrls = askUrls;
  }

  /** Starts the backend. One that cannot start fetches nothing; the call will say why. */
  get supportedUrls(): Promise<SupportedUrls> {
    return this.#askUrls().catch(() => ({}));
  }

  async doGenerate(options: AISDKCallOptions): Promise<object> {
    const { abortSignal } = options;
    try {
      const answer = await this.#handle.generate(toChatRequest(options), optionsOf(options));
      const { content, finishReason, usage, response, warnings } = answer;
      const spec = this.specificationVersion;
      return {
        content: content.flatMap((part) => toAISDKContent(part, spec) ?? []), finishReason: toAISDKFinishReason(finishReason, spec), usage: toAISDKUsage(usage),
        warnings: toAISDKWarnings(warnings, spec), providerMetadata: metadataOf(answer), request: {}, response: { modelId: answer.model, ...response },
      };
    } catch (error) {
      throw toAISDKError(error, abortSignal);
    }
  }

  /** Rejects for what fails before the first part of the answer; after it a failure is the SDK's `error` part, and a `finish` follows. */
  async doStream(options: AISDKCallOptions): Promise<object> {
    const { abortSignal } = options;
    const spec = this.specificationVersion;
    const stream = this.#handle.stream(toChatRequest(options), optionsOf(options));
    const parts = stream[Symbol.asyncIterator]();
    const head: ChatPart[] = [];
    try {
      for (;;) {
        const { done, value } = await parts.next();
        if (done === true) break;
        head.push(value);
        if (!OPENING.has(value.type)) break;
      }
    } catch (error) {
      throw toAISDKError(error, abortSignal);
    }
    const headers = Object.assign({}, ...head.map((part) => (part.type === 'response-metadata' ? part.headers : undefined))) as Readonly<Record<string, string>>;
    const source = toSDKParts(stream, head, parts, spec, abortSignal);
    return { stream: streamOf(source, () => stream.close()), request: {}, response: { headers } };
  }
}

/** Parts that may come before anything is known of the answer. */
const OPENING: ReadonlySet<ChatPart['type']> = new Set(['stream-start', 'warning', 'response-metadata', 'ping', 'usage', 'raw']);

async function* toSDKParts(stream: AnswerStream, head: readonly ChatPart[], rest: AsyncIterator<ChatPart>, spec: AISDKSpecification, signal: AbortSignal | undefined): AsyncGenerator<object> {
  const warnings: Warning[] = head.flatMap((part) => (part.type === 'stream-start' ? part.warnings : part.type === 'warning' ? [part.warning] : []));
  const start = (): object => ({ type: 'stream-start', warnings: toAISDKWarnings(warnings, spec) });
  let usage: object | undefined;
  let finish: Extract<ChatPart, { type: 'finish' }> | undefined;
  try {
    yield start();
    for (let index = 0; ; index += 1) {
      let part = head[index];
      if (part === undefined) {
        const { done, value } = await rest.next();
        if (done === true) break;
        part = value;
        if (part.type === 'warning') {
          warnings.push(part.warning);
          // The last start counts for the SDK: it holds every warning so far.
          yield start();
        }
      }
      if (part.type === 'usage') usage = toAISDKUsage(part.usage);
      else if (part.type === 'response-metadata') yield* metadataPart(part);
      // The answer, and with it what the host knows of the call, is there after the last part only.
      else if (part.type === 'finish') finish = part;
      else yield* present(toAISDKPart(part, spec));
    }
    if (finish !== undefined) yield { type: 'finish', finishReason: toAISDKFinishReason(finish.finishReason, spec), usage: toAISDKUsage(finish.usage), providerMetadata: metadataOf(await stream.answer) };
  } catch (error) {
    yield { type: 'error', error: toAISDKError(error, signal) };
    yield { type: 'finish', finishReason: { unified: 'error', raw: undefined }, usage: usage ?? toAISDKUsage({ inputTokens: {}, outputTokens: {} }) };
  } finally {
    await rest.return?.();
  }
}

function* metadataPart({ id, modelId, timestamp }: Extract<ChatPart, { type: 'response-metadata' }>): Generator<object> {
  if (id !== undefined || modelId !== undefined || timestamp !== undefined) yield withoutAbsent({ type: 'response-metadata', id, modelId, timestamp });
}

function* present(part: object | undefined): Generator<object> {
  if (part !== undefined) yield part;
}

/** What the SDK has no place for travels as vendor data of the host. */
function metadataOf({ providerMetadata, backend, model, callId, usage, finishReason }: Answer): object {
  return toAISDKMetadata(providerMetadata, { backend, model, callId, costUsd: usage.costUsd, finishReason: finishReason.unified });
}

function optionsOf({ abortSignal, includeRawChunks }: AISDKCallOptions): ChatOptions {
  return { ...(abortSignal === undefined ? {} : { signal: abortSignal }), ...(includeRawChunks === true ? { includeRaw: true } : {}) };
}

/** Pulls one part at a time, so that a slow reader holds back the vendor; cancelling ends the call. */
function streamOf(parts: AsyncGenerator<object>, close: () => Promise<void>): ReadableStream<object> {
  return new ReadableStream<object>({
    async pull(controller) {
      const { done, value } = await parts.next();
      if (done === true) controller.close();
      else controller.enqueue(value);
    },
    // The generator itself may be waiting for the vendor, and would return only after that.
    cancel: close,
  }, { highWaterMark: 0 });
}

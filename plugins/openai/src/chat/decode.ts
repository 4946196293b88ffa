/** The events of a streamed chat completion become parts; every event is parsed once. */
import { CallError, type Call, type ChatPart, type Citation, type Source, type Usage } from '@modelport/plugin-api';
import { ToolCallCollector, type AnswerDecoder, type ServerSentEvent } from '@modelport/plugin-api/kit';
import type { AnswerContext } from '../answer-context.ts';
import { insideAnswer } from '../error.ts';
import { EventParser } from '../event-parser.ts';
import { toFinishReason } from './finish.ts';
import { AnswerFacts, extraContent, toCitations } from './facts.ts';
import { toUsage } from './usage.ts';
import type { WireChoice, WireCompletion, WireContent, WireToolCall, WireUsage } from './wire.ts';

/** Reads the events of one streamed completion. Source: the API reference of OpenAI's chat completion chunks. */
export class ChatDecoder implements AnswerDecoder<ServerSentEvent> {
  /** Whether `[DONE]` came. */
  done = false;
  private readonly context: AnswerContext;
  private readonly includeRaw: boolean;
  private readonly events: EventParser<WireCompletion>;
  private readonly calls: ToolCallCollector;
  private readonly facts: AnswerFacts;
  private described = false;
  private usage: WireUsage | undefined;
  private finishReason: string | undefined;
  private reasoningBlocks = 0;
  private reasoningOpen = false;
  private refused = false;
  private citations: Citation[] = [];
  private functionCallId: string | undefined;

  constructor(context: AnswerContext) {
    this.context = context;
    this.includeRaw = context.call.includeRaw === true;
    this.events = new EventParser(context.headers);
    this.calls = new ToolCallCollector({ newId: callIdMaker(context.call) });
    this.facts = new AnswerFacts(context, true);
  }

  push(event: ServerSentEvent, parts: ChatPart[]): void {
    const { data } = event;
    if (data === '' || this.done) return;
    if (data === '[DONE]') {
      this.done = true;
      return;
    }
    const chunk = this.events.parse(data, this.calls.count > 0, parts);
    if (chunk === undefined) return;
    if (this.includeRaw) parts.push({ type: 'raw', rawValue: chunk });
    if (event.event === 'error') throw this.failure(chunk.error === undefined ? chunk : { error: chunk.error });
    if (chunk.error !== undefined && chunk.error !== null) throw this.failure({ error: chunk.error });
    if (!this.described && chunk.id) this.describe(chunk, parts);
    const choice = chunk.choices?.[0];
    // A choice beyond the first would be an answer nobody asked for.
    if (choice !== undefined && (choice.index === undefined || choice.index === 0)) this.readChoice(choice, parts);
    this.facts.add(chunk, choice);
    const usage = chunk.usage ?? chunk.x_groq?.usage;
    if (usage !== undefined && usage !== null) {
      this.usage = usage;
      parts.push({ type: 'usage', usage: this.usageOf(usage) });
    }
    if (chunk.x_groq?.error !== undefined && chunk.x_groq.error !== null) throw this.failure({ error: chunk.x_groq.error });
  }

  end(parts: ChatPart[]): void {
    const endsWell = this.finishReason !== undefined || (this.done && this.context.options.finishReason === 'optional');
    if (!endsWell || (this.events.endedInside && !this.done)) {
      throw new CallError('PROTOCOL', 'The stream ended before the answer was whole.', { retryable: true, ...this.failureFacts() });
    }
    this.endReasoning(parts);
    if (this.citations.length > 0) parts.push({ type: 'text-end', id: 'text', citations: this.citations });
    const from = parts.length;
    this.calls.endAll(parts);
    markTextTools(parts, from, this.context.encoded.textTools);
    const providerMetadata = this.facts.metadata();
    parts.push({
      type: 'finish', usage: this.usageOf(this.usage),
      finishReason: toFinishReason(this.finishReason, { hasCalls: this.calls.count > 0, hasRefusal: this.refused }),
      ...(providerMetadata === undefined ? {} : { providerMetadata }),
    });
  }

  private describe(chunk: WireCompletion, parts: ChatPart[]): void {
    this.described = true;
    parts.push({ type: 'response-metadata', ...toResponseMetadata(chunk) });
  }

  private readChoice(choice: WireChoice, parts: ChatPart[]): void {
    if (choice.finish_reason === 'error') throw this.failure({ error: choice.error ?? { message: 'The vendor ended the answer with an error.' } });
    const delta = choice.delta ?? choice.message;
    if (delta !== null && delta !== undefined) {
      const { content } = delta;
      const reasoning = delta.reasoning_content ?? delta.reasoning;
      if (typeof reasoning === 'string' && reasoning !== '') this.addReasoning(reasoning, parts);
      if (delta.reasoning_details) this.addReasoningDetails(delta.reasoning_details, parts);
      if (typeof content === 'string') {
        if (content !== '') this.addText(content, parts);
      } else if (Array.isArray(content)) {
        this.addContent(content, parts);
      }
      if (delta.refusal) this.addRefusal(delta.refusal, parts);
      if (delta.tool_calls) for (const call of delta.tool_calls) this.addToolCall(call, parts);
      if (delta.function_call) this.addToolCall({ index: 0, id: (this.functionCallId ??= callIdMaker(this.context.call)()), function: delta.function_call }, parts);
      if (delta.annotations) this.addCitations(toCitations(delta.annotations, this.citations.length), parts);
    }
    const reason = choice.finish_reason;
    // Of two reasons the one that says more is kept.
    if (reason && (this.finishReason === undefined || this.finishReason === 'stop')) this.finishReason = reason;
  }

  private addText(delta: string, parts: ChatPart[]): void {
    if (this.reasoningOpen) this.endReasoning(parts);
    parts.push({ type: 'text-delta', id: 'text', delta });
  }

  private addReasoning(delta: string, parts: ChatPart[]): void {
    this.reasoningOpen = true;
    parts.push({ type: 'reasoning-delta', id: `reasoning-${this.reasoningBlocks}`, delta });
  }

  /** Details may come without a word of text, encrypted, and must go back all the same. */
  private addReasoningDetails(details: readonly object[], parts: ChatPart[]): void {
    if (details.length === 0) return;
    if (!this.reasoningOpen) parts.push({ type: 'reasoning-start', id: `reasoning-${this.reasoningBlocks}` });
    this.reasoningOpen = true;
    this.facts.addReasoningDetails(details);
  }

  private endReasoning(parts: ChatPart[]): void {
    if (!this.reasoningOpen) return;
    this.reasoningOpen = false;
    parts.push({ type: 'reasoning-end', id: `reasoning-${this.reasoningBlocks}`, providerMetadata: this.facts.reasoningMetadata() });
    this.reasoningBlocks += 1;
  }

  private addRefusal(delta: string, parts: ChatPart[]): void {
    if (!this.refused) parts.push({ type: 'text-start', id: 'refusal', providerMetadata: { [this.context.options.dialect]: { refusal: true } } });
    this.refused = true;
    parts.push({ type: 'text-delta', id: 'refusal', delta });
  }

  private addContent(content: readonly WireContent[], parts: ChatPart[]): void {
    for (const piece of content) {
      const thinking = typeof piece.thinking === 'string' ? piece.thinking : piece.thinking?.map((item) => item.text ?? '').join('');
      if (thinking) this.addReasoning(thinking, parts);
      if (piece.text) this.addText(piece.text, parts);
    }
  }

  private addToolCall(call: WireToolCall, parts: ChatPart[]): void {
    if (this.reasoningOpen) this.endReasoning(parts);
    const wireName = call.function?.name ?? call.custom?.name;
    const from = parts.length;
    this.calls.add({
      index: call.index, id: call.id, input: call.function?.arguments ?? call.custom?.input,
      toolName: wireName ? this.context.encoded.names.original(wireName) : undefined,
      providerMetadata: extraContent(call, this.context.options.dialect),
    }, parts);
    markTextTools(parts, from, this.context.encoded.textTools);
  }

  private addCitations(citations: readonly Citation[], parts: ChatPart[]): void {
    for (const citation of citations) {
      this.citations.push(citation);
      parts.push(citation.source satisfies Source);
    }
  }

  private usageOf(usage: WireUsage | undefined): Usage {
    const counted = toUsage(usage);
    return this.context.vendor.readUsage?.(counted, { headers: this.context.headers, isStream: true }) ?? counted;
  }

  private failure(body: unknown): CallError {
    const error = insideAnswer(body, this.context.headers, this.context.vendor);
    return this.usage === undefined ? error : new CallError(error.code, error.message, { ...error.facts, usage: this.usageOf(this.usage) });
  }

  private failureFacts(): { readonly usage?: Usage; readonly requestId?: string } {
    const requestId = this.context.headers['x-request-id'];
    return { ...(this.usage === undefined ? {} : { usage: this.usageOf(this.usage) }), ...(requestId === undefined ? {} : { requestId }) };
  }
}

/** The id, model and time of an answer. */
export function toResponseMetadata(chunk: { readonly id?: string; readonly model?: string; readonly created?: number }): { id?: string; modelId?: string; timestamp?: Date } {
  return {
    ...(chunk.id ? { id: chunk.id } : {}),
    ...(chunk.model ? { modelId: chunk.model } : {}),
    ...(typeof chunk.created === 'number' ? { timestamp: new Date(chunk.created * 1000) } : {}),
  };
}

/** Ids for calls that came without one: made of the call's own id, so that the same bytes give the same parts. */
export function callIdMaker(call: Call): () => string {
  let number = 0;
  return () => `call_${call.id.replace(/[^A-Za-z0-9]/g, '').slice(-40)}_${(number += 1)}`;
}

/** Marks input that is free text; the collector, which knows JSON only, has written `{}` for none. */
export function markTextTools(parts: ChatPart[], from: number, textTools: ReadonlySet<string>): void {
  if (textTools.size === 0) return;
  for (let index = from; index < parts.length; index += 1) {
    const part = parts[index]!;
    if (part.type === 'tool-input-start' && textTools.has(part.toolName)) parts[index] = { ...part, inputEncoding: 'text' };
    if (part.type === 'tool-call' && textTools.has(part.toolName)) parts[index] = { ...part, inputEncoding: 'text' };
  }
}


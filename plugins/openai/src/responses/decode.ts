/** The events of a streamed Responses answer become parts; every event is parsed once. */
import { CallError, type ChatPart, type ChatResult, type ContentPart } from '@modelport/plugin-api';
import { protocolError, type AnswerDecoder, type ServerSentEvent } from '@modelport/plugin-api/kit';
import type { AnswerContext } from '../answer-context.ts';
import { insideAnswer } from '../error.ts';
import { EventParser } from '../event-parser.ts';
import { countedUsage, kindOfContent, toResponsesData, toResponsesFinish, toResponsesMetadata } from './finish.ts';
import { reasoningText, toContent, type ItemContext } from './items.ts';
import type { WireEvent, WireItem, WireResponse } from './wire.ts';

interface OpenCall {
  readonly item: WireItem;
  readonly toolCallId: string;
  input: string;
}

/** Reads the events of one streamed answer. Source: the streaming events in the API reference of OpenAI's Responses. */
export class ResponsesDecoder implements AnswerDecoder<ServerSentEvent> {
  /** Whether the answer was said to be complete, or as complete as it gets. */
  done = false;
  private readonly context: AnswerContext;
  private readonly items: ItemContext;
  private readonly events: EventParser<WireEvent>;
  private readonly includeRaw: boolean;
  private readonly calls = new Map<number, OpenCall>();
  /** Blocks that have grown, by their id. */
  private readonly grown = new Set<string>();
  private readonly logprobs: object[] = [];
  private summaryIndex = 0;
  private final: WireResponse | undefined;
  private hasCalls = false;
  private hasRefusal = false;

  constructor(context: AnswerContext) {
    this.context = context;
    this.items = { dialect: context.options.dialect, names: context.encoded.names, textTools: context.encoded.textTools };
    this.events = new EventParser(context.headers);
    this.includeRaw = context.call.includeRaw === true;
  }

  push({ data }: ServerSentEvent, parts: ChatPart[]): void {
    if (data === '' || data === '[DONE]' || this.done) return;
    const event = this.events.parse(data, this.calls.size > 0, parts);
    if (event === undefined) return;
    if (this.includeRaw) parts.push({ type: 'raw', rawValue: event });
    switch (event.type) {
      case 'response.output_text.delta':
        this.addText(textId(event), event.delta ?? '', parts);
        if (event.logprobs !== undefined && event.logprobs.length > 0) this.logprobs.push(...event.logprobs);
        return;
      case 'response.refusal.delta':
        this.addRefusal(textId(event), event.delta ?? '', parts);
        return;
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        this.addReasoning(event, parts);
        return;
      case 'response.function_call_arguments.delta':
      case 'response.custom_tool_call_input.delta':
        this.addInput(event, parts);
        return;
      case 'response.created':
        if (event.response !== undefined) parts.push({ type: 'response-metadata', ...toResponsesMetadata(event.response) });
        return;
      case 'response.output_item.added':
        this.beginItem(event, parts);
        return;
      case 'response.output_item.done':
        this.endItem(event, parts);
        return;
      case 'response.completed':
      case 'response.incomplete':
      case 'response.cancelled':
        this.final = event.response ?? {};
        this.done = true;
        return;
      case 'response.failed':
        throw this.failure({ error: event.response?.error ?? { message: 'The response failed.' } }, event.response);
      case 'error':
        throw this.failure('error' in event ? event : { error: event }, undefined);
      default:
        // A server that fails before its first event may send the bare error object of the other API.
        if (event.type === undefined && 'error' in event) throw this.failure(event, undefined);
    }
  }

  end(parts: ChatPart[]): void {
    if (this.final === undefined) throw new CallError('PROTOCOL', 'The stream ended before the answer was whole.', { retryable: true });
    for (const [index, call] of this.calls) this.endItem({ type: '', output_index: index, item: { ...call.item, arguments: call.input, input: call.input } }, parts);
    parts.push({
      type: 'finish', usage: countedUsage(this.final.usage, this.context, true),
      finishReason: toResponsesFinish(this.final, { hasCalls: this.hasCalls, hasRefusal: this.hasRefusal }),
      providerMetadata: toResponsesData(this.final, this.logprobs, this.context, true),
    });
  }

  private addText(id: string, delta: string, parts: ChatPart[]): void {
    if (delta === '') return;
    this.grown.add(id);
    parts.push({ type: 'text-delta', id, delta });
  }

  private addRefusal(id: string, delta: string, parts: ChatPart[]): void {
    this.hasRefusal = true;
    this.addText(id, delta, parts);
  }

  private addReasoning(event: WireEvent, parts: ChatPart[]): void {
    const id = event.item_id ?? 'reasoning';
    const index = event.summary_index ?? event.content_index ?? 0;
    let delta = event.delta ?? '';
    // Summaries are paragraphs of one block.
    if (this.grown.has(id) && index !== this.summaryIndex) delta = `\n\n${delta}`;
    this.summaryIndex = index;
    this.grown.add(id);
    if (delta !== '') parts.push({ type: 'reasoning-delta', id, delta });
  }

  private addInput(event: WireEvent, parts: ChatPart[]): void {
    const call = this.calls.get(event.output_index ?? 0);
    if (call === undefined) throw protocolError('Input of a tool call came before the call.', this.context.headers);
    call.input += event.delta ?? '';
    if (event.delta) parts.push({ type: 'tool-input-delta', id: call.toolCallId, delta: event.delta });
  }

  private beginItem({ item, output_index: index = 0 }: WireEvent, parts: ChatPart[]): void {
    if (item?.type !== 'function_call' && item?.type !== 'custom_tool_call') return;
    const toolCallId = item.call_id ?? item.id ?? `call_${index}`;
    this.calls.set(index, { item, toolCallId, input: '' });
    parts.push({
      type: 'tool-input-start', id: toolCallId, toolName: this.items.names.original(item.name ?? ''),
      ...(item.type === 'custom_tool_call' ? { inputEncoding: 'text' } : {}),
    });
  }

  private endItem({ item, output_index: index = 0 }: WireEvent, parts: ChatPart[]): void {
    if (item === undefined) return;
    const open = this.calls.get(index);
    let number = 0;
    for (const content of toContent(item, this.items)) {
      switch (content.type) {
        case 'text': {
          const id = blockId(item.id ?? 'text', number);
          number += 1;
          if (content.providerMetadata?.[this.items.dialect]?.['refusal'] === true) this.hasRefusal = true;
          this.endBlock('text', id, content, parts);
          break;
        }
        case 'reasoning':
          this.endBlock('reasoning', item.id ?? 'reasoning', { ...content, text: reasoningText(item) }, parts);
          break;
        case 'tool-call':
          if (content.providerExecuted !== true) this.hasCalls = true;
          if (open !== undefined) parts.push({ type: 'tool-input-end', id: open.toolCallId });
          this.calls.delete(index);
          parts.push(content);
          break;
        default:
          parts.push(content);
      }
    }
  }

  /** Closes a block with what only the finished item says; one whose deltas never came is sent whole. */
  private endBlock(kind: 'text' | 'reasoning', id: string, content: ContentPart & { readonly text: string }, parts: ChatPart[]): void {
    const { text, type: _, ...rest } = content as ContentPart & { readonly text: string; readonly type: 'text' };
    if (!this.grown.has(id)) {
      parts.push({ type: `${kind}-start`, id });
      if (text !== '') parts.push({ type: `${kind}-delta`, id, delta: text });
    }
    parts.push({ ...rest, type: `${kind}-end`, id });
  }

  private failure(body: unknown, response: WireResponse | undefined): CallError {
    const error = insideAnswer(body, this.context.headers, this.context.vendor);
    if (!response?.usage) return error;
    return new CallError(error.code, error.message, { ...error.facts, usage: countedUsage(response.usage, this.context, true) });
  }
}

/** Reads an answer that came whole. Throws the CallError of a failed one, PROTOCOL for one without output. */
export function decodeResponse(value: unknown, context: AnswerContext): ChatResult {
  const response = value as WireResponse;
  const { dialect } = context.options;
  if (response.status === 'failed') throw insideAnswer({ error: response.error ?? { message: 'The response failed.' } }, context.headers, context.vendor);
  if (!Array.isArray(response.output)) throw protocolError('The answer is JSON without output.', context.headers);
  const output = response.output as readonly WireItem[];
  const items: ItemContext = { dialect, names: context.encoded.names, textTools: context.encoded.textTools };
  const content = output.flatMap((item) => toContent(item, items));
  const logprobs = output.flatMap((item) => (item.type === 'message' ? (item.content ?? []).flatMap((piece) => piece.logprobs ?? []) : []));
  return {
    content,
    finishReason: toResponsesFinish(response, kindOfContent(content, dialect)),
    usage: countedUsage(response.usage, context, false),
    response: toResponsesMetadata(response, context.headers),
    providerMetadata: toResponsesData(response, logprobs, context, false),
    ...(context.encoded.warnings.length === 0 ? {} : { warnings: context.encoded.warnings }),
  };
}

/** Most messages have one text, whose block goes by the id of the message. */
function textId(event: WireEvent): string {
  return blockId(event.item_id ?? 'text', event.content_index ?? 0);
}

function blockId(itemId: string, contentIndex: number): string {
  return contentIndex === 0 ? itemId : `${itemId}-${contentIndex}`;
}

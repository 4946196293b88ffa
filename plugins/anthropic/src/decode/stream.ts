/** A streamed answer, event by event: blocks by their index, counts that only grow, and no end without its reason. */
import { CallError, type ChatPart, type ProviderData } from '@modelport/plugin-api';
import { protocolError, ToolCallCollector, type AnswerDecoder, type ServerSentEvent } from '@modelport/plugin-api/kit';
import { insideAnswer } from '../error.ts';
import type { WireBlock, WireCitation, WireDelta, WireEvent, WireMessage, WireUsage } from '../wire.ts';
import { Citations } from './citations.ts';
import { callMetadata, isVendorCall, isVendorResult, toCustom, toVendorResult } from './content.ts';
import { finishMetadata, toFinishReason } from './finish.ts';
import type { DecodeContext } from './message.ts';
import { mergeUsage, toUsage } from './usage.ts';

type Kind = 'text' | 'reasoning' | 'call' | 'answer' | 'whole';

interface OpenBlock {
  readonly kind: Kind;
  block: WireBlock;
  /** Whether any of its text has come. */
  hasText: boolean;
  readonly citations: WireCitation[];
}

/** Reads the events of one stream. Source: https://platform.claude.com/docs/en/build-with-claude/streaming. */
export class StreamDecoder implements AnswerDecoder<ServerSentEvent> {
  done = false;
  private readonly context: DecodeContext;
  private readonly blocks = new Map<number, OpenBlock>();
  private readonly calls = new ToolCallCollector();
  private readonly toolNames = new Map<string, string>();
  private readonly citations: Citations;
  private head: WireMessage = {};
  private usage: WireUsage | undefined;
  private hasCalls = false;

  constructor(context: DecodeContext) {
    this.context = context;
    this.citations = new Citations(context.dialect);
  }

  push({ data, event: name }: ServerSentEvent, parts: ChatPart[]): void {
    if (data === '' || this.done) return;
    const event = this.parse(data, parts);
    if (event === undefined) return;
    if (this.context.call.includeRaw === true) parts.push({ type: 'raw', rawValue: event });
    switch (event.type ?? name) {
      case 'message_start':
        this.start(event.message ?? {}, parts);
        break;
      case 'content_block_start':
        if (event.content_block !== undefined) this.open(event.index ?? 0, event.content_block, parts);
        break;
      case 'content_block_delta':
        if (event.delta !== undefined) this.grow(event.index ?? 0, event.delta, parts);
        break;
      case 'content_block_stop':
        this.close(event.index ?? 0, parts);
        break;
      case 'message_delta':
        this.head = { ...this.head, ...event.delta, ...(event.context_management ? { context_management: event.context_management } : {}) };
        this.count(event.usage, parts);
        break;
      case 'message_stop':
        this.done = true;
        break;
      case 'ping':
        parts.push({ type: 'ping' });
        break;
      case 'error':
        throw this.failure(event);
      // The API's versioning allows events of new types at any time.
      default:
        break;
    }
  }

  end(parts: ChatPart[]): void {
    if (!this.head.stop_reason || this.blocks.size > 0) {
      const { code, message, facts } = protocolError('The stream ended before the answer was whole.', this.context.headers, true);
      throw new CallError(code, message, { ...facts, ...this.used() });
    }
    const providerMetadata = finishMetadata(this.head, this.context.dialect);
    parts.push({
      type: 'finish', finishReason: toFinishReason(this.head.stop_reason, this.hasCalls), usage: toUsage(this.usage),
      ...(providerMetadata === undefined ? {} : { providerMetadata }),
    });
  }

  private parse(data: string, parts: ChatPart[]): WireEvent | undefined {
    try {
      const event = JSON.parse(data) as unknown;
      if (typeof event === 'object' && event !== null) return event;
    } catch {
      // Told below, with what is no object.
    }
    // What is missing from a tool's input may change what the tool does.
    if ([...this.blocks.values()].some(({ kind }) => kind === 'call' || kind === 'answer')) throw protocolError('An event of the stream is not JSON, in the middle of a tool call.', this.context.headers, true);
    parts.push({ type: 'warning', warning: { type: 'other', message: 'An event of the stream is not JSON and was left out: the answer may lack some text.' } });
    return undefined;
  }

  private start(head: WireMessage, parts: ChatPart[]): void {
    this.head = head;
    parts.push({ type: 'response-metadata', ...(head.id ? { id: head.id } : {}), ...(head.model ? { modelId: head.model } : {}) });
    this.count(head.usage, parts);
  }

  private open(index: number, block: WireBlock, parts: ChatPart[]): void {
    const kind = this.kindOf(block);
    const opened: OpenBlock = { kind, block, hasText: false, citations: [...(block.citations ?? [])] };
    this.blocks.set(index, opened);
    const id = String(index);
    if (kind === 'reasoning') parts.push({ type: 'reasoning-start', id });
    if (kind === 'reasoning' && block.thinking) parts.push({ type: 'reasoning-delta', id, delta: block.thinking });
    if (kind === 'text' && block.text) this.addText(opened, id, block.text, parts);
    if (kind === 'call') this.beginCall(index, block, parts);
  }

  private kindOf({ type, name }: WireBlock): Kind {
    if (type === 'text') return 'text';
    if (type === 'thinking' || type === 'redacted_thinking') return 'reasoning';
    if (type === 'tool_use') return name === this.context.encoded.answerTool ? 'answer' : 'call';
    return isVendorCall(type) ? 'call' : 'whole';
  }

  private beginCall(index: number, block: WireBlock, parts: ChatPart[]): void {
    const toolName = block['toolset_name'] ? (block.name ?? '') : this.context.encoded.names.original(block.name ?? '');
    const providerExecuted = isVendorCall(block.type);
    if (!providerExecuted) this.hasCalls = true;
    if (block.id !== undefined) this.toolNames.set(block.id, toolName);
    this.calls.add({ index, id: block.id, toolName, providerExecuted, providerMetadata: callMetadata(block, this.context.dialect) }, parts);
  }

  private grow(index: number, delta: WireDelta, parts: ChatPart[]): void {
    const open = this.blocks.get(index);
    if (open === undefined) throw protocolError(`The stream adds to block ${index}, which is not open.`, this.context.headers);
    const id = String(index);
    switch (delta.type) {
      case 'text_delta':
        this.addText(open, id, delta.text ?? '', parts);
        break;
      case 'thinking_delta':
        if (delta.thinking) parts.push({ type: 'reasoning-delta', id, delta: delta.thinking });
        break;
      case 'signature_delta':
        open.block = { ...open.block, signature: delta.signature ?? '' };
        break;
      case 'input_json_delta':
        if (!delta.partial_json) break;
        if (open.kind === 'answer') this.addText(open, id, delta.partial_json, parts);
        else this.calls.add({ index, input: delta.partial_json }, parts);
        open.hasText = true;
        break;
      case 'citations_delta':
        if (delta.citation !== undefined) open.citations.push(delta.citation);
        break;
      default:
        if (open.kind === 'whole') open.block = grown(open.block, delta);
    }
  }

  private addText(open: OpenBlock, id: string, delta: string, parts: ChatPart[]): void {
    if (delta === '') return;
    open.hasText = true;
    parts.push({ type: 'text-delta', id, delta });
  }

  private close(index: number, parts: ChatPart[]): void {
    const open = this.blocks.get(index);
    if (open === undefined) return;
    this.blocks.delete(index);
    const id = String(index);
    const { kind, block, hasText } = open;
    if (kind === 'text') this.closeText(open, id, parts);
    else if (kind === 'reasoning') parts.push({ type: 'reasoning-end', id, ...carried(this.reasoningData(block)) });
    else if (kind === 'answer') {
      if (!hasText) parts.push({ type: 'text-delta', id, delta: JSON.stringify(block.input ?? {}) });
      parts.push({ type: 'text-end', id });
    } else if (kind === 'call') {
      // Some calls, and some gateways', have their whole input in the first event.
      if (!hasText && typeof block.input === 'object' && block.input !== null && Object.keys(block.input).length > 0) this.calls.add({ index, input: block.input }, parts);
      this.calls.end(index, parts);
    } else if (isVendorResult(block.type)) parts.push(toVendorResult(block, this.toolNames.get(block.tool_use_id ?? ''), this.context.dialect) as ChatPart);
    else parts.push(toCustom(block, this.context.dialect) as ChatPart);
  }

  private closeText({ citations: wire, hasText }: OpenBlock, id: string, parts: ChatPart[]): void {
    if (wire.length === 0) {
      if (hasText) parts.push({ type: 'text-end', id });
      return;
    }
    const { citations, newSources } = this.citations.read(wire);
    if (!hasText) parts.push({ type: 'text-start', id });
    parts.push({ type: 'text-end', id, citations, providerMetadata: this.citations.metadata(wire) }, ...newSources);
  }

  private reasoningData(block: WireBlock): ProviderData | undefined {
    if (block.type === 'redacted_thinking') return { [this.context.dialect]: { redactedData: block.data ?? '' } };
    return block.signature ? { [this.context.dialect]: { signature: block.signature } } : undefined;
  }

  private count(usage: WireUsage | null | undefined, parts: ChatPart[]): void {
    this.usage = mergeUsage(this.usage, usage);
    if (usage !== undefined && usage !== null) parts.push({ type: 'usage', usage: toUsage(this.usage) });
  }

  private failure(event: WireEvent): CallError {
    const { code, message, facts } = insideAnswer(event, this.context.headers);
    return new CallError(code, message, { ...facts, ...this.used() });
  }

  private used(): { readonly usage?: ReturnType<typeof toUsage> } {
    return this.usage === undefined ? {} : { usage: toUsage(this.usage) };
  }
}

function carried(providerMetadata: ProviderData | undefined): { readonly providerMetadata?: ProviderData } {
  return providerMetadata === undefined ? {} : { providerMetadata };
}

/** A block of a type that came later than this code: its texts grow, everything else is replaced. */
function grown(block: WireBlock, delta: WireDelta): WireBlock {
  const result: Record<string, unknown> = { ...block };
  for (const [key, value] of Object.entries(delta)) {
    const before = Object.hasOwn(result, key) ? result[key] : undefined;
    if (key === 'type' || key === '__proto__') continue;
    result[key] = typeof before === 'string' && typeof value === 'string' ? before + value : value;
  }
  return result as WireBlock;
}

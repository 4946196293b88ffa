/** Events of ConverseStream become the parts of the contract. */
import type { ChatPart, Json, JsonObject } from '@modelport/plugin-api';
import { protocolError, ToolCallCollector, type ToolNames, type AnswerDecoder } from '@modelport/plugin-api/kit';
import { insideStream } from '../error.ts';
import type { EventFrame } from '../event-stream.ts';
import type { WireBlock, WireCitation, WireDelta, WireEvent, WireMetadata } from '../wire.ts';
import { reasoningData, Sources, toImage, toVendorResult, vendorCallData } from './content.ts';
import { finishData, toFinishReason } from './finish.ts';
import { toUsage } from './usage.ts';

/** What reading an answer depends on. */
export interface AnswerContext {
  /** Headers of the answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** The tools' names as they went out. */
  readonly names: ToolNames;
  /** Who made the model. */
  readonly family: string;
  /** Wire name of the tool whose input is the answer. Absent = there is none. */
  readonly answerTool?: string | undefined;
  /** Whether every event is passed on as it came. */
  readonly includeRaw?: boolean | undefined;
}

type OpenBlock =
  | { readonly kind: 'text'; readonly citations: WireCitation[]; hasText: boolean }
  | { readonly kind: 'reasoning'; signature: string | undefined; readonly redacted: Buffer[] }
  | { readonly kind: 'call' }
  | { readonly kind: 'answer'; hasText: boolean }
  | { readonly kind: 'result'; readonly result: NonNullable<WireBlock['toolResult']>; readonly content: JsonObject[] }
  | { readonly kind: 'image'; readonly format: string | undefined; readonly bytes: Buffer[] };

/** Reads one answer. The counts come after the end of the message, and only then is the answer done. */
export class StreamDecoder implements AnswerDecoder<EventFrame> {
  /** Whether the wire said that nothing follows. */
  done = false;
  private readonly context: AnswerContext;
  private readonly blocks = new Map<number, OpenBlock>();
  private readonly calls = new ToolCallCollector();
  private readonly sources = new Sources();
  private readonly toolNames = new Map<string, string>();
  private callerCalls = 0;
  private answered = false;
  private stop: WireEvent | undefined;
  private metadata: WireMetadata | undefined;

  constructor(context: AnswerContext) {
    this.context = context;
  }

  /** Takes one frame and appends its parts. Throws the CallError of an exception, PROTOCOL for input of a tool that cannot be read. */
  push({ kind, name, payload }: EventFrame, parts: ChatPart[]): void {
    if (this.done) return;
    const event = this.parse(kind, name, payload, parts);
    if (event === undefined) return;
    if (this.context.includeRaw === true) parts.push({ type: 'raw', rawValue: { [name]: event } });
    if (kind !== 'event') throw insideStream(name, event.message ?? '', this.context.headers, this.metadata === undefined ? undefined : toUsage(this.metadata.usage));
    const index = event.contentBlockIndex ?? 0;
    switch (name) {
      case 'contentBlockStart':
        this.start(index, event.start ?? {}, parts);
        break;
      case 'contentBlockDelta':
        this.grow(index, event.delta ?? {}, parts);
        break;
      case 'contentBlockStop':
        this.close(index, parts);
        break;
      case 'messageStop':
        for (const open of this.blocks.keys()) this.close(open, parts);
        this.calls.endAll(parts);
        this.stop = event;
        if (this.metadata !== undefined) this.finish(parts);
        break;
      case 'metadata':
        this.metadata = event;
        if (this.stop !== undefined) this.finish(parts);
        break;
      case 'messageStart':
      case 'initial-response':
        break;
      default:
        parts.push({ type: 'unknown', part: { [name]: event } });
    }
  }

  /** The body is over: appends what closes the answer. Throws PROTOCOL for one that was cut. */
  end(parts: ChatPart[]): void {
    if (this.done) return;
    if (this.stop === undefined) throw protocolError('The stream ended before the answer did.', this.context.headers, true);
    parts.push({ type: 'warning', warning: { type: 'other', message: 'The stream ended before it told the usage.' } });
    this.finish(parts);
  }

  private parse(kind: EventFrame['kind'], name: string, payload: string, parts: ChatPart[]): WireEvent | undefined {
    if (kind === 'error') return { message: payload };
    try {
      const value = JSON.parse(payload === '' ? '{}' : payload) as WireEvent & { readonly p?: string; readonly Message?: string };
      // Padding, so that the length of a frame tells nothing about its words.
      const { p: _, ...event } = value;
      return event.message === undefined && typeof event.Message === 'string' ? { ...event, message: event.Message } : event;
    } catch {
      if (kind === 'exception') return { message: payload };
      const inCall = [...this.blocks.values()].some((block) => block.kind === 'call' || block.kind === 'answer');
      if (inCall || name === 'messageStop') throw protocolError(`An event of the stream (${name}) cannot be read.`, this.context.headers, true);
      parts.push({ type: 'warning', warning: { type: 'other', message: `An event of the stream (${name}) could not be read and was left out.` } });
      return undefined;
    }
  }

  private start(index: number, start: WireBlock, parts: ChatPart[]): void {
    const { toolUse, toolResult, image } = start;
    if (toolUse !== undefined) this.startCall(index, toolUse, parts);
    else if (toolResult !== undefined) this.blocks.set(index, { kind: 'result', result: toolResult, content: [] });
    else if (image !== undefined) this.blocks.set(index, { kind: 'image', format: image.format, bytes: [] });
    else if (Object.keys(start).length > 0) parts.push({ type: 'unknown', part: { contentBlockStart: { contentBlockIndex: index, start } } });
  }

  private startCall(index: number, toolUse: NonNullable<WireBlock['toolUse']>, parts: ChatPart[]): void {
    const { toolUseId, name = '', type } = toolUse;
    if (name === this.context.answerTool) {
      this.answered = true;
      this.blocks.set(index, { kind: 'answer', hasText: false });
      return;
    }
    const toolName = this.context.names.original(name);
    if (toolUseId !== undefined) this.toolNames.set(toolUseId, toolName);
    if (type === undefined) this.callerCalls += 1;
    this.blocks.set(index, { kind: 'call' });
    this.calls.add({ index, id: toolUseId, toolName, providerExecuted: type !== undefined, providerMetadata: vendorCallData(this.context.family, toolUse) }, parts);
  }

  private grow(index: number, delta: WireDelta, parts: ChatPart[]): void {
    const { text, toolUse, toolResult, reasoningContent, citation, image } = delta;
    if (text !== undefined) this.addText(index, text, parts);
    else if (toolUse !== undefined) this.addInput(index, toolUse.input ?? '', parts);
    else if (reasoningContent !== undefined) this.addReasoning(index, reasoningContent, parts);
    else if (citation !== undefined) this.open(index, 'text', parts).citations.push(citation);
    else if (toolResult !== undefined) this.open(index, 'result', parts).content.push(...toolResult);
    else if (image !== undefined) this.open(index, 'image', parts).bytes.push(Buffer.from(image.source?.bytes ?? '', 'base64'));
    else if (Object.keys(delta).length > 0) parts.push({ type: 'unknown', part: { contentBlockDelta: { contentBlockIndex: index, delta } } });
  }

  private addText(index: number, text: string, parts: ChatPart[]): void {
    if (text === '') return;
    this.open(index, 'text', parts).hasText = true;
    parts.push({ type: 'text-delta', id: String(index), delta: text });
  }

  private addInput(index: number, input: string, parts: ChatPart[]): void {
    const open = this.blocks.get(index);
    if (open?.kind === 'answer') {
      if (input === '') return;
      open.hasText = true;
      parts.push({ type: 'text-delta', id: String(index), delta: input });
    } else if (open?.kind === 'call') {
      if (input !== '') this.calls.add({ index, input }, parts);
    } else throw protocolError(`The stream adds input to block ${index}, which is no tool call.`, this.context.headers);
  }

  private addReasoning(index: number, { text, signature, redactedContent }: NonNullable<WireDelta['reasoningContent']>, parts: ChatPart[]): void {
    const open = this.open(index, 'reasoning', parts);
    if (text) parts.push({ type: 'reasoning-delta', id: String(index), delta: text });
    if (signature !== undefined) open.signature = (open.signature ?? '') + signature;
    if (redactedContent !== undefined) open.redacted.push(Buffer.from(redactedContent, 'base64'));
  }

  /** The open block of that index and kind; text and reasoning begin without being announced, and may follow each other under one index. */
  private open<Kind extends OpenBlock['kind']>(index: number, kind: Kind, parts: ChatPart[]): Extract<OpenBlock, { readonly kind: Kind }> {
    type Wanted = Extract<OpenBlock, { readonly kind: Kind }>;
    const found = this.blocks.get(index);
    if (found?.kind === kind) return found as Wanted;
    if (found !== undefined) this.close(index, parts);
    const made: OpenBlock | undefined = kind === 'text' ? { kind: 'text', citations: [], hasText: false } : kind === 'reasoning' ? { kind: 'reasoning', signature: undefined, redacted: [] } : undefined;
    if (made === undefined) throw protocolError(`The stream adds to block ${index}, which is not open.`, this.context.headers);
    if (made.kind === 'reasoning') parts.push({ type: 'reasoning-start', id: String(index) });
    this.blocks.set(index, made);
    return made as Wanted;
  }

  private close(index: number, parts: ChatPart[]): void {
    const open = this.blocks.get(index);
    if (open === undefined) return;
    this.blocks.delete(index);
    const id = String(index);
    switch (open.kind) {
      case 'text':
        this.closeText(id, open.citations, open.hasText, parts);
        break;
      case 'reasoning': {
        const redacted = open.redacted.length === 0 ? undefined : Buffer.concat(open.redacted).toString('base64');
        const providerMetadata = reasoningData(this.context.family, open.signature, redacted);
        parts.push({ type: 'reasoning-end', id, ...(providerMetadata === undefined ? {} : { providerMetadata }) });
        break;
      }
      case 'call':
        this.calls.end(index, parts);
        break;
      case 'answer':
        if (!open.hasText) parts.push({ type: 'text-delta', id, delta: '{}' });
        parts.push({ type: 'text-end', id });
        break;
      case 'result':
        parts.push(toVendorResult(this.context.family, { ...open.result, content: joined(open.content) }, this.toolNames.get(open.result.toolUseId ?? '')) as ChatPart);
        break;
      case 'image':
        parts.push(toImage(open.format, Buffer.concat(open.bytes).toString('base64')) as ChatPart);
        break;
    }
  }

  private closeText(id: string, wire: readonly WireCitation[], hasText: boolean, parts: ChatPart[]): void {
    const { citations, newSources } = this.sources.read(wire);
    if (hasText || citations.length > 0) {
      if (!hasText) parts.push({ type: 'text-start', id });
      parts.push({ type: 'text-end', id, ...(citations.length === 0 ? {} : { citations }) });
    }
    parts.push(...newSources);
  }

  private finish(parts: ChatPart[]): void {
    this.done = true;
    const { stopReason, additionalModelResponseFields } = this.stop ?? {};
    parts.push({
      type: 'finish', finishReason: toFinishReason(stopReason, this.callerCalls, this.answered), usage: toUsage(this.metadata?.usage),
      ...finishData(this.metadata ?? {}, additionalModelResponseFields),
    });
  }
}

/** Pieces of text that came one after the other are one text. */
function joined(content: readonly JsonObject[]): JsonObject[] {
  const result: Record<string, Json | undefined>[] = [];
  for (const piece of content) {
    const last = result.at(-1);
    if (typeof piece['text'] === 'string' && typeof last?.['text'] === 'string') last['text'] += piece['text'];
    else result.push({ ...piece });
  }
  return result;
}

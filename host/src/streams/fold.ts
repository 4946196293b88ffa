/** A stream's parts folded into the answer they make, at any moment: whole after `finish`, a partial before it. */
import type {
  BlockEdgePart, ChatPart, ChatResult, Citation, ContentPart, DeltaPart, FinishPart, ProviderData, ResponseMetadata, TextEndPart, ToolCallPart,
  ToolInputStartPart, ToolResultPart, Usage, Warning,
} from '@modelport/plugin-api';
import { cutStream } from './protocol-fault.ts';
import { mergeProviderData } from './provider-metadata.ts';
import { isCutShort } from './tool-inputs.ts';
import { unknownUsage } from './usage-figures.ts';

/** One place in the content, in the order in which its block opened or its part came. */
type Slot = TextSlot | ToolSlot | { readonly type: 'part'; part: ContentPart };

interface TextSlot {
  readonly type: 'text' | 'reasoning';
  text: string;
  metadata: ProviderData | undefined;
  citations: readonly Citation[] | undefined;
}

interface ToolSlot {
  readonly type: 'tool';
  readonly start: ToolInputStartPart | undefined;
  text: string;
  metadata: ProviderData | undefined;
  ended: boolean;
  call: ToolCallPart | undefined;
}

/** Folds the parts of one stream, as StreamNormaliser gives them out. Text grows by `+=`, which V8 keeps as a rope: half the time of an array and a join. */
export class AnswerFold {
  readonly #slots: Slot[] = [];
  readonly #texts = new Map<string, TextSlot>();
  readonly #reasonings = new Map<string, TextSlot>();
  readonly #tools = new Map<string, ToolSlot>();
  readonly #preliminary = new Map<string, { readonly type: 'part'; part: ContentPart }>();
  readonly #warnings: Warning[] = [];
  #response: ResponseMetadata | undefined;
  #usage: Usage | undefined;
  #finish: FinishPart | undefined;
  // The block of the last delta: the next one nearly always belongs to it.
  #hot: TextSlot | undefined;
  #hotType: DeltaPart['type'] | undefined;
  #hotId: string | undefined;

  /** Takes several parts. */
  addAll(parts: readonly ChatPart[]): void {
    for (const part of parts) this.add(part);
  }

  /** Takes one part. */
  add(part: ChatPart): void {
    const delta = part as DeltaPart;
    const slot = this.#hot;
    if (slot !== undefined && delta.type === this.#hotType && delta.id === this.#hotId) {
      slot.text += delta.delta;
      if (delta.providerMetadata !== undefined) slot.metadata = mergeProviderData(slot.metadata, delta.providerMetadata);
      return;
    }
    this.#place(part);
  }

  /** The text of the answer so far: all its text blocks, one after the other. */
  text(): string {
    return this.#slots.map((slot) => (slot.type === 'text' ? slot.text : '')).join('');
  }

  /** The whole answer. Throws PROTOCOL (retryable) when no `finish` came, because then it may be cut. */
  result(): ChatResult {
    const finish = this.#finish;
    if (finish === undefined) throw cutStream(this.#usage);
    return this.#answer(finish);
  }

  /**
   * What has arrived so far. Before `finish` its reason is `interrupted` and its usage that of the last `usage` part. A tool's input that
   * is not complete stands in it as an `unknown` part, never as a call that somebody could run.
   */
  partial(): ChatResult {
    return this.#answer(this.#finish);
  }

  #answer(finish: FinishPart | undefined): ChatResult {
    const cut = finish === undefined || isCutShort(finish.finishReason);
    return {
      content: this.#slots.flatMap((slot) => contentOf(slot, cut, finish === undefined)),
      finishReason: finish?.finishReason ?? { unified: 'interrupted' },
      usage: finish?.usage ?? this.#usage ?? unknownUsage,
      ...(this.#response === undefined ? {} : { response: this.#response }),
      ...(this.#warnings.length === 0 ? {} : { warnings: [...this.#warnings] }),
      ...(finish?.providerMetadata === undefined ? {} : { providerMetadata: finish.providerMetadata }),
    };
  }

  #place(part: ChatPart): void {
    switch (part.type) {
      case 'text-start':
      case 'text-delta':
      case 'text-end': return this.#block(part, 'text', this.#texts);
      case 'reasoning-start':
      case 'reasoning-delta':
      case 'reasoning-end': return this.#block(part, 'reasoning', this.#reasonings);
      case 'tool-input-start': {
        const slot: ToolSlot = { type: 'tool', start: part, text: '', metadata: part.providerMetadata, ended: false, call: undefined };
        this.#tools.set(part.id, slot);
        this.#slots.push(slot);
        return;
      }
      case 'tool-input-delta':
      case 'tool-input-end': {
        const slot = this.#tools.get(part.id);
        if (slot === undefined) return;
        slot.metadata = mergeProviderData(slot.metadata, part.providerMetadata);
        if (part.type === 'tool-input-delta') slot.text += part.delta;
        else slot.ended = true;
        return;
      }
      case 'tool-call': {
        const slot = this.#tools.get(part.toolCallId);
        if (slot === undefined) {
          this.#slots.push({ type: 'part', part });
          return;
        }
        slot.call = part;
        slot.metadata = mergeProviderData(slot.metadata, part.providerMetadata);
        return;
      }
      case 'tool-result': return this.#result(part);
      case 'stream-start':
        this.#warnings.push(...part.warnings);
        return;
      case 'warning':
        this.#warnings.push(part.warning);
        return;
      case 'response-metadata':
        this.#response = { ...this.#response, ...withoutType(part) };
        return;
      case 'usage':
        this.#usage = part.usage;
        return;
      case 'finish':
        this.#finish = part;
        return;
      case 'ping':
      case 'raw':
        return;
      default:
        this.#slots.push({ type: 'part', part });
    }
  }

  #block(part: BlockEdgePart | TextEndPart | DeltaPart, type: 'text' | 'reasoning', slots: Map<string, TextSlot>): void {
    let slot = slots.get(part.id);
    if (slot === undefined || part.type === `${type}-start`) {
      slot = { type, text: '', metadata: undefined, citations: undefined };
      slots.set(part.id, slot);
      this.#slots.push(slot);
      this.#hot = undefined;
    }
    if (part.providerMetadata !== undefined) slot.metadata = mergeProviderData(slot.metadata, part.providerMetadata);
    if ('citations' in part && part.citations !== undefined) slot.citations = part.citations;
    if (part.type !== 'text-delta' && part.type !== 'reasoning-delta') return;
    slot.text += part.delta;
    this.#hotType = part.type;
    this.#hotId = part.id;
    this.#hot = slot;
  }

  /** A result takes the place of the preliminary one before it. */
  #result(part: ToolResultPart): void {
    const earlier = this.#preliminary.get(part.toolCallId);
    const slot = earlier ?? { type: 'part' as const, part };
    if (earlier === undefined) this.#slots.push(slot);
    else earlier.part = part;
    if (part.preliminary === true) this.#preliminary.set(part.toolCallId, slot);
    else this.#preliminary.delete(part.toolCallId);
  }
}

function contentOf(slot: Slot, cut: boolean, partial: boolean): readonly ContentPart[] {
  if (slot.type === 'part') return [slot.part];
  if (slot.type === 'tool') return [toolContent(slot, partial ? !slot.ended : cut)];
  // A block that says and carries nothing is left out: vendors refuse empty text in a history.
  if (slot.text === '' && slot.metadata === undefined && slot.citations === undefined) return [];
  return [{
    type: slot.type, text: slot.text,
    ...(slot.citations === undefined ? {} : { citations: slot.citations }),
    ...(slot.metadata === undefined ? {} : { providerMetadata: slot.metadata }),
  }];
}

function toolContent(slot: ToolSlot, incomplete: boolean): ContentPart {
  const { call, start, metadata } = slot;
  if (call !== undefined) return metadata === undefined || metadata === call.providerMetadata ? call : { ...call, providerMetadata: metadata };
  const { id, toolName, inputEncoding, providerExecuted } = start as ToolInputStartPart;
  const input = slot.text;
  if (incomplete) return { type: 'unknown', part: { type: 'tool-input', id, toolName, input } };
  return {
    type: 'tool-call', toolCallId: id, toolName, input: inputEncoding !== 'text' && input.trim() === '' ? '{}' : input,
    ...(inputEncoding === undefined ? {} : { inputEncoding }),
    ...(providerExecuted === undefined ? {} : { providerExecuted }),
    ...(metadata === undefined ? {} : { providerMetadata: metadata }),
  };
}

/** The fields that say something: `undefined` must not hide what an earlier part said. */
function withoutType(part: { readonly type: string } & ResponseMetadata): ResponseMetadata {
  const { type: _type, ...fields } = part;
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** The text and reasoning blocks of one stream: opened when a plugin forgot to, closed when it forgot that, with ids used once. */
import type { BlockEdgePart, ChatPart, DeltaPart, ReasoningPart, TextEndPart, TextPart } from '@modelport/plugin-api';
import { kindOf } from './protocol-fault.ts';
import type { Fault } from './protocol-fault.ts';
import { UniqueIds } from './unique-ids.ts';

type Kind = 'text' | 'reasoning';

interface Block {
  readonly kind: Kind;
  /** What the plugin calls it. */
  readonly sourceId: string;
  /** What readers see: the plugin's id, or with a number behind it when that was taken. */
  readonly id: string;
  readonly order: number;
  /** Opened by a delta: the plugin knows no blocks, so the next content closes it. */
  implicit: boolean;
}

const none = Symbol('no open block');

/**
 * The rules, in the order in which they apply:
 *
 * 1. A delta without an open block of its id opens one. Such a block is closed by the next content that begins, so that what was said
 *    before a tool call stays before it. An empty delta without vendor data opens nothing.
 * 2. A start for a block that is open is dropped; its vendor data goes on as an empty delta.
 * 3. A delta after its block's end opens a new block, as in 1: text is never lost.
 * 4. An end without an open block is dropped, unless it carries vendor data or citations: these get an empty block of their own.
 * 5. An id that was used before gets `_2`, `_3`, ... behind it.
 */
export class TextBlocks {
  /** Type and id of the deltas that need no look-up because their block is open under its own id. */
  hotType: unknown = none;
  hotId: unknown = none;
  readonly #open: Readonly<Record<Kind, Map<string, Block>>> = { text: new Map(), reasoning: new Map() };
  readonly #ids = new UniqueIds();
  readonly #fault: Fault;
  #implicit: Block | undefined;
  #count = 0;

  constructor(fault: Fault) {
    this.#fault = fault;
  }

  /** Takes a `text-start` or `reasoning-start`. */
  start(part: BlockEdgePart, kind: Kind, out: ChatPart[]): void {
    const sourceId = blockId(part.id, part.type, this.#fault);
    const open = this.#open[kind].get(sourceId);
    if (open === undefined) {
      this.#begin(kind, sourceId, false, part, out);
      return;
    }
    if (open === this.#implicit) this.#implicit = undefined;
    open.implicit = false;
    if (part.providerMetadata !== undefined) out.push({ type: `${kind}-delta`, id: open.id, delta: '', providerMetadata: part.providerMetadata });
  }

  /** Takes a `text-delta` or `reasoning-delta`. Throws PROTOCOL when its delta is no string. */
  delta(part: DeltaPart, kind: Kind, out: ChatPart[]): void {
    if (typeof part.delta !== 'string') throw this.#fault(`the delta of a ${part.type} is ${kindOf(part.delta)}, not a string`);
    const sourceId = blockId(part.id, part.type, this.#fault);
    let block = this.#open[kind].get(sourceId);
    if (block === undefined) {
      if (part.delta === '' && part.providerMetadata === undefined) return;
      block = this.#begin(kind, sourceId, true, undefined, out);
    }
    if (block.id !== part.id) {
      out.push({ ...part, id: block.id });
      return;
    }
    this.hotType = part.type;
    this.hotId = part.id;
    out.push(part);
  }

  /** Takes a `text-end` or `reasoning-end`. */
  end(part: BlockEdgePart | TextEndPart, kind: Kind, out: ChatPart[]): void {
    const sourceId = blockId(part.id, part.type, this.#fault);
    let block = this.#open[kind].get(sourceId);
    if (block === undefined) {
      if (part.providerMetadata === undefined && !('citations' in part && part.citations !== undefined)) return;
      block = this.#begin(kind, sourceId, false, undefined, out);
    }
    this.#forget(block);
    out.push(block.id === part.id ? part : { ...part, id: block.id });
  }

  /** Takes a whole `text` or `reasoning` part, as `complete()` gives it. Throws PROTOCOL when its text is no string. */
  whole(part: TextPart | ReasoningPart, out: ChatPart[]): void {
    if (typeof part.text !== 'string') throw this.#fault(`the text of a ${part.type} part is ${kindOf(part.text)}, not a string`);
    const { type, text, ...carried } = part;
    this.closeImplicit(out);
    const id = this.#ids.claim('0');
    out.push({ type: `${type}-start`, id });
    if (text !== '') out.push({ type: `${type}-delta`, id, delta: text });
    out.push({ ...carried, type: `${type}-end`, id });
  }

  /** Closes the block that only deltas opened, because other content begins. */
  closeImplicit(out: ChatPart[]): void {
    if (this.#implicit !== undefined) this.#close(this.#implicit, out);
  }

  /** Closes what is open, in the order of opening. */
  closeAll(out: ChatPart[]): void {
    const open = [...this.#open.text.values(), ...this.#open.reasoning.values()];
    for (const block of open.toSorted((one, other) => one.order - other.order)) this.#close(block, out);
  }

  #begin(kind: Kind, sourceId: string, implicit: boolean, start: BlockEdgePart | undefined, out: ChatPart[]): Block {
    this.closeImplicit(out);
    const block: Block = { kind, sourceId, id: this.#ids.claim(sourceId), order: this.#count++, implicit };
    this.#open[kind].set(sourceId, block);
    if (implicit) this.#implicit = block;
    out.push(start !== undefined && start.id === block.id ? start : { ...start, type: `${kind}-start`, id: block.id });
    return block;
  }

  #close(block: Block, out: ChatPart[]): void {
    this.#forget(block);
    out.push({ type: `${block.kind}-end`, id: block.id });
  }

  #forget(block: Block): void {
    this.#open[block.kind].delete(block.sourceId);
    if (this.#implicit === block) this.#implicit = undefined;
    if (this.hotId === block.sourceId) this.hotId = none;
  }
}

/** A block's id as text. Vendors number their blocks or leave the id out where there is only one. */
function blockId(id: unknown, type: string, fault: Fault): string {
  if (typeof id === 'string') return id;
  if (typeof id === 'number') return String(id);
  if (id === undefined || id === null) return '0';
  throw fault(`the id of a ${type} is ${kindOf(id)}, not a string`);
}

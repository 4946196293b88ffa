/** A well-formed stream out of whatever a provider yields, or an error that says what it did: never a short answer shown as whole. */
import { CallError } from '@modelport/plugin-api';
import type { ChatPart, FinishPart, ReasoningPart, TextPart, Usage, Warning } from '@modelport/plugin-api';
import { cutStream, faultsOf, isRecord, kindOf } from './protocol-fault.ts';
import type { Fault } from './protocol-fault.ts';
import { mergeProviderData } from './provider-metadata.ts';
import { TextBlocks } from './text-blocks.ts';
import { ToolInputs } from './tool-inputs.ts';
import { mergeUsage } from './usage-figures.ts';
import { checkWholePart } from './whole-part.ts';

/** What the normaliser has to know about the call. */
export interface StreamFacts {
  /** Package name of the plugin, for the messages of its faults. */
  readonly plugin?: string | undefined;
  /** Whether `raw` parts reach the reader. Default false: they are dropped. */
  readonly includeRaw?: boolean | undefined;
}

/** What a plugin may yield although the contract's types forbid it. */
type YieldedPart = ChatPart | TextPart | ReasoningPart | { readonly type: 'error'; readonly error?: unknown };

/** The fields that tell a delta of the open block, before anything is known about the part. */
interface AnyPart {
  readonly type: unknown;
  readonly id?: unknown;
  readonly delta?: unknown;
}

/**
 * Takes what one stream yields, in order, and appends the well-formed parts to the given array. How the parts were grouped makes no
 * difference. The rules beside those of TextBlocks and ToolInputs:
 *
 * 1. `stream-start` comes first and once; warnings of a later one become `warning` parts.
 * 2. `finish` is held back until the source has ended, so that it is the last part and carries the final usage, also where the vendor
 *    sends that afterwards. Of several, the first reason counts and usage and vendor data are merged. Content after it is kept, before it.
 * 3. `stop` beside a tool call that waits for its result is `tool-calls`; the vendor's own word stays in `raw`.
 * 4. Usage is cumulative: a figure that a later `usage` lacks is kept. What is no count is dropped with a warning.
 * 5. A part of an unknown type is wrapped as `unknown`. A part of type `error` is thrown.
 *
 * After an error the parts already in the array are good and the object is spent.
 */
export class StreamNormaliser {
  readonly #includeRaw: boolean;
  readonly #fault: Fault;
  readonly #blocks: TextBlocks;
  readonly #tools: ToolInputs;
  #started = false;
  #ended = false;
  #finish: FinishPart | undefined;
  #usage: Usage | undefined;
  #usageGiven: Usage | undefined;
  #usageWarned: Set<string> | undefined;

  constructor(facts: StreamFacts = {}) {
    this.#fault = faultsOf(facts.plugin);
    this.#blocks = new TextBlocks(this.#fault);
    this.#tools = new ToolInputs(this.#fault);
    this.#includeRaw = facts.includeRaw === true;
  }

  /** Whether the source has sent its `finish`: what still comes is usage at most, so a reader need not wait long for it. */
  get finished(): boolean {
    return this.#finish !== undefined;
  }

  /** Takes one part or one array of parts. Throws PROTOCOL for what cannot be mended, or the CallError of an `error` part. */
  push(parts: ChatPart | readonly ChatPart[], out: ChatPart[]): void {
    if (!Array.isArray(parts)) this.#take(parts as AnyPart, out);
    else for (const part of parts as readonly AnyPart[]) this.#take(part, out);
  }

  /** The source has ended by itself. Closes what is open and gives out `finish`. Throws PROTOCOL (retryable) when there was none. */
  end(out: ChatPart[]): void {
    if (this.#ended) return;
    this.#ended = true;
    const finish = this.#finish;
    if (finish === undefined) throw cutStream(this.#usage);
    this.#blocks.closeAll(out);
    this.#tools.finish(finish.finishReason, out);
    const waits = finish.finishReason.unified === 'stop' && this.#tools.waiting;
    const finishReason = waits ? { ...finish.finishReason, unified: 'tool-calls' } : finish.finishReason;
    const usage = this.#usage ?? finish.usage;
    out.push(finishReason === finish.finishReason && usage === finish.usage ? finish : { ...finish, finishReason, usage });
  }

  /** The source failed, or nobody reads on. Gives out the usage that came with a held `finish`, so that the cut stream is billed by it. */
  cut(out: ChatPart[]): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#usage !== undefined && this.#usage !== this.#usageGiven) out.push({ type: 'usage', usage: this.#usage });
  }

  /** The way of nearly every part: one more delta of the block that is open already. */
  #take(part: AnyPart, out: ChatPart[]): void {
    const blocks = this.#blocks;
    if (part != null && part.type === blocks.hotType && part.id === blocks.hotId && typeof part.delta === 'string') out.push(part as ChatPart);
    else this.#add(part as YieldedPart, out);
  }

  #add(part: YieldedPart, out: ChatPart[]): void {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) throw this.#fault(`a part of its stream is ${kindOf(part)}, not an object`);
    if (!this.#started) {
      this.#started = true;
      if (part.type === 'stream-start') {
        out.push(Array.isArray(part.warnings) && part.warnings.every(isRecord) ? part : { type: 'stream-start', warnings: warningsOf(part.warnings) });
        return;
      }
      out.push({ type: 'stream-start', warnings: [] });
    }
    const blocks = this.#blocks;
    switch (part.type) {
      case 'text-delta': return blocks.delta(part, 'text', out);
      case 'reasoning-delta': return blocks.delta(part, 'reasoning', out);
      case 'text-start': return blocks.start(part, 'text', out);
      case 'reasoning-start': return blocks.start(part, 'reasoning', out);
      case 'text-end': return blocks.end(part, 'text', out);
      case 'reasoning-end': return blocks.end(part, 'reasoning', out);
      case 'text':
      case 'reasoning': return blocks.whole(part, out);
      case 'tool-input-delta': return this.#tools.delta(part, out);
      case 'tool-input-end': return this.#tools.end(part, out);
      case 'tool-input-start':
        blocks.closeImplicit(out);
        return this.#tools.start(part, out);
      case 'tool-call':
        blocks.closeImplicit(out);
        return this.#tools.call(part, out);
      case 'tool-result':
      case 'tool-approval-request':
      case 'tool-approval-response': {
        checkWholePart(part, this.#fault);
        blocks.closeImplicit(out);
        const toolCallId = part.toolCallId === undefined ? undefined : this.#tools.idOf(part.toolCallId);
        out.push(toolCallId === undefined || toolCallId === part.toolCallId ? part : { ...part, toolCallId });
        return;
      }
      case 'file':
      case 'reasoning-file':
        checkWholePart(part, this.#fault);
        blocks.closeImplicit(out);
        out.push(part);
        return;
      case 'source':
        checkWholePart(part, this.#fault);
        out.push(part);
        return;
      case 'custom':
      case 'unknown':
      case 'response-metadata':
      case 'ping':
        out.push(part);
        return;
      case 'raw':
        if (this.#includeRaw) out.push(part);
        return;
      case 'stream-start':
        for (const warning of warningsOf(part.warnings)) out.push({ type: 'warning', warning });
        return;
      case 'warning':
        out.push(isRecord(part.warning) ? part : { type: 'warning', warning: warningOf(part.warning) });
        return;
      case 'usage': {
        const usage = this.#count(part.usage, out);
        this.#usageGiven = usage;
        out.push(usage === part.usage ? part : { type: 'usage', usage });
        return;
      }
      case 'finish': return this.#hold(part, out);
      case 'error':
        if (CallError.is(part.error)) throw part.error;
        throw this.#fault('its stream holds a part of type error; failures are thrown', part.error);
      default:
        out.push({ type: 'unknown', part });
    }
  }

  #hold(part: FinishPart, out: ChatPart[]): void {
    if (!isRecord(part.finishReason) || typeof part.finishReason.unified !== 'string') {
      throw this.#fault(`the finishReason of its finish is ${kindOf(part.finishReason)} without a unified reason`);
    }
    const first = this.#finish;
    const usage = this.#count(part.usage, out);
    if (first === undefined) {
      this.#finish = part;
      return;
    }
    const providerMetadata = mergeProviderData(first.providerMetadata, part.providerMetadata);
    this.#finish = { ...first, usage, ...(providerMetadata === undefined ? {} : { providerMetadata }) };
  }

  #count(newer: unknown, out: ChatPart[]): Usage {
    const rejected: string[] = [];
    this.#usage = mergeUsage(this.#usage, newer, rejected);
    for (const path of rejected) {
      this.#usageWarned ??= new Set();
      if (this.#usageWarned.has(path)) continue;
      this.#usageWarned.add(path);
      out.push({ type: 'warning', warning: { type: 'other', message: `${path} was not a count and is left out.` } });
    }
    return this.#usage;
  }
}

function warningsOf(warnings: unknown): readonly Warning[] {
  return Array.isArray(warnings) ? warnings.map(warningOf) : [];
}

function warningOf(warning: unknown): Warning {
  if (isRecord(warning)) return warning as unknown as Warning;
  return { type: 'other', message: typeof warning === 'string' ? warning : `The plugin gave a warning that is ${kindOf(warning)}.` };
}

/** Fragments of tool calls, as vendors really send them, gathered into whole calls. */
import type { ChatPart } from '../chat-part.ts';
import { CallError } from '../errors.ts';
import type { ProviderData } from '../provider-data.ts';

/** One piece of a tool call from the wire. Whatever the vendor left out is absent; an empty or null field counts as absent too. */
export interface ToolCallFragment {
  /** The vendor's index of the call in the answer, or of its content block. */
  readonly index?: number | null | undefined;
  /** The vendor's id of the call. */
  readonly id?: string | null | undefined;
  /** Name of the tool, as the request named it. */
  readonly toolName?: string | null | undefined;
  /** The next piece of the input's text, or the whole input as a value. */
  readonly input?: unknown;
  /** True = the vendor runs the tool itself. Default false. */
  readonly providerExecuted?: boolean | undefined;
  /** Vendor data for the finished tool call; a later fragment's replaces an earlier one's. */
  readonly providerMetadata?: ProviderData | undefined;
}

/** How to gather tool calls. */
export interface ToolCallCollectorOptions {
  /** Makes an id for a call that came without one. Default: `call_` and 24 random characters. */
  readonly newId?: () => string;
}

interface GatheredCall {
  readonly index: number | undefined;
  /** The vendor's id, by which fragments find their call; `toolCallId` differs from it where it was missing or taken. */
  vendorId: string | undefined;
  toolCallId: string | undefined;
  toolName: string | undefined;
  input: string;
  providerExecuted: boolean;
  providerMetadata: ProviderData | undefined;
  ended: boolean;
}

/**
 * Gathers the tool calls of one answer. A fragment belongs to the call of its index, else of its id, else to the latest one. It begins a new
 * call where there is none, where its id or tool name is another than that call's, where the input is a whole value, or where a named fragment
 * begins a second object after a complete one: so calls that share an index, come without index or id, or repeat an id stay apart. A complete
 * call that is sent once more with the same id is taken once.
 */
export class ToolCallCollector {
  private readonly calls: GatheredCall[] = [];
  private readonly takenIds = new Set<string>();
  private readonly newId: () => string;

  constructor(options: ToolCallCollectorOptions = {}) {
    this.newId = options.newId ?? randomId;
  }

  /** How many calls were begun. Above 0 the finish reason is `tool-calls`, also where the vendor says "stop". */
  get count(): number {
    return this.calls.length;
  }

  /** Takes a fragment and appends what follows from it to `parts`: `tool-input-start`, `tool-input-delta`, and of a whole input the rest. */
  add(fragment: ToolCallFragment, parts: ChatPart[]): void {
    const isWhole = fragment.input !== null && fragment.input !== undefined && typeof fragment.input !== 'string';
    const text = isWhole ? JSON.stringify(fragment.input) : (fragment.input ?? '');
    let call = this.find(fragment);
    if (call !== undefined && isRepeated(call, fragment, text)) return;
    if (call === undefined || beginsNew(call, fragment, text, isWhole)) {
      if (text === '' && !fragment.id && !fragment.toolName) return;
      call = begin(fragment);
      this.calls.push(call);
    }
    if (call.ended) return;
    call.vendorId ??= fragment.id || undefined;
    if (fragment.providerExecuted) call.providerExecuted = true;
    if (fragment.providerMetadata !== undefined) call.providerMetadata = fragment.providerMetadata;
    this.grow(call, fragment.toolName || undefined, text, parts);
    if (isWhole) this.close(call, parts);
  }

  /** Ends the call of that index, for wires that say when a call is whole, and appends `tool-input-end` and `tool-call`. Else nothing. */
  end(index: number, parts: ChatPart[]): void {
    const call = this.calls.findLast((candidate) => candidate.index === index);
    if (call !== undefined) this.close(call, parts);
  }

  /** Ends every call that is still open, in the order they began. Throws PROTOCOL for a call that never got a name. */
  endAll(parts: ChatPart[]): void {
    for (const call of this.calls) this.close(call, parts);
  }

  private find(fragment: ToolCallFragment): GatheredCall | undefined {
    const { index, id } = fragment;
    if (typeof index === 'number') return this.calls.findLast((call) => call.index === index);
    if (id) return this.calls.findLast((call) => call.vendorId === id);
    return this.calls.at(-1);
  }

  private grow(call: GatheredCall, toolName: string | undefined, text: string, parts: ChatPart[]): void {
    let delta = text;
    if (call.toolName === undefined && toolName !== undefined) {
      call.toolName = toolName;
      call.toolCallId = this.uniqueId(call.vendorId);
      // What came before the name was held back: nobody can be shown input of a tool without a name.
      delta = call.input + text;
      parts.push({
        type: 'tool-input-start', id: call.toolCallId, toolName, ...(call.providerExecuted ? { providerExecuted: true } : {}),
      });
    }
    call.input += text;
    if (delta !== '' && call.toolCallId !== undefined) parts.push({ type: 'tool-input-delta', id: call.toolCallId, delta });
  }

  private close(call: GatheredCall, parts: ChatPart[]): void {
    if (call.ended) return;
    const { toolCallId, toolName, providerMetadata } = call;
    if (toolCallId === undefined || toolName === undefined) throw new CallError('PROTOCOL', 'The vendor sent a tool call without a name.');
    call.ended = true;
    parts.push({ type: 'tool-input-end', id: toolCallId }, {
      type: 'tool-call', toolCallId, toolName, input: call.input.trim() === '' ? '{}' : call.input,
      ...(call.providerExecuted ? { providerExecuted: true } : {}),
      ...(providerMetadata === undefined ? {} : { providerMetadata }),
    });
  }

  private uniqueId(wanted: string | undefined): string {
    const first = wanted ?? this.newId();
    let id = first;
    for (let number = 2; this.takenIds.has(id); number += 1) id = `${first}_${number}`;
    this.takenIds.add(id);
    return id;
  }
}

function begin(fragment: ToolCallFragment): GatheredCall {
  return {
    index: fragment.index ?? undefined, vendorId: fragment.id || undefined, toolCallId: undefined, toolName: undefined, input: '',
    providerExecuted: false, providerMetadata: undefined, ended: false,
  };
}

function beginsNew(call: GatheredCall, fragment: ToolCallFragment, text: string, isWhole: boolean): boolean {
  if (fragment.id && call.vendorId !== undefined && fragment.id !== call.vendorId) return true;
  if (!fragment.toolName || call.toolName === undefined) return false;
  if (fragment.toolName !== call.toolName || isWhole) return true;
  return text.trimStart().startsWith('{') && isCompleteObject(call.input);
}

/** Some vendors send a finished call once more with their last event. */
function isRepeated(call: GatheredCall, fragment: ToolCallFragment, text: string): boolean {
  return Boolean(fragment.id) && fragment.id === call.vendorId && (fragment.toolName ?? call.toolName) === call.toolName
    && text === call.input && isCompleteObject(text);
}

function isCompleteObject(text: string): boolean {
  const trimmed = text.trim();
  if (!trimmed.startsWith('{') || !trimmed.endsWith('}')) return false;
  try {
    JSON.parse(trimmed);
    return true;
  } catch {
    return false;
  }
}

function randomId(): string {
  return `call_${globalThis.crypto.randomUUID().replaceAll('-', '').slice(0, 24)}`;
}

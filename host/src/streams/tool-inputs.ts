/** The tool calls of one stream: each with an id of its own and exactly one complete `tool-call` part, however it arrived. */
import type { BlockEdgePart, ChatPart, DeltaPart, FinishReason, ToolCallPart, ToolInputStartPart } from '@modelport/plugin-api';
import { isRecord, kindOf } from './protocol-fault.ts';
import type { Fault } from './protocol-fault.ts';
import { UniqueIds } from './unique-ids.ts';

interface ToolInput {
  readonly id: string;
  readonly toolName: string;
  readonly inputEncoding: 'json' | 'text' | undefined;
  readonly providerExecuted: boolean | undefined;
  text: string;
  open: boolean;
  call: ToolCallPart | undefined;
}

const cutReasons: readonly string[] = ['length', 'content-filter', 'refusal', 'interrupted', 'error'];

/** Whether an answer that ended for this reason may hold half of a tool's input: such input is never made a call. */
export function isCutShort(reason: FinishReason): boolean {
  return cutReasons.includes(reason.unified);
}

/**
 * The rules, in the order in which they apply:
 *
 * 1. A `tool-input-start` for an open input is dropped (its vendor data goes on as an empty delta); for an id that was used before, it
 *    begins a new call under a new id, with a warning.
 * 2. A `tool-input-delta` without a start names no tool, and one after the end would change a finished input: PROTOCOL. After the
 *    complete `tool-call` it adds nothing and is dropped. A `tool-input-end` without an open input is dropped.
 * 3. A `tool-call` closes the open input of its id. Its own input counts; where it is empty, the fragments count; where these are
 *    empty too, it is `{}` (empty text stays empty). Input given as an object becomes JSON, with a warning.
 * 4. The same `tool-call` twice is dropped the second time; another one under the same id gets a new id. Both with a warning.
 * 5. At the finish an input without its `tool-call` gets one; when the answer was cut (see isCutShort), only if its fragments are a whole
 *    JSON object, since half an input, or none, must not run as if it were meant.
 */
export class ToolInputs {
  /** Whether a call waits for its result from outside. */
  waiting = false;
  readonly #fault: Fault;
  readonly #ids = new UniqueIds();
  readonly #bySource = new Map<string, ToolInput>();
  readonly #all: ToolInput[] = [];

  constructor(fault: Fault) {
    this.#fault = fault;
  }

  /** Takes a `tool-input-start`. Throws PROTOCOL when id or tool name is missing. */
  start(part: ToolInputStartPart, out: ChatPart[]): void {
    const sourceId = textOf(part.id, part.type, 'id', this.#fault);
    textOf(part.toolName, part.type, 'toolName', this.#fault);
    const input = this.#bySource.get(sourceId);
    if (input?.open === true) {
      if (part.providerMetadata !== undefined) out.push({ type: 'tool-input-delta', id: input.id, delta: '', providerMetadata: part.providerMetadata });
      return;
    }
    const id = this.#claim(sourceId, out);
    this.#remember(sourceId, { id, toolName: part.toolName, inputEncoding: part.inputEncoding, providerExecuted: part.providerExecuted, text: '', open: true, call: undefined });
    out.push(id === part.id ? part : { ...part, id });
  }

  /** Takes a `tool-input-delta`. Throws PROTOCOL when it is no string or belongs to no open input. */
  delta(part: DeltaPart, out: ChatPart[]): void {
    if (typeof part.delta !== 'string') throw this.#fault(`the delta of a tool-input-delta is ${kindOf(part.delta)}, not a string`);
    const input = this.#bySource.get(textOf(part.id, part.type, 'id', this.#fault));
    if (input === undefined) throw this.#fault('a tool-input-delta came without its tool-input-start, so its tool has no name');
    if (!input.open) {
      if (input.call !== undefined || part.delta === '') return;
      throw this.#fault('a tool-input-delta came after its tool-input-end');
    }
    input.text += part.delta;
    out.push(input.id === part.id ? part : { ...part, id: input.id });
  }

  /** Takes a `tool-input-end`. */
  end(part: BlockEdgePart, out: ChatPart[]): void {
    const input = this.#bySource.get(textOf(part.id, part.type, 'id', this.#fault));
    if (input === undefined || !input.open) return;
    input.open = false;
    out.push(input.id === part.id ? part : { ...part, id: input.id });
  }

  /** Takes a `tool-call`. Throws PROTOCOL when id or tool name is missing. */
  call(part: ToolCallPart, out: ChatPart[]): void {
    const sourceId = textOf(part.toolCallId, part.type, 'toolCallId', this.#fault);
    textOf(part.toolName, part.type, 'toolName', this.#fault);
    const known = this.#bySource.get(sourceId);
    if (known !== undefined && known.call === undefined) {
      this.#emit(known, part, out);
      return;
    }
    const text = inputText(part, out, this.#fault);
    if (known?.call !== undefined && known.call.toolName === part.toolName && known.call.input === withoutEmpty(text, part.inputEncoding)) {
      warn(out, `The tool call ${sourceId} came twice; the second one was dropped.`);
      return;
    }
    const input: ToolInput = { id: this.#claim(sourceId, out), toolName: part.toolName, inputEncoding: part.inputEncoding, providerExecuted: part.providerExecuted, text: '', open: false, call: undefined };
    this.#remember(sourceId, input);
    this.#emit(input, part.input === text ? part : { ...part, input: text }, out);
  }

  /** The id under which readers know a call of this id. */
  idOf(sourceId: string): string {
    return this.#bySource.get(sourceId)?.id ?? sourceId;
  }

  /** Closes every input and completes the calls, in the order in which they began. */
  finish(reason: FinishReason, out: ChatPart[]): void {
    for (const input of this.#all) {
      if (input.call !== undefined) continue;
      if (!isCutShort(reason) || isWholeObject(input.text)) {
        this.#emit(input, undefined, out);
      } else if (input.open) {
        input.open = false;
        out.push({ type: 'tool-input-end', id: input.id });
      }
    }
  }

  #claim(sourceId: string, out: ChatPart[]): string {
    const former = this.#bySource.get(sourceId);
    if (former !== undefined && former.call === undefined) this.#emit(former, undefined, out);
    const id = this.#ids.claim(sourceId);
    if (id !== sourceId) warn(out, `A second tool call came under the id ${sourceId}; it is now ${id}.`);
    return id;
  }

  #remember(sourceId: string, input: ToolInput): void {
    this.#bySource.set(sourceId, input);
    this.#all.push(input);
  }

  #emit(input: ToolInput, part: ToolCallPart | undefined, out: ChatPart[]): void {
    if (input.open) {
      input.open = false;
      out.push({ type: 'tool-input-end', id: input.id });
    }
    const encoding = part?.inputEncoding ?? input.inputEncoding;
    const executed = part?.providerExecuted ?? input.providerExecuted;
    const own = part === undefined ? '' : inputText(part, out, this.#fault);
    const text = withoutEmpty(own === '' ? input.text : own, encoding);
    const same = part !== undefined && part.toolCallId === input.id && part.input === text && part.inputEncoding === encoding && part.providerExecuted === executed;
    input.call = same ? part : {
      ...part, type: 'tool-call', toolCallId: input.id, toolName: part?.toolName ?? input.toolName, input: text,
      ...(encoding === undefined ? {} : { inputEncoding: encoding }), ...(executed === undefined ? {} : { providerExecuted: executed }),
    };
    if (executed !== true) this.waiting = true;
    out.push(input.call);
  }
}

/** JSON input is never empty, so that it can always be parsed. */
function withoutEmpty(text: string, encoding: 'json' | 'text' | undefined): string {
  return encoding !== 'text' && text.trim() === '' ? '{}' : text;
}

function isWholeObject(text: string): boolean {
  try {
    return isRecord(JSON.parse(text));
  } catch {
    return false;
  }
}

function inputText(part: ToolCallPart, out: ChatPart[], fault: Fault): string {
  const input: unknown = part.input;
  if (typeof input === 'string') return input;
  if (input === undefined || input === null) return '';
  if (!isRecord(input)) throw fault(`the input of a tool-call is ${kindOf(input)}, not a string`);
  warn(out, `The input of the tool call ${part.toolCallId} was an object, not text.`);
  return JSON.stringify(input);
}

function textOf(value: unknown, type: string, name: string, fault: Fault): string {
  if (typeof value === 'string' && value !== '') return value;
  throw fault(`the ${name} of a ${type} is ${value === '' ? 'empty' : kindOf(value)}, not a name`);
}

function warn(out: ChatPart[], message: string): void {
  out.push({ type: 'warning', warning: { type: 'other', message } });
}

/** The grammar of a well-formed stream, as a check that names every place where a list of parts breaks it. */
import type { ChatPart } from '@modelport/plugin-api';
import { isRecord, kindOf } from './protocol-fault.ts';
import { isCutShort } from './tool-inputs.ts';
import { mergeUsage } from './usage-figures.ts';

/** One break of the grammar. */
export interface GrammarFault {
  /** Index of the part; the number of parts when something is missing at the end. */
  readonly index: number;
  /** What is wrong, as one sentence. */
  readonly message: string;
}

/** How a list of parts is checked. */
export interface GrammarOptions {
  /** Whether the list may stop before `finish`, as a stream that failed does. Default false. */
  readonly cut?: boolean;
}

type Report = (message: string) => void;

/**
 * Checks what StreamNormaliser promises to readers: `stream-start` first and once; blocks with ids used once, opened, grown and closed in
 * that order; one `tool-call` a tool input, with an id used once and input that is not empty; counts that are counts; no `stop` beside
 * a call that waits; exactly one `finish`, last. Returns every fault, in order; empty = well-formed.
 */
export function checkGrammar(parts: readonly ChatPart[], options: GrammarOptions = {}): readonly GrammarFault[] {
  const faults: GrammarFault[] = [];
  const blocks = new BlockGrammar();
  const tools = new ToolGrammar();
  let finished = false;
  for (const [index, part] of parts.entries()) {
    const report: Report = (message) => faults.push({ index, message });
    if (!isRecord(part)) {
      report(`A part is ${kindOf(part)}, not an object.`);
      continue;
    }
    if ((index === 0) !== (part.type === 'stream-start')) report(index === 0 ? 'The first part is not stream-start.' : 'stream-start comes again.');
    if (finished) report(`A ${part.type} comes after finish.`);
    if (part.type === 'usage' || part.type === 'finish') checkCounts(part.usage, report);
    if (part.type === 'finish') {
      finished = true;
      blocks.finish(report);
      tools.finish(part, report);
    } else if (!blocks.take(part, report) && !tools.take(part, report) && !otherTypes.has(part.type)) {
      report(`A part has the type ${part.type}, which is no word of the contract.`);
    }
  }
  if (!finished && options.cut !== true) faults.push({ index: parts.length, message: 'There is no finish.' });
  return faults;
}

const otherTypes: ReadonlySet<string> = new Set([
  'stream-start', 'warning', 'response-metadata', 'usage', 'ping', 'raw', 'source', 'file', 'reasoning-file', 'tool-result',
  'tool-approval-request', 'tool-approval-response', 'custom', 'unknown',
]);

function checkCounts(usage: unknown, report: Report): void {
  if (!isRecord(usage) || !isRecord(usage['inputTokens']) || !isRecord(usage['outputTokens'])) report('A usage lacks its groups inputTokens and outputTokens.');
  const rejected: string[] = [];
  mergeUsage(undefined, usage, rejected);
  for (const path of rejected) report(`${path} is no count.`);
}

class BlockGrammar {
  readonly #used = new Set<string>();
  readonly #open = new Map<string, 'text' | 'reasoning'>();

  take(part: ChatPart, report: Report): boolean {
    switch (part.type) {
      case 'text-start':
      case 'reasoning-start':
        if (this.#used.has(part.id)) report(`The block id ${part.id} is used twice.`);
        this.#used.add(part.id);
        this.#open.set(part.id, part.type === 'text-start' ? 'text' : 'reasoning');
        return true;
      case 'text-delta':
      case 'reasoning-delta':
        if (`${this.#open.get(part.id)}-delta` !== part.type) report(`A ${part.type} has no open block ${part.id}.`);
        checkDelta(part.delta, part.type, report);
        return true;
      case 'text-end':
      case 'reasoning-end':
        if (`${this.#open.get(part.id)}-end` !== part.type) report(`A ${part.type} has no open block ${part.id}.`);
        this.#open.delete(part.id);
        return true;
      default:
        return false;
    }
  }

  finish(report: Report): void {
    for (const id of this.#open.keys()) report(`The block ${id} is open at finish.`);
  }
}

class ToolGrammar {
  readonly #open = new Set<string>();
  readonly #inputs = new Set<string>();
  readonly #calls = new Set<string>();
  #waiting = false;

  take(part: ChatPart, report: Report): boolean {
    switch (part.type) {
      case 'tool-input-start':
        if (this.#inputs.has(part.id) || this.#calls.has(part.id)) report(`The tool call id ${part.id} is used twice.`);
        this.#inputs.add(part.id);
        this.#open.add(part.id);
        return true;
      case 'tool-input-delta':
        if (!this.#open.has(part.id)) report(`A tool-input-delta has no open input ${part.id}.`);
        checkDelta(part.delta, part.type, report);
        return true;
      case 'tool-input-end':
        if (!this.#open.delete(part.id)) report(`A tool-input-end has no open input ${part.id}.`);
        return true;
      case 'tool-call':
        if (this.#calls.has(part.toolCallId)) report(`The tool call id ${part.toolCallId} is used twice.`);
        if (this.#open.has(part.toolCallId)) report(`The tool-call ${part.toolCallId} comes before its tool-input-end.`);
        if (typeof part.input !== 'string') report(`The input of a tool-call is ${kindOf(part.input)}, not a string.`);
        else if (part.inputEncoding !== 'text' && part.input.trim() === '') report(`The input of the tool-call ${part.toolCallId} is empty instead of {}.`);
        if (part.providerExecuted !== true) this.#waiting = true;
        this.#calls.add(part.toolCallId);
        return true;
      default:
        return false;
    }
  }

  finish(part: Extract<ChatPart, { readonly type: 'finish' }>, report: Report): void {
    for (const id of this.#open) report(`The tool input ${id} is open at finish.`);
    if (!isCutShort(part.finishReason)) {
      for (const id of this.#inputs) if (!this.#calls.has(id)) report(`The tool input ${id} has no tool-call.`);
    }
    if (part.finishReason.unified === 'stop' && this.#waiting) report('The reason is stop although a tool call waits for its result.');
  }
}

function checkDelta(delta: unknown, type: string, report: Report): void {
  if (typeof delta !== 'string') report(`The delta of a ${type} is ${kindOf(delta)}, not a string.`);
}

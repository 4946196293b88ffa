/** A model with tools: asks, runs the tools it calls, gives it the results, until it answers. */
import { randomUUID } from 'node:crypto';
import type { ChatPart, Message, ToolOutput, ToolResultPart } from '@modelport/plugin-api';
import { modelportError, type ErrorContext } from '../errors/modelport-error.ts';
import type { Answer, ToolCall } from '../models/answer.ts';
import { userMessage, type ChatOptions } from '../models/chat-input.ts';
import type { ModelHandle } from '../models/model-handle.ts';
import type { Tool } from '../tools/define-tool.ts';
import { isFailure, runTool, textOf } from './run-tool.ts';

/** Where a run stands when its model is asked. */
export interface AgentTurn {
  /** Counted from 1. */
  readonly iteration: number;
  /** The conversation so far. */
  readonly messages: readonly Message[];
}

/** What an agent is made of. */
export interface AgentParts {
  readonly name: string;
  /** The model, or a function that chooses one for each iteration. */
  readonly model: ModelHandle | ((turn: AgentTurn) => ModelHandle | Promise<ModelHandle>);
  /** Tools it may use; asked for once per run. */
  readonly tools: (signal?: AbortSignal) => Promise<readonly Tool[]>;
  /** System message put before the conversation. Default: the one of the model's alias, if it has one. */
  readonly instructions?: string | undefined;
  /** How often the model may be asked in one run. Default 10. */
  readonly maxIterations?: number | undefined;
  /** After how many answers in a row whose tool calls all failed the run ends. Default 3; 0 = never. */
  readonly maxToolFailures?: number | undefined;
  /** How many tool calls of one answer run at the same time. Default 5. */
  readonly parallelTools?: number | undefined;
  /** Longest run of one tool, in milliseconds; then the model is told. Default 60000; 0 = no limit. */
  readonly toolTimeoutMs?: number | undefined;
  /** Takes secrets out of what a tool threw, before the model is told. Default: the text as it is. */
  readonly redact?: ((text: string) => string) | undefined;
}

/** What a run tells while it goes on. Exactly one `answer` comes, last. */
export type AgentEvent =
  | { readonly type: 'part'; readonly iteration: number; readonly part: ChatPart }
  | { readonly type: 'tool-call'; readonly iteration: number; readonly call: ToolCall }
  | { readonly type: 'tool-result'; readonly iteration: number; readonly call: ToolCall; readonly output: ToolOutput }
  | { readonly type: 'answer'; readonly iteration: number; readonly answer: Answer; readonly messages: readonly Message[] };

/** Options of one run. */
export interface AgentOptions extends Pick<ChatOptions, 'signal' | 'metadata'> {
  /** Id of the run, sent with each of its calls where the vendor takes one. Default: an id of its own. */
  readonly sessionId?: string;
}

/** The last answer of a run, and the conversation that led to it. */
export interface AgentAnswer extends Answer {
  /** The whole conversation, this answer included: hand it in again, with a new user message, to go on. */
  readonly messages: readonly Message[];
  /** How often the model was asked. */
  readonly iterations: number;
}

/** An agent by its parts. Each run is a conversation of its own; pass the `messages` of an earlier one to go on with it. */
export class Agent {
  readonly #parts: () => AgentParts;
  /** Key under `agents:`, or the name it was made with. */
  readonly name: string;

  /** @param parts what it is made of; a function is asked anew at the start of each run, so that a holder sees edits */
  constructor(parts: AgentParts | { readonly name: string; readonly current: () => AgentParts }) {
    this.name = parts.name;
    this.#parts = 'current' in parts ? parts.current : () => parts;
  }

  /** Runs to the answer. Throws as `stream` does. */
  async run(input: string | readonly Message[], options: AgentOptions = {}): Promise<AgentAnswer> {
    for await (const event of this.stream(input, options)) {
      if (event.type === 'answer') return { ...event.answer, messages: event.messages, iterations: event.iteration };
    }
    throw modelportError('INTERNAL', { text: `Agent "${this.name}" ended without an answer.` });
  }

  /**
   * Runs and tells what happens. A tool that fails is told to the model, not thrown. Throws what the model's call met; ITERATIONS_EXCEEDED
   * when the model still calls tools in its last answer, which then do not run; TOOLS_FAILING after `maxToolFailures`; ABORTED on abort. Both
   * keep the last answer as `context.partial`. Leaving the loop stops the run.
   */
  async *stream(input: string | readonly Message[], options: AgentOptions = {}): AsyncGenerator<AgentEvent, void, undefined> {
    const parts = this.#parts();
    const { instructions, maxIterations = 10, maxToolFailures = 3, parallelTools = 5 } = parts;
    const tools = await parts.tools(options.signal);
    const messages: Message[] = typeof input === 'string' ? [userMessage(input)] : [...input];
    const sessionId = options.sessionId ?? `task_${randomUUID()}`;
    let failures = 0;
    for (let iteration = 1; ; iteration++) {
      const model = typeof parts.model === 'function' ? await parts.model({ iteration, messages: [...messages] }) : parts.model;
      const stream = model.stream(messages, { ...options, sessionId, ...(tools.length > 0 ? { tools } : {}), ...(instructions === undefined ? {} : { instructions }) });
      for await (const part of stream) yield { type: 'part', iteration, part };
      const answer = await stream.answer;
      messages.push(answer.message);
      const calls = answer.toolCalls.filter((call) => !call.providerExecuted);
      if (calls.length === 0) {
        yield { type: 'answer', iteration, answer, messages: [...messages] };
        return;
      }
      if (iteration >= maxIterations) throw modelportError('ITERATIONS_EXCEEDED', { agent: this.name, limit: maxIterations }, contextOf(answer));
      for (const call of calls) yield { type: 'tool-call', iteration, call };
      const results: ToolResultPart[] = [];
      for (const group of groupsOf(calls, parallelTools)) {
        const outputs = await Promise.all(group.map((call) => runTool(call, tools, parts, options.signal)));
        for (const [index, call] of group.entries()) {
          const output = outputs[index] as ToolOutput;
          results.push({ type: 'tool-result', toolCallId: call.toolCallId, toolName: call.toolName, output });
          yield { type: 'tool-result', iteration, call, output };
        }
      }
      messages.push({ role: 'tool', content: results });
      failures = results.every(({ output }) => isFailure(output)) ? failures + 1 : 0;
      if (maxToolFailures > 0 && failures >= maxToolFailures) {
        const last = results.at(-1) as ToolResultPart;
        throw modelportError('TOOLS_FAILING', { agent: this.name, limit: maxToolFailures, tool: last.toolName, reason: textOf(last.output) }, contextOf(answer));
      }
    }
  }
}

function contextOf({ backend, model, callId, content, finishReason, usage, warnings }: Answer): ErrorContext {
  return { backend, model, callId, retryable: false, partial: { content, finishReason, usage, warnings } };
}

function groupsOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

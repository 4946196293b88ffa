/** A model with tools: asks, runs the tools it calls, gives it the results, until it answers. */
import type { ChatPart, Message, ToolOutput, ToolResultPart } from '@modelport/plugin-api';
import { modelportError } from '../errors/modelport-error.ts';
import type { Answer, ToolCall } from '../models/answer.ts';
import { userMessage, type ChatOptions } from '../models/chat-input.ts';
import type { ModelHandle } from '../models/model-handle.ts';
import type { Tool } from '../tools/define-tool.ts';
import { toolContext } from '../tools/tools.ts';

/** What an agent is made of. */
export interface AgentParts {
  readonly name: string;
  readonly model: ModelHandle;
  /** Tools it may use; asked for once per run. */
  readonly tools: () => Promise<readonly Tool[]>;
  /** System message put before the conversation. */
  readonly instructions?: string | undefined;
  /** How often the model may be asked in one run. Default 10. */
  readonly maxIterations?: number | undefined;
  /** How many tool calls of one answer run at the same time. Default 5. */
  readonly parallelTools?: number | undefined;
}

/** What a run tells while it goes on. Exactly one `answer` comes, last. */
export type AgentEvent =
  | { readonly type: 'part'; readonly iteration: number; readonly part: ChatPart }
  | { readonly type: 'tool-call'; readonly iteration: number; readonly call: ToolCall }
  | { readonly type: 'tool-result'; readonly iteration: number; readonly call: ToolCall; readonly output: ToolOutput }
  | { readonly type: 'answer'; readonly iteration: number; readonly answer: Answer; readonly messages: readonly Message[] };

/** Options of one run. */
export interface AgentOptions extends Pick<ChatOptions, 'signal' | 'sessionId' | 'metadata'> {}

/** An agent by its parts. Each run is a conversation of its own; pass the `messages` of an earlier one to go on with it. */
export class Agent {
  readonly #parts: AgentParts;

  constructor(parts: AgentParts) {
    this.#parts = parts;
  }

  /** Key under `agents:`, or the name it was made with. */
  get name(): string {
    return this.#parts.name;
  }

  /** Runs to the answer. Throws as `stream` does. */
  async run(input: string | readonly Message[], options: AgentOptions = {}): Promise<Answer> {
    for await (const event of this.stream(input, options)) {
      if (event.type === 'answer') return event.answer;
    }
    throw modelportError('INTERNAL', { text: `Agent "${this.name}" ended without an answer.` });
  }

  /**
   * Runs and tells what happens. A tool that fails is told to the model, not thrown. Throws what the model's call met, and
   * ITERATIONS_EXCEEDED when the model still calls tools after `maxIterations` answers. Leaving the loop stops the run.
   */
  async *stream(input: string | readonly Message[], options: AgentOptions = {}): AsyncGenerator<AgentEvent, void, undefined> {
    const { model, instructions, maxIterations = 10 } = this.#parts;
    const tools = await this.#parts.tools();
    const messages: Message[] = typeof input === 'string' ? [userMessage(input)] : [...input];
    for (let iteration = 1; iteration <= maxIterations; iteration++) {
      const stream = model.stream([...messages], { ...options, ...(tools.length > 0 ? { tools } : {}), ...(instructions === undefined ? {} : { instructions }) });
      for await (const part of stream) yield { type: 'part', iteration, part };
      const answer = await stream.answer;
      messages.push(answer.message);
      const calls = answer.toolCalls.filter((call) => !call.providerExecuted);
      if (calls.length === 0) {
        yield { type: 'answer', iteration, answer, messages };
        return;
      }
      for (const call of calls) yield { type: 'tool-call', iteration, call };
      const results: ToolResultPart[] = [];
      for (const group of groupsOf(calls, this.#parts.parallelTools ?? 5)) {
        const outputs = await Promise.all(group.map((call) => runTool(call, tools, options.signal)));
        for (const [index, call] of group.entries()) {
          const output = outputs[index] as ToolOutput;
          results.push({ type: 'tool-result', toolCallId: call.toolCallId, toolName: call.toolName, output });
          yield { type: 'tool-result', iteration, call, output };
        }
      }
      messages.push({ role: 'tool', content: results });
    }
    throw modelportError('ITERATIONS_EXCEEDED', { agent: this.name, limit: maxIterations });
  }
}

/** Runs one call. An unknown tool and arguments that are no JSON are told to the model, which may mend them. */
async function runTool(call: ToolCall, tools: readonly Tool[], signal: AbortSignal | undefined): Promise<ToolOutput> {
  const tool = tools.find(({ definition }) => definition.name === call.toolName);
  if (!tool) return { type: 'error-text', value: `There is no tool "${call.toolName}". Tools: ${tools.map(({ definition }) => definition.name).join(', ') || 'none'}.` };
  if (call.invalid !== undefined) return { type: 'error-text', value: `The arguments are no valid JSON: ${call.invalid}` };
  try {
    return await tool.run(call.input, toolContext(call.toolCallId, signal));
  } catch (error) {
    if (signal?.aborted) throw error;
    return { type: 'error-text', value: error instanceof Error ? error.message : String(error) };
  }
}

function groupsOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** A local tool: a function with a schema, a description, and a word on what running it twice would do. */
import type { FunctionTool, Json, OfferedTool, ToolCallContext, ToolOutput } from '@modelport/plugin-api';
import { frozenCopy } from '../models/chat-input.ts';
import { checkValue, toJsonSchema, type DataSchema } from '../models/data-schema.ts';

/** What `defineTool` takes. */
export interface ToolDefinition<Input> {
  /** What the model calls it by: 1 to 64 of `A-Z a-z 0-9 _ -`. */
  readonly name: string;
  /** When to use it and what it gives, for the model. Up to 1024 characters. */
  readonly description: string;
  /** Schema of the arguments: a Standard Schema that can tell its JSON Schema (zod 4), or a plain JSON Schema. */
  readonly input: DataSchema<Input>;
  /** What running it again would do. Default `once`: it is never run again after a crash. */
  readonly effects?: 'none' | 'idempotent' | 'once';
  /** Runs the tool. A string or plain data is given to the model; what it throws is told to the model as an error. */
  execute(input: Input, context: ToolCallContext): unknown;
}

/** A tool that can be offered to a model and run. */
export interface Tool {
  /** What the model is told. */
  readonly definition: FunctionTool;
  readonly effects: NonNullable<OfferedTool['effects']>;
  /** Validates the arguments and runs the tool. Never throws for what the model or the tool did wrong: the output tells it. */
  run(input: unknown, context: ToolCallContext): Promise<ToolOutput>;
}

/** Makes a tool out of a function. Throws a TypeError for a name or description outside the limits: a programmer's mistake. */
export function defineTool<Input>({ name, description, input, effects = 'once', execute }: ToolDefinition<Input>): Tool {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) throw new TypeError(`Tool name "${name}": use 1 to 64 of A-Z a-z 0-9 _ -`);
  if (description.length === 0 || description.length > 1024) throw new TypeError(`Tool "${name}": the description must have 1 to 1024 characters`);
  const inputSchema = frozenCopy(toJsonSchema(input));
  return Object.freeze({
    definition: Object.freeze({ type: 'function', name, description, inputSchema }),
    effects,
    run: async (given: unknown, context: ToolCallContext): Promise<ToolOutput> => {
      const checked = await checkValue(input, given);
      if ('problems' in checked) return { type: 'error-text', value: `The arguments do not fit: ${checked.problems.join('; ')}` };
      return runSafely(() => execute(checked.value as Input, context), context.signal);
    },
  });
}

/** Runs a tool's function and turns whatever comes into an output. An abort is thrown on: it is nobody's error to tell the model. */
export async function runSafely(work: () => unknown, signal: AbortSignal): Promise<ToolOutput> {
  try {
    signal.throwIfAborted();
    return toToolOutput(await work());
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    return { type: 'error-text', value: error instanceof Error ? error.message : String(error) };
  }
}

function toToolOutput(value: unknown): ToolOutput {
  if (typeof value === 'string') return { type: 'text', value };
  if (isToolOutput(value)) return value;
  // What JSON has no word for, such as a function, is null to the model.
  const text: string | undefined = JSON.stringify(value);
  return { type: 'json', value: JSON.parse(text ?? 'null') as Json };
}

/** Whether a tool answered in the contract's own form. Data that merely has a `type` is data. */
function isToolOutput(value: unknown): value is ToolOutput {
  if (typeof value !== 'object' || value === null) return false;
  const { type, value: inner, reason } = value as { readonly type?: unknown; readonly value?: unknown; readonly reason?: unknown };
  switch (type) {
    case 'text':
    case 'error-text': return typeof inner === 'string';
    case 'json':
    case 'error-json': return 'value' in value;
    case 'content': return Array.isArray(inner);
    case 'execution-denied': return reason === undefined || typeof reason === 'string';
    default: return false;
  }
}

/** One tool call of an agent: whatever goes wrong is told to the model, except an abort. */
import type { ToolOutput } from '@modelport/plugin-api';
import { modelportError } from '../errors/modelport-error.ts';
import type { ToolCall } from '../models/answer.ts';
import { unlessAborted } from '../models/leased-work.ts';
import type { Tool } from '../tools/define-tool.ts';
import { toolContext } from '../tools/tools.ts';

/** How a call is run. */
export interface ToolRunSettings {
  /** Longest run, in milliseconds. Default 60000; 0 = no limit. */
  readonly toolTimeoutMs?: number | undefined;
  /** Takes secrets out of what the tool threw. */
  readonly redact?: ((text: string) => string) | undefined;
}

/**
 * Runs one call. An unknown tool, arguments that are no JSON, a tool that throws and one that takes too long are told to the model, which
 * may mend them. Throws ABORTED when `signal` aborts, also while a tool ignores it.
 */
export async function runTool(call: ToolCall, tools: readonly Tool[], { toolTimeoutMs = 60_000, redact = (text) => text }: ToolRunSettings, signal: AbortSignal | undefined): Promise<ToolOutput> {
  const tool = tools.find(({ definition }) => definition.name === call.toolName);
  if (!tool) return told(`There is no tool "${call.toolName}". Tools: ${tools.map(({ definition }) => definition.name).join(', ') || 'none'}.`);
  if (call.invalid !== undefined) return told(`The arguments are no valid JSON: ${call.invalid}`);
  const controller = new AbortController();
  const onAbort = (): void => { controller.abort(signal?.reason); };
  if (signal?.aborted) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  const timer = toolTimeoutMs > 0 ? setTimeout(() => { controller.abort(new Error('time is up')); }, toolTimeoutMs) : undefined;
  try {
    controller.signal.throwIfAborted();
    return clean(await unlessAborted(tool.run(call.input, toolContext(call.toolCallId, controller.signal)), controller.signal, 0), redact);
  } catch (error) {
    if (signal?.aborted) throw modelportError('ABORTED', { text: 'The run was aborted by its signal.' }, { retryable: false, cause: signal.reason });
    if (controller.signal.aborted) return told(`The tool did not answer within ${toolTimeoutMs} ms.`);
    return told(redact(error instanceof Error ? error.message : String(error)));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Whether an output tells the model that the call did not work. */
export function isFailure({ type }: ToolOutput): boolean {
  return type === 'error-text' || type === 'error-json' || type === 'execution-denied';
}

/** An output as a line for a person. */
export function textOf(output: ToolOutput): string {
  if (output.type === 'execution-denied') return output.reason ?? 'it was not allowed';
  return typeof output.value === 'string' ? output.value : JSON.stringify(output.value);
}

function told(value: string): ToolOutput {
  return { type: 'error-text', value };
}

function clean(output: ToolOutput, redact: (text: string) => string): ToolOutput {
  return output.type === 'error-text' ? { ...output, value: redact(output.value) } : output;
}

/** Why an answer ended, and what else came with its end. */
import type { FinishReason, JsonObject, ProviderData } from '@modelport/plugin-api';
import type { WireMessage } from '../wire.ts';

const UNIFIED: ReadonlyMap<string, string> = new Map([
  ['end_turn', 'stop'], ['stop_sequence', 'stop'], ['max_tokens', 'length'], ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool-calls'], ['pause_turn', 'interrupted'], ['refusal', 'refusal'],
]);

/** Translates a stop reason. `hasCalls` = tools wait for results; the tool that only carries a JSON answer is none. */
export function toFinishReason(raw: string | null | undefined, hasCalls: boolean): FinishReason {
  const unified = UNIFIED.get(raw ?? '') ?? 'other';
  if (hasCalls && unified === 'stop') return { unified: 'tool-calls', raw: raw ?? undefined };
  if (!hasCalls && unified === 'tool-calls') return { unified: 'stop', raw: raw ?? undefined };
  return { unified, raw: raw ?? undefined };
}

/** What an answer says beside its content, under the vendor's dialect; `undefined` = nothing. */
export function finishMetadata(message: WireMessage, dialect: string): ProviderData | undefined {
  const facts: Record<string, JsonObject | string> = {};
  if (message.stop_sequence) facts['stopSequence'] = message.stop_sequence;
  if (message.stop_details) facts['stopDetails'] = message.stop_details;
  if (message.container) facts['container'] = message.container;
  if (message.diagnostics) facts['diagnostics'] = message.diagnostics;
  if (message.context_management) facts['contextManagement'] = message.context_management;
  return Object.keys(facts).length === 0 ? undefined : { [dialect]: facts };
}

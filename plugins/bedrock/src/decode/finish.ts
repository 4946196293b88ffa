/** Why an answer ended, and what Bedrock tells beside it. */
import type { FinishReason, Json, ProviderData } from '@modelport/plugin-api';
import { DIALECT } from '../encode/own-data.ts';
import type { WireMetadata } from '../wire.ts';

/** Source: the values of `stopReason` in the API reference, and those Anthropic's models add. */
const UNIFIED: ReadonlyMap<string, FinishReason['unified']> = new Map([
  ['end_turn', 'stop'], ['stop_sequence', 'stop'], ['tool_use', 'tool-calls'], ['max_tokens', 'length'], ['model_context_window_exceeded', 'length'],
  ['guardrail_intervened', 'content-filter'], ['content_filtered', 'content-filter'], ['malformed_model_output', 'error'], ['malformed_tool_use', 'error'],
  ['refusal', 'refusal'], ['pause_turn', 'interrupted'],
]);

/** Reads a stop reason. `calls` = tool calls the caller has to answer; `answered` = a tool's input was the answer itself. */
export function toFinishReason(raw: string | undefined, calls: number, answered: boolean): FinishReason {
  const unified = raw === undefined ? 'other' : (UNIFIED.get(raw) ?? 'other');
  if (calls > 0 && unified === 'stop') return { unified: 'tool-calls', raw };
  return { unified: calls === 0 && answered && unified === 'tool-calls' ? 'stop' : unified, raw };
}

/** What is told beside the content: guardrail trace, latency, service tier, fields that were asked for. `undefined` = nothing. */
export function finishData({ metrics, trace, performanceConfig, serviceTier }: WireMetadata, additionalModelResponseFields: Json | undefined): { readonly providerMetadata?: ProviderData } {
  const told = Object.entries({ metrics, trace, performanceConfig, serviceTier, additionalModelResponseFields }).filter(([, value]) => value !== undefined && value !== null);
  return told.length === 0 ? {} : { providerMetadata: { [DIALECT]: Object.fromEntries<Json | undefined>(told) } };
}

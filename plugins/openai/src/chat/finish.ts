/** Why a chat completion ended, in the contract's words. */
import type { FinishReason } from '@modelport/plugin-api';

/** What of an answer decides its finish reason beside the wire's own word. */
export interface AnswerKind {
  /** Whether it holds tool calls for the caller to run. */
  readonly hasCalls: boolean;
  /** Whether the model refused. */
  readonly hasRefusal: boolean;
}

/** Maps the wire's word. Tool calls decide against "stop", which some servers say beside them. */
export function toFinishReason(raw: string | undefined, { hasCalls, hasRefusal }: AnswerKind): FinishReason {
  switch (raw) {
    case 'length':
    case 'max_tokens':
    case 'model_length':
      return { unified: 'length', raw };
    case 'content_filter':
      return { unified: 'content-filter', raw };
    // DeepSeek: its machines ran short.
    case 'insufficient_system_resource':
      return { unified: 'interrupted', raw };
    case 'refusal':
      return { unified: 'refusal', raw };
    case 'stop':
    case 'eos':
    case 'end_turn':
      return { unified: hasCalls ? 'tool-calls' : hasRefusal ? 'refusal' : 'stop', raw };
    default:
      return { unified: hasCalls ? 'tool-calls' : hasRefusal ? 'refusal' : 'other', raw };
  }
}

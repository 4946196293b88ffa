/** What a scripted Anthropic upstream says next: a turn in the words all vendors share, or blocks of content as this one writes them. */
import { wholeOf, type Turn } from './turn.ts';

/** One scripted answer of the Messages API. */
export interface AnthropicTurn extends Turn {
  /**
   * The answer's blocks as a whole answer holds them, in place of text, reasoning and tool calls; streamed, their texts, inputs, signatures
   * and citations are taken apart into the documented deltas. Default: made of the turn's other fields.
   */
  readonly content?: readonly AnthropicBlock[];
  /** Signature of the turn's reasoning. Default: `sig_` and the number of the answer. */
  readonly signature?: string;
  /** Tokens written to the prompt cache, not part of `usage.input`. Default: not said. */
  readonly cacheWritten?: number;
  /** Fields added to the end of the answer: `stop_sequence`, `stop_details`, `container`. Default: none. */
  readonly stop?: Readonly<Record<string, unknown>>;
}

/** One block of content. */
export interface AnthropicBlock {
  /** Tag. */
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The blocks of a turn: redacted and plain thinking, text, then tool calls. */
export function blocksOf(turn: AnthropicTurn, number: number): readonly AnthropicBlock[] {
  if (turn.content !== undefined) return turn.content;
  const blocks: AnthropicBlock[] = [];
  if (turn.encryptedReasoning !== undefined) blocks.push({ type: 'redacted_thinking', data: turn.encryptedReasoning });
  if (turn.reasoning !== undefined) blocks.push({ type: 'thinking', thinking: turn.reasoning, signature: turn.signature ?? `sig_${number}` });
  const text = turn.text ?? turn.refusal;
  if (text !== undefined) blocks.push({ type: 'text', text, citations: turn.citations === undefined ? null : citationsOf(turn) });
  for (const [index, call] of (turn.toolCalls ?? []).entries()) {
    blocks.push({ type: 'tool_use', id: call.id ?? `toolu_${number}_${index}`, name: call.name, input: call.arguments ?? '', caller: { type: 'direct' } });
  }
  return blocks;
}

function citationsOf(turn: Turn): object[] {
  return (turn.citations ?? []).map(({ url, title }, index) => ({
    type: 'web_search_result_location', url, title, cited_text: wholeOf(turn.text).slice(0, 150), encrypted_index: `index_${index}`,
  }));
}

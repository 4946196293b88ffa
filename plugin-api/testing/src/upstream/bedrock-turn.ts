/** What a scripted Bedrock upstream says next: a turn in the words all vendors share, or blocks of content as Converse writes them. */
import { wholeOf, type Turn } from './turn.ts';

/** One scripted answer of Converse, ConverseStream or InvokeModel. */
export interface BedrockTurn extends Turn {
  /**
   * The answer's blocks as a whole answer holds them, in place of text, reasoning and tool calls. A text may be an array, sent as one delta
   * each, and so may a `toolUse.input`, whose pieces are JSON put together. Default: made of the turn's other fields.
   */
  readonly content?: readonly BedrockBlock[];
  /** Signature of the turn's reasoning; null = none, as models of other makers than Anthropic. Default: `sig_` and the number of the answer. */
  readonly signature?: string | null;
  /** Tokens written to the prompt cache, not part of `usage.input`. Default: not said. */
  readonly cacheWritten?: number;
  /** Fields added to the event `messageStop` and the whole answer: `additionalModelResponseFields`. Default: none. */
  readonly stop?: Readonly<Record<string, unknown>>;
  /** Fields added to the event `metadata` and the whole answer: `trace`, `serviceTier`. Default: none. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Leaves the event `metadata` out, as a stream does that is cut after its last word. Default false. */
  readonly withoutMetadata?: boolean;
}

/** One block of content: a single member, named after what it is. */
export type BedrockBlock = Readonly<Record<string, unknown>>;

/** The blocks of a turn: redacted and plain reasoning, text, then tool calls. */
export function bedrockBlocksOf(turn: BedrockTurn, number: number): readonly BedrockBlock[] {
  if (turn.content !== undefined) return turn.content;
  const blocks: BedrockBlock[] = [];
  if (turn.encryptedReasoning !== undefined) blocks.push({ reasoningContent: { redactedContent: Buffer.from(turn.encryptedReasoning).toString('base64') } });
  if (turn.reasoning !== undefined) {
    const signature = turn.signature === undefined ? `sig_${number}` : turn.signature;
    blocks.push({ reasoningContent: { reasoningText: { text: turn.reasoning, ...(signature === null ? {} : { signature }) } } });
  }
  const text = turn.text ?? turn.refusal;
  if (text !== undefined && turn.citations !== undefined) {
    const citations = turn.citations.map(({ url, title }) => ({ title, source: url, sourceContent: [{ text: wholeOf(text).slice(0, 100) }], location: { web: { url, domain: new URL(url).hostname } } }));
    blocks.push({ citationsContent: { content: [{ text }], citations } });
  } else if (text !== undefined) blocks.push({ text });
  for (const [index, call] of (turn.toolCalls ?? []).entries()) {
    blocks.push({ toolUse: { toolUseId: call.id ?? `tooluse_${number}_${index}`, name: call.name, input: call.arguments ?? '' } });
  }
  return blocks;
}

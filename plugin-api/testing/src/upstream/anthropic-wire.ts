/** A turn as the Messages API says it, streamed and whole. Source: the streaming guide and the official client's types. */
import { blocksOf, type AnthropicBlock, type AnthropicTurn } from './anthropic-turn.ts';
import { deltasOf, wholeOf } from './turn.ts';

/** What of a request shapes its answer. */
export interface MessagesWireRequest {
  readonly model?: string;
  readonly stream?: boolean;
  readonly [field: string]: unknown;
}

/** Neutral words for the end of an answer, as this API writes them. */
const STOP_REASONS: Readonly<Record<string, string>> = { stop: 'end_turn', length: 'max_tokens', tool_calls: 'tool_use', content_filter: 'refusal' };

/** The events of a streamed message. */
export function toMessageEvents(turn: AnthropicTurn, request: MessagesWireRequest, number: number): object[] {
  const usage = usageOf(turn);
  const head = { ...messageOf(turn, request, number), content: [], stop_reason: null, stop_sequence: null, ...(usage === undefined ? {} : { usage: { ...usage, output_tokens: 1 } }) };
  const events: object[] = [{ type: 'message_start', message: head }, { type: 'ping' }];
  for (const [index, block] of blocksOf(turn, number).entries()) {
    events.push({ type: 'content_block_start', index, content_block: emptied(block) });
    for (const delta of deltasOfBlock(block)) events.push({ type: 'content_block_delta', index, delta });
    events.push({ type: 'content_block_stop', index });
  }
  if (turn.finishReason === null) return events;
  events.push({
    type: 'message_delta', delta: { stop_reason: stopReasonOf(turn), stop_sequence: null, stop_details: null, container: null, ...turn.stop },
    ...(usage === undefined ? {} : { usage }),
  }, { type: 'message_stop' });
  return events;
}

/** The whole message. */
export function toMessage(turn: AnthropicTurn, request: MessagesWireRequest, number: number): object {
  const usage = usageOf(turn);
  return {
    ...messageOf(turn, request, number), content: blocksOf(turn, number).map(wholeBlock), stop_reason: stopReasonOf(turn), ...turn.stop,
    ...(usage === undefined ? {} : { usage }),
  };
}

function messageOf(turn: AnthropicTurn, request: MessagesWireRequest, number: number): Readonly<Record<string, unknown>> {
  return {
    id: `msg_${number}`, type: 'message', role: 'assistant', model: turn.model ?? request.model ?? 'scripted', container: null, diagnostics: null,
    stop_sequence: null, stop_details: null,
  };
}

function stopReasonOf(turn: AnthropicTurn): string {
  if (turn.finishReason !== undefined && turn.finishReason !== null) return STOP_REASONS[turn.finishReason] ?? turn.finishReason;
  if (turn.refusal !== undefined) return 'refusal';
  return turn.toolCalls === undefined && turn.content?.some(({ type }) => type === 'tool_use') !== true ? 'end_turn' : 'tool_use';
}

/** A block's head: what grows is empty in it, what does not is there at once. */
function emptied(block: AnthropicBlock): AnthropicBlock {
  switch (block.type) {
    case 'text':
      return { ...block, text: '', ...(block['citations'] ? { citations: [] } : {}) };
    case 'thinking':
      return { ...block, thinking: '', signature: '' };
    default:
      return isCall(block) ? { ...block, input: {} } : block;
  }
}

function deltasOfBlock(block: AnthropicBlock): object[] {
  switch (block.type) {
    case 'text':
      return [
        ...((block['citations'] ?? []) as readonly object[]).map((citation) => ({ type: 'citations_delta', citation })),
        ...texts(block['text']).map((text) => ({ type: 'text_delta', text })),
      ];
    case 'thinking':
      return [...texts(block['thinking']).map((thinking) => ({ type: 'thinking_delta', thinking })), { type: 'signature_delta', signature: block['signature'] }];
    default:
      // The first fragment is always empty; of a call without input it is the only one.
      return isCall(block) ? ['', ...inputTexts(block['input'])].map((partial) => ({ type: 'input_json_delta', partial_json: partial })) : [];
  }
}

function wholeBlock(block: AnthropicBlock): AnthropicBlock {
  if (block.type === 'text') return { ...block, text: texts(block['text']).join('') };
  if (block.type === 'thinking') return { ...block, thinking: texts(block['thinking']).join('') };
  if (!isCall(block)) return block;
  const { input } = block;
  if (typeof input !== 'string' && !Array.isArray(input)) return block;
  const text = wholeOf(input as string | readonly string[]);
  return { ...block, input: text === '' ? {} : (JSON.parse(text) as unknown) };
}

function isCall({ type }: AnthropicBlock): boolean {
  return type.endsWith('tool_use');
}

function texts(value: unknown): readonly string[] {
  return deltasOf(value as string | readonly string[] | undefined);
}

function inputTexts(input: unknown): readonly string[] {
  if (typeof input === 'string' || Array.isArray(input)) return texts(input).filter((text) => text !== '');
  return Object.keys(input ?? {}).length === 0 ? [] : [JSON.stringify(input)];
}

/** A script's `input` holds the cached tokens, the wire's `input_tokens` does not. */
function usageOf({ usage, cacheWritten }: AnthropicTurn): object | undefined {
  if (usage === null) return undefined;
  const { input, output, cached, reasoning } = usage ?? { input: 11, output: 7 };
  return {
    input_tokens: input - (cached ?? 0), output_tokens: output, cache_read_input_tokens: cached ?? null, cache_creation_input_tokens: cacheWritten ?? null,
    output_tokens_details: reasoning === undefined ? null : { thinking_tokens: reasoning }, server_tool_use: null, service_tier: 'standard',
  };
}

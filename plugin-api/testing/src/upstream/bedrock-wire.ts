/** A turn as Converse says it, streamed and whole. Source: the API reference of Converse and ConverseStream. */
import { eventFrame, errorFrame, exceptionFrame } from './bedrock-frames.ts';
import { bedrockBlocksOf, type BedrockBlock, type BedrockTurn } from './bedrock-turn.ts';
import { eventsBefore, faultOf, type Fault } from './fault.ts';
import { deltasOf, wholeOf } from './turn.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Neutral words for the end of an answer, as this API writes them. */
const STOP_REASONS: Readonly<Record<string, string>> = { stop: 'end_turn', length: 'max_tokens', tool_calls: 'tool_use', content_filter: 'content_filtered' };

/** The events of a streamed answer, each an object with one member: its type. */
export function toConverseEvents(turn: BedrockTurn, number: number): Fields[] {
  const events: Fields[] = [{ messageStart: { role: 'assistant' } }];
  for (const [contentBlockIndex, block] of bedrockBlocksOf(turn, number).entries()) {
    const start = startOf(block);
    if (start !== undefined) events.push({ contentBlockStart: { contentBlockIndex, start } });
    for (const delta of deltasOfBlock(block)) events.push({ contentBlockDelta: { contentBlockIndex, delta } });
    events.push({ contentBlockStop: { contentBlockIndex } });
  }
  if (turn.finishReason === null) return events;
  events.push({ messageStop: { stopReason: stopReasonOf(turn), ...turn.stop } });
  if (turn.withoutMetadata === true) return events;
  const usage = converseUsage(turn);
  events.push({ metadata: { metrics: { latencyMs: 321 }, ...(usage === undefined ? {} : { usage }), ...turn.metadata } });
  return events;
}

/** Events as frames. Bedrock pads each with a field `p` so that its length tells nothing; a string is the payload of an unreadable event. */
export function toFrames(events: readonly (object | string)[], faults: readonly Fault[]): Buffer {
  const failing = faultOf(faults, 'error-event');
  const unreadable = faultOf(faults, 'unreadable-event');
  const sent: (object | string)[] = failing === undefined ? [...events] : [...eventsBefore(events, failing), failing.error];
  if (unreadable !== undefined) sent.splice(unreadable.before, 0, '{"delta":{"te');
  sent.push(...(faultOf(faults, 'events-after-done')?.events ?? []));
  return Buffer.concat(sent.map((event, index) => (typeof event === 'string' ? eventFrame('contentBlockDelta', event) : frameOf(event as Fields, index))));
}

/** The faults of a turn, where an event is a frame and no line. */
export function inFrames(events: readonly (object | string)[], faults: readonly Fault[]): Fault[] {
  const ends = (): number[] => events.map((_, index) => toFrames(events.slice(0, index + 1), []).length);
  return faults.map((fault) => (fault.type === 'split' && fault.at === 'every-line' ? { type: 'split', at: ends() } : fault));
}

function frameOf(event: Fields, index: number): Buffer {
  const [type = '', payload] = Object.entries(event)[0] ?? [];
  if (type === 'error') return errorFrame(String((payload as Fields)['code']), String((payload as Fields)['message']));
  if (type.endsWith('Exception')) return exceptionFrame(type, payload as object);
  return eventFrame(type, { ...(payload as object), p: 'abcdefghijklmnopqrstuvwxyz'.slice(0, 1 + ((index * 7) % 26)) });
}

/** The whole answer of Converse. */
export function toConverseAnswer(turn: BedrockTurn, number: number): object {
  const usage = converseUsage(turn);
  return {
    output: { message: { role: 'assistant', content: bedrockBlocksOf(turn, number).map(wholeBlock) } }, stopReason: stopReasonOf(turn), metrics: { latencyMs: 321 },
    ...(usage === undefined ? {} : { usage }), ...turn.stop, ...turn.metadata,
  };
}

function stopReasonOf(turn: BedrockTurn): string {
  if (turn.finishReason !== undefined && turn.finishReason !== null) return STOP_REASONS[turn.finishReason] ?? turn.finishReason;
  return turn.toolCalls === undefined && turn.content?.some((block) => isCallerTool(block['toolUse'])) !== true ? 'end_turn' : 'tool_use';
}

function isCallerTool(toolUse: unknown): boolean {
  return toolUse !== undefined && (toolUse as Fields)['type'] === undefined;
}

/** Text and reasoning begin with their first delta; what has a name or a kind begins with a start. */
function startOf(block: BedrockBlock): Fields | undefined {
  const { toolUse, toolResult, image } = block as Readonly<Record<string, Fields | undefined>>;
  if (toolUse !== undefined) return { toolUse: { toolUseId: toolUse['toolUseId'], name: toolUse['name'], ...(toolUse['type'] === undefined ? {} : { type: toolUse['type'] }) } };
  if (toolResult !== undefined) return { toolResult: { toolUseId: toolResult['toolUseId'], status: toolResult['status'] ?? 'success', ...(toolResult['type'] === undefined ? {} : { type: toolResult['type'] }) } };
  return image === undefined ? undefined : { image: { format: image['format'] } };
}

function deltasOfBlock(block: BedrockBlock): Fields[] {
  const { toolUse, toolResult, reasoningContent, citationsContent, image } = block as Readonly<Record<string, Fields | undefined>>;
  if (block['text'] !== undefined) return texts(block['text']).map((text) => ({ text }));
  if (toolUse !== undefined) return inputTexts(toolUse['input']).map((input) => ({ toolUse: { input } }));
  if (toolResult !== undefined) return (toolResult['content'] as readonly Fields[]).map((piece) => ({ toolResult: [piece] }));
  if (reasoningContent !== undefined) return reasoningDeltas(reasoningContent);
  if (citationsContent !== undefined) {
    const pieces = citationsContent['content'] as readonly Fields[];
    return [
      ...pieces.flatMap(({ text }) => texts(text)).map((text) => ({ text })), ...(citationsContent['citations'] as readonly Fields[]).map((citation) => ({ citation })),
    ];
  }
  if (image !== undefined) return [{ image: { source: image['source'] } }];
  const [kind = '', value] = Object.entries(block)[0] ?? [];
  return [{ [kind]: value }];
}

function reasoningDeltas({ reasoningText, redactedContent }: Fields): Fields[] {
  if (redactedContent !== undefined) return [{ reasoningContent: { redactedContent } }];
  const { text, signature } = reasoningText as Fields;
  return [...texts(text).map((piece) => ({ reasoningContent: { text: piece } })), ...(signature === undefined ? [] : [{ reasoningContent: { signature } }])];
}

function wholeBlock(block: BedrockBlock): BedrockBlock {
  const { toolUse, reasoningContent, citationsContent } = block as Readonly<Record<string, Fields | undefined>>;
  if (block['text'] !== undefined) return { text: texts(block['text']).join('') };
  if (toolUse !== undefined) return { toolUse: { ...toolUse, input: wholeInput(toolUse['input']) } };
  const reasoning = reasoningContent?.['reasoningText'] as Fields | undefined;
  if (reasoning !== undefined) return { reasoningContent: { reasoningText: { ...reasoning, text: texts(reasoning['text']).join('') } } };
  if (citationsContent === undefined) return block;
  return { citationsContent: { ...citationsContent, content: (citationsContent['content'] as readonly Fields[]).map(({ text }) => ({ text: texts(text).join('') })) } };
}

function wholeInput(input: unknown): unknown {
  if (typeof input !== 'string' && !Array.isArray(input)) return input;
  const text = texts(input).join('');
  return text === '' ? {} : (JSON.parse(text) as unknown);
}

function texts(value: unknown): readonly string[] {
  return deltasOf(value as string | readonly string[] | undefined);
}

/** A call without input has no delta at all. */
function inputTexts(input: unknown): readonly string[] {
  if (typeof input === 'string' || Array.isArray(input)) return texts(input).filter((text) => text !== '');
  return [JSON.stringify(input ?? {})];
}

/** A script's `input` holds the cached tokens, the wire's `inputTokens` does not. Reasoning is part of the output and not told apart. */
export function converseUsage({ usage, cacheWritten }: BedrockTurn): Fields | undefined {
  if (usage === null) return undefined;
  const { input, output, cached } = usage ?? { input: 11, output: 7 };
  const inputTokens = input - (cached ?? 0);
  return {
    inputTokens, outputTokens: output, totalTokens: input + output + (cacheWritten ?? 0),
    ...(cached === undefined ? {} : { cacheReadInputTokens: cached }), ...(cacheWritten === undefined ? {} : { cacheWriteInputTokens: cacheWritten }),
  };
}

/** The answer of InvokeModel for the embedding models of Amazon and Cohere: vectors made of the texts' lengths, so that they can be told apart. */
export function toInvokeAnswer(modelId: string, body: unknown): object {
  const { inputText, texts: values, dimensions, embedding_types: types } = body as Fields;
  const vector = (text: unknown, length: number): number[] => Array.from({ length }, (_, index) => (index === 0 ? String(text).length : 0.5));
  if (modelId.includes('cohere.')) {
    const vectors = (values as readonly string[]).map((text) => vector(text, 3));
    return { id: 'embed-1', texts: values, embeddings: types === undefined ? vectors : { float: vectors }, response_type: types === undefined ? 'embeddings_floats' : 'embeddings_by_type' };
  }
  return { embedding: vector(inputText, Number(dimensions ?? 3)), inputTextTokenCount: wholeOf(String(inputText)).split(' ').length };
}

/** Streamed and whole answers as parts and results. */
import { CallError, type ChatPart } from '@modelport/plugin-api';
import { collectParts, foldParts, testCall, type BedrockBlock, type BedrockTurn } from '@modelport/testing';
import { expect, test } from 'vitest';
import { ask, start } from './start.ts';

const turn: BedrockTurn = {
  reasoning: ['Let me ', 'think.'], text: ['Hé', 'llo 🌍'], toolCalls: [{ id: 'tooluse_a', name: 'weather', arguments: ['{"city":', '"Øslo"}'] }, { id: 'tooluse_b', name: 'now' }],
  usage: { input: 10, output: 5, cached: 3 }, cacheWritten: 2,
};

async function streamed(from: BedrockTurn, request = ask) {
  const { model } = await start([from]);
  return collectParts(model.stream(request, testCall()));
}

test('a streamed answer has text, reasoning with its signature, tool calls and a usage whose totals include their parts', async () => {
  const { parts, error } = await streamed(turn);
  expect(error).toBeUndefined();
  const result = foldParts(parts);
  expect(result.content).toEqual([
    { type: 'reasoning', text: 'Let me think.', providerMetadata: { bedrock: { signature: 'sig_1', family: 'anthropic' } } },
    { type: 'text', text: 'Héllo 🌍' },
    { type: 'tool-call', toolCallId: 'tooluse_a', toolName: 'weather', input: '{"city":"Øslo"}' },
    { type: 'tool-call', toolCallId: 'tooluse_b', toolName: 'now', input: '{}' },
  ]);
  expect(result.finishReason).toEqual({ unified: 'tool-calls', raw: 'tool_use' });
  expect(result.usage).toMatchObject({ inputTokens: { total: 12, noCache: 7, cacheRead: 3, cacheWrite: 2 }, outputTokens: { total: 5 } });
  expect(result.providerMetadata).toEqual({ bedrock: { metrics: { latencyMs: 321 } } });
});

test('the whole answer is the folded stream', async () => {
  const { model } = await start([turn]);
  const content: BedrockBlock[] = [
    { reasoningContent: { redactedContent: Buffer.from('secret').toString('base64') } },
    { citationsContent: { content: [{ text: ['As ', 'said'] }], citations: [{ title: 'E', source: 'https://example.org', sourceContent: [{ text: 'said' }], location: { web: { url: 'https://example.org', domain: 'example.org' } } }, { title: 'Report', location: { documentPage: { documentIndex: 0, start: 1, end: 2 } } }] } },
    { toolUse: { toolUseId: 'tooluse_s', name: 'nova_grounding', type: 'server_tool_use', input: { q: 'x' } } },
    { toolResult: { toolUseId: 'tooluse_s', type: 'nova_grounding_result', status: 'success', content: [{ json: { hits: 1 } }] } },
    { image: { format: 'png', source: { bytes: 'aGVsbG8=' } } },
    { text: ['Done', '.'] },
  ];
  for (const each of [turn, { content, usage: { input: 1, output: 2 } }] satisfies BedrockTurn[]) {
    const { model: other } = await start([each]);
    const { response: _, ...whole } = await other.complete!(ask, testCall());
    const { parts } = await collectParts((await start([each])).model.stream(ask, testCall()));
    const { response: _streamed, ...folded } = foldParts(parts);
    expect(whole).toEqual(folded);
  }
  expect(model.complete).toBeDefined();
});

test('usage that comes after the end of the message is waited for', async () => {
  const { parts } = await streamed({ text: 'x', usage: { input: 3, output: 4 } });
  expect(parts.filter((part) => part.type === 'finish')).toMatchObject([{ usage: { inputTokens: { total: 3 }, outputTokens: { total: 4 } } }]);
});

test('an answer whose usage never comes is whole, with a warning and no figure', async () => {
  const { parts, error } = await streamed({ text: 'x', withoutMetadata: true });
  expect(error).toBeUndefined();
  expect(foldParts(parts).usage).toEqual({ inputTokens: {}, outputTokens: {} });
  expect(parts.some((part) => part.type === 'warning')).toBe(true);
});

test.each([
  ['end_turn', 'stop'], ['stop_sequence', 'stop'], ['max_tokens', 'length'], ['model_context_window_exceeded', 'length'], ['guardrail_intervened', 'content-filter'],
  ['content_filtered', 'content-filter'], ['malformed_model_output', 'error'], ['malformed_tool_use', 'error'], ['refusal', 'refusal'], ['pause_turn', 'interrupted'], ['brand_new', 'other'],
])('the stop reason %s is %s', async (raw, unified) => {
  const { parts } = await streamed({ text: 'x', finishReason: raw });
  expect(foldParts(parts).finishReason).toEqual({ unified, raw });
});

test('tool calls make the finish reason tool-calls, whatever the vendor says', async () => {
  const { parts } = await streamed({ toolCalls: [{ name: 'f', arguments: '{}' }], finishReason: 'end_turn' });
  expect(foldParts(parts).finishReason).toEqual({ unified: 'tool-calls', raw: 'end_turn' });
});

test('the trace of a guardrail and the service tier travel on the finish', async () => {
  const trace = { guardrail: { inputAssessment: {} } };
  const { parts } = await streamed({ text: 'Sorry.', finishReason: 'guardrail_intervened', metadata: { trace, serviceTier: { type: 'flex' } }, stop: { additionalModelResponseFields: { stop_sequence: 'x' } } });
  expect(foldParts(parts).providerMetadata?.['bedrock']).toMatchObject({ trace, serviceTier: { type: 'flex' }, additionalModelResponseFields: { stop_sequence: 'x' } });
});

test('tools the vendor ran come as provider-executed calls and results', async () => {
  const content: BedrockBlock[] = [
    { toolUse: { toolUseId: 's', name: 'nova_code_interpreter', type: 'server_tool_use', input: { code: '1' } } },
    { toolResult: { toolUseId: 's', status: 'error', content: [{ text: 'no' }, { text: 'pe' }] } }, { text: 'Well.' },
  ];
  const { parts } = await streamed({ content });
  const { content: folded, finishReason } = foldParts(parts);
  expect(folded).toMatchObject([
    { type: 'tool-call', providerExecuted: true, toolName: 'nova_code_interpreter', input: '{"code":"1"}' },
    { type: 'tool-result', providerExecuted: true, toolName: 'nova_code_interpreter', output: { type: 'error-json', value: 'nope' } }, { type: 'text', text: 'Well.' },
  ]);
  expect(finishReason.unified).toBe('stop');
});

test('cited text tells its sources, each once', async () => {
  const { parts } = await streamed({ text: 'It rains.', citations: [{ url: 'https://a.example', title: 'A' }, { url: 'https://a.example', title: 'A' }] });
  const { content } = foldParts(parts);
  expect(content).toMatchObject([{ type: 'text', text: 'It rains.', citations: [{ citedText: 'It rains.' }, { source: { url: 'https://a.example' } }] }, { type: 'source', sourceType: 'url', url: 'https://a.example', title: 'A' }]);
  expect(content).toHaveLength(2);
});

test('what this code does not know is kept', async () => {
  const { parts, error } = await streamed({ events: [
    { messageStart: { role: 'assistant' } }, { novelty: { a: 1 } }, { contentBlockDelta: { contentBlockIndex: 0, delta: { hologram: { b: 2 } } } },
    { contentBlockDelta: { contentBlockIndex: 1, delta: { text: 'x' } } }, { messageStop: { stopReason: 'end_turn' } }, { metadata: { usage: { inputTokens: 1, outputTokens: 1 } } },
  ] });
  expect(error).toBeUndefined();
  expect(parts.filter((part) => part.type === 'unknown').map(({ part }) => part)).toEqual([{ novelty: { a: 1 } }, { contentBlockDelta: { contentBlockIndex: 0, delta: { hologram: { b: 2 } } } }]);
  expect(foldParts(parts).content.at(-1)).toEqual({ type: 'text', text: 'x' });
});

test('raw events come before their parts when they are asked for', async () => {
  const { model } = await start([{ text: 'x' }]);
  const { parts } = await collectParts(model.stream(ask, testCall({ includeRaw: true })));
  const at = parts.findIndex((part) => part.type === 'text-delta');
  expect(parts[at - 1]).toEqual({ type: 'raw', rawValue: { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'x' } } } });
});

test.each<[string, string, string, boolean]>([
  ['throttlingException', 'Too many requests', 'RATE_LIMITED', true], ['modelStreamErrorException', 'broken', 'OVERLOADED', true], ['internalServerException', 'oops', 'OVERLOADED', true],
  ['serviceUnavailableException', 'later', 'OVERLOADED', true], ['validationException', 'bad field', 'REQUEST_INVALID', false],
  ['validationException', 'Input is too long for requested model.', 'CONTEXT_OVERFLOW', false],
])('a %s inside a stream is thrown after the parts before it', async (name, message, code, retryable) => {
  const { parts, error, text } = await streamed({ text: ['Hel', 'lo'], faults: [{ type: 'error-event', before: 3, error: { [name]: { message } } }] });
  expect(CallError.is(error) && { code: error.code, retryable: error.facts.retryable, requestId: error.facts.requestId }).toEqual({ code, retryable, requestId: '00000000-0000-4000-8000-000000000001' });
  expect((error as Error).message).toContain(message);
  expect(text).toBe('Hello');
  expect(parts.some((part) => part.type === 'finish')).toBe(false);
});

test('a failure outside the service’s model is thrown too', async () => {
  const { error } = await streamed({ text: 'x', faults: [{ type: 'error-event', before: 1, error: { error: { code: 'InternalFailure', message: 'gone' } } }] });
  expect(error).toMatchObject({ code: 'OVERLOADED' });
});

test('parts of one network read come as one array', async () => {
  const { model } = await start([{ text: Array.from({ length: 20 }, (_, index) => `${index} `) }]);
  const batches: (readonly ChatPart[])[] = [];
  for await (const batch of model.stream(ask, testCall())) batches.push(batch as readonly ChatPart[]);
  expect(batches.length).toBeLessThan(20);
  expect(batches.flat().filter((part) => part.type === 'text-delta')).toHaveLength(20);
});

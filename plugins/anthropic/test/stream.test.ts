/** Answers, streamed and whole: text, thinking, tools, citations, server tools, and how they end. */
import type { ChatResult } from '@modelport/plugin-api';
import { partsOf } from '@modelport/plugin-api/kit';
import { collectParts, foldParts, testCall, type AnthropicBlock, type AnthropicTurn } from '@modelport/testing';
import { describe, expect, test } from 'vitest';
import { ask, lastBody, start } from './start.ts';

async function bothWays(turn: AnthropicTurn, request = ask): Promise<{ streamed: ChatResult; whole: ChatResult }> {
  const { model, upstream } = await start([turn]);
  const { parts, error } = await collectParts(model.stream(request, testCall()));
  expect(error).toBeUndefined();
  expect(lastBody(upstream)['stream']).toBe(true);
  upstream.script(turn);
  const whole = await model.complete!(request, testCall());
  expect(lastBody(upstream)['stream']).toBeUndefined();
  return { streamed: foldParts(parts), whole };
}

const citation = { type: 'web_search_result_location', url: 'https://example.org/a', title: 'A', cited_text: 'It rains.', encrypted_index: 'Eo8B' };
const search: readonly AnthropicBlock[] = [
  { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'weather' }, caller: { type: 'direct' } },
  { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [{ type: 'web_search_result', url: 'https://example.org/a', title: 'A', encrypted_content: 'Eq', page_age: null }] },
  { type: 'text', text: ['It ', 'rains.'], citations: [citation] },
];

test('text, thinking, tool calls and usage become parts, and the whole answer equals the fold of its stream', async () => {
  const { streamed, whole } = await bothWays({
    reasoning: ['Let me ', 'think.'], signature: 'EqQB', text: ['Hello ', '🌍'],
    toolCalls: [{ id: 'toolu_a', name: 'weather', arguments: ['{"city":', '"Oslo"}'] }, { id: 'toolu_b', name: 'now' }],
    usage: { input: 20, output: 9, cached: 12, reasoning: 4 }, cacheWritten: 100,
  });
  for (const result of [streamed, whole]) {
    expect(result.content).toEqual([
      { type: 'reasoning', text: 'Let me think.', providerMetadata: { anthropic: { signature: 'EqQB' } } },
      { type: 'text', text: 'Hello 🌍' },
      { type: 'tool-call', toolCallId: 'toolu_a', toolName: 'weather', input: '{"city":"Oslo"}' },
      { type: 'tool-call', toolCallId: 'toolu_b', toolName: 'now', input: '{}' },
    ]);
    expect(result.finishReason).toEqual({ unified: 'tool-calls', raw: 'tool_use' });
    expect(result.usage).toMatchObject({ inputTokens: { total: 120, noCache: 8, cacheRead: 12, cacheWrite: 100 }, outputTokens: { total: 9, text: 5, reasoning: 4 } });
    expect(result.response).toMatchObject({ modelId: 'claude-opus-4-6', headers: { 'anthropic-ratelimit-requests-remaining': '3999' } });
  }
  expect(streamed.response).toMatchObject({ id: 'msg_1', headers: { 'request-id': 'req_1' } });
  expect(foldParts(partsOf(whole)).content).toEqual(whole.content);
});

test('a tool the vendor runs is a call and a result, and the sources of a text come once', async () => {
  const { streamed, whole } = await bothWays({ content: search, finishReason: 'end_turn' });
  expect(streamed.content).toEqual(whole.content);
  const source = { type: 'source', sourceType: 'url', id: 'source-1', url: 'https://example.org/a', title: 'A' };
  expect(whole.content).toEqual([
    { type: 'tool-call', toolCallId: 'srvtoolu_1', toolName: 'web_search', input: '{"query":"weather"}', providerExecuted: true, providerMetadata: { anthropic: { type: 'server_tool_use', name: 'web_search' } } },
    {
      type: 'tool-result', toolCallId: 'srvtoolu_1', toolName: 'web_search', providerExecuted: true, output: { type: 'json', value: search[1]!['content'] },
      providerMetadata: { anthropic: { type: 'web_search_tool_result' } },
    },
    { type: 'text', text: 'It rains.', citations: [{ source, citedText: 'It rains.' }], providerMetadata: { anthropic: { citations: [citation] } } },
    source,
  ]);
  expect(whole.finishReason.unified).toBe('stop');
});

test('a document that is cited is a source with its title and type', async () => {
  const place = { type: 'page_location', cited_text: 'Grass is green.', document_index: 0, document_title: 'Facts', start_page_number: 1, end_page_number: 2, file_id: null };
  const { streamed, whole } = await bothWays({ content: [{ type: 'text', text: 'Green', citations: [place, place] }, { type: 'text', text: '.', citations: null }] });
  expect(streamed.content).toEqual(whole.content);
  expect(whole.content.filter(({ type }) => type === 'source')).toEqual([{ type: 'source', sourceType: 'document', id: 'source-1', title: 'Facts', mediaType: 'application/pdf' }]);
});

test('redacted thinking and thinking that is not shown keep what goes back', async () => {
  const { streamed, whole } = await bothWays({ content: [{ type: 'redacted_thinking', data: 'EmwK' }, { type: 'thinking', thinking: '', signature: 'EuYB' }, { type: 'text', text: 'Yes.' }] });
  expect(streamed.content).toEqual(whole.content);
  expect(whole.content.slice(0, 2)).toEqual([
    { type: 'reasoning', text: '', providerMetadata: { anthropic: { redactedData: 'EmwK' } } }, { type: 'reasoning', text: '', providerMetadata: { anthropic: { signature: 'EuYB' } } },
  ]);
});

test('a block of a type nobody knows yet is kept whole', async () => {
  const { streamed, whole } = await bothWays({ content: [{ type: 'container_upload', file_id: 'file_1' }, { type: 'text', text: 'ok' }] });
  expect(streamed.content).toEqual(whole.content);
  expect(whole.content[0]).toEqual({ type: 'custom', kind: 'anthropic.container_upload', providerMetadata: { anthropic: { block: { type: 'container_upload', file_id: 'file_1' } } } });
});

test('a failed tool of the vendor is an error the model saw', async () => {
  const content = { type: 'web_search_tool_result_error', error_code: 'max_uses_exceeded' };
  const { streamed } = await bothWays({ content: [search[0]!, { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content }] });
  expect(streamed.content[1]).toMatchObject({ type: 'tool-result', output: { type: 'error-json', value: content } });
});

describe('why an answer ended', () => {
  test.each([
    ['end_turn', 'stop'], ['stop_sequence', 'stop'], ['max_tokens', 'length'], ['model_context_window_exceeded', 'length'], ['pause_turn', 'interrupted'],
    ['refusal', 'refusal'], ['compaction', 'other'],
  ])('"%s" is %s', async (finishReason, unified) => {
    const { streamed, whole } = await bothWays({ text: 'x', finishReason });
    expect(streamed.finishReason).toEqual({ unified, raw: finishReason });
    expect(whole.finishReason).toEqual({ unified, raw: finishReason });
  });

  test('the matched stop sequence, the reason of a refusal and the container come with the end', async () => {
    const stop = { stop_sequence: 'END', stop_details: { type: 'refusal', category: 'bio', explanation: null }, container: { id: 'container_1', expires_at: '2026-11-21T13:00:00Z' } };
    const { streamed, whole } = await bothWays({ text: 'x', stop });
    const facts = { anthropic: { stopSequence: 'END', stopDetails: stop.stop_details, container: stop.container } };
    expect(streamed.providerMetadata).toEqual(facts);
    expect(whole.providerMetadata).toEqual(facts);
  });
});

test('a figure the vendor does not send is undefined, not 0', async () => {
  const { streamed, whole } = await bothWays({ text: 'x', usage: null });
  expect(streamed.usage).toEqual({ inputTokens: {}, outputTokens: {} });
  expect(whole.usage).toEqual({ inputTokens: {}, outputTokens: {} });
});

test('later counts replace earlier ones, and what a later report leaves out stays', async () => {
  const { model } = await start([{ text: 'x', events: [
    { type: 'message_start', message: { id: 'msg_1', content: [], usage: { input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 1 } } },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { input_tokens: null, output_tokens: 8 } },
    { type: 'message_stop' },
  ] }]);
  const { parts } = await collectParts(model.stream(ask, testCall()));
  expect(parts.filter((part) => part.type === 'usage').map(({ usage }) => [usage.inputTokens.total, usage.outputTokens.total])).toEqual([[15, 1], [15, 8]]);
  expect(foldParts(parts).usage.raw).toEqual({ input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 8 });
});

test('pings and events of new types disturb nothing', async () => {
  const { model } = await start([{ events: [
    { type: 'message_start', message: { id: 'msg_1', content: [] } }, { type: 'ping' }, { type: 'heartbeat', of: 'the future' },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }, { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'sparkle_delta', sparkle: 1 } }, { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' } }, { type: 'message_stop' },
  ] }]);
  const { parts, error } = await collectParts(model.stream(ask, testCall({ includeRaw: true })));
  expect(error).toBeUndefined();
  expect(foldParts(parts).content).toEqual([{ type: 'text', text: 'Hi' }]);
  expect(parts.filter(({ type }) => type === 'ping')).toHaveLength(1);
  expect(parts.filter((part) => part.type === 'raw')).toHaveLength(9);
});

test('a block that grows in a way nobody knows yet is put together', async () => {
  const { model } = await start([{ events: [
    { type: 'message_start', message: { id: 'msg_1', content: [] } }, { type: 'content_block_start', index: 0, content_block: { type: 'compaction', content: null } },
    { type: 'content_block_delta', index: 0, delta: { type: 'compaction_delta', content: 'We ' } }, { type: 'content_block_delta', index: 0, delta: { type: 'compaction_delta', content: 'spoke.' } },
    { type: 'content_block_stop', index: 0 }, { type: 'message_delta', delta: { stop_reason: 'compaction' } }, { type: 'message_stop' },
  ] }]);
  const { parts } = await collectParts(model.stream(ask, testCall()));
  expect(foldParts(parts).content).toEqual([{ type: 'custom', kind: 'anthropic.compaction', providerMetadata: { anthropic: { block: { type: 'compaction', content: 'We spoke.' } } } }]);
});

test('a call whose input comes with its first event has it', async () => {
  const { model } = await start([{ events: [
    { type: 'message_start', message: { id: 'msg_1', content: [] } },
    { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 'toolu_1', name: 'f', input: { a: 1 }, caller: { type: 'code_execution_20260120', tool_id: 'srvtoolu_1' } } },
    { type: 'content_block_stop', index: 0 }, { type: 'message_delta', delta: { stop_reason: 'tool_use' } }, { type: 'message_stop' },
  ] }]);
  const { parts } = await collectParts(model.stream(ask, testCall()));
  expect(foldParts(parts).content).toEqual([{
    type: 'tool-call', toolCallId: 'toolu_1', toolName: 'f', input: '{"a":1}', providerMetadata: { anthropic: { caller: { type: 'code_execution_20260120', tool_id: 'srvtoolu_1' } } },
  }]);
});

test('a call whose input comes twice has it once', async () => {
  const { model } = await start([{ events: [
    { type: 'message_start', message: { id: 'msg_1', content: [] } }, { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 'toolu_1', name: 'f', input: { a: 1 } } },
    { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"a":1}' } }, { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' } }, { type: 'message_stop' },
  ] }]);
  const { parts } = await collectParts(model.stream(ask, testCall()));
  const { content, finishReason } = foldParts(parts);
  expect(content).toEqual([{ type: 'tool-call', toolCallId: 'toolu_1', toolName: 'f', input: '{"a":1}' }]);
  // Imitators of the API say so beside calls.
  expect(finishReason).toEqual({ unified: 'tool-calls', raw: 'end_turn' });
});

test('a stream that stops within a block was cut, whatever reason it gave', async () => {
  const { model } = await start([{ events: [
    { type: 'message_start', message: { id: 'msg_1', content: [] } }, { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} } },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' } }, { type: 'message_stop' },
  ] }]);
  const { error } = await collectParts(model.stream(ask, testCall()));
  expect(error).toMatchObject({ code: 'PROTOCOL' });
});

test('the halves of the vendor’s code execution come under the request’s name, and go back under their own', async () => {
  const call = { type: 'server_tool_use', id: 'srvtoolu_1', name: 'bash_code_execution', input: { command: 'ls' } };
  const { model, upstream } = await start([{ content: [call] }]);
  const request = { ...ask, tools: [{ type: 'provider' as const, id: 'anthropic.code_execution_20250825' as const, name: 'sandbox', args: {} }] };
  const { content } = await model.complete!(request, testCall());
  expect(content).toMatchObject([{ type: 'tool-call', toolName: 'sandbox', providerExecuted: true }]);
  await model.complete!({ ...request, messages: [...ask.messages, { role: 'assistant', content }] }, testCall());
  expect(lastBody(upstream)['messages']).toMatchObject([{}, { content: [call] }]);
});

test('raw events come only when they are asked for', async () => {
  const { model } = await start([{ text: 'x' }]);
  const quiet = await collectParts(model.stream(ask, testCall()));
  expect(quiet.parts.some((part) => part.type === 'raw')).toBe(false);
});

test('nothing is sent before the first next()', async () => {
  const { model, upstream } = await start([{ text: 'x' }]);
  const stream = model.stream(ask, testCall());
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(upstream.requests).toHaveLength(0);
  await collectParts(stream);
  expect(upstream.requests).toHaveLength(1);
});

test('leaving the loop closes the connection', async () => {
  const { model, upstream } = await start([{ text: ['a', 'b'], faults: [{ type: 'stall', afterBytes: 600 }] }]);
  for await (const _ of model.stream(ask, testCall())) break;
  await upstream.requests[0]!.closed;
  expect(upstream.openConnections).toBe(0);
});

test('an abort rejects with the signal’s reason and closes the connection', async () => {
  const { model, upstream } = await start([{ text: ['a', 'b'], faults: [{ type: 'stall', afterBytes: 600 }] }]);
  const controller = new AbortController();
  const reason = new Error('no longer wanted');
  const reading = collectParts(model.stream(ask, testCall({ signal: controller.signal })));
  await expect.poll(() => upstream.requests.length).toBe(1);
  controller.abort(reason);
  expect((await reading).error).toBe(reason);
  await upstream.requests[0]!.closed;
});

test('a connection serves one call after the other', async () => {
  const { model, upstream } = await start([{ text: 'x' }]);
  for (let number = 0; number < 5; number += 1) await collectParts(model.stream(ask, testCall()));
  expect(upstream.acceptedConnections).toBe(1);
});

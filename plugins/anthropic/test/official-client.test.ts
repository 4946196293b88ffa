/** The official client reads what the scripted upstream sends: the wire is Anthropic's, not this project's idea of it. */
import Anthropic from '@anthropic-ai/sdk';
import { createAnthropicUpstream, testCall, type AnthropicBlock, type AnthropicTurn, type AnthropicUpstream, type AnthropicUpstreamOptions } from '@modelport/testing';
import { expect, onTestFinished, test } from 'vitest';
import { start, user } from './start.ts';

async function connect(turns: readonly AnthropicTurn[], options: AnthropicUpstreamOptions = {}): Promise<{ client: Anthropic; upstream: AnthropicUpstream }> {
  const upstream = await createAnthropicUpstream({ turns, apiKey: 'sk-ant-test', ...options });
  onTestFinished(() => upstream.close());
  return { upstream, client: new Anthropic({ baseURL: upstream.baseUrl, apiKey: 'sk-ant-test', maxRetries: 0 }) };
}

const request: Anthropic.MessageCreateParamsNonStreaming = { model: 'claude-opus-4-6', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] };
const blocks: readonly AnthropicBlock[] = [
  { type: 'thinking', thinking: ['Let me ', 'think.'], signature: 'EqQB' }, { type: 'redacted_thinking', data: 'EmwK' },
  { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'q' }, caller: { type: 'direct' } },
  { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', caller: { type: 'direct' }, content: [{ type: 'web_search_result', url: 'https://example.org', title: 'E', encrypted_content: 'x', page_age: null }] },
  { type: 'text', text: ['Hel', 'lo'], citations: [{ type: 'web_search_result_location', url: 'https://example.org', title: 'E', cited_text: 'hello', encrypted_index: 'y' }] },
  { type: 'tool_use', id: 'toolu_1', name: 'weather', input: ['{"city":', '"Oslo"}'], caller: { type: 'direct' } }, { type: 'tool_use', id: 'toolu_2', name: 'now', input: '', caller: { type: 'direct' } },
];
const turn: AnthropicTurn = { content: blocks, usage: { input: 9, output: 4, cached: 2, reasoning: 1 }, cacheWritten: 3 };

test('a streamed message, gathered by the client itself, equals the whole one', async () => {
  const { client } = await connect([turn]);
  const streamed = await client.messages.stream(request).finalMessage();
  const whole = await client.messages.create(request);
  expect(streamed.content.map(({ type }) => type)).toEqual(['thinking', 'redacted_thinking', 'server_tool_use', 'web_search_tool_result', 'text', 'tool_use', 'tool_use']);
  expect(streamed.content[0]).toEqual({ type: 'thinking', thinking: 'Let me think.', signature: 'EqQB' });
  expect(streamed.content[4]).toMatchObject({ text: 'Hello', citations: [{ url: 'https://example.org' }] });
  expect(streamed.content.slice(5)).toMatchObject([{ input: { city: 'Oslo' } }, { input: {} }]);
  expect(streamed).toMatchObject({ stop_reason: 'tool_use', usage: { input_tokens: 7, cache_read_input_tokens: 2, cache_creation_input_tokens: 3, output_tokens: 4 } });
  expect(plain(streamed)).toEqual(plain(whole));
});

test('the client and the plugin read the same answer', async () => {
  const { client, upstream } = await connect([turn]);
  const theirs = await client.messages.stream(request).finalMessage();
  const { model } = await start([turn]);
  const { content } = await model.complete!({ messages: [user('Hi')] }, testCall());
  const texts = (kind: 'text' | 'reasoning'): string => content.map((part) => (part.type === kind ? part.text : '')).join('');
  expect(texts('text')).toBe(theirs.content.map((block) => (block.type === 'text' ? block.text : '')).join(''));
  expect(texts('reasoning')).toBe(theirs.content.map((block) => (block.type === 'thinking' ? block.thinking : '')).join(''));
  expect(content.flatMap((part) => (part.type === 'tool-call' ? [[part.toolCallId, JSON.parse(part.input) as unknown]] : []))).toEqual(
    theirs.content.flatMap((block) => (block.type === 'tool_use' || block.type === 'server_tool_use' ? [[block.id, block.input]] : [])),
  );
  expect(upstream.requests[0]?.headers).toMatchObject({ 'anthropic-version': '2026-10-21', authorization: 'Bearer sk-ant-test' });
});

test('what the client sends back of an answer is taken', async () => {
  const { client } = await connect([turn, { text: 'Done.' }]);
  const first = await client.messages.create(request);
  const second = await client.messages.create({ ...request, messages: [...request.messages, { role: 'assistant', content: first.content as Anthropic.ContentBlockParam[] }, {
    role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'sunny' }, { type: 'tool_result', tool_use_id: 'toolu_2', content: 'noon' }],
  }] });
  expect(second.content).toMatchObject([{ type: 'text', text: 'Done.' }]);
});

test('a call without its result is refused, as the API does', async () => {
  const { client } = await connect([{ text: 'x' }]);
  const content: Anthropic.ContentBlockParam[] = [{ type: 'tool_use', id: 'toolu_1', name: 'f', input: {} }];
  await expect(client.messages.create({ ...request, messages: [...request.messages, { role: 'assistant', content }, { role: 'user', content: 'And?' }] })).rejects.toThrow(/without `tool_result` blocks/);
});

test('what the newest version no longer takes is refused, as the API does', async () => {
  const { client } = await connect([{ text: 'x' }]);
  const extra = { temperature: 0 } as object;
  await expect(client.messages.create({ ...request, ...extra })).rejects.toThrow(/temperature: Extra inputs are not permitted/);
  const document: Anthropic.ContentBlockParam = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' } };
  await expect(client.messages.create({ ...request, messages: [...request.messages, { role: 'assistant', content: [document] }] })).rejects.toThrow(/messages\.1\.content\.0/);
});

test('the list of models, page by page, and one of them', async () => {
  const { client, upstream } = await connect([{}], { models: ['a', 'b', 'c'].map((id) => ({ id })), pageSize: 2 });
  const ids: string[] = [];
  for await (const model of client.models.list()) ids.push(model.id);
  expect(ids).toEqual(['a', 'b', 'c']);
  expect(upstream.requests).toHaveLength(2);
  expect((await client.models.retrieve('b')).display_name).toBe('b');
});

test('a count of tokens', async () => {
  const { client } = await connect([{}]);
  expect((await client.messages.countTokens({ model: request.model, messages: request.messages })).input_tokens).toBeGreaterThan(0);
});

test('an error has its status, type and request id', async () => {
  const { client } = await connect([{ error: { status: 529, message: 'Overloaded' } }]);
  await expect(client.messages.create(request)).rejects.toMatchObject({ status: 529, type: 'overloaded_error', requestID: 'req_1' });
  const wrong = new Anthropic({ baseURL: client.baseURL, apiKey: 'sk-ant-wrong', maxRetries: 0 });
  await expect(wrong.messages.create(request)).rejects.toMatchObject({ status: 401, type: 'authentication_error' });
});

test('an error inside a stream is thrown', async () => {
  const { client } = await connect([{ text: 'Hi', faults: [{ type: 'error-event', before: 3, error: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } } }] }]);
  await expect(client.messages.stream(request).finalMessage()).rejects.toMatchObject({ type: 'overloaded_error' });
});

/** Without what counts its place in the script, and what the client adds. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll(/msg_\d+/g, 'msg_N').replaceAll(/,"parsed_output":(null|"[^"]*")/g, ''));
}

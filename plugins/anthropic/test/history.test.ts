/** A conversation goes back as it came, and one that another vendor made is taken as well. */
import type { ChatRequest, Message } from '@modelport/plugin-api';
import { collectParts, foldParts, testCall, type AnthropicBlock } from '@modelport/testing';
import { expect, test } from 'vitest';
import { ask, lastBody, start, user } from './start.ts';

async function messagesOf(messages: readonly Message[], modelId?: string): Promise<{ messages: unknown; system: unknown; warnings: string[] }> {
  const { model, upstream } = await start([{ text: 'x' }], {}, modelId === undefined ? {} : { modelId });
  const { warnings = [] } = await model.complete!({ messages }, testCall());
  return { messages: lastBody(upstream)['messages'], system: lastBody(upstream)['system'], warnings: warnings.map((warning) => ('feature' in warning ? warning.feature : warning.type)) };
}

test('an answer goes back verbatim: signatures, redacted thinking, citations, server tools, unknown blocks', async () => {
  const blocks: readonly AnthropicBlock[] = [
    { type: 'thinking', thinking: 'Hm.', signature: 'EqQB' }, { type: 'redacted_thinking', data: 'EmwK' },
    { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'q' } },
    { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [{ type: 'web_search_result', url: 'https://example.org', title: 'E', encrypted_content: 'x' }] },
    { type: 'mcp_tool_use', id: 'mcptoolu_1', name: 'echo', server_name: 'demo', input: {} }, { type: 'mcp_tool_result', tool_use_id: 'mcptoolu_1', is_error: false, content: [{ type: 'text', text: 'hi' }] },
    { type: 'text', text: 'It rains.', citations: [{ type: 'web_search_result_location', url: 'https://example.org', title: 'E', cited_text: 'rain', encrypted_index: 'y' }] },
    { type: 'container_upload', file_id: 'file_1' },
    { type: 'tool_use', id: 'toolu_1', name: 'left_click', toolset_name: 'computer', input: { coordinate: [1, 2] } },
    { type: 'tool_use', id: 'toolu_2', name: 'f', input: { a: 1 }, caller: { type: 'code_execution_20260120', tool_id: 'srvtoolu_1' } },
  ];
  const { model, upstream } = await start([{ content: blocks }, { text: 'x' }]);
  const { content } = await model.complete!(ask, testCall());
  const results: Message = { role: 'tool', content: ['toolu_2', 'toolu_1'].map((toolCallId) => ({ type: 'tool-result', toolCallId, toolName: 'f', output: { type: 'text', value: 'done' } })) };
  const { warnings } = await model.complete!({ messages: [user('Hi'), { role: 'assistant', content }, results] }, testCall());
  expect(warnings).toBeUndefined();
  expect(lastBody(upstream)['messages']).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'Hi' }] }, { role: 'assistant', content: blocks },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_2', content: 'done' }, { type: 'tool_result', tool_use_id: 'toolu_1', content: 'done', toolset_name: 'computer' }] },
  ]);
});

test('the history of a stream is that of the whole answer', async () => {
  const { model, upstream } = await start([{ reasoning: 'Hm.', text: 'Yes.', toolCalls: [{ id: 'toolu_1', name: 'f' }] }]);
  const { parts } = await collectParts(model.stream(ask, testCall()));
  const { content } = foldParts(parts);
  await model.complete!({ messages: [user('Hi'), { role: 'assistant', content: content.slice(0, 2) }, user('And?')] }, testCall());
  expect((lastBody(upstream)['messages'] as unknown[])[1]).toEqual({ role: 'assistant', content: [{ type: 'thinking', thinking: 'Hm.', signature: 'sig_1' }, { type: 'text', text: 'Yes.' }] });
});

test('another vendor’s history is taken: reasoning left out, ids mapped alike, its own tools as text, calls before their results', async () => {
  const { messages, warnings } = await messagesOf([
    user('Hi'),
    { role: 'assistant', content: [
      { type: 'reasoning', text: 'Hm.', providerMetadata: { openai: { itemId: 'rs_1' } } },
      { type: 'tool-call', toolCallId: 'ws_1', toolName: 'web_search', input: '{"q":1}', providerExecuted: true }, { type: 'tool-result', toolCallId: 'ws_1', toolName: 'web_search', output: { type: 'json', value: { hits: 2 } }, providerExecuted: true },
      { type: 'tool-call', toolCallId: 'call.1|fc', toolName: 'files.read', input: '{"path":"a"}' }, { type: 'text', text: 'One moment.' }, { type: 'text', text: ' ' },
      { type: 'source', sourceType: 'url', id: 's', url: 'https://example.org' }, { type: 'custom', kind: 'openai.x', providerMetadata: { openai: { item: {} } } },
    ] },
    { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'call.1|fc', toolName: 'files.read', output: { type: 'json', value: [1] } }] },
    user('And?'),
  ]);
  const id = expect.stringMatching(/^call_1_fc_\w+$/) as string;
  expect(messages).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
    { role: 'assistant', content: [
      { type: 'text', text: '[web_search was run with {"q":1}]' }, { type: 'text', text: '[web_search answered: {"hits":2}]' }, { type: 'text', text: 'One moment.' },
      { type: 'tool_use', id, name: expect.stringMatching(/^files_read_\w+$/) as string, input: { path: 'a' } },
    ] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: id, content: '[1]' }, { type: 'text', text: 'And?' }] },
  ]);
  const [, assistant, results] = messages as { content: Record<string, unknown>[] }[];
  expect(results!.content[0]!['tool_use_id']).toBe(assistant!.content[3]!['id']);
  expect(warnings).toEqual(['reasoning in the history']);
});

test('results come first in the user’s turn, whatever the order they were told in', async () => {
  const { messages } = await messagesOf([
    user('Hi'), { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'toolu_1', toolName: 'f', input: '{}' }] }, user('Wait.'),
    { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'toolu_1', toolName: 'f', output: { type: 'text', value: 'done' } }] }, user('So?'),
  ]);
  expect((messages as { content: { type: string }[] }[])[2]!.content.map(({ type }) => type)).toEqual(['tool_result', 'text', 'text']);
});

test('citations go back with the answer they belong to, without what only comes out, and not with the user’s text', async () => {
  const citation = { type: 'char_location', cited_text: 'x', document_index: 0, document_title: null, start_char_index: 0, end_char_index: 1 };
  const cited = { type: 'text' as const, text: 'x', providerMetadata: { anthropic: { citations: [{ ...citation, file_id: 'file_1' }] } } };
  const { messages } = await messagesOf([{ role: 'user', content: [cited] }, { role: 'assistant', content: [cited] }, user('And?')]);
  expect(messages).toMatchObject([{}, {}, {}]);
  const [asked, answered] = messages as { content: unknown[] }[];
  expect(asked!.content).toEqual([{ type: 'text', text: 'x' }]);
  expect(answered!.content).toEqual([{ type: 'text', text: 'x', citations: [citation] }]);
});

test('every form of a tool result has its form on the wire', async () => {
  const outputs: Extract<Message, { role: 'tool' }>['content'][number][] = ([
    { type: 'error-text', value: 'no' }, { type: 'error-json', value: { code: 1 } }, { type: 'execution-denied', reason: 'Not today.' }, { type: 'text', value: '' },
    { type: 'content', value: [{ type: 'text', text: 'See' }, { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'iVBORw0KGgo=' } }, { type: 'custom', providerMetadata: { anthropic: { block: { type: 'tool_reference', tool_name: 'f' } } } }, { type: 'custom', providerMetadata: { other: {} } }] },
  ] as const).map((output, index) => ({ type: 'tool-result', toolCallId: `toolu_${index}`, toolName: 'f', output }));
  const { messages, warnings } = await messagesOf([
    user('Hi'), { role: 'assistant', content: outputs.map((_, index) => ({ type: 'tool-call', toolCallId: `toolu_${index}`, toolName: 'f', input: '{}' })) }, { role: 'tool', content: outputs },
  ]);
  expect((messages as { content: unknown[] }[])[2]!.content).toEqual([
    { type: 'tool_result', tool_use_id: 'toolu_0', content: 'no', is_error: true }, { type: 'tool_result', tool_use_id: 'toolu_1', content: '{"code":1}', is_error: true },
    { type: 'tool_result', tool_use_id: 'toolu_2', content: 'The tool was not allowed to run: Not today.', is_error: true }, { type: 'tool_result', tool_use_id: 'toolu_3' },
    { type: 'tool_result', tool_use_id: 'toolu_4', content: [
      { type: 'text', text: 'See' }, { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } }, { type: 'tool_reference', tool_name: 'f' },
    ] },
  ]);
  expect(warnings).toEqual(['custom content in a tool result']);
});

test('input of a call that is no object travels in one, with a warning', async () => {
  const { messages, warnings } = await messagesOf([
    user('Hi'), { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'a', toolName: 'f', input: '{"cut' }, { type: 'tool-call', toolCallId: 'b', toolName: 'g', input: '{"x":1}', inputEncoding: 'text' }] },
    { role: 'tool', content: ['a', 'b'].map((toolCallId) => ({ type: 'tool-result', toolCallId, toolName: 'f', output: { type: 'text', value: 'ok' } })) },
  ]);
  expect((messages as { content: { input: unknown }[] }[])[1]!.content.map(({ input }) => input)).toEqual([{ input: '{"cut' }, { input: '{"x":1}' }]);
  expect(warnings).toEqual(['the input of a tool call']);
});

test('turns of one role are one turn, and turns without content are none', async () => {
  const { messages } = await messagesOf([user('A'), user('B'), { role: 'assistant', content: [{ type: 'reasoning', text: 'foreign' }] }, { role: 'assistant', content: [{ type: 'text', text: 'C' }] }, user(' '), user('D')]);
  expect(messages).toEqual([
    { role: 'user', content: [{ type: 'text', text: 'A' }, { type: 'text', text: 'B' }] }, { role: 'assistant', content: [{ type: 'text', text: 'C' }] }, { role: 'user', content: [{ type: 'text', text: 'D' }] },
  ]);
});

test('an answer begun by the caller does not end in white space', async () => {
  const { messages, warnings } = await messagesOf([user('Hi'), { role: 'assistant', content: [{ type: 'text', text: 'The answer is ' }] }]);
  expect(messages).toMatchObject([{}, { content: [{ text: 'The answer is' }] }]);
  expect(warnings).toEqual(['an assistant message at the end']);
});

test('a paused turn goes back and goes on', async () => {
  const paused: readonly AnthropicBlock[] = [{ type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'q' } }];
  const { model, upstream } = await start([{ content: paused, finishReason: 'pause_turn' }, { text: 'Done.' }]);
  const first = await model.complete!(ask, testCall());
  expect(first.finishReason.unified).toBe('interrupted');
  const request: ChatRequest = { messages: [...ask.messages, { role: 'assistant', content: first.content }] };
  expect((await model.complete!(request, testCall())).content).toEqual([{ type: 'text', text: 'Done.' }]);
  expect(lastBody(upstream)['messages']).toMatchObject([{ role: 'user' }, { role: 'assistant', content: paused }]);
});

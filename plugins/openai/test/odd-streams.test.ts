/** Answers as servers really send them, beside the book, and the rarer items of the Responses API. */
import type { ChatRequest, ContentPart } from '@modelport/plugin-api';
import { collectParts, fakeContext, foldParts, testCall } from '@modelport/testing';
import { describe, expect, test } from 'vitest';
import plugin, { OpenAIOptions } from '../src/index.ts';
import { ask, lastBody, start } from './start.ts';

const chunk = (delta: object, rest: object = {}, top: object = {}): object => ({ id: 'x', model: 'm', choices: [{ index: 0, delta, finish_reason: null, ...rest }], ...top });
const stop = chunk({}, { finish_reason: 'stop' });

async function answer(events: readonly (object | string)[], options: Record<string, unknown> = {}, request: ChatRequest = ask) {
  const { model, upstream } = await start([{ events }], options);
  const { parts, error } = await collectParts(model.stream(request, testCall({ id: 'c-1' })));
  expect(error).toBeUndefined();
  return { ...foldParts(parts), parts, model, upstream };
}

const callsOf = (content: readonly ContentPart[]) => content.filter((part) => part.type === 'tool-call').map(({ toolCallId, toolName, input }) => [toolCallId, toolName, input]);

describe('tool calls', () => {
  const cases: readonly (readonly [string, readonly object[], readonly (readonly string[])[]])[] = [
    ['interleaved', [
      { index: 0, id: 'a', function: { name: 'f', arguments: '' } }, { index: 1, id: 'b', function: { name: 'g', arguments: '' } },
      { index: 0, function: { arguments: '{"x"' } }, { index: 1, function: { arguments: '{"y":2}' } }, { index: 0, function: { arguments: ':1}' } },
    ], [['a', 'f', '{"x":1}'], ['b', 'g', '{"y":2}']]],
    ['without index, the id only at first', [{ id: 'a', function: { name: 'f', arguments: '{"x"' } }, { function: { arguments: ':1}' } }], [['a', 'f', '{"x":1}']]],
    ['without any id', [{ index: 0, function: { name: 'f', arguments: '{}' } }, { index: 1, function: { name: 'g', arguments: '{}' } }], [['call_c1_1', 'f', '{}'], ['call_c1_2', 'g', '{}']]],
    ['with one index for both', [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }, { index: 0, id: 'b', function: { name: 'g', arguments: '{}' } }], [['a', 'f', '{}'], ['b', 'g', '{}']]],
    ['with the input as an object', [{ index: 0, id: 'a', function: { name: 'f', arguments: { x: 1 } } }], [['a', 'f', '{"x":1}']]],
    ['with empty input', [{ index: 0, id: 'a', function: { name: 'f', arguments: '' } }], [['a', 'f', '{}']]],
    ['with input that is not JSON', [{ index: 0, id: 'a', function: { name: 'f', arguments: '{"x":' } }], [['a', 'f', '{"x":']]],
  ];
  test.each(cases)('%s', async (_, fragments, expected) => {
    // Many servers say "stop" though there are calls.
    const { content, finishReason } = await answer([...fragments.map((call) => chunk({ tool_calls: [call] })), stop]);
    expect(callsOf(content)).toEqual(expected);
    expect(finishReason).toEqual({ unified: 'tool-calls', raw: 'stop' });
  });

  test('in the form before tool calls', async () => {
    const { content } = await answer([chunk({ function_call: { name: 'f', arguments: '{"x"' } }), chunk({ function_call: { arguments: ':1}' } }), chunk({}, { finish_reason: 'function_call' })]);
    expect(callsOf(content)).toEqual([['call_c1_1', 'f', '{"x":1}']]);
  });

  test('of a custom tool, whose input is free text', async () => {
    const request: ChatRequest = { ...ask, tools: [{ type: 'provider', id: 'openai.custom', name: 'sql', args: {} }] };
    const { content, parts, model, upstream } = await answer([
      chunk({ tool_calls: [{ index: 0, id: 'a', type: 'custom', custom: { name: 'sql', input: '' } }] }), chunk({ tool_calls: [{ index: 0, custom: { input: 'select 1' } }] }), stop,
    ], {}, request);
    expect(content).toMatchObject([{ type: 'tool-call', toolName: 'sql', input: 'select 1', inputEncoding: 'text' }]);
    expect(parts.find((part) => part.type === 'tool-input-start')).toMatchObject({ inputEncoding: 'text' });
    upstream.script({ text: 'x' });
    await model.complete!({ ...request, messages: [...ask.messages, { role: 'assistant', content }] }, testCall());
    expect((lastBody(upstream)['messages'] as readonly object[])[1]).toEqual({ role: 'assistant', content: null, tool_calls: [{ id: 'a', type: 'custom', custom: { name: 'sql', input: 'select 1' } }] });
  });
});

describe('what compatible servers add', () => {
  test('the filter’s verdict on the prompt, without id and choices (Azure), is no part of the answer', async () => {
    const { content, response } = await answer([{ id: '', model: '', choices: [], prompt_filter_results: [] }, chunk({ content: 'A' }), stop]);
    expect(content).toMatchObject([{ text: 'A' }]);
    expect(response).toMatchObject({ id: 'x', modelId: 'm' });
  });

  test('usage on every chunk is the latest count, not the sum', async () => {
    const usage = (n: number): object => ({ usage: { prompt_tokens: 3, completion_tokens: n } });
    const result = await answer([chunk({ content: 'A' }, {}, usage(1)), chunk({ content: 'B' }, {}, usage(2)), { ...stop, ...usage(2) }]);
    expect(result.usage).toMatchObject({ inputTokens: { total: 3 }, outputTokens: { total: 2 } });
    expect(result.parts.filter((part) => part.type === 'usage')).toHaveLength(3);
  });

  test('usage in x_groq, the cost of OpenRouter, and the cache hits of DeepSeek', async () => {
    expect((await answer([chunk({ content: 'A' }), { ...stop, x_groq: { id: 'r', usage: { prompt_tokens: 5, completion_tokens: 1 } } }])).usage.inputTokens.total).toBe(5);
    expect((await answer([{ ...stop, usage: { prompt_tokens: 5, completion_tokens: 1, cost: 0.002 } }])).usage.costUsd).toBe(0.002);
    expect((await answer([{ ...stop, usage: { prompt_tokens: 5, prompt_cache_hit_tokens: 4 } }])).usage.inputTokens).toEqual({ total: 5, cacheRead: 4, noCache: 1, cacheWrite: undefined });
  });

  test('an error in x_groq is thrown', async () => {
    const { model } = await start([{ events: [chunk({ content: 'A' }), { choices: [], x_groq: { error: 'over_capacity' } }] }]);
    const { error, text } = await collectParts(model.stream(ask, testCall()));
    expect({ text, message: (error as Error).message }).toEqual({ text: 'A', message: expect.stringContaining('over_capacity') as string });
  });

  test('reasoning comes apart from the text, whatever the field is called', async () => {
    for (const field of ['reasoning_content', 'reasoning']) {
      const { content } = await answer([chunk({ [field]: 'Hm' }), chunk({ [field]: '.', content: '' }), chunk({ content: '<b>A</b>', [field]: null }), stop]);
      expect(content).toMatchObject([{ type: 'reasoning', text: 'Hm.' }, { type: 'text', text: '<b>A</b>' }]);
    }
  });

  test('content in pieces (Mistral)', async () => {
    const content = [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm.' }] }, { type: 'text', text: 'A' }];
    const result = await answer([chunk({ content }), stop]);
    expect(result.content).toMatchObject([{ type: 'reasoning', text: 'Hm.' }, { type: 'text', text: 'A' }]);
    result.upstream.script({ whole: { choices: [{ message: { content }, finish_reason: 'stop' }] } });
    expect((await result.model.complete!(ask, testCall())).content).toMatchObject([{ type: 'reasoning', text: 'Hm.' }, { type: 'text', text: 'A' }]);
  });

  test('of two finish reasons the one that says more is kept, and a second choice is nobody’s', async () => {
    const { content, finishReason } = await answer([chunk({ content: 'A' }), chunk({ content: 'other' }, { index: 1 }), chunk({}, { finish_reason: 'length' }), stop]);
    expect(content).toMatchObject([{ text: 'A' }]);
    expect(finishReason).toEqual({ unified: 'length', raw: 'length' });
  });

  test('a field the vendor invents later does no harm', async () => {
    expect((await answer([{ ...chunk({ content: 'A', hologram: { x: 1 } }), obfuscation: 'zzz' }, stop])).content).toMatchObject([{ text: 'A' }]);
  });
});

describe('where a stream breaks off', () => {
  const broken = '{"choices":[],"usage":{"prompt';

  test('within the last event it is cut, though a finish reason came before', async () => {
    const { model } = await start([{ events: [chunk({ content: 'A' }), stop, broken], faults: [{ type: 'no-done' }] }]);
    expect((await collectParts(model.stream(ask, testCall()))).error).toMatchObject({ code: 'PROTOCOL', facts: { retryable: true } });
  });

  test('an unreadable event in its middle does not make it cut', async () => {
    const { model } = await start([{ events: [chunk({ content: 'A' }), broken, stop], faults: [{ type: 'no-done' }] }]);
    expect((await collectParts(model.stream(ask, testCall()))).error).toBeUndefined();
  });

  test('a body that just ends when the call is aborted is an abort, not an answer', async () => {
    const controller = new AbortController();
    const bytes = Buffer.from(`data: ${JSON.stringify(chunk({ content: 'A' }))}\n\ndata: ${JSON.stringify(stop)}\n\n`);
    const body = (async function* () {
      yield bytes;
      controller.abort(new Error('enough'));
    })();
    const http = { fetch: globalThis.fetch, request: async () => ({ status: 200, headers: { 'set-cookie': 'a=b', 'x-a': '1' }, body, text: async () => '', json: async () => ({}) }) };
    const provider = await plugin.start(fakeContext({ schema: OpenAIOptions, input: { baseUrl: 'http://127.0.0.1:1/v1' }, http }));
    const { error, parts } = await collectParts(provider.chatModel!('m').stream(ask, testCall({ signal: controller.signal })));
    expect(error).toBe(controller.signal.reason);
    expect(parts.find((part) => part.type === 'response-metadata')).toEqual({ type: 'response-metadata', headers: { 'x-a': '1' } });
  });
});

test('a block of reasoning ends where the text begins, and its details are its own', async () => {
  const detail = (data: string): object => ({ reasoning: data, reasoning_details: [{ type: 'reasoning.text', text: data }] });
  const { parts } = await answer([chunk(detail('one')), chunk({ content: 'A' }), chunk(detail('two')), stop]);
  expect(parts.filter((part) => /^(text|reasoning)/.test(part.type)).map((part) => part.type)).toEqual([
    'reasoning-delta', 'reasoning-end', 'text-delta', 'reasoning-delta', 'reasoning-end',
  ]);
  expect(parts.flatMap((part) => (part.type === 'reasoning-end' ? [part.providerMetadata?.['openai']?.['reasoningDetails']] : []))).toEqual([
    [{ type: 'reasoning.text', text: 'one' }], [{ type: 'reasoning.text', text: 'two' }],
  ]);
});

test('a part that exceeds its total leaves nothing, not less', async () => {
  const usage = { prompt_tokens: 1, completion_tokens: 3, completion_tokens_details: { reasoning_tokens: 5 } };
  expect((await answer([{ ...stop, usage }])).usage.outputTokens).toEqual({ total: 3, reasoning: 5, text: 0 });
});

test('a whole answer with the finish reason "error" is thrown', async () => {
  const { model } = await start([{ whole: { choices: [{ message: { content: 'Hel' }, finish_reason: 'error', error: { code: 502, message: 'gone' } }] } }]);
  await expect(model.complete!(ask, testCall())).rejects.toMatchObject({ code: 'OVERLOADED' });
});

describe('items of the Responses API', () => {
  async function items(...output: readonly object[]) {
    const done = output.map((item, index) => ({ type: 'response.output_item.done', output_index: index, item }));
    const response = { id: 'resp_1', status: 'completed', output };
    const streamed = await answer([{ type: 'response.created', response: { id: 'resp_1' } }, ...done, { type: 'response.completed', response }], { api: 'responses' });
    streamed.upstream.script({ whole: response });
    const whole = await streamed.model.complete!(ask, testCall());
    expect(whole.content).toEqual(streamed.content);
    streamed.upstream.script({ text: 'x' });
    const again = await streamed.model.complete!({ messages: [...ask.messages, { role: 'assistant', content: whole.content }] }, testCall());
    return { content: whole.content, finishReason: whole.finishReason, sent: (lastBody(streamed.upstream)['input'] as readonly object[]).slice(1), warnings: again.warnings };
  }

  test('a tool OpenAI runs is a call with its result, and goes back as the one item it was', async () => {
    const item = { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'oslo' } };
    const { content, finishReason, sent, warnings } = await items(item, { type: 'message', id: 'msg_1', role: 'assistant', phase: 'final_answer', content: [{ type: 'output_text', text: 'A', annotations: [] }] });
    expect(content).toMatchObject([
      { type: 'tool-call', toolName: 'web_search', input: '{"type":"search","query":"oslo"}', providerExecuted: true },
      { type: 'tool-result', toolName: 'web_search', output: { type: 'json' }, providerExecuted: true }, { type: 'text', text: 'A' },
    ]);
    expect(finishReason.unified).toBe('stop');
    expect(sent).toEqual([item, { type: 'message', role: 'assistant', phase: 'final_answer', content: [{ type: 'output_text', text: 'A', annotations: [] }] }]);
    expect(warnings).toBeUndefined();
  });

  test('a generated image is a file, and goes back with its bytes', async () => {
    const item = { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: 'AQID', output_format: 'webp' };
    const { content, sent } = await items(item);
    expect(content).toMatchObject([{ type: 'file', mediaType: 'image/webp', data: { type: 'data', data: 'AQID' } }]);
    expect(sent).toEqual([item]);
  });

  test('a request for approval, and its answer', async () => {
    const item = { type: 'mcp_approval_request', id: 'apr_1', name: 'delete', arguments: '{}', server_label: 'files' };
    const { content, sent } = await items(item);
    expect(content).toMatchObject([{ type: 'tool-approval-request', approvalId: 'apr_1' }]);
    expect(sent).toEqual([item]);
    const { model, upstream } = await start([{ text: 'x' }], { api: 'responses' });
    await model.complete!({ messages: [{ role: 'tool', content: [{ type: 'tool-approval-response', approvalId: 'apr_1', approved: true, reason: 'fine' }] }] }, testCall());
    expect(lastBody(upstream)['input']).toEqual([{ type: 'mcp_approval_response', approval_request_id: 'apr_1', approve: true, reason: 'fine' }]);
  });

  test('a reasoning item goes back without its status, which is the answer’s', async () => {
    const { sent } = await items({ type: 'reasoning', id: 'rs_1', status: 'completed', summary: [], encrypted_content: 'e' });
    expect(sent).toEqual([{ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'e' }]);
  });

  test('an item this contract has no word for is kept and goes back verbatim', async () => {
    const item = { type: 'compaction', id: 'cmp_1', encrypted_content: 'zzz' };
    const { content, sent } = await items(item);
    expect(content).toMatchObject([{ type: 'custom', kind: 'openai.compaction' }]);
    expect(sent).toEqual([item]);
  });

  test('a custom tool’s input is free text, and its result has a type of its own', async () => {
    const { content, finishReason } = await items({ type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_1', name: 'sql', input: 'select 1' });
    expect(content).toMatchObject([{ type: 'tool-call', toolCallId: 'call_1', input: 'select 1', inputEncoding: 'text' }]);
    expect(finishReason.unified).toBe('tool-calls');
    const { model, upstream } = await start([{ text: 'x' }], { api: 'responses' });
    const result = { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'call_1', toolName: 'sql', output: { type: 'text', value: '1' } }] } as const;
    await model.complete!({ messages: [{ role: 'assistant', content }, result] }, testCall());
    expect(lastBody(upstream)['input']).toEqual([
      { type: 'custom_tool_call', call_id: 'call_1', name: 'sql', input: 'select 1' }, { type: 'custom_tool_call_output', call_id: 'call_1', output: '1' },
    ]);
  });

  test('several summaries of one reasoning are its paragraphs', async () => {
    const place = (summary_index: number): object => ({ item_id: 'rs_1', output_index: 0, summary_index });
    const item = { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'One.' }, { type: 'summary_text', text: 'Two.' }], encrypted_content: 'e' };
    const { content } = await answer([
      { type: 'response.reasoning_summary_text.delta', ...place(0), delta: 'One.' }, { type: 'response.reasoning_summary_text.delta', ...place(1), delta: 'Two.' },
      { type: 'response.output_item.done', output_index: 0, item }, { type: 'response.completed', response: { status: 'completed', output: [item] } },
    ], { api: 'responses' });
    expect(content).toEqual([{ type: 'reasoning', text: 'One.\n\nTwo.', providerMetadata: { openai: { itemId: 'rs_1', item } } }]);
  });

  test('a stored answer’s items go back with their ids', async () => {
    const { model, upstream } = await start([{ text: 'A', toolCalls: [{ id: 'call_1', name: 'f', arguments: '{}' }] }], { api: 'responses', store: true });
    const { content, providerMetadata } = await model.complete!(ask, testCall());
    expect(providerMetadata?.['openai']).toMatchObject({ responseId: 'resp_1' });
    await model.complete!({ messages: [{ role: 'assistant', content }] }, testCall());
    expect(lastBody(upstream)['input']).toMatchObject([{ type: 'message', id: 'msg_1' }, { type: 'function_call', id: 'fc_1_0' }]);
  });
});

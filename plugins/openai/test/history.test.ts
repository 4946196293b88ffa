/** History goes back as the wire wants it, whoever made it. */
import type { AssistantMessage, ChatRequest, ContentPart, FileData, Message, ToolMessage } from '@modelport/plugin-api';
import { collectParts, foldParts, testCall } from '@modelport/testing';
import { describe, expect, test } from 'vitest';
import { ask, lastBody, start } from './start.ts';

type Wire = Record<string, unknown>;

async function send(messages: readonly Message[], options: Record<string, unknown> = {}, more: Partial<ChatRequest> = {}) {
  const { model, upstream } = await start([{ text: 'x' }], options);
  const result = await model.complete!({ messages, ...more }, testCall());
  const body = lastBody(upstream);
  return {
    wire: (body['messages'] ?? body['input']) as readonly Wire[], body,
    warned: (result.warnings ?? []).map((warning) => ('feature' in warning ? warning.feature : warning.type)),
  };
}

const assistant = (...content: readonly ContentPart[]): AssistantMessage => ({ role: 'assistant', content });
const results = (...content: ToolMessage['content']): ToolMessage => ({ role: 'tool', content });

test('all four roles survive a round trip', async () => {
  const messages: readonly Message[] = [
    { role: 'system', content: 'Be brief.' }, { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
    assistant({ type: 'text', text: 'Let me see.' }, { type: 'tool-call', toolCallId: 'call_1', toolName: 'weather', input: '{"city":"Oslo"}' }),
    results({ type: 'tool-result', toolCallId: 'call_1', toolName: 'weather', output: { type: 'json', value: { c: 4 } } }),
  ];
  expect((await send(messages)).wire).toEqual([
    { role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Weather?' },
    { role: 'assistant', content: 'Let me see.', tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }] },
    { role: 'tool', tool_call_id: 'call_1', content: '{"c":4}' },
  ]);
  expect((await send(messages, { api: 'responses' })).wire).toEqual([
    { role: 'system', content: 'Be brief.' }, { role: 'user', content: [{ type: 'input_text', text: 'Weather?' }] },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Let me see.', annotations: [] }] },
    { type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' },
    { type: 'function_call_output', call_id: 'call_1', output: '{"c":4}' },
  ]);
});

describe('files', () => {
  const image = { type: 'file', mediaType: 'image/png' } as const;
  const bytes = new Uint8Array([1, 2, 3]);
  const user = (...content: Extract<Message, { role: 'user' }>['content']): Message => ({ role: 'user', content });

  test('images travel as data URLs, addresses or ids', async () => {
    const messages = [user(
      { ...image, data: { type: 'data', data: bytes }, providerMetadata: { openai: { imageDetail: 'low' } } },
      { ...image, mediaType: 'image/*', data: { type: 'data', data: 'AQID' } },
      { ...image, data: { type: 'url', url: 'https://example.org/a.png' } },
      { ...image, data: { type: 'reference', reference: { openai: 'file-1' } } },
    )];
    expect((await send(messages)).wire[0]?.['content']).toEqual([
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AQID', detail: 'low' } }, { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,AQID' } },
      { type: 'image_url', image_url: { url: 'https://example.org/a.png' } }, { type: 'file', file: { file_id: 'file-1' } },
    ]);
    expect((await send(messages, { api: 'responses' })).wire[0]?.['content']).toEqual([
      { type: 'input_image', detail: 'low', image_url: 'data:image/png;base64,AQID' }, { type: 'input_image', detail: 'auto', image_url: 'data:image/jpeg;base64,AQID' },
      { type: 'input_image', detail: 'auto', image_url: 'https://example.org/a.png' }, { type: 'input_image', detail: 'auto', file_id: 'file-1' },
    ]);
  });

  test('documents, recordings and text travel in the forms the wire has for them', async () => {
    const pdf = { type: 'file', mediaType: 'application/pdf', data: { type: 'data', data: bytes } } as const;
    const messages = [user(
      { ...pdf, filename: 'a.pdf' }, pdf, { ...pdf, data: { type: 'reference', reference: { openai: 'file-2' } } },
      { type: 'file', mediaType: 'text/plain', data: { type: 'text', text: 'plain' } }, { type: 'file', mediaType: 'text/csv', data: { type: 'data', data: Buffer.from('a;b') } },
    )];
    const data = 'data:application/pdf;base64,AQID';
    expect((await send(messages)).wire[0]?.['content']).toEqual([
      { type: 'file', file: { filename: 'a.pdf', file_data: data } }, { type: 'file', file: { filename: 'file.pdf', file_data: data } },
      { type: 'file', file: { file_id: 'file-2' } }, { type: 'text', text: 'plain' }, { type: 'text', text: 'a;b' },
    ]);
    expect((await send(messages, { api: 'responses' })).wire[0]?.['content']).toEqual([
      { type: 'input_file', filename: 'a.pdf', file_data: data }, { type: 'input_file', filename: 'file.pdf', file_data: data },
      { type: 'input_file', file_id: 'file-2' }, { type: 'input_text', text: 'plain' }, { type: 'input_text', text: 'a;b' },
    ]);
    const recording = (mediaType: string) => [user({ type: 'file', mediaType, data: { type: 'data', data: bytes } })];
    expect((await send(recording('audio/wav'))).wire[0]?.['content']).toEqual([{ type: 'input_audio', input_audio: { data: 'AQID', format: 'wav' } }]);
    expect((await send(recording('audio/mpeg'))).wire[0]?.['content']).toEqual([{ type: 'input_audio', input_audio: { data: 'AQID', format: 'mp3' } }]);
  });

  test('what the wire has no form for is refused by type before anything is sent', async () => {
    const file = (mediaType: string, data: FileData): Message => user({ type: 'file', mediaType, data });
    const refused: readonly (readonly [Message, string, string])[] = [
      [file('image/png', { type: 'reference', reference: { google: 'files/1' } }), 'chat', 'REQUEST_INVALID'],
      [file('image/png', { type: 'reference', reference: { google: 'files/1' } }), 'responses', 'REQUEST_INVALID'],
      [file('application/pdf', { type: 'url', url: 'https://example.org/a.pdf' }), 'chat', 'CAPABILITY_MISSING'],
      [file('audio/flac', { type: 'data', data: bytes }), 'chat', 'CAPABILITY_MISSING'],
      [file('audio/wav', { type: 'data', data: bytes }), 'responses', 'CAPABILITY_MISSING'],
    ];
    for (const [message, api, code] of refused) {
      const { model, upstream } = await start([{ text: 'x' }], { api });
      await expect(model.complete!({ messages: [message] }, testCall())).rejects.toMatchObject({ code });
      expect(upstream.requests).toHaveLength(0);
    }
  });

  test('files in a tool result follow as a message of the user in chat, and stay in place in Responses', async () => {
    const messages = [
      assistant({ type: 'tool-call', toolCallId: 'call_1', toolName: 'shot', input: '{}' }),
      results({ type: 'tool-result', toolCallId: 'call_1', toolName: 'shot', output: { type: 'content', value: [{ type: 'text', text: 'Here.' }, { ...image, data: { type: 'data', data: bytes } }] } }),
    ];
    const chat = await send(messages);
    expect(chat.wire.slice(1)).toEqual([
      { role: 'tool', tool_call_id: 'call_1', content: 'Here.\n[file 1: image/png]' },
      { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AQID' } }] },
    ]);
    expect(chat.warned).toEqual(['files in a tool result']);
    const responses = await send(messages, { api: 'responses' });
    expect(responses.wire[1]?.['output']).toEqual([{ type: 'input_text', text: 'Here.' }, { type: 'input_image', detail: 'auto', image_url: 'data:image/png;base64,AQID' }]);
    expect(responses.warned).toEqual([]);
  });
});

describe('another vendor’s history', () => {
  const foreign: readonly Message[] = [
    ...ask.messages,
    assistant(
      { type: 'reasoning', text: 'Hm.', providerMetadata: { anthropic: { signature: 'abc' } } },
      { type: 'tool-call', toolCallId: 'srv_1', toolName: 'web_search', input: '{"q":"x"}', providerExecuted: true, providerMetadata: { anthropic: { a: 1 } } },
      { type: 'tool-result', toolCallId: 'srv_1', toolName: 'web_search', output: { type: 'json', value: ['hit'] }, providerExecuted: true },
      { type: 'source', sourceType: 'url', id: 's', url: 'https://example.org' },
      { type: 'custom', kind: 'anthropic.thing' },
      { type: 'text', text: 'Done.' },
      { type: 'tool-call', toolCallId: 'tooluse:1/ä', toolName: 'mcp.files.read', input: '{}' },
    ),
    results({ type: 'tool-result', toolCallId: 'tooluse:1/ä', toolName: 'mcp.files.read', output: { type: 'execution-denied', reason: 'no' } }),
  ];
  const tools: ChatRequest['tools'] = [{ type: 'function', name: 'mcp.files.read', inputSchema: { type: 'object' } }, { type: 'function', name: 'mcp_files_read', inputSchema: { type: 'object' } }];

  test.each(['chat', 'responses'])('%s: reasoning is left out with a warning, the vendor’s tools become text, ids and names are made legal', async (api) => {
    const { wire, warned, body } = await send(foreign, { api }, { tools });
    expect(warned).toEqual(['reasoning in the history']);
    const text = JSON.stringify(wire);
    expect(text).not.toContain('Hm.');
    expect(text).toContain('[web_search was run with {\\"q\\":\\"x\\"}]');
    expect(text).toContain('[web_search answered: [\\"hit\\"]]');
    expect(text).toContain('The tool was not allowed to run: no');
    const names = (body['tools'] as readonly { name?: string; function?: { name: string } }[]).map((tool) => tool.name ?? tool.function?.name);
    expect(new Set(names).size).toBe(2);
    expect(names[1]).toBe('mcp_files_read');
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    const ids = [...text.matchAll(/"(?:tool_call_id|call_id|id)":"([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(1);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
    expect(text).toContain(`"name":"${names[0]}"`);
  });

  test.each(['chat', 'responses'])('%s: the model’s call of a renamed tool comes back under the request’s name', async (api) => {
    const { model, upstream } = await start([{ text: 'x' }], { api });
    await model.complete!({ ...ask, tools: tools! }, testCall());
    const [tool] = lastBody(upstream)['tools'] as readonly { name?: string; function?: { name: string } }[];
    const wireName = (tool?.name ?? tool?.function?.name)!;
    upstream.script({ toolCalls: [{ id: 'call_1', name: wireName, arguments: '{}' }] });
    const streamed = foldParts((await collectParts(model.stream({ ...ask, tools: tools! }, testCall()))).parts);
    const whole = await model.complete!({ ...ask, tools: tools! }, testCall());
    for (const result of [streamed, whole]) expect(result.content).toMatchObject([{ type: 'tool-call', toolName: 'mcp.files.read' }]);
  });

  test('an endpoint that takes ids of 9 letters and digits gets such', async () => {
    const { wire } = await send(foreign, { toolCallIds: 'alphanumeric-9' });
    const id = (wire.at(-1) as { tool_call_id: string }).tool_call_id;
    expect(id).toMatch(/^[a-z0-9]{9}$/);
    expect(JSON.stringify(wire.at(-2))).toContain(`"id":"${id}"`);
  });
});

test.each(['chat', 'responses'])('%s: a refusal goes back as a refusal', async (api) => {
  const { model, upstream } = await start([{ refusal: 'No.' }], { api });
  const { content } = await model.complete!(ask, testCall());
  await model.complete!({ messages: [...ask.messages, assistant(...content), ...ask.messages] }, testCall());
  const wire = (lastBody(upstream)['messages'] ?? lastBody(upstream)['input']) as readonly Wire[];
  expect(JSON.stringify(wire[1])).toContain('"refusal":"No."');
});

describe('reasoning carried back', () => {
  test('Responses: the item with its encrypted content goes back verbatim, before the call it led to', async () => {
    const { model, upstream } = await start([{ reasoning: ['I ', 'think.'], encryptedReasoning: 'gAAA==', toolCalls: [{ id: 'call_1', name: 'f', arguments: '{}' }] }], { api: 'responses' });
    const streamed = foldParts((await collectParts(model.stream(ask, testCall()))).parts);
    await model.complete!({ messages: [...ask.messages, assistant(...streamed.content), results({ type: 'tool-result', toolCallId: 'call_1', toolName: 'f', output: { type: 'text', value: 'ok' } })] }, testCall());
    expect((lastBody(upstream)['input'] as readonly Wire[]).slice(1)).toEqual([
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'I think.' }], encrypted_content: 'gAAA==' },
      { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' }, { type: 'function_call_output', call_id: 'call_1', output: 'ok' },
    ]);
  });

  test('Responses: an item without encrypted content goes back only where answers are stored', async () => {
    const content: ContentPart = { type: 'reasoning', text: 'T', providerMetadata: { openai: { itemId: 'rs_1', item: { type: 'reasoning', id: 'rs_1', summary: [] } } } };
    const stateless = await send([assistant(content)], { api: 'responses' });
    expect(stateless.wire).toEqual([]);
    expect(stateless.warned).toEqual(['reasoning in the history']);
    expect((await send([assistant(content)], { api: 'responses', store: true })).wire).toEqual([{ type: 'reasoning', id: 'rs_1', summary: [] }]);
  });

  test.each(['reasoning_content', 'reasoning'])('chat: the option reasoningHistory sends it as %s', async (field) => {
    const { model, upstream } = await start([{ reasoning: 'Hm.', text: 'A' }], { reasoningHistory: field });
    const { content } = await model.complete!(ask, testCall());
    const again = await model.complete!({ messages: [...ask.messages, assistant(...content)] }, testCall());
    expect((lastBody(upstream)['messages'] as readonly Wire[])[1]).toEqual({ role: 'assistant', content: 'A', [field]: 'Hm.' });
    expect(again.warnings).toBeUndefined();
  });

  test('chat: details with signatures, as OpenRouter sends them in pieces, go back joined', async () => {
    const chunk = (delta: object, finish_reason: string | null = null): object => ({ id: 'x', choices: [{ index: 0, delta, finish_reason }] });
    const events = [
      chunk({ reasoning: 'Th', reasoning_details: [{ type: 'reasoning.text', text: 'Th', index: 0, signature: null }] }),
      chunk({ reasoning: 'ink', reasoning_details: [{ type: 'reasoning.text', text: 'ink', index: 0, signature: 'sig' }] }),
      chunk({ content: 'A' }), chunk({}, 'stop'),
    ];
    const { model, upstream } = await start([{ events }], { reasoningHistory: 'reasoning_details' });
    const { content } = foldParts((await collectParts(model.stream(ask, testCall()))).parts);
    await collectParts(model.stream({ messages: [...ask.messages, assistant(...content)] }, testCall()));
    expect((lastBody(upstream)['messages'] as readonly Wire[])[1]).toEqual({
      role: 'assistant', content: 'A', reasoning_details: [{ type: 'reasoning.text', text: 'Think', index: 0, signature: 'sig' }],
    });
  });

  test('chat: details that are encrypted, without a word of text, go back too', async () => {
    const reasoning_details = [{ type: 'reasoning.encrypted', data: 'zzz', index: 0 }];
    const events = [{ id: 'x', choices: [{ index: 0, delta: { content: 'A' } }] }, { id: 'x', choices: [{ index: 0, delta: { reasoning_details }, finish_reason: 'stop' }] }];
    const { model, upstream } = await start([{ events, whole: { choices: [{ message: { content: 'A', reasoning_details }, finish_reason: 'stop' }] } }], { reasoningHistory: 'reasoning_details' });
    const streamed = foldParts((await collectParts(model.stream(ask, testCall()))).parts);
    const whole = await model.complete!(ask, testCall());
    for (const { content } of [streamed, whole]) {
      await model.complete!({ messages: [...ask.messages, assistant(...content)] }, testCall());
      expect((lastBody(upstream)['messages'] as readonly Wire[])[1]).toEqual({ role: 'assistant', content: 'A', reasoning_details });
    }
  });

  test('chat: by default its own reasoning is left out with a warning, since OpenAI takes none back', async () => {
    const { model } = await start([{ reasoning: 'Hm.', text: 'A' }]);
    const { content } = await model.complete!(ask, testCall());
    const again = await model.complete!({ messages: [...ask.messages, assistant(...content)] }, testCall());
    expect(again.warnings).toMatchObject([{ type: 'unsupported', feature: 'reasoning in the history' }]);
  });
});

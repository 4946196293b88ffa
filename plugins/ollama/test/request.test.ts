/** Every field of a request is on the wire or a warning, and history of any vendor is valid input. */
import { CAPABILITIES, type ChatRequest, type ContentPart, type FilePart, type Message } from '@modelport/plugin-api';
import { collectParts, foldParts, testCall } from '@modelport/testing';
import { expect, test } from 'vitest';
import { ask, lastBody, start } from './start.ts';

async function send(more: Partial<ChatRequest>, options: Record<string, unknown> = {}) {
  const { model, upstream } = await start([{ text: 'x' }], options);
  const { warnings = [] } = await model.complete!({ ...ask, ...more }, testCall());
  const body = lastBody(upstream);
  return { body, messages: body['messages'] as readonly Record<string, unknown>[], warned: warnings.map((warning) => ('feature' in warning ? warning.feature : warning.type)) };
}

const weather = { type: 'function', name: 'weather', description: 'Weather of a city', inputSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } } as const;

test('sampling settings travel as model options', async () => {
  const { body, warned } = await send({ maxOutputTokens: 5, temperature: 0.2, topP: 0.9, topK: 40, seed: 7, presencePenalty: 1, frequencyPenalty: -1, stopSequences: ['\n'] });
  expect(body['options']).toEqual({ num_predict: 5, temperature: 0.2, top_p: 0.9, top_k: 40, seed: 7, presence_penalty: 1, frequency_penalty: -1, stop: ['\n'] });
  expect(warned).toEqual([]);
});

test('a JSON answer is asked for with the word json or with its schema', async () => {
  expect((await send({ responseFormat: { type: 'json' } })).body['format']).toBe('json');
  const schema = { type: 'object', properties: { a: { type: 'number' } } };
  const { body, warned } = await send({ responseFormat: { type: 'json', schema, description: 'A number' } });
  expect(body['format']).toEqual(schema);
  expect(warned).toEqual(['responseFormat.description']);
});

test('tools travel as functions, and a schema without properties gets them', async () => {
  const { body } = await send({ tools: [weather, { type: 'function', name: 'now', inputSchema: {} }] });
  expect(body['tools']).toEqual([
    { type: 'function', function: { name: 'weather', description: 'Weather of a city', parameters: weather.inputSchema } },
    { type: 'function', function: { name: 'now', parameters: { type: 'object', properties: {} } } },
  ]);
});

test('a tool choice is kept by what is offered, as far as that goes', async () => {
  const tools = [weather, { ...weather, name: 'other' }];
  expect((await send({ tools, toolChoice: { type: 'none' } })).body['tools']).toBeUndefined();
  const named = await send({ tools, toolChoice: { type: 'tool', toolName: 'other' } });
  expect(named).toMatchObject({ body: { tools: [{ function: { name: 'other' } }] }, warned: ['toolChoice'] });
  expect((await send({ tools, toolChoice: { type: 'required' } })).warned).toEqual(['toolChoice']);
  expect((await send({ tools, toolChoice: { type: 'auto' } })).warned).toEqual([]);
  expect((await send({ toolChoice: { type: 'required' } })).warned).toEqual(['toolChoice']);
});

test('what the wire has no word for becomes a warning', async () => {
  const { warned } = await send({
    tools: [{ ...weather, strict: true }, { type: 'provider', id: 'openai.web_search', name: 'search', args: {} }], parallelToolCalls: false, logitBias: { 1: 2 }, user: 'u',
  });
  expect(warned.toSorted()).toEqual(['logitBias', 'parallelToolCalls', 'strict of tool weather', 'tool openai.web_search', 'user']);
});

test('log probabilities are asked for, and come back as vendor data', async () => {
  const { model, upstream } = await start([{ text: ['a', 'b'] }]);
  const { parts } = await collectParts(model.stream({ ...ask, topLogprobs: 3 }, testCall()));
  expect(lastBody(upstream)).toMatchObject({ logprobs: true, top_logprobs: 3 });
  expect(foldParts(parts).providerMetadata?.['ollama']?.['logprobs']).toEqual([{ token: 'a', logprob: -0.1 }, { token: 'b', logprob: -0.1 }]);
});

test('providerOptions of this dialect are merged in last, and stream is not theirs', async () => {
  const { body, warned } = await send({ temperature: 1, providerOptions: { ollama: { options: { mirostat: 1 }, think: 'low', stream: true }, openai: { store: true } } });
  expect(body).toMatchObject({ options: { temperature: 1, mirostat: 1 }, think: 'low', stream: false });
  expect(body['store']).toBeUndefined();
  expect(warned).toEqual(['providerOptions.ollama.stream']);
});

const user = (...content: Extract<Message, { role: 'user' }>['content']): Message => ({ role: 'user', content });
const assistant = (...content: readonly ContentPart[]): Message => ({ role: 'assistant', content });
const image: FilePart = { type: 'file', mediaType: 'image/png', data: { type: 'data', data: new Uint8Array([1, 2, 3]) } };

test('all four roles survive, tool arguments as an object', async () => {
  const { messages, warned } = await send({
    messages: [
      { role: 'system', content: 'Be brief.' }, user({ type: 'text', text: 'Weather?' }),
      assistant({ type: 'text', text: 'Let me see.' }, { type: 'tool-call', toolCallId: 'call_1', toolName: 'weather', input: '{"city":"Oslo"}' }, { type: 'tool-call', toolCallId: 'call_2', toolName: 'now', input: '{}' }),
      { role: 'tool', content: [
        { type: 'tool-result', toolCallId: 'call_1', toolName: 'weather', output: { type: 'json', value: { c: 4 } } },
        { type: 'tool-result', toolCallId: 'call_2', toolName: 'now', output: { type: 'error-text', value: 'no clock' } },
      ] },
    ],
  });
  expect(messages).toEqual([
    { role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Weather?' },
    { role: 'assistant', content: 'Let me see.', tool_calls: [{ id: 'call_1', function: { name: 'weather', arguments: { city: 'Oslo' } } }, { id: 'call_2', function: { name: 'now', arguments: {} } }] },
    { role: 'tool', content: '{"c":4}', tool_name: 'weather', tool_call_id: 'call_1' }, { role: 'tool', content: 'no clock', tool_name: 'now', tool_call_id: 'call_2' },
  ]);
  expect(warned).toEqual([]);
});

test('images travel as base64 beside the text, text files as text', async () => {
  const { messages } = await send({ messages: [user({ type: 'text', text: 'What is it?' }, image, { ...image, data: { type: 'data', data: 'BAUG' } }, { type: 'file', mediaType: 'text/csv', data: { type: 'data', data: new TextEncoder().encode('a,ä') } }, { type: 'file', mediaType: 'text/plain', data: { type: 'text', text: 'b' } })] });
  expect(messages).toEqual([{ role: 'user', content: 'What is it?\na,ä\nb', images: ['AQID', 'BAUG'] }]);
});

test.each([
  ['CAPABILITY_MISSING', { ...image, mediaType: 'application/pdf' }],
  ['REQUEST_INVALID', { ...image, data: { type: 'reference', reference: { openai: 'file-1' } } }],
  ['REQUEST_INVALID', { ...image, data: { type: 'url', url: 'https://example.org/a.png' } }],
] as const)('a file the wire cannot carry is %s before anything is sent', async (code, file) => {
  const { model, upstream } = await start();
  await expect(model.complete!({ messages: [user(file as FilePart)] }, testCall())).rejects.toMatchObject({ code });
  expect(upstream.requests).toHaveLength(0);
});

test('history of another vendor is valid input', async () => {
  const { messages, warned } = await send({
    messages: [
      user({ type: 'text', text: 'Q' }),
      assistant(
        { type: 'reasoning', text: 'secret', providerMetadata: { anthropic: { signature: 's' } } },
        { type: 'text', text: 'A' },
        { type: 'tool-call', toolCallId: 'srv_1', toolName: 'web_search', input: '{"q":"x"}', providerExecuted: true },
        { type: 'tool-result', toolCallId: 'srv_1', toolName: 'web_search', output: { type: 'text', value: 'found' }, providerExecuted: true },
        { type: 'source', sourceType: 'url', id: 's1', url: 'https://example.org' }, { type: 'custom', kind: 'openai.item' }, { type: 'unknown', part: 1 },
        image, { type: 'tool-approval-request', approvalId: 'a' },
        { type: 'tool-call', toolCallId: 'c', toolName: 'sql', input: 'select 1', inputEncoding: 'text' },
      ),
      { role: 'tool', content: [
        { type: 'tool-approval-response', approvalId: 'a', approved: true },
        { type: 'tool-result', toolCallId: 'c', toolName: 'sql', output: { type: 'content', value: [{ type: 'text', text: 'rows' }, image, { type: 'custom' }] } },
        { type: 'tool-result', toolCallId: 'd', toolName: 'sql', output: { type: 'execution-denied', reason: 'no' } },
      ] },
    ],
  });
  expect(messages).toEqual([
    { role: 'user', content: 'Q' },
    { role: 'assistant', content: 'A\n[web_search was run with {"q":"x"}]\n[web_search answered: found]', tool_calls: [{ id: 'c', function: { name: 'sql', arguments: { input: 'select 1' } } }] },
    { role: 'tool', content: 'rows\n[file 1: image/png]', tool_name: 'sql', tool_call_id: 'c' },
    { role: 'tool', content: 'The user did not allow this tool: no', tool_name: 'sql', tool_call_id: 'd' },
    { role: 'user', content: '', images: ['AQID'] },
  ]);
  expect(warned.toSorted()).toEqual(['files in a tool result', 'files in an assistant message', 'reasoning in the history', 'tool approvals', 'tool-call input', 'unknown content']);
});

test('an answer goes back as it came, its own reasoning included', async () => {
  const { model, upstream } = await start([{ reasoning: ['I ', 'think'], text: 'Hello', toolCalls: [{ name: 'f', arguments: '{"a":1}' }] }]);
  const { content } = foldParts((await collectParts(model.stream(ask, testCall()))).parts);
  await model.complete!({ messages: [...ask.messages, { role: 'assistant', content }] }, testCall());
  expect((lastBody(upstream)['messages'] as unknown[])[1]).toEqual({ role: 'assistant', content: 'Hello', thinking: 'I think', tool_calls: [{ id: 'call_call1_1', function: { name: 'f', arguments: { a: 1 } } }] });
});

test('models are listed with capabilities, window and kind, and unknown stays unknown', async () => {
  const { provider } = await start([], { numCtx: 4_096 }, { models: [{ id: 'eyes:4b', capabilities: ['completion', 'vision', 'thinking'], contextLength: 131_072 }, { id: 'vectors:latest', capabilities: ['embedding'], embeddingLength: 768, contextLength: 2_048 }] });
  const listed = await Array.fromAsync(provider.listModels!(testCall()));
  expect(listed).toMatchObject([
    { id: 'eyes:4b', kind: 'chat', capabilities: { 'image-input': true, 'tools': false, 'reasoning': true, 'json-schema': true, 'tool-choice': false }, limits: { contextTokens: 4_096 } },
    { id: 'vectors:latest', kind: 'embedding', limits: { contextTokens: 2_048, dimensions: 768 } },
  ]);
  expect(Object.keys(listed[0]!.capabilities!).every((name) => (CAPABILITIES as readonly string[]).includes(name))).toBe(true);
  expect(listed[0]!.capabilities).not.toHaveProperty('parallel-tools');
  expect(await provider.describeModel!('absent', testCall())).toBeUndefined();
});

test('embeddings come in the order of their texts, as long as asked, and are counted', async () => {
  const { provider, upstream } = await start([], { keepAlive: '1h' });
  const { embeddings, usage } = await provider.embeddingModel!('scripted-embedding').embed({ values: ['a', 'bbb', 'cc'], dimensions: 2, providerOptions: { ollama: { truncate: true } } }, testCall());
  expect(embeddings).toEqual([[0, 1], [1, 3], [2, 2]]);
  expect(usage).toEqual({ tokens: 6 });
  expect(lastBody(upstream)).toEqual({ model: 'scripted-embedding', input: ['a', 'bbb', 'cc'], dimensions: 2, truncate: true, keep_alive: '1h' });
});

test('embeddings that are missing or empty are PROTOCOL, and an uncounted request is not counted as 0', async () => {
  const { provider } = await start([{ whole: { embeddings: [[1]] } }, { whole: { embeddings: [[]] } }, { usage: null }]);
  const model = provider.embeddingModel!('scripted-embedding');
  await expect(model.embed({ values: ['a', 'b'] }, testCall())).rejects.toMatchObject({ code: 'PROTOCOL' });
  await expect(model.embed({ values: ['a'] }, testCall())).rejects.toMatchObject({ code: 'PROTOCOL' });
  expect((await model.embed({ values: ['a'] }, testCall())).usage).toEqual({ tokens: undefined });
});

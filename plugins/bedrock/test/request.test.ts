/** What a request looks like on the wire. */
import type { ChatRequest, FilePart, ProviderData } from '@modelport/plugin-api';
import { collectParts, foldParts, testCall } from '@modelport/testing';
import { expect, test } from 'vitest';
import { ask, lastBody, start, user, type StartOptions } from './start.ts';

const tool = { type: 'function', name: 'weather', description: 'Tells the weather.', inputSchema: { type: 'object', properties: { city: { type: 'string' } } } } as const;

async function send(request: Partial<ChatRequest>, options: Record<string, unknown> = {}, startOptions: StartOptions = {}) {
  const { model, upstream } = await start([{ text: 'x' }], options, startOptions);
  const { warnings = [] } = foldParts((await collectParts(model.stream({ ...ask, ...request }, testCall()))).parts);
  return { body: lastBody(upstream), warnings, upstream, request: upstream.requests.at(-1)! };
}

function features(warnings: readonly object[]): unknown[] {
  return warnings.map((warning) => (warning as { readonly feature?: string }).feature);
}

const file = (fields: Partial<FilePart> & Pick<FilePart, 'mediaType' | 'data'>): FilePart => ({ type: 'file', ...fields });
const bytes = { type: 'data', data: Uint8Array.of(1, 2, 3) } as const;

test('messages, system text and inference settings', async () => {
  const { body, warnings, request } = await send({
    messages: [{ role: 'system', content: 'Be brief.' }, user('Hi'), user('there')], maxOutputTokens: 50, temperature: 0.5, stopSequences: ['END'], topK: 7,
  });
  expect(request.path).toBe('/model/us.anthropic.claude-opus-4-6-v1/converse-stream');
  expect(body).toEqual({
    system: [{ text: 'Be brief.' }], messages: [{ role: 'user', content: [{ text: 'Hi' }, { text: 'there' }] }],
    inferenceConfig: { maxTokens: 50, temperature: 0.5, stopSequences: ['END'] }, additionalModelRequestFields: { top_k: 7 },
  });
  expect(warnings).toEqual([]);
});

test('topP travels alone where a model takes it only so', async () => {
  expect((await send({ topP: 0.9 })).body.inferenceConfig).toEqual({ topP: 0.9 });
  const both = await send({ topP: 0.9, temperature: 2 });
  expect(both.body.inferenceConfig).toEqual({ temperature: 1 });
  expect(features(both.warnings)).toEqual(['temperature', 'topP']);
});

test('every setting the wire has no field for is a warning', async () => {
  const { warnings, body } = await send({ seed: 1, presencePenalty: 1, frequencyPenalty: 1, logitBias: { 1: 1 }, topLogprobs: 1, user: 'u', parallelToolCalls: false });
  expect(new Set(features(warnings))).toEqual(new Set(['frequencyPenalty', 'logitBias', 'parallelToolCalls', 'presencePenalty', 'seed', 'topLogprobs', 'user']));
  expect(warnings).toHaveLength(7);
  expect(Object.keys(body)).toEqual(['messages']);
});

test.each([
  ['amazon.nova-pro-v1:0', { inferenceConfig: { topK: 5 } }], ['cohere.command-r-v1:0', { k: 5 }], ['mistral.mistral-large-2407-v1:0', { top_k: 5 }], ['meta.llama3-1-70b-instruct-v1:0', undefined],
])('topK of %s goes where its maker has it', async (modelId, fields) => {
  const { body, warnings } = await send({ topK: 5 }, {}, { modelId });
  expect(body.additionalModelRequestFields).toEqual(fields);
  expect(features(warnings)).toEqual(fields === undefined ? ['topK'] : []);
});

test('tools and each tool choice', async () => {
  const { body } = await send({ tools: [tool] });
  expect(body.toolConfig).toEqual({ tools: [{ toolSpec: { name: 'weather', description: 'Tells the weather.', inputSchema: { json: tool.inputSchema } } }] });
  for (const [type, wire] of [['auto', { auto: {} }], ['required', { any: {} }]] as const) expect((await send({ tools: [tool], toolChoice: { type } })).body.toolConfig?.toolChoice).toEqual(wire);
  expect((await send({ tools: [tool], toolChoice: { type: 'tool', toolName: 'weather' } })).body.toolConfig?.toolChoice).toEqual({ tool: { name: 'weather' } });
  expect((await send({ tools: [tool], toolChoice: { type: 'none' } })).body.toolConfig).toBeUndefined();
});

test('a model that cannot be made to call a tool decides itself, with a warning', async () => {
  const { body, warnings } = await send({ tools: [tool], toolChoice: { type: 'required' } }, {}, { modelId: 'meta.llama3-1-70b-instruct-v1:0' });
  expect(body.toolConfig?.toolChoice).toBeUndefined();
  expect(features(warnings)).toEqual(['toolChoice']);
});

test('tools of Amazon go by name, tools of others are a warning, strict goes where it is known', async () => {
  const { body, warnings } = await send({ tools: [{ type: 'provider', id: 'bedrock.nova_grounding', name: 'search', args: {} }, { type: 'provider', id: 'openai.web_search', name: 'w', args: {} }, { ...tool, strict: true }] });
  expect(body.toolConfig?.tools).toMatchObject([{ systemTool: { name: 'nova_grounding' } }, { toolSpec: { strict: true } }]);
  expect(features(warnings)).toEqual(['tool openai.web_search']);
});

test.each<[string, string, Record<string, unknown>, string[]]>([
  ['anthropic.claude-opus-4-6-v1', 'high', { additionalModelRequestFields: { thinking: { type: 'adaptive' } }, outputConfig: { effort: 'high' } }, []],
  ['anthropic.claude-opus-4-6-v1', 'none', { additionalModelRequestFields: { thinking: { type: 'disabled' } } }, []],
  ['eu.anthropic.claude-sonnet-4-5-20250929-v1:0', 'medium', { additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 19_200 } } }, []],
  ['anthropic.claude-opus-5-5-v1', 'none', { outputConfig: { effort: 'low' } }, ['reasoning']],
  ['us.amazon.nova-2-lite-v1:0', 'max', { additionalModelRequestFields: { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'high' } } }, ['reasoning']],
  ['openai.gpt-oss-120b-1:0', 'low', { additionalModelRequestFields: { reasoning_effort: 'low' } }, []],
  ['amazon.nova-pro-v1:0', 'high', {}, ['reasoning']], ['deepseek.r1-v1:0', 'high', {}, ['reasoning']],
])('reasoning of %s at %s', async (modelId, reasoning, fields, warned) => {
  const { body, warnings } = await send({ reasoning }, {}, { modelId });
  const { messages: _, ...rest } = body;
  expect(rest).toEqual(fields);
  expect(features(warnings)).toEqual(warned);
});

test('a model that thinks gets no sampling settings, with warnings', async () => {
  const { body, warnings } = await send({ reasoning: 'high', temperature: 0, topP: 1, topK: 3 });
  expect(body.inferenceConfig).toBeUndefined();
  expect(features(warnings)).toEqual(['temperature', 'topP', 'topK']);
});

test('a JSON schema is closed and its limits told in words', async () => {
  const schema = { type: 'object', properties: { age: { type: 'integer', minimum: 0 } }, required: ['age'] };
  const { body } = await send({ responseFormat: { type: 'json', schema, name: 'my person' } });
  const { jsonSchema } = body.outputConfig!.textFormat!.structure;
  expect(jsonSchema).toMatchObject({ name: 'my_person' });
  expect(JSON.parse(jsonSchema.schema)).toEqual({ type: 'object', properties: { age: { type: 'integer', description: '(minimum: 0)' } }, required: ['age'], additionalProperties: false });
});

test('JSON without a schema, or for a model without structured output, is asked for as the input of a tool', async () => {
  const { model, upstream } = await start([{ toolCalls: [{ name: 'json', arguments: ['{"a":', '1}'] }] }], {}, { modelId: 'amazon.nova-pro-v1:0' });
  const result = foldParts((await collectParts(model.stream({ ...ask, responseFormat: { type: 'json', schema: { type: 'object', properties: { a: {} } } } }, testCall()))).parts);
  expect(lastBody(upstream).toolConfig).toMatchObject({ tools: [{ toolSpec: { name: 'json', inputSchema: { json: { properties: { a: {} } } } } }], toolChoice: { tool: { name: 'json' } } });
  expect(result).toMatchObject({ content: [{ type: 'text', text: '{"a":1}' }], finishReason: { unified: 'stop', raw: 'tool_use' } });
  expect((await model.complete!({ ...ask, responseFormat: { type: 'json' } }, testCall())).content).toEqual([{ type: 'text', text: '{"a":1}' }]);
});

test('images, documents, video and audio, by their media types', async () => {
  const { body, warnings } = await send({ messages: [{ role: 'user', content: [
    { type: 'text', text: 'See:' }, file({ mediaType: 'image/jpg', data: bytes }), file({ mediaType: 'image/*', data: { type: 'data', data: 'iVBORw0KGgo=' } }),
    file({ mediaType: 'application/pdf', data: bytes, filename: 'Bericht_über  2026.pdf', providerMetadata: { bedrock: { citations: { enabled: true } } } }),
    file({ mediaType: 'application/json', data: { type: 'text', text: '{}' } }), file({ mediaType: 'text/csv', data: bytes }),
    file({ mediaType: 'video/quicktime', data: { type: 'url', url: 's3://bucket/a.mov' }, providerMetadata: { bedrock: { bucketOwner: '123456789012' } } }), file({ mediaType: 'audio/wav', data: bytes }),
  ] }] }, {}, { modelId: 'amazon.nova-pro-v1:0' });
  expect(body.messages[0]!.content).toEqual([
    { text: 'See:' }, { image: { format: 'jpeg', source: { bytes: 'AQID' } } }, { image: { format: 'png', source: { bytes: 'iVBORw0KGgo=' } } },
    { document: { format: 'pdf', name: 'Bericht u ber 2026', source: { bytes: 'AQID' }, citations: { enabled: true } } },
    { document: { format: 'txt', name: 'document', source: { bytes: 'e30=' } } }, { document: { format: 'csv', name: 'document (2)', source: { bytes: 'AQID' } } },
    { video: { format: 'mov', source: { s3Location: { uri: 's3://bucket/a.mov', bucketOwner: '123456789012' } } } }, { audio: { format: 'wav', source: { bytes: 'AQID' } } },
  ]);
  expect(warnings).toEqual([]);
});

test('a document alone gets a line of text, with a warning', async () => {
  const { body, warnings } = await send({ messages: [{ role: 'user', content: [file({ mediaType: 'application/pdf', data: bytes, filename: 'a.pdf' })] }] });
  expect(body.messages[0]!.content).toMatchObject([{ text: 'The attached document:' }, { document: { name: 'a' } }]);
  expect(features(warnings)).toEqual(['a document without text']);
});

test.each<[string, FilePart, string]>([
  ['another vendor’s reference', file({ mediaType: 'image/png', data: { type: 'reference', reference: { openai: 'file-1' } } }), 'REQUEST_INVALID'],
  ['a type Converse has no block for', file({ mediaType: 'application/zip', data: bytes }), 'CAPABILITY_MISSING'],
])('%s is refused before anything is sent', async (_, part, code) => {
  const { model, upstream } = await start([{ text: 'x' }]);
  const { error } = await collectParts(model.stream({ messages: [{ role: 'user', content: [part] }] }, testCall()));
  expect(error).toMatchObject({ code });
  expect(upstream.requests).toHaveLength(0);
});

test('cache points stand after what carries them', async () => {
  const point: ProviderData = { bedrock: { cachePoint: true } };
  const hour: ProviderData = { bedrock: { cachePoint: { ttl: '1h' } } };
  const { body } = await send({
    tools: [{ ...tool, providerOptions: point }],
    messages: [{ role: 'system', content: 'S', providerMetadata: hour }, { role: 'user', content: [{ type: 'text', text: 'a', providerMetadata: point }, { type: 'text', text: 'b' }], providerMetadata: hour }],
  });
  expect(body.system).toEqual([{ text: 'S' }, { cachePoint: { type: 'default', ttl: '1h' } }]);
  expect(body.messages[0]!.content).toEqual([{ text: 'a' }, { cachePoint: { type: 'default' } }, { text: 'b' }, { cachePoint: { type: 'default', ttl: '1h' } }]);
  expect(body.toolConfig?.tools[1]).toEqual({ cachePoint: { type: 'default' } });
});

test('a guardrail reads only the text that is marked', async () => {
  const { body } = await send({ messages: [{ role: 'user', content: [{ type: 'text', text: 'a', providerMetadata: { bedrock: { guardContent: true } } }, { type: 'text', text: 'b' }] }] });
  expect(body.messages[0]!.content).toEqual([{ guardContent: { text: { text: 'a' } } }, { text: 'b' }]);
});

test('the caller’s own fields are merged and win; what is no member goes to the model', async () => {
  const { body, warnings } = await send({ maxOutputTokens: 5, topK: 1, providerOptions: { bedrock: {
    performanceConfig: { latency: 'optimized' }, inferenceConfig: { temperature: 0.1 }, additionalModelRequestFields: { a: 1 }, anthropic_beta: ['b'], requestMetadata: { k: 'v' }, modelId: 'other',
  } } });
  expect(body).toMatchObject({
    performanceConfig: { latency: 'optimized' }, inferenceConfig: { maxTokens: 5, temperature: 0.1 }, additionalModelRequestFields: { top_k: 1, a: 1, anthropic_beta: ['b'] }, requestMetadata: { k: 'v' },
  });
  expect(features(warnings)).toEqual(['providerOptions.bedrock.modelId']);
});

test('headers of the request are sent and signed, but not those the SDK writes', async () => {
  const { upstream, model } = await start([{ text: 'x' }], {}, { keys: { accessKeyId: 'AKIASCRIPTED', secretAccessKey: 'secret/key+of=tests' } });
  const { error } = await collectParts(model.stream({ ...ask, headers: { 'X-Team': 'blue  sky', authorization: 'no', Host: 'elsewhere' } }, testCall()));
  expect(error).toBeUndefined();
  expect(upstream.requests[0]!.headers).toMatchObject({ 'x-team': 'blue  sky', host: new URL(upstream.baseUrl).host });
  expect(upstream.requests[0]!.headers['authorization']).toMatch(/^AWS4-HMAC-SHA256 .*SignedHeaders=[^,]*x-team/);
});

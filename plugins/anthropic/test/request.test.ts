/** What of a request is on the wire, and what becomes a warning. */
import type { ChatRequest, FilePart, Warning } from '@modelport/plugin-api';
import { collectParts, testCall } from '@modelport/testing';
import { describe, expect, test } from 'vitest';
import { ask, lastBody, start, user } from './start.ts';

const OPUS = 'claude-opus-5-5';

/** The body a request becomes, and its warnings. */
async function sent(request: Partial<ChatRequest>, modelId = 'claude-opus-4-6', options: Record<string, unknown> = {}): Promise<{ body: Record<string, unknown>; warnings: readonly Warning[]; headers: Readonly<Record<string, string>> }> {
  const { model, upstream } = await start([{ text: 'x' }], options, { modelId });
  const { parts, error } = await collectParts(model.stream({ ...ask, ...request }, testCall()));
  expect(error).toBeUndefined();
  const first = parts[0];
  return { body: lastBody(upstream), warnings: first?.type === 'stream-start' ? first.warnings : [], headers: upstream.requests.at(-1)!.headers };
}

const features = (warnings: readonly Warning[]): string[] => warnings.map((warning) => ('feature' in warning ? `${warning.type} ${warning.feature}` : warning.type));

test('the smallest request has the model’s own limit and nothing it was not told', async () => {
  const { body, warnings } = await sent({});
  expect(body).toEqual({ model: 'claude-opus-4-6', max_tokens: 128_000, messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }], stream: true });
  expect(warnings).toEqual([]);
});

test.each([
  ['claude-opus-5-5', 128_000], ['claude-sonnet-4-5-20250929', 64_000], ['claude-haiku-4-5', 64_000], ['claude-opus-4-1', 32_000], ['claude-opus-4-20250514', 32_000],
  ['anthropic/claude-opus-4.8', 128_000], ['claude-3-haiku-20240307', 4096], ['claude-3-7-sonnet-latest', 64_000],
])('%s may answer with %i tokens', async (modelId, maxTokens) => {
  expect((await sent({}, modelId)).body['max_tokens']).toBe(maxTokens);
});

test('an unknown model gets a small limit and a warning that says how to set another', async () => {
  const { body, warnings } = await sent({}, 'MiniMax-M3');
  expect(body['max_tokens']).toBe(4096);
  expect(warnings).toEqual([{ type: 'compatibility', feature: 'maxOutputTokens', details: expect.stringContaining('defaultMaxTokens') as string }]);
});

test('settings are on the wire', async () => {
  const { body, warnings } = await sent({ maxOutputTokens: 50, temperature: 0.5, topK: 40, stopSequences: ['END'], user: 'u-1' });
  expect(body).toMatchObject({ max_tokens: 50, temperature: 0.5, top_k: 40, stop_sequences: ['END'], metadata: { user_id: 'u-1' } });
  expect((await sent({ topP: 0.9 })).body['top_p']).toBe(0.9);
  expect(warnings).toEqual([]);
});

test('settings the API lacks, or the model refuses, are warnings and nothing on the wire', async () => {
  const lacking = await sent({ seed: 1, presencePenalty: 1, frequencyPenalty: 1, logitBias: { 1: 1 }, topLogprobs: 2 });
  expect(features(lacking.warnings)).toEqual(['seed', 'presencePenalty', 'frequencyPenalty', 'logitBias', 'topLogprobs'].map((name) => `unsupported ${name}`));
  expect(Object.keys(lacking.body)).toEqual(['model', 'max_tokens', 'messages', 'stream']);
  const refused = await sent({ temperature: 0, topP: 1, topK: 1 }, OPUS);
  expect(features(refused.warnings)).toEqual(['unsupported temperature', 'unsupported topP', 'unsupported topK']);
  expect(Object.keys(refused.body)).toEqual(['model', 'max_tokens', 'messages', 'stream']);
  const both = await sent({ temperature: 1.5, topP: 0.9 });
  expect(features(both.warnings)).toEqual(['compatibility temperature', 'unsupported topP']);
  expect(both.body).toMatchObject({ temperature: 1 });
  expect((await sent({ temperature: 0.2, topP: 0.9 }, 'claude-sonnet-4-20250514')).body).toMatchObject({ temperature: 0.2, top_p: 0.9 });
});

describe('reasoning', () => {
  test.each([
    [OPUS, 'high', { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } }, []],
    [OPUS, 'xhigh', { thinking: { type: 'adaptive' }, output_config: { effort: 'xhigh' } }, []],
    [OPUS, 'none', { output_config: { effort: 'low' } }, ['compatibility reasoning']],
    ['claude-sonnet-5-5', 'none', { thinking: { type: 'between_tools' } }, ['compatibility reasoning']],
    ['claude-opus-5', 'none', { thinking: { type: 'disabled' } }, []],
    ['claude-opus-4-6', 'xhigh', { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } }, ['compatibility reasoning']],
    ['claude-opus-4-6', 'minimal', { thinking: { type: 'adaptive' }, output_config: { effort: 'low' } }, ['compatibility reasoning']],
    ['claude-opus-4-6', 'max', { thinking: { type: 'adaptive' }, output_config: { effort: 'max' } }, []],
    ['claude-sonnet-4-5', 'low', { thinking: { type: 'enabled', budget_tokens: 6400 } }, []],
    ['claude-sonnet-4-5', 'max', { thinking: { type: 'enabled', budget_tokens: 57_600 } }, []],
    ['claude-3-haiku-20240307', 'high', {}, ['unsupported reasoning']],
  ])('%s at %s', async (modelId, reasoning, fields, expected) => {
    const { body, warnings } = await sent({ reasoning }, modelId);
    const { model: _, max_tokens: _tokens, messages: _messages, stream: _stream, ...rest } = body;
    expect(rest).toEqual(fields);
    expect(features(warnings)).toEqual(expected);
  });

  test('a budget fits into maxOutputTokens, or there is none', async () => {
    expect((await sent({ reasoning: 'low', maxOutputTokens: 1500 }, 'claude-sonnet-4-5')).body['thinking']).toEqual({ type: 'enabled', budget_tokens: 1024 });
    const { body, warnings } = await sent({ reasoning: 'high', maxOutputTokens: 1024 }, 'claude-sonnet-4-5');
    expect(body['thinking']).toBeUndefined();
    expect(features(warnings)).toEqual(['unsupported reasoning']);
  });

  test('sampling settings do not go with thinking', async () => {
    const { body, warnings } = await sent({ reasoning: 'high', temperature: 0.5, topK: 4 });
    expect(body).not.toHaveProperty('temperature');
    expect(features(warnings)).toEqual(['unsupported temperature', 'unsupported topK']);
  });

  test('a budget does not go with a tool the model has to call', async () => {
    const tools = [{ type: 'function' as const, name: 'f', inputSchema: { type: 'object' } }];
    const { body, warnings } = await sent({ reasoning: 'high', tools, toolChoice: { type: 'required' } }, 'claude-sonnet-4-5');
    expect(body).toMatchObject({ tool_choice: { type: 'any' } });
    expect(features(warnings)).toEqual(['unsupported reasoning']);
  });
});

describe('tools', () => {
  const tool = { type: 'function' as const, name: 'get_weather', description: 'The weather.', inputSchema: { type: 'object', properties: { city: { type: 'string' } } } };

  test('function tools have their schema, strictness and vendor settings', async () => {
    const { body, warnings } = await sent({ tools: [{ ...tool, strict: true, providerOptions: { anthropic: { cacheControl: { type: 'ephemeral', ttl: '1h' }, defer_loading: true } } }] });
    expect(body['tools']).toEqual([{ name: 'get_weather', description: 'The weather.', input_schema: tool.inputSchema, strict: true, cache_control: { type: 'ephemeral', ttl: '1h' }, defer_loading: true }]);
    expect(warnings).toEqual([]);
    expect(features((await sent({ tools: [{ ...tool, strict: true }] }, 'claude-sonnet-4-20250514')).warnings)).toEqual(['unsupported tools.strict']);
  });

  test('the vendor’s own tools go by type, under its names; another vendor’s are a warning', async () => {
    const { body, warnings } = await sent({ tools: [
      { type: 'provider', id: 'anthropic.web_search_20250305', name: 'search', args: { max_uses: 3 } }, { type: 'provider', id: 'anthropic.text_editor_20250728', name: 'edit', args: {} },
      { type: 'provider', id: 'anthropic.tool_search_bm25_20251119', name: 'find', args: {} }, { type: 'provider', id: 'anthropic.computer_toolset_20260801', name: 'computer', args: {} },
      { type: 'provider', id: 'openai.web_search', name: 'other', args: {} },
    ], toolChoice: { type: 'tool', toolName: 'edit' } });
    expect(body['tools']).toEqual([
      { type: 'web_search_20250305', name: 'web_search', max_uses: 3 }, { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' },
      { type: 'tool_search_bm25_20251119', name: 'tool_search_tool_bm25' }, { type: 'computer_toolset_20260801' },
    ]);
    expect(body['tool_choice']).toEqual({ type: 'tool', name: 'str_replace_based_edit_tool' });
    expect(features(warnings)).toEqual(['unsupported tool openai.web_search']);
  });

  test.each([
    [{ toolChoice: { type: 'auto' } }, { type: 'auto' }], [{ toolChoice: { type: 'none' } }, { type: 'none' }], [{ toolChoice: { type: 'required' } }, { type: 'any' }],
    [{ toolChoice: { type: 'tool', toolName: 'get_weather' } }, { type: 'tool', name: 'get_weather' }], [{ parallelToolCalls: false }, { type: 'auto', disable_parallel_tool_use: true }],
    [{ parallelToolCalls: true, toolChoice: { type: 'required' } }, { type: 'any', disable_parallel_tool_use: false }],
  ] as const)('%j is %j', async (fields, choice) => {
    expect((await sent({ tools: [tool], ...fields })).body['tool_choice']).toEqual(choice);
  });

  test('a model that cannot be made to call a tool is asked, with a warning', async () => {
    const { body, warnings } = await sent({ tools: [tool], toolChoice: { type: 'required' } }, OPUS);
    expect(body['tool_choice']).toEqual({ type: 'auto' });
    expect(features(warnings)).toEqual(['compatibility toolChoice']);
  });

  test('a tool choice without tools is a warning', async () => {
    const { body, warnings } = await sent({ toolChoice: { type: 'required' }, parallelToolCalls: true });
    expect(body['tool_choice']).toBeUndefined();
    expect(features(warnings)).toEqual(['unsupported toolChoice', 'unsupported parallelToolCalls']);
  });

  test('a name the API refuses is mapped, and the call comes back under the name of the request', async () => {
    const { model, upstream } = await start([{ text: 'x' }]);
    const request: ChatRequest = { ...ask, tools: [{ ...tool, name: 'server.tool/a' }, { ...tool, name: 'server_tool_a' }] };
    await collectParts(model.stream(request, testCall()));
    const names = (lastBody(upstream)['tools'] as { name: string }[]).map(({ name }) => name);
    expect(names[0]).toMatch(/^server_tool_a_\w+$/);
    expect(names[1]).toBe('server_tool_a');
    upstream.script({ toolCalls: [{ name: names[0]!, arguments: '{}' }] });
    const { content } = await model.complete!(request, testCall());
    expect(content).toMatchObject([{ type: 'tool-call', toolName: 'server.tool/a' }]);
    const clashing = await sent({ tools: ['server.tool/a', names[0]!].map((name) => ({ ...tool, name })) });
    expect(new Set((clashing.body['tools'] as { name: string }[]).map(({ name }) => name)).size).toBe(2);
  });
});

describe('structured output', () => {
  const schema = { type: 'object', properties: { city: { type: 'string', minLength: 2 }, days: { type: 'array', items: { type: 'integer' }, minItems: 1 } }, required: ['city'] };

  test('is the API’s own, closed, with what it cannot hold told in words', async () => {
    const { body, warnings } = await sent({ responseFormat: { type: 'json', schema, name: 'trip', description: 'A trip.' } }, OPUS);
    expect(body['output_config']).toEqual({ format: { type: 'json_schema', schema: {
      description: 'A trip.', type: 'object', additionalProperties: false, required: ['city'],
      properties: { city: { type: 'string', description: '{minLength: 2}' }, days: { type: 'array', items: { type: 'integer' }, minItems: 1 } },
    } } });
    expect(warnings).toEqual([]);
  });

  test.each([
    ['a model without it', 'claude-sonnet-4-20250514', schema], ['an object of any keys', 'claude-opus-4-6', { type: 'object', additionalProperties: { type: 'number' } }],
    ['a recursive schema', 'claude-opus-4-6', { $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } }, type: 'object', properties: { head: { $ref: '#/$defs/node' } } }],
    ['no schema at all', 'claude-opus-4-6', undefined],
  ])('%s: a tool carries the answer', async (_, modelId, given) => {
    const { model, upstream } = await start([{ content: [{ type: 'tool_use', id: 'toolu_1', name: 'json', input: { city: 'Oslo' } }] }], {}, { modelId });
    const request: ChatRequest = { ...ask, responseFormat: { type: 'json', ...(given === undefined ? {} : { schema: given }) } };
    const { text, parts } = await collectParts(model.stream(request, testCall()));
    expect(lastBody(upstream)).toMatchObject({ tools: [{ name: 'json', input_schema: { type: 'object', ...given } }], tool_choice: { type: 'tool', name: 'json', disable_parallel_tool_use: true } });
    expect(JSON.parse(text)).toEqual({ city: 'Oslo' });
    expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: { unified: 'stop', raw: 'tool_use' } });
    const whole = await model.complete!(request, testCall());
    expect(whole).toMatchObject({ content: [{ type: 'text', text: '{"city":"Oslo"}' }], finishReason: { unified: 'stop' } });
  });

  test('beside tools of the caller the model may take one of them or answer', async () => {
    const tools = [{ type: 'function' as const, name: 'json', inputSchema: { type: 'object' } }];
    const { model, upstream } = await start([{ toolCalls: [{ name: 'json' }] }], { structuredOutput: 'tool' });
    const { finishReason } = await model.complete!({ ...ask, tools, responseFormat: { type: 'json', schema } }, testCall());
    expect(lastBody(upstream)).toMatchObject({ tools: [{ name: 'json' }, { name: 'json_' }], tool_choice: { type: 'any' } });
    expect(finishReason.unified).toBe('tool-calls');
  });

  test('a model that takes neither says so', async () => {
    const { body, warnings } = await sent({ responseFormat: { type: 'json' } }, OPUS);
    expect(body).not.toHaveProperty('output_config');
    expect(features(warnings)).toEqual(['unsupported responseFormat']);
  });
});

describe('files', () => {
  const png = Buffer.from('iVBORw0KGgo=', 'base64');
  const content = async (part: FilePart): Promise<unknown> => {
    const { body } = await sent({ messages: [{ role: 'user', content: [part] }] });
    return (body['messages'] as { content: unknown[] }[])[0]!.content[0];
  };

  test.each<[string, FilePart, object]>([
    ['an image’s bytes', { type: 'file', mediaType: 'image/png', data: { type: 'data', data: new Uint8Array(png) } }, { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } }],
    ['an image of a type its bytes tell', { type: 'file', mediaType: 'image/*', data: { type: 'data', data: 'iVBORw0KGgo=' } }, { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } }],
    ['an image of a type written otherwise', { type: 'file', mediaType: 'image/jpg', data: { type: 'data', data: 'AAAA' } }, { type: 'image', source: { type: 'base64', media_type: 'image/jpeg', data: 'AAAA' } }],
    ['an image’s address', { type: 'file', mediaType: 'image/*', data: { type: 'url', url: 'https://example.org/a.png' } }, { type: 'image', source: { type: 'url', url: 'https://example.org/a.png' } }],
    ['a PDF', { type: 'file', mediaType: 'application/pdf', filename: 'a.pdf', data: { type: 'data', data: 'JVBE' } }, { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'JVBE' }, title: 'a.pdf' }],
    ['a PDF’s address', { type: 'file', mediaType: 'application/pdf', data: { type: 'url', url: 'https://example.org/a.pdf' } }, { type: 'document', source: { type: 'url', url: 'https://example.org/a.pdf' } }],
    ['an uploaded document', { type: 'file', mediaType: 'application/pdf', data: { type: 'reference', reference: { anthropic: 'file_1' } } }, { type: 'document', source: { type: 'file', file_id: 'file_1' } }],
    ['an uploaded image', { type: 'file', mediaType: 'image/png', data: { type: 'reference', reference: { anthropic: 'file_1' } } }, { type: 'image', source: { type: 'file', file_id: 'file_1' } }],
    ['a file for the container', { type: 'file', mediaType: 'text/csv', data: { type: 'reference', reference: { anthropic: 'file_1' } }, providerMetadata: { anthropic: { containerUpload: true } } }, { type: 'container_upload', file_id: 'file_1' }],
    ['text', { type: 'file', mediaType: 'text/plain', data: { type: 'text', text: 'Grass is green.' } }, { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'Grass is green.' } }],
    ['text in bytes, to be cited', { type: 'file', mediaType: 'text/markdown', data: { type: 'data', data: new TextEncoder().encode('# Hé') }, providerMetadata: { anthropic: { citations: { enabled: true }, title: 'T', context: 'C' } } },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: '# Hé' }, title: 'T', context: 'C', citations: { enabled: true } }],
  ])('%s', async (_, part, block) => {
    expect(await content(part)).toEqual(block);
  });

  test.each<[string, FilePart, string]>([
    ['a recording', { type: 'file', mediaType: 'audio/wav', data: { type: 'data', data: 'AAAA' } }, 'CAPABILITY_MISSING'],
    ['an image type the API has no word for', { type: 'file', mediaType: 'image/tiff', data: { type: 'data', data: 'AAAA' } }, 'CAPABILITY_MISSING'],
    ['a file another vendor keeps', { type: 'file', mediaType: 'application/pdf', data: { type: 'reference', reference: { openai: 'file-1' } } }, 'REQUEST_INVALID'],
  ])('%s is refused before anything is sent', async (_, part, code) => {
    const { model, upstream } = await start([{ text: 'x' }]);
    const { error } = await collectParts(model.stream({ messages: [{ role: 'user', content: [part] }] }, testCall()));
    expect(error).toMatchObject({ code });
    expect(upstream.requests).toHaveLength(0);
  });
});

describe('prompt cache', () => {
  const cached = { anthropic: { cacheControl: { type: 'ephemeral', ttl: '1h' } } };
  const mark = { cache_control: { type: 'ephemeral', ttl: '1h' } };

  test('a breakpoint on a message of the user is one on its last part', async () => {
    const { body } = await sent({ messages: [{ role: 'user', content: [{ type: 'text', text: 'A' }, { type: 'text', text: 'B' }], providerMetadata: cached }] });
    expect(body['messages']).toEqual([{ role: 'user', content: [{ type: 'text', text: 'A' }, { type: 'text', text: 'B', ...mark }] }]);
  });

  test('breakpoints on system messages, parts, messages and results are on the wire', async () => {
    const { body } = await sent({ messages: [
      { role: 'system', content: 'A', providerMetadata: cached }, { role: 'system', content: 'B' },
      { role: 'user', content: [{ type: 'text', text: 'C', providerMetadata: cached }, { type: 'text', text: 'D' }] },
      { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'toolu_1', toolName: 'f', input: '{}' }], providerMetadata: cached },
      { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'toolu_1', toolName: 'f', output: { type: 'text', value: 'E' }, providerMetadata: cached }] },
    ] });
    expect(body['system']).toEqual([{ type: 'text', text: 'A', ...mark }, { type: 'text', text: 'B' }]);
    expect(body['messages']).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'C', ...mark }, { type: 'text', text: 'D' }] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'f', input: {}, ...mark }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'E', ...mark }] },
    ]);
  });
});

describe('providerOptions', () => {
  test('go on the wire as they are, and win', async () => {
    const { body, headers } = await sent({ reasoning: 'high', user: 'u', headers: { 'Anthropic-Beta': 'c', 'X-Trace': '1', authorization: 'no' }, providerOptions: { anthropic: {
      thinking: { type: 'adaptive', display: 'summarized' }, output_config: { task_budget: { type: 'tokens', total: 9 } }, service_tier: 'standard_only', container: 'c_1', betas: ['a', 'b'],
    }, openai: { store: true } } }, 'claude-opus-4-6', { betas: ['a'] });
    expect(body).toMatchObject({
      thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: 'high', task_budget: { type: 'tokens', total: 9 } }, service_tier: 'standard_only', container: 'c_1', metadata: { user_id: 'u' },
    });
    expect(body).not.toHaveProperty('betas');
    expect(body).not.toHaveProperty('store');
    expect(headers).toMatchObject({ 'anthropic-beta': 'a,b,c', 'x-trace': '1' });
    expect(headers).not.toHaveProperty('authorization');
  });

  test('replace thinking as a whole', async () => {
    const { body } = await sent({ reasoning: 'high', providerOptions: { anthropic: { thinking: { type: 'disabled' } } } }, 'claude-opus-4-6', { thinkingDisplay: 'omitted' });
    expect(body['thinking']).toEqual({ type: 'disabled' });
  });

  test('cannot change whether the answer is streamed', async () => {
    const { body, warnings } = await sent({ providerOptions: { anthropic: { stream: false } } });
    expect(body['stream']).toBe(true);
    expect(features(warnings)).toEqual(['unsupported providerOptions.anthropic.stream']);
  });
});

test('a system message in the middle stays there where the model takes it, else it goes to the front with a warning', async () => {
  const messages = [{ role: 'system' as const, content: 'A' }, user('B'), { role: 'system' as const, content: 'C' }];
  const now = await sent({ messages }, OPUS);
  expect(now.body).toMatchObject({ system: [{ type: 'text', text: 'A' }], messages: [{ role: 'user', content: [{ type: 'text', text: 'B' }] }, { role: 'system', content: [{ type: 'text', text: 'C' }] }] });
  expect(now.warnings).toEqual([]);
  const before = await sent({ messages }, 'claude-sonnet-4-5');
  expect(before.body).toMatchObject({ system: [{ text: 'A' }, { text: 'C' }], messages: [{ role: 'user' }] });
  expect(features(before.warnings)).toEqual(['compatibility a system message in the conversation']);
});

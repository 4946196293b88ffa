/** Every field of a request and of a call: what it does on the wire, or the warning that it does nothing. */
import type { Call, ChatRequest, Warning } from '@modelport/plugin-api';
import { testCall } from '@modelport/testing';
import { describe, expect, test } from 'vitest';
import { ask, lastBody, start } from './start.ts';

type Wire = Record<string, unknown>;

/** Sends a request and gives the body that arrived and the warnings that came back. */
async function send(
  request: Partial<ChatRequest>, options: Record<string, unknown> = {}, { modelId = 'gpt-4o', call = {} }: { modelId?: string; call?: Partial<Call> } = {},
): Promise<{ body: Wire; warned: string[]; warnings: readonly Warning[]; headers: Readonly<Record<string, string>> }> {
  const { model, upstream } = await start([{ text: 'x' }], options, { modelId });
  const result = await model.complete!({ ...ask, ...request }, testCall(call));
  const warnings = result.warnings ?? [];
  return { body: lastBody(upstream), warnings, warned: warnings.map((warning) => ('feature' in warning ? warning.feature : warning.type)), headers: upstream.requests.at(-1)!.headers };
}

const tool = { type: 'function', name: 'f', description: 'Does f.', inputSchema: { type: 'object', properties: { a: { type: 'string' } } } } as const;
const open = { type: 'object', properties: { a: { type: 'string' } } } as const;
const closed = { ...open, required: ['a'], additionalProperties: false } as const;

describe('chat: each field of the request is on the wire', () => {
  const carried: readonly (readonly [string, Partial<ChatRequest>, Wire])[] = [
    ['maxOutputTokens', { maxOutputTokens: 5 }, { max_tokens: 5 }],
    ['temperature', { temperature: 0 }, { temperature: 0 }],
    ['topP', { topP: 0.5 }, { top_p: 0.5 }],
    ['seed', { seed: 7 }, { seed: 7 }],
    ['presencePenalty', { presencePenalty: 0.1 }, { presence_penalty: 0.1 }],
    ['frequencyPenalty', { frequencyPenalty: 0.2 }, { frequency_penalty: 0.2 }],
    ['stopSequences', { stopSequences: ['END'] }, { stop: ['END'] }],
    ['logitBias', { logitBias: { 50256: -100 } }, { logit_bias: { 50256: -100 } }],
    ['topLogprobs', { topLogprobs: 3 }, { logprobs: true, top_logprobs: 3 }],
    ['topLogprobs 0', { topLogprobs: 0 }, { logprobs: true }],
    ['user', { user: 'u-1' }, { user: 'u-1' }],
    ['reasoning', { reasoning: 'high' }, { reasoning_effort: 'high' }],
    ['responseFormat', { responseFormat: { type: 'json' } }, { response_format: { type: 'json_object' } }],
    ['a closed schema', { responseFormat: { type: 'json', schema: closed, name: 'n', description: 'd' } }, { response_format: { type: 'json_schema', json_schema: { name: 'n', description: 'd', schema: closed, strict: true } } }],
    ['an open schema', { responseFormat: { type: 'json', schema: open } }, { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: open, strict: false } } }],
    ['tools', { tools: [tool] }, { tools: [{ type: 'function', function: { name: 'f', description: 'Does f.', parameters: tool.inputSchema } }] }],
    ['a strict tool', { tools: [{ ...tool, strict: true }] }, { tools: [{ type: 'function', function: { name: 'f', description: 'Does f.', parameters: tool.inputSchema, strict: true } }] }],
    ['a custom tool', { tools: [{ type: 'provider', id: 'openai.custom', name: 'sql', args: { description: 'SQL' } }] }, { tools: [{ type: 'custom', custom: { name: 'sql', description: 'SQL' } }] }],
    ['toolChoice auto', { tools: [tool], toolChoice: { type: 'auto' } }, { tool_choice: 'auto' }],
    ['toolChoice none', { tools: [tool], toolChoice: { type: 'none' } }, { tool_choice: 'none' }],
    ['toolChoice required', { tools: [tool], toolChoice: { type: 'required' } }, { tool_choice: 'required' }],
    ['toolChoice tool', { tools: [tool], toolChoice: { type: 'tool', toolName: 'f' } }, { tool_choice: { type: 'function', function: { name: 'f' } } }],
    ['parallelToolCalls', { tools: [tool], parallelToolCalls: false }, { parallel_tool_calls: false }],
    ['providerOptions', { providerOptions: { openai: { verbosity: 'low', logit_bias: { 1: 2 } } }, logitBias: { 3: 4 } }, { verbosity: 'low', logit_bias: { 1: 2, 3: 4 } }],
  ];
  test.each(carried)('%s', async (_, request, expected) => {
    const { body, warned } = await send(request);
    expect(body).toMatchObject(expected);
    expect(warned).toEqual([]);
  });
});

describe('responses: each field of the request is on the wire', () => {
  const carried: readonly (readonly [string, Partial<ChatRequest>, Wire])[] = [
    ['maxOutputTokens', { maxOutputTokens: 5 }, { max_output_tokens: 5 }],
    ['temperature', { temperature: 0 }, { temperature: 0 }],
    ['topP', { topP: 0.5 }, { top_p: 0.5 }],
    ['topLogprobs', { topLogprobs: 3 }, { top_logprobs: 3, include: ['message.output_text.logprobs'] }],
    ['user', { user: 'u-1' }, { user: 'u-1' }],
    ['reasoning', { reasoning: 'high' }, { reasoning: { effort: 'high' } }],
    ['responseFormat', { responseFormat: { type: 'json' } }, { text: { format: { type: 'json_object' } } }],
    ['a closed schema', { responseFormat: { type: 'json', schema: closed, name: 'n', description: 'd' } }, { text: { format: { type: 'json_schema', name: 'n', description: 'd', schema: closed, strict: true } } }],
    ['tools', { tools: [tool] }, { tools: [{ type: 'function', name: 'f', description: 'Does f.', parameters: tool.inputSchema, strict: false }] }],
    ['a hosted tool', { tools: [{ type: 'provider', id: 'openai.web_search', name: 'search', args: { search_context_size: 'low' } }], toolChoice: { type: 'tool', toolName: 'search' } }, { tools: [{ type: 'web_search', search_context_size: 'low' }], tool_choice: { type: 'web_search' } }],
    ['a custom tool', { tools: [{ type: 'provider', id: 'openai.custom', name: 'sql', args: {} }], toolChoice: { type: 'tool', toolName: 'sql' } }, { tools: [{ type: 'custom', name: 'sql' }], tool_choice: { type: 'custom', name: 'sql' } }],
    ['toolChoice required', { tools: [tool], toolChoice: { type: 'required' } }, { tool_choice: 'required' }],
    ['toolChoice tool', { tools: [tool], toolChoice: { type: 'tool', toolName: 'f' } }, { tool_choice: { type: 'function', name: 'f' } }],
    ['parallelToolCalls', { tools: [tool], parallelToolCalls: false }, { parallel_tool_calls: false }],
    ['providerOptions', { reasoning: 'low', providerOptions: { openai: { truncation: 'auto', reasoning: { summary: 'auto' } } } }, { truncation: 'auto', reasoning: { effort: 'low', summary: 'auto' } }],
  ];
  test.each(carried)('%s', async (_, request, expected) => {
    const { body, warned } = await send(request, { api: 'responses' });
    expect(body).toMatchObject({ store: false, ...expected });
    expect(warned).toEqual([]);
  });
});

describe('what a wire cannot carry is a warning', () => {
  const lacking: readonly (readonly [string, string, Partial<ChatRequest>, string, string])[] = [
    ['chat', 'topK', { topK: 4 }, 'topK', 'top_k'],
    ['chat', 'toolChoice without tools', { toolChoice: { type: 'required' } }, 'toolChoice', 'tool_choice'],
    ['chat', 'parallelToolCalls without tools', { parallelToolCalls: true }, 'parallelToolCalls', 'parallel_tool_calls'],
    ['chat', 'a hosted tool', { tools: [{ type: 'provider', id: 'openai.web_search', name: 's', args: {} }] }, 'tool openai.web_search', 'tools'],
    ['chat', 'another vendor’s tool', { tools: [{ type: 'provider', id: 'anthropic.bash', name: 'b', args: {} }] }, 'tool anthropic.bash', 'tools'],
    ['chat', 'providerOptions.n', { providerOptions: { openai: { n: 3 } } }, 'providerOptions.openai.n', 'n'],
    ['chat', 'providerOptions.stream', { providerOptions: { openai: { stream: true } } }, 'providerOptions.openai.stream', 'stream'],
    ['responses', 'topK', { topK: 4 }, 'topK', 'top_k'],
    ['responses', 'seed', { seed: 4 }, 'seed', 'seed'],
    ['responses', 'presencePenalty', { presencePenalty: 1 }, 'presencePenalty', 'presence_penalty'],
    ['responses', 'frequencyPenalty', { frequencyPenalty: 1 }, 'frequencyPenalty', 'frequency_penalty'],
    ['responses', 'logitBias', { logitBias: { 1: 1 } }, 'logitBias', 'logit_bias'],
    ['responses', 'stopSequences', { stopSequences: ['x'] }, 'stopSequences', 'stop'],
    ['responses', 'toolChoice without tools', { toolChoice: { type: 'auto' } }, 'toolChoice', 'tool_choice'],
    ['responses', 'another vendor’s tool', { tools: [{ type: 'provider', id: 'anthropic.bash', name: 'b', args: {} }] }, 'tool anthropic.bash', 'tools'],
  ];
  test.each(lacking)('%s: %s', async (api, _, request, feature, field) => {
    const { body, warned } = await send(request, { api });
    expect(warned).toEqual([feature]);
    expect(body).not.toHaveProperty(field);
  });

  test.each(['chat', 'responses'])('%s: another dialect’s providerOptions are left alone', async (api) => {
    const { body, warned } = await send({ providerOptions: { anthropic: { top_k: 1 } } }, { api });
    expect(body).not.toHaveProperty('top_k');
    expect(warned).toEqual([]);
  });

  test.each(['chat', 'responses'])('%s: sampling settings of a reasoning model, unless its reasoning is off', async (api) => {
    const settings = { temperature: 0.5, topP: 0.5, topLogprobs: 1 };
    const reasoning = await send(settings, { api }, { modelId: 'gpt-5-mini' });
    expect(reasoning.warned.toSorted()).toEqual(['temperature', 'topLogprobs', 'topP']);
    expect(Object.keys(reasoning.body).filter((key) => /temperature|top_p|logprobs/.test(key))).toEqual([]);
    const off = await send({ ...settings, reasoning: 'none' }, { api }, { modelId: 'gpt-5-mini' });
    expect(off.body).toMatchObject({ temperature: 0.5, top_p: 0.5, top_logprobs: 1 });
    expect(off.warned).toEqual([]);
  });

  test('stop sequences of o3', async () => {
    const { body, warned } = await send({ stopSequences: ['x'] }, {}, { modelId: 'o3' });
    expect(body).not.toHaveProperty('stop');
    expect(warned).toEqual(['stopSequences']);
  });
});

describe('the call', () => {
  test('a session id goes in the header x-session-id, or in the field the option names', async () => {
    const call = { sessionId: 'session-1' };
    expect((await send({}, {}, { call })).headers['x-session-id']).toBe('session-1');
    expect((await send({}, { session: 'prompt_cache_key' }, { call })).body).toMatchObject({ prompt_cache_key: 'session-1' });
    expect((await send({}, { session: 'session_id' }, { call })).body).toMatchObject({ session_id: 'session-1' });
    const none = await send({}, { session: 'none' }, { call });
    expect(none.warned).toEqual(['sessionId']);
    expect(none.headers).not.toHaveProperty('x-session-id');
  });

  test('metadata goes with a stored answer, or always where the option says so, and is a warning otherwise', async () => {
    const call = { metadata: { team: 'a' } };
    const plain = await send({}, {}, { call });
    expect(plain.warned).toEqual(['metadata']);
    expect(plain.body).not.toHaveProperty('metadata');
    expect((await send({}, { store: true }, { call })).body).toMatchObject({ store: true, metadata: { team: 'a' } });
    expect((await send({ providerOptions: { openai: { store: true } } }, {}, { call })).body).toMatchObject({ store: true, metadata: { team: 'a' } });
    expect((await send({}, { metadata: 'always' }, { call })).body).toMatchObject({ metadata: { team: 'a' } });
    expect((await send({}, { metadata: 'none', store: true }, { call })).warned).toEqual(['metadata']);
  });

  test('metadata beyond what OpenAI takes is left out with a warning', async () => {
    const { body, warned } = await send({}, { metadata: 'always' }, { call: { metadata: { short: 'x', long: 'y'.repeat(513) } } });
    expect(body['metadata']).toEqual({ short: 'x' });
    expect(warned).toEqual(['metadata']);
  });

  test('request headers are sent, except those that are the plugin’s', async () => {
    const { headers } = await send({ headers: { 'X-Trace': 't', Authorization: 'Bearer stolen', Host: 'evil', 'Content-Type': 'text/plain' } });
    expect(headers).toMatchObject({ 'x-trace': 't', 'content-type': 'application/json' });
    expect(headers).not.toHaveProperty('authorization');
    expect(headers['host']).toMatch(/^127/);
  });
});

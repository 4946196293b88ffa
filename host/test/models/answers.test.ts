/** The whole answer: what every way of asking gives back, and what goes back into the history. */
import { CallError, definePlugin, type AssistantMessage, type ChatModel, type ChatPart, type ChatResult, type Message } from '@modelport/plugin-api';
import { ModelportError, type Host } from '@modelport/host';
import { createTestHost } from '@modelport/host/testing';
import { script } from '@modelport/scripted';
import { describe, expect, it, vi } from 'vitest';

async function failure(work: Promise<unknown>): Promise<ModelportError> {
  const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
  if (!ModelportError.is(error)) throw new Error(`no ModelportError: ${String(error)}`);
  return error;
}

const usage = { inputTokens: { total: 12, cacheRead: 8, cacheWrite: 2 }, outputTokens: { total: 5, reasoning: 3 }, costUsd: 0.002 };
/** An answer with everything a vendor may send. */
const rich: readonly ChatPart[] = [
  { type: 'stream-start', warnings: [{ type: 'unsupported', feature: 'topK' }] },
  { type: 'response-metadata', id: 'r1', modelId: 'real-model-2', headers: { 'x-request-id': 'q' } },
  { type: 'reasoning-start', id: 'r' },
  { type: 'reasoning-delta', id: 'r', delta: 'Let me think.', providerMetadata: { acme: { signature: 's1' } } },
  { type: 'reasoning-end', id: 'r' },
  { type: 'text-start', id: 't' },
  { type: 'text-delta', id: 't', delta: ' The answer ' },
  { type: 'warning', warning: { type: 'other', message: 'late' } },
  { type: 'text-delta', id: 't', delta: 'is 42. ' },
  { type: 'text-end', id: 't' },
  { type: 'tool-call', toolCallId: 'c1', toolName: 'add', input: '{"a":1}', providerMetadata: { acme: { thought: 'x' } } },
  { type: 'finish', finishReason: { unified: 'tool-calls', raw: 'tool_use' }, usage, providerMetadata: { acme: { systemFingerprint: 'fp', logprobs: [1] } } },
];
const modelOf = (parts: readonly ChatPart[]): ChatModel => ({ stream: async function* () { yield* parts; } });
const hostOf = (model: ChatModel): Promise<Host> => createTestHost({ models: { default: model } });

describe('an answer', () => {
  it('holds all that the vendor said', async () => {
    await using host = await hostOf(modelOf(rich));
    const answer = await host.models.get('default').generate('hi');
    expect(answer).toMatchObject({
      text: ' The answer is 42. ',
      toolCalls: [{ toolCallId: 'c1', toolName: 'add', input: { a: 1 }, rawInput: '{"a":1}', providerExecuted: false }],
      usage, costUsd: 0.002,
      finishReason: { unified: 'tool-calls', raw: 'tool_use' },
      warnings: [{ type: 'unsupported', feature: 'topK' }, { type: 'other', message: 'late' }],
      model: 'real-model-2', backend: 'injected-default',
      attempts: [{ backend: 'injected-default', model: 'in-code', generation: 1 }],
      response: { id: 'r1', modelId: 'real-model-2', headers: { 'x-request-id': 'q' } },
      providerMetadata: { acme: { systemFingerprint: 'fp', logprobs: [1] } },
    });
    expect(answer.content.map(({ type }) => type)).toEqual(['reasoning', 'text', 'tool-call']);
    expect(answer.callId).toMatch(/^call_/);
  });

  it('is the same whether it is streamed, generated, or completed by the provider itself', async () => {
    await using host = await hostOf(modelOf(rich));
    const { callId: _a, ...generated } = await host.models.get('default').generate('hi');
    const { callId: _b, ...streamed } = await host.models.get('default').stream('hi').answer;
    const { text: _t, object: _o, toolCalls: _c, message: _m, costUsd: _u, model: _n, backend: _k, attempts: _s, ...result } = generated;
    const complete = vi.fn<NonNullable<ChatModel['complete']>>(() => Promise.resolve(result as ChatResult));
    await using other = await hostOf({ stream: () => { throw new Error('not asked'); }, complete });
    const { callId: _d, ...completed } = await other.models.get('default').generate('hi');
    expect(streamed).toEqual(generated);
    expect(completed).toEqual(generated);
    expect(complete).toHaveBeenCalledOnce();
  });

  it('goes back into the history unchanged', async () => {
    const seen: (readonly Message[])[] = [];
    await using host = await hostOf({ stream: async function* ({ messages }) { seen.push(messages); yield* rich; } });
    const handle = host.models.get('default');
    const { message } = await handle.generate('hi');
    const result: Message = { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c1', toolName: 'add', output: { type: 'text', value: '2' } }] };
    await handle.generate([{ role: 'system', content: 'Be brief.' }, { role: 'user', content: [{ type: 'text', text: 'hi' }] }, message, result]);
    expect(seen[1]?.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool']);
    const back = seen[1]?.[2] as AssistantMessage;
    expect(back).toEqual(message);
    expect(back.content).toMatchObject([{ type: 'reasoning', text: 'Let me think.', providerMetadata: { acme: { signature: 's1' } } }, { type: 'text' }, { type: 'tool-call', input: '{"a":1}', providerMetadata: { acme: { thought: 'x' } } }]);
    expect(back.providerMetadata).toEqual({ acme: { systemFingerprint: 'fp', logprobs: [1] } });
  });

  it('leaves figures the vendor did not send undefined', async () => {
    await using host = await hostOf(script([[{ text: 'x' }, { usage: 'absent' }]]));
    const answer = await host.models.get('default').generate('hi');
    expect([answer.usage.inputTokens.total, answer.usage.outputTokens.total, answer.costUsd]).toEqual([undefined, undefined, undefined]);
  });

  it('names the model that was asked for where the vendor names none', async () => {
    await using host = await hostOf(modelOf([{ type: 'text-delta', id: '0', delta: 'x' }, { type: 'finish', finishReason: { unified: 'stop' }, usage }]));
    expect((await host.models.get('default').generate('hi')).model).toBe('in-code');
  });

  it('keeps a finish reason the contract has no word for', async () => {
    await using host = await hostOf(script([[{ text: 'x' }, { finish: 'paused', raw: 'pause_turn' }]]));
    expect((await host.models.get('default').generate('hi')).finishReason).toEqual({ unified: 'paused', raw: 'pause_turn' });
  });
});

describe('the tool calls of an answer', () => {
  it('are parsed, empty input being no arguments and broken JSON being told', async () => {
    await using host = await hostOf(script([[
      { toolCall: { name: 'none', input: '' } }, { toolCall: { name: 'some', input: { a: [1] } } }, { toolCall: { name: 'broken', input: '{"a":' } }, { toolCall: { name: 'text', input: 'free text', inputEncoding: 'text' } },
    ]]));
    const { toolCalls, finishReason } = await host.models.get('default').generate('hi');
    expect(toolCalls.map(({ toolName, input, rawInput, invalid }) => [toolName, input, rawInput, invalid])).toEqual([
      ['none', {}, '{}', undefined],
      ['some', { a: [1] }, '{"a":[1]}', undefined],
      ['broken', undefined, '{"a":', expect.stringContaining('JSON')],
      ['text', 'free text', 'free text', undefined],
    ]);
    expect(finishReason.unified).toBe('tool-calls');
  });

  it('take a call that comes whole with no input as one without arguments', async () => {
    await using host = await hostOf(modelOf([{ type: 'tool-call', toolCallId: 'a', toolName: 'none', input: ' ' }, { type: 'finish', finishReason: { unified: 'tool-calls' }, usage }]));
    expect((await host.models.get('default').generate('hi')).toolCalls).toMatchObject([{ input: {} }]);
  });

  it('tell which the vendor ran itself', async () => {
    await using host = await hostOf(modelOf([
      { type: 'tool-call', toolCallId: 's', toolName: 'search', input: '{}', providerExecuted: true },
      { type: 'tool-result', toolCallId: 's', toolName: 'search', output: { type: 'text', value: 'found' }, providerExecuted: true },
      { type: 'text-delta', id: '0', delta: 'Found.' },
      { type: 'finish', finishReason: { unified: 'stop' }, usage },
    ]));
    const answer = await host.models.get('default').generate('hi');
    expect(answer.toolCalls).toMatchObject([{ toolName: 'search', providerExecuted: true }]);
    expect(answer.content.map(({ type }) => type)).toEqual(['tool-call', 'tool-result', 'text']);
  });
});

describe('a call that fails', () => {
  it('is known by code and facts, blames who failed, and keeps what had arrived', async () => {
    await using host = await hostOf(script([[{ text: 'Half' }, { fault: { code: 'RATE_LIMITED', status: 429, retryAfterMs: 1500, requestId: 'q1' } }]]));
    const error = await failure(host.models.get('default').generate('hi'));
    expect(error.code).toBe('RATE_LIMITED');
    expect(error.context).toMatchObject({ status: 429, retryAfterMs: 1500, requestId: 'q1', backend: 'injected-default', model: 'in-code', retryable: true, partial: { content: [{ type: 'text', text: 'Half' }], finishReason: { unified: 'interrupted' } } });
    expect(error.remedy).not.toBe('');
  });

  it('in the provider\'s own complete() is typed too, and frees the lease', async () => {
    await using host = await hostOf({ stream: () => { throw new Error('not asked'); }, complete: () => Promise.reject(new CallError('x-acme-odd', 'odd')) });
    const error = await failure(host.models.get('default').generate('hi'));
    expect([error.code, error.message]).toEqual(['x-acme-odd', 'odd']);
    expect((await host.describe()).backends[0]?.leases).toBe(0);
  });

  it.each([
    ['a text', () => 'soon'], ['no content', () => ({ finishReason: { unified: 'stop' }, usage })],
  ])('because complete() gave %s is PROTOCOL', async (_what, result) => {
    await using host = await hostOf({ stream: () => { throw new Error('not asked'); }, complete: () => Promise.resolve(result() as unknown as ChatResult) });
    expect((await failure(host.models.get('default').generate('hi'))).code).toBe('PROTOCOL');
  });

  it('because stream() throws at once is INTERNAL, naming the plugin', async () => {
    await using host = await hostOf({ stream: () => { throw new TypeError('x is not a function'); } });
    const error = await failure(host.models.get('default').generate('hi'));
    expect([error.code, error.message]).toEqual(['INTERNAL', '(code) threw TypeError: x is not a function']);
  });

  it('because the backend has no chat models is NOT_PROVIDED', async () => {
    const plugin = definePlugin({ api: 1, start: () => ({ embeddingModel: () => ({ embed: () => Promise.reject(new Error('no')) }) }) });
    await using host = await createTestHost({ backends: { acme: plugin } });
    expect((await failure(host.models.get('m@acme').generate('hi'))).code).toBe('NOT_PROVIDED');
  });

  it('is told to listeners by code', async () => {
    await using host = await hostOf(script([[{ fault: { code: 'OVERLOADED' } }], 'ok']));
    const ended: unknown[] = [];
    host.events.on('call:ended', ({ name, backend, code }) => ended.push([name, backend, code]));
    await failure(host.models.get('default').generate('hi'));
    await host.models.get('default').generate('hi');
    expect(ended).toEqual([['default', 'injected-default', 'OVERLOADED'], ['default', 'injected-default', undefined]]);
  });
});

describe('a handle', () => {
  it('answers from another backend from the next call on when its alias is pointed there', async () => {
    await using host = await createTestHost({ models: { default: script([{ reply: 'first' }]) } });
    const handle = host.models.get('default');
    expect((await handle.generate('hi')).text).toBe('first');
    await host.register({ models: { default: script([{ reply: 'second' }]) } }, { override: true });
    expect((await handle.generate('hi')).text).toBe('second');
  });

  it('keeps the targets it had when a stream was made, whatever is edited before the first read', async () => {
    await using host = await createTestHost({ models: { one: script([{ reply: 'one' }]), two: script([{ reply: 'two' }]), default: 'one' } });
    const stream = host.models.get('default').stream('hi');
    await host.register({ models: { default: 'two' } }, { override: true });
    expect((await stream.answer).text).toBe('one');
    expect((await host.models.get('default').generate('hi')).text).toBe('two');
  });

  it('tells ALIAS_REMOVED once its alias is gone', async () => {
    await using host = await createTestHost({ models: { default: script(['x']), fast: 'default' } });
    const handle = host.models.get('fast');
    await host.unregister({ models: ['fast'] });
    const error = await failure(handle.generate('hi'));
    expect([error.code, error.context.retryable]).toEqual(['ALIAS_REMOVED', false]);
    expect(() => handle.describe()).toThrow('The alias "fast" was removed');
  });

  it('tells an unknown name with near ones when it is asked for', async () => {
    await using host = await createTestHost({ models: { default: script(['x']), other: 'default' }, backends: { acme: definePlugin({ api: 1, start: () => ({ chatModel: () => script(['x']) }) }) } });
    expect(() => host.models.get('defualt')).toThrow('Did you mean "default"?');
    expect(host.models.names()).toEqual(['default', 'other']);
  });
});

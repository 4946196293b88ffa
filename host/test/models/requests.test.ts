/** What is sent: who wins among alias, handle, request and options, and what is refused before anything is sent. */
import type { ChatModel, ChatRequest, Message } from '@modelport/plugin-api';
import { ModelportError, defineTool } from '@modelport/host';
import { createTestHost } from '@modelport/host/testing';
import { script } from '@modelport/scripted';
import { describe, expect, it } from 'vitest';

const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const image: Message = { role: 'user', content: [{ type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } }] };
const clock = defineTool({ name: 'clock', description: 'The time.', input: { type: 'object' }, execute: () => 'noon' });

async function failure(work: Promise<unknown>): Promise<ModelportError> {
  const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
  if (!ModelportError.is(error)) throw new Error(`no ModelportError: ${String(error)}`);
  return error;
}

describe('the request a model gets', () => {
  it('holds what a text, a list of messages or a request says', async () => {
    const model = script([{ reply: 'ok' }]);
    await using host = await createTestHost({ models: { default: model } });
    const handle = host.models.get('default');
    await handle.generate('hello');
    await handle.generate([user('one'), user('two')]);
    await handle.generate({ messages: [user('three')], seed: 7 });
    expect(model.requests).toEqual([
      { messages: [user('hello')] },
      { messages: [user('one'), user('two')] },
      { messages: [user('three')], seed: 7 },
    ]);
  });

  it('lets the options of the call win over the request, the request over the handle, the handle over the alias', async () => {
    const model = script([{ reply: 'ok' }]);
    await using host = await createTestHost({
      models: { base: model },
      config: { models: { tuned: { spec: 'base', temperature: 0.1, topP: 0.1, topK: 1, maxOutputTokens: 1 } } },
    });
    const handle = host.models.get('tuned').with({ temperature: 0.2, topP: 0.2, topK: 2 });
    await handle.generate({ messages: [user('hi')], temperature: 0.3, topP: 0.3 }, { temperature: 0.4 });
    expect(model.requests[0]).toMatchObject({ temperature: 0.4, topP: 0.3, topK: 2, maxOutputTokens: 1 });
  });

  it('takes a setting that is undefined as not given', async () => {
    const model = script([{ reply: 'ok' }]);
    await using host = await createTestHost({ models: { base: model }, config: { models: { tuned: { spec: 'base', temperature: 0.1, topP: 0.2 } } } });
    const request = { messages: [user('hi')], topP: undefined } as unknown as ChatRequest;
    const options = { temperature: undefined } as unknown as { temperature: number };
    await host.models.get('tuned').generate(request, options);
    expect(model.requests[0]).toEqual({ messages: [user('hi')], temperature: 0.1, topP: 0.2 });
  });

  it('merges provider options by dialect and headers by name', async () => {
    const model = script([{ reply: 'ok' }]);
    await using host = await createTestHost({ models: { base: model }, config: { models: { tuned: { spec: 'base', providerOptions: { acme: { tier: 'slow', store: false } } } } } });
    await host.models.get('tuned').with({ headers: { 'x-team': 'blue' } }).generate('hi', { providerOptions: { acme: { tier: 'fast' }, other: { a: 1 } }, headers: { 'x-run': '7' } });
    expect(model.requests[0]?.providerOptions).toEqual({ acme: { tier: 'fast', store: false }, other: { a: 1 } });
    expect(model.requests[0]?.headers).toEqual({ 'x-team': 'blue', 'x-run': '7' });
  });

  it('begins with the instructions of the call, else of the handle, else of the alias', async () => {
    const model = script([{ reply: 'ok' }]);
    await using host = await createTestHost({ models: { base: model }, config: { models: { tuned: { spec: 'base', instructions: 'alias' } } } });
    const handle = host.models.get('tuned');
    await handle.generate('hi');
    await handle.with({ instructions: 'handle' }).generate('hi');
    await handle.with({ instructions: 'handle' }).generate('hi', { instructions: 'call' });
    expect(model.requests.map(({ messages }) => messages)).toEqual(['alias', 'handle', 'call'].map((content) => [{ role: 'system', content }, user('hi')]));
  });

  it('holds no setting of the call alone, which the plugin finds in the call', async () => {
    const model = script([{ reply: 'ok' }]);
    await using host = await createTestHost({ models: { default: model } });
    await host.models.get('default').generate('hi', { sessionId: 's1', metadata: { team: 'blue' }, includeRaw: true, signal: new AbortController().signal });
    expect(model.requests[0]).toEqual({ messages: [user('hi')] });
    expect(model.calls[0]).toMatchObject({ sessionId: 's1', metadata: { team: 'blue' }, includeRaw: true, attempt: 1 });
  });

  it('is frozen, and the caller\'s own objects are not', async () => {
    const model = script([{ reply: 'ok' }]);
    await using host = await createTestHost({ models: { default: model } });
    const history: Message[] = [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }];
    const { message } = await host.models.get('default').generate(history);
    history.push(message, user('again'));
    await host.models.get('default').generate(history);
    expect(model.requests[1]?.messages).toHaveLength(3);
    expect(Object.isFrozen(history[0])).toBe(false);
    expect(Object.isFrozen(model.requests[1]?.messages)).toBe(true);
    expect(Object.isFrozen(model.requests[1]?.messages[0]?.content)).toBe(true);
  });

  it('offers the tools of the call', async () => {
    const model = script([{ reply: 'ok' }]);
    await using host = await createTestHost({ models: { default: model } });
    await host.models.get('default').generate('hi', { tools: [clock, { type: 'provider', id: 'acme.search', name: 'search', args: {} }] });
    expect(model.requests[0]?.tools).toEqual([clock.definition, { type: 'provider', id: 'acme.search', name: 'search', args: {} }]);
  });

  it('changes with reconfigure from the next call on, for every holder', async () => {
    const model = script([{ reply: 'ok' }]);
    await using host = await createTestHost({ models: { default: model } });
    host.models.get('default').reconfigure({ temperature: 0.5 });
    await host.models.get('default').generate('hi');
    expect(model.requests[0]?.temperature).toBe(0.5);
  });
});

describe('a request that cannot be sent', () => {
  const wrong: readonly (readonly [string, unknown, object, RegExp])[] = [
    ['no messages', [], {}, /`messages` is empty/],
    ['an empty text', '', {}, /`messages\[0\]` \(user\) is empty/],
    ['no input at all', null, {}, /input is null/],
    ['a message without a role', [{ content: [] }], {}, /`messages\[0\]` must have a `role`/],
    ['a user message whose content is a text', [{ role: 'user', content: 'hi' }], {}, /`messages\[0\]\.content` must be a list of parts/],
    ['a part without a type', [{ role: 'user', content: ['hi'] }], {}, /`messages\[0\]\.content\[0\]` must have a `type`/],
    ['a text part without text', [{ role: 'user', content: [{ type: 'text' }] }], {}, /content\[0\]\.text` must be a text/],
    ['a file without a media type', [{ role: 'user', content: [{ type: 'file', data: { type: 'data', data: 'AA' } }] }], {}, /mediaType` must be a text/],
    ['a file without data', [{ role: 'user', content: [{ type: 'file', mediaType: 'image/png' }] }], {}, /\.data` must be an object/],
    ['a tool call in a user message', [{ role: 'user', content: [{ type: 'tool-call', toolCallId: 'a', toolName: 'b', input: '{}' }] }], {}, /this message may hold text and file/],
    ['a tool result without output', [{ role: 'tool', content: [{ type: 'tool-result', toolCallId: 'a', toolName: 'b' }] }], {}, /\.output` must be an object/],
    ['an empty tool message', [{ role: 'tool', content: [] }], {}, /`messages\[0\]` \(tool\) is empty/],
    ['temperature', 'hi', { temperature: 2.1 }, /`temperature` is 2\.1: it must be a number from 0 to 2/],
    ['topP', 'hi', { topP: -0.1 }, /`topP` is -0\.1/],
    ['topK', 'hi', { topK: 1.5 }, /`topK` is 1\.5: it must be a whole number/],
    ['maxOutputTokens', 'hi', { maxOutputTokens: 0 }, /`maxOutputTokens` is 0: it must be a whole number of at least 1/],
    ['seed', 'hi', { seed: 0.5 }, /`seed` is 0\.5: it must be a whole number/],
    ['presencePenalty', 'hi', { presencePenalty: 3 }, /`presencePenalty` is 3/],
    ['frequencyPenalty', 'hi', { frequencyPenalty: Number.NaN }, /`frequencyPenalty` is NaN/],
    ['topLogprobs', 'hi', { topLogprobs: 21 }, /`topLogprobs` is 21/],
    ['stopSequences', 'hi', { stopSequences: [''] }, /`stopSequences` must be/],
    ['logitBias', 'hi', { logitBias: { 1: 101 } }, /`logitBias` must hold numbers/],
    ['parallelToolCalls', 'hi', { parallelToolCalls: 'yes' }, /`parallelToolCalls` must be true or false/],
    ['reasoning', 'hi', { reasoning: 3 }, /`reasoning` must be a text/],
    ['user', 'hi', { user: '' }, /`user` must be a text/],
    ['a header that carries a key', 'hi', { headers: { Authorization: 'x' } }, /`headers\.Authorization` is not for a request/],
    ['a header that is no text', 'hi', { headers: { 'x-a': 1 } }, /`headers\.x-a` must be a text/],
    ['providerOptions', 'hi', { providerOptions: { acme: 1 } }, /`providerOptions` must hold/],
    ['responseFormat', 'hi', { responseFormat: { type: 'xml' } }, /`responseFormat` must have a `type`/],
    ['a tool without a name', 'hi', { tools: [{ type: 'function', name: '', inputSchema: {} }] }, /`tools\[0\]\.name`/],
    ['a tool without a schema', 'hi', { tools: [{ type: 'function', name: 'a' }] }, /`tools\[0\]\.inputSchema`/],
    ['a provider tool without a dialect', 'hi', { tools: [{ type: 'provider', id: 'search', name: 'a', args: {} }] }, /`tools\[0\]\.id` must be/],
    ['two tools of one name', 'hi', { tools: [clock, clock] }, /two tools are named "clock"/],
    ['an unknown tool choice', 'hi', { tools: [clock], toolChoice: { type: 'any' } }, /`toolChoice` must have a `type`/],
    ['a choice of a tool that is not offered', 'hi', { tools: [clock], toolChoice: { type: 'tool', toolName: 'watch' } }, /names the tool "watch"/],
    ['a required tool call without tools', 'hi', { toolChoice: { type: 'required' } }, /no tool is offered/],
    ['a mistyped setting', 'hi', { maxOutputToken: 5 }, /no field `maxOutputToken`\. Did you mean "maxOutputTokens"\?/],
  ];

  it.each(wrong)('is refused before anything is sent: %s', async (_what, input, options, reason) => {
    const model = script([{ reply: 'never' }]);
    await using host = await createTestHost({ models: { default: model } });
    const error = await failure(host.models.get('default').generate(input as string, options));
    expect([error.code, error.context.retryable]).toEqual(['REQUEST_INVALID', false]);
    expect(error.message).toMatch(reason);
    expect(error.context.callId).toMatch(/^call_/);
    expect(model.requests).toHaveLength(0);
  });

  it('is refused for a file by URL that the vendor does not fetch itself', async () => {
    const fetching: ChatModel = { ...script([{ reply: 'seen' }]), supportedUrls: { 'image/*': [/^https:\/\/img\.example\//] } };
    await using host = await createTestHost({ models: { default: fetching } });
    const ask = (url: string, mediaType = 'image/png'): Promise<unknown> => host.models.get('default').generate([{ role: 'user', content: [{ type: 'file', mediaType, data: { type: 'url', url } }] }]);
    await expect(ask('https://img.example/a.png')).resolves.toMatchObject({ text: 'seen' });
    const error = await failure(ask('https://other.example/a.png?key=abc'));
    expect(error.code).toBe('REQUEST_INVALID');
    expect(error.message).toBe('in-code@injected-default does not fetch image/png files from that address (https://other.example).');
    expect((await failure(ask('https://img.example/a.pdf', 'application/pdf'))).code).toBe('REQUEST_INVALID');
  });
});

describe('a capability', () => {
  const facts = (capabilities: object): object => ({ options: { models: [{ id: 'm' }] }, models: { m: { capabilities } } });
  const hostWith = (a: object, b: object) => createTestHost({
    config: { backends: { a: { plugin: '@modelport/scripted', ...facts(a) }, b: { plugin: '@modelport/scripted', ...facts(b) } }, models: { first: 'm@a', both: ['m@a', 'm@b'] } },
    cwd: import.meta.dirname,
  });

  it('that is unknown is never taken for no', async () => {
    await using host = await hostWith({}, {});
    await expect(host.models.get('first').generate([image, user('what is this?')], { tools: [clock], schema: { type: 'object' } })).resolves.toBeDefined();
  });

  it.each([
    ['tools', { tools: [clock] }, 'hi'],
    ['tool-choice', { tools: [clock], toolChoice: { type: 'required' } as const }, 'hi'],
    ['json', { responseFormat: { type: 'json' } as const }, 'hi'],
    ['json-schema', { schema: { type: 'object' } }, 'hi'],
    ['system-message', { instructions: 'Be brief.' }, 'hi'],
    ['image-input', {}, [image]],
  ])('that is known to be missing is refused by name, with the models that have it: %s', async (capability, options, input) => {
    await using host = await hostWith({ [capability]: false }, { [capability]: true });
    const error = await failure(host.models.get('first').generate(input as string, options));
    expect([error.code, error.context.backend, error.context.model]).toEqual(['CAPABILITY_MISSING', 'a', 'm']);
    expect(error.message).toContain(`m@a has not the capability "${capability}"`);
    expect(error.message).toContain('Configured models that have it: m@b.');
  });

  it('that no configured model is known to have is said to be so', async () => {
    await using host = await hostWith({ tools: false }, {});
    expect((await failure(host.models.get('first').generate('hi', { tools: [clock] }))).message).toContain('No configured model is known to have it.');
  });

  it('that is missing makes an alias ask its next target', async () => {
    await using host = await hostWith({ tools: false }, { tools: true });
    const answer = await host.models.get('both').generate('hi', { tools: [clock] });
    expect(answer.backend).toBe('b');
    expect(answer.attempts).toMatchObject([{ backend: 'a', code: 'CAPABILITY_MISSING' }, { backend: 'b' }]);
  });

  it('that only a setting would like is no reason to refuse', async () => {
    await using host = await hostWith({ 'tool-choice': false, seed: false, reasoning: false, logprobs: false, 'parallel-tools': false }, {});
    await expect(host.models.get('first').generate('hi', { tools: [clock], toolChoice: { type: 'none' }, seed: 1, reasoning: 'low', topLogprobs: 1, parallelToolCalls: true })).resolves.toBeDefined();
  });

  it('is shown by the description of the handle', async () => {
    await using host = await hostWith({ tools: false }, { tools: true });
    const described = host.models.get('both').describe();
    expect(described.capabilities).toEqual({ tools: false });
    expect(described.targets).toMatchObject([{ backend: 'a', model: 'm', state: 'idle', plugin: '@modelport/scripted' }, { backend: 'b', info: { id: 'm', capabilities: { tools: true } } }]);
  });
});

/** Odd models behind the bridge: every version of the specification, streams as they are met in the wild, and failures by brand. */
import { CallError, type ChatPart, type ChatRequest, type Message, type PluginContext, type Provider } from '@modelport/plugin-api';
import { fakeContext, testCall } from '@modelport/testing';
import { describe, expect, it } from 'vitest';
import bridge from '../src/index.ts';
import { bridgeOptions, type BridgeOptions } from '../src/options.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A started bridge over a package whose provider is `provider`; `seen` holds the call options of every call. */
async function start(provider: unknown, input: object = {}): Promise<Provider> {
  const context = fakeContext<BridgeOptions>({ schema: bridgeOptions, input, secrets: { apiKey: 'key' } });
  const target = { name: 'odd-provider', version: '1.0.0', secrets: [{ name: 'apiKey', required: true }], import: () => Promise.resolve({ createOdd: () => provider }) };
  return bridge.start({ ...context, target } as PluginContext<BridgeOptions>);
}

interface Scripted { readonly version?: string; readonly parts?: readonly object[]; readonly answer?: object; readonly fails?: unknown; readonly provider?: string }

function scripted({ version = 'v3', parts = [], answer = {}, fails, provider = 'odd.chat' }: Scripted): { readonly languageModel: () => object; readonly seen: Fields[] } {
  const seen: Fields[] = [];
  const model = {
    specificationVersion: version, provider, modelId: 'm', supportedUrls: {},
    doGenerate: (options: Fields) => { seen.push(options); return fails === undefined ? Promise.resolve(answer) : Promise.reject(fails as Error); },
    doStream: (options: Fields) => { seen.push(options); return fails === undefined ? Promise.resolve({ stream: ReadableStream.from(parts) }) : Promise.reject(fails as Error); },
  };
  return { languageModel: () => model, seen };
}

const hi: Message = { role: 'user', content: [{ type: 'text', text: 'Hi' }] };
const nested = { inputTokens: { total: 3 }, outputTokens: { total: 4 } };
const finish = { type: 'finish', finishReason: { unified: 'stop', raw: 'stop' }, usage: nested };

async function collect(provider: Provider, request: Partial<ChatRequest> = {}, call = testCall()): Promise<readonly ChatPart[]> {
  const parts: ChatPart[] = [];
  for await (const part of provider.chatModel!('m').stream({ messages: [hi], ...request }, call)) parts.push(...(Array.isArray(part) ? (part as readonly ChatPart[]) : [part as ChatPart]));
  return parts;
}

async function failureOf(work: Promise<unknown>): Promise<CallError> {
  const error = await work.then(() => undefined, (thrown: unknown) => thrown);
  expect(CallError.is(error)).toBe(true);
  return error as CallError;
}

/** An error as the SDK brands them. */
const branded = (name: string, fields: object = {}): Error => Object.assign(new Error(`${name} said so`), { [Symbol.for('vercel.ai.error')]: true, [Symbol.for(`vercel.ai.error.${name}`)]: true }, fields);

describe('a model of version', () => {
  it('v2 is asked in its own words, and its flat usage and plain finish reason are unified', async () => {
    const odd = scripted({ version: 'v2', parts: [{ type: 'stream-start', warnings: [{ type: 'unsupported-setting', setting: 'seed', details: 'no' }] }, { type: 'text-start', id: '1' }, { type: 'text-delta', id: '1', delta: 'Hi' }, { type: 'finish', finishReason: 'unknown', usage: { inputTokens: 3, outputTokens: 4, totalTokens: 7, reasoningTokens: 2, cachedInputTokens: 1 } }] });
    const provider = await start(odd);
    const parts = await collect(provider, {
      reasoning: 'high', tools: [{ type: 'function', name: 'f', inputSchema: { type: 'object' }, strict: true }, { type: 'provider', id: 'odd.search', name: 'search', args: {} }],
      messages: [{ role: 'user', content: [{ type: 'file', mediaType: 'image/png', data: { type: 'url', url: 'https://example.com/a.png' } }] }, { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'c', toolName: 'f', output: { type: 'execution-denied', reason: 'no' } }, { type: 'tool-result', toolCallId: 'd', toolName: 'f', output: { type: 'content', value: [{ type: 'file', mediaType: 'image/png', data: { type: 'data', data: new Uint8Array([1, 2]) } }] } }] }],
    });
    expect(parts[0]).toEqual({ type: 'stream-start', warnings: [expect.objectContaining({ type: 'unsupported', feature: 'reasoning' }), { type: 'unsupported', feature: 'seed', details: 'no' }] });
    expect(parts.at(-1)).toEqual({ type: 'finish', finishReason: { unified: 'other' }, usage: { inputTokens: { total: 3, noCache: undefined, cacheRead: 1, cacheWrite: undefined }, outputTokens: { total: 4, text: undefined, reasoning: 2 } } });
    expect(odd.seen[0]).toMatchObject({
      tools: [{ type: 'function', name: 'f' }, { type: 'provider-defined', id: 'odd.search' }],
      prompt: [{ content: [{ type: 'file', data: new URL('https://example.com/a.png') }] }, { content: [{ output: { type: 'error-text', value: 'no' } }, { output: { type: 'content', value: [{ type: 'media', data: 'AQI=', mediaType: 'image/png' }] } }] }],
    });
    expect(odd.seen[0]).not.toHaveProperty('reasoning');
    expect((odd.seen[0]!['tools'] as readonly Fields[])[0]).not.toHaveProperty('strict');
  });

  it('v1 is refused until it is asked for, and then speaks with its modes, deltas and NaN counts', async () => {
    const odd = scripted({ version: 'v1', parts: [{ type: 'text-delta', textDelta: 'Hi' }, { type: 'tool-call', toolCallType: 'function', toolCallId: 'c', toolName: 'f', args: '{"a":1}' }, { type: 'finish', finishReason: 'tool-calls', usage: { promptTokens: 3, completionTokens: Number.NaN } }] });
    expect((await failureOf(collect(await start(odd)))).code).toBe('CAPABILITY_MISSING');
    const parts = await collect(await start(odd, { experimentalV1: true }), { maxOutputTokens: 9, tools: [{ type: 'function', name: 'f', inputSchema: { type: 'object' } }] });
    expect(parts.slice(1)).toEqual([
      { type: 'text-delta', id: '0', delta: 'Hi' }, { type: 'tool-call', toolCallId: 'c', toolName: 'f', input: '{"a":1}' },
      { type: 'finish', finishReason: { unified: 'tool-calls' }, usage: { inputTokens: { total: 3, noCache: undefined, cacheRead: undefined, cacheWrite: undefined }, outputTokens: { total: undefined, text: undefined, reasoning: undefined } } },
    ]);
    expect(odd.seen[0]).toMatchObject({ inputFormat: 'messages', maxTokens: 9, mode: { type: 'regular', tools: [{ type: 'function', name: 'f', parameters: { type: 'object' } }] } });
  });

  it('v5 is told apart from what is known', async () => {
    const error = await failureOf(collect(await start(scripted({ version: 'v5' }))));
    expect(error.code).toBe('CAPABILITY_MISSING');
    expect(error.message).toContain('version v5');
  });

  it('v4 keeps its effort and is given vendor data where it came from', async () => {
    const odd = scripted({ version: 'v4', provider: 'odd.chat', parts: [finish] });
    const parts = await collect(await start(odd), { reasoning: 'low', messages: [{ role: 'assistant', content: [
      { type: 'reasoning', text: 'mine', providerMetadata: { odd: { signature: 's' } } }, { type: 'reasoning', text: 'foreign', providerMetadata: { other: { signature: 't' } } },
      { type: 'tool-call', toolCallId: 'c', toolName: 'search', input: '{"q":1}', providerExecuted: true }, { type: 'tool-call', toolCallId: 'd', toolName: 'f', input: 'no json' },
    ] }] });
    expect(odd.seen[0]).toMatchObject({ reasoning: 'low', prompt: [{ role: 'assistant', content: [
      { type: 'reasoning', text: 'mine', providerOptions: { odd: { signature: 's' } } }, { type: 'text', text: '[The tool search was run with {"q":1}.]' }, { type: 'tool-call', input: 'no json' },
    ] }] });
    expect(parts[0]).toMatchObject({ type: 'stream-start', warnings: [{ type: 'other', message: expect.stringContaining('other') }] });
  });
});

describe('a file', () => {
  const file = (data: object): Partial<ChatRequest> => ({ messages: [{ role: 'user', content: [{ type: 'file', mediaType: 'text/plain', data }] }] as unknown as ChatRequest['messages'] });

  it('given as text is sent as text, with a warning', async () => {
    const odd = scripted({ version: 'v4', parts: [finish] });
    const parts = await collect(await start(odd), file({ type: 'text', text: 'the note' }));
    expect(odd.seen[0]).toMatchObject({ prompt: [{ content: [{ type: 'text', text: 'the note' }] }] });
    expect(parts[0]).toMatchObject({ warnings: [{ type: 'compatibility', feature: 'file given as text' }] });
  });

  it('that is a reference of another vendor is REQUEST_INVALID', async () => {
    expect((await failureOf(collect(await start(scripted({})), file({ type: 'reference', reference: { other: 'id' } })))).code).toBe('REQUEST_INVALID');
  });

  it('that the package trips over is CAPABILITY_MISSING, and the same fault without a file is INTERNAL', async () => {
    const fails = new TypeError('cannot read replace of undefined');
    expect((await failureOf(collect(await start(scripted({ fails })), file({ type: 'data', data: 'AAAA' })))).code).toBe('CAPABILITY_MISSING');
    expect((await failureOf(collect(await start(scripted({ fails }))))).code).toBe('INTERNAL');
  });
});

describe('a stream', () => {
  it('that holds an error is read on to its usage, and then fails', async () => {
    const error = await failureOf(collect(await start(scripted({ parts: [{ type: 'text-delta', id: '1', delta: 'Hi' }, { type: 'error', error: { message: 'too busy', type: 'overloaded_error' } }, finish] }))));
    expect(error.code).toBe('OVERLOADED');
    expect(error.facts.usage).toMatchObject({ inputTokens: { total: 3 }, outputTokens: { total: 4 } });
  });

  it('with one unreadable event is told by a warning, and with two is PROTOCOL', async () => {
    const odd = { type: 'error', error: branded('AI_TypeValidationError') };
    const parts = await collect(await start(scripted({ parts: [odd, { type: 'text-delta', id: '1', delta: 'Hi' }, finish] })));
    expect(parts.map(({ type }) => type)).toEqual(['stream-start', 'warning', 'text-delta', 'finish']);
    expect((await failureOf(collect(await start(scripted({ parts: [odd, { type: 'text-delta', id: '1', delta: 'Hi' }, odd, finish] }))))).code).toBe('PROTOCOL');
  });

  it('that the package closes with neither a reason nor a count was cut off', async () => {
    const error = await failureOf(collect(await start(scripted({ parts: [{ type: 'text-delta', id: '1', delta: 'Hel' }, { type: 'finish', finishReason: { unified: 'other', raw: undefined }, usage: { inputTokens: {}, outputTokens: {} } }] }))));
    expect([error.code, error.facts.retryable]).toEqual(['PROTOCOL', true]);
  });

  it('is cancelled when its reader leaves', async () => {
    let cancelled = false;
    const stream = new ReadableStream({ pull: (controller) => controller.enqueue({ type: 'text-delta', id: '1', delta: 'Hi' }), cancel: () => { cancelled = true; } });
    const model = { specificationVersion: 'v3', provider: 'odd', modelId: 'm', supportedUrls: {}, doGenerate: () => Promise.resolve({}), doStream: () => Promise.resolve({ stream }) };
    const provider = await start({ chat: () => model });
    for await (const part of provider.chatModel!('m').stream({ messages: [hi] }, testCall())) if ((part as ChatPart).type === 'text-delta') break;
    expect(cancelled).toBe(true);
  });

  it('that was aborted fails with the reason of the abort', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const model = { specificationVersion: 'v3', provider: 'odd', modelId: 'm', supportedUrls: {}, doGenerate: () => Promise.resolve({}), doStream: () => { controller.abort(reason); return Promise.reject(new DOMException('aborted', 'AbortError')); } };
    await expect(collect(await start({ chatModel: () => model }), {}, testCall({ signal: controller.signal }))).rejects.toBe(reason);
  });
});

describe('a failure', () => {
  const codeOf = async (fails: unknown): Promise<string> => (await failureOf(collect(await start(scripted({ fails }))))).code;

  it('is known by its brand and its status, with the vendor’s delay and request id', async () => {
    const error = await failureOf(collect(await start(scripted({ fails: branded('AI_APICallError', { statusCode: 429, responseHeaders: { 'Retry-After': '2', 'X-Request-Id': 'req-1' }, responseBody: '{"error":{"message":"slow down"}}' }) }))));
    expect([error.code, error.facts.retryAfterMs, error.facts.requestId, error.facts.status]).toEqual(['RATE_LIMITED', 2000, 'req-1', 429]);
    expect(await codeOf(branded('AI_LoadAPIKeyError'))).toBe('AUTH_MISSING');
    expect(await codeOf(branded('AI_NoSuchModelError'))).toBe('MODEL_NOT_FOUND');
    expect(await codeOf(branded('AI_UnsupportedFunctionalityError'))).toBe('CAPABILITY_MISSING');
    expect(await codeOf(branded('AI_APICallError', { isRetryable: true }))).toBe('NETWORK');
    expect(await codeOf(branded('AI_RetryError', { lastError: branded('AI_APICallError', { statusCode: 401 }) }))).toBe('AUTH_INVALID');
  });

  it('of the host’s own client comes through, however deep it lies', async () => {
    const own = new CallError('HOST_NOT_ALLOWED', 'not there');
    expect(await codeOf(branded('AI_APICallError', { cause: new TypeError('fetch failed', { cause: own }) }))).toBe('HOST_NOT_ALLOWED');
  });
});

describe('a provider', () => {
  it('is asked by every name for a model, and "not supported" in any form leads to the next', async () => {
    const model = scripted({ parts: [finish] }).languageModel();
    const provider = await start(Object.assign(() => model, { languageModel: () => { throw new Error('use another'); }, chatModel: () => null, chat: () => ({ specificationVersion: 'v3' }) }));
    expect((await collect(provider)).at(-1)).toMatchObject({ type: 'finish' });
  });

  it('offers the kinds it has a way to, and reranks and embeds by any of their names', async () => {
    const provider = await start({
      textEmbedding: () => ({ specificationVersion: 'v2', maxEmbeddingsPerCall: 2, doEmbed: ({ values }: { readonly values: readonly string[] }) => Promise.resolve({ embeddings: values.map(() => [1]), usage: { tokens: Number.NaN } }) }),
      rerankingModel: () => ({ specificationVersion: 'v3', doRerank: ({ documents }: { readonly documents: object }) => Promise.resolve({ ranking: [{ index: 0, relevanceScore: 1 }], providerMetadata: { odd: { documents } } }) }),
    });
    expect(Object.keys(provider).toSorted()).toEqual(['close', 'embeddingModel', 'rerankModel']);
    const embedding = provider.embeddingModel!('m');
    expect(embedding.maxValuesPerCall).toBe(2);
    expect(await embedding.embed({ values: ['a'], dimensions: 3 }, testCall())).toEqual({ embeddings: [[1]], usage: { tokens: undefined }, warnings: [expect.objectContaining({ feature: 'dimensions' })] });
    expect(await provider.rerankModel!('m').rerank({ query: 'q', documents: ['a', { b: 1 }] }, testCall())).toMatchObject({ ranking: [{ index: 0, relevanceScore: 1 }], providerMetadata: { odd: { documents: { type: 'text', values: ['a', '{"b":1}'] } } } });
  });

  it('lists its models where it can, and is let go of when it has a way to', async () => {
    let closed = 0;
    const provider = await start({ ...scripted({}), getAvailableModels: () => Promise.resolve({ models: [{ id: 'a', name: 'A', modelType: 'language' }, { nothing: true }] }), close: () => { closed += 1; } });
    const listed: object[] = [];
    for await (const info of provider.listModels!(testCall())) listed.push(info);
    expect(listed).toEqual([{ id: 'a', kind: 'chat', name: 'A' }]);
    await provider.close!();
    expect(closed).toBe(1);
  });
});

/** The models of a host in the hands of an AI SDK user, with ai@7 and with ai@6, and what goes out and comes back through the bridge. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createHost, type Host } from '@modelport/host';
import { createTestHost } from '@modelport/host/testing';
import openai from '@modelport/openai';
import { CallError, definePlugin, type ChatPart, type Plugin } from '@modelport/plugin-api';
import { createOpenAIUpstream, type OpenAIUpstream, type Turn } from '@modelport/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';

// The SDK's own log of warnings would only make noise here.
Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });

type SDK = typeof import('ai');
const versions = [{ major: 7, spec: 'v4' }, { major: 6, spec: 'v3' }] as const;

/** The SDK in that major, from a folder of its own. */
function sdk(major: 6 | 7): Promise<SDK> {
  const folder = fileURLToPath(new URL(`targets/ai-${major}/node_modules/ai/dist`, import.meta.url));
  return import(/* @vite-ignore */ pathToFileURL(path.join(folder, major === 7 ? 'index.js' : 'index.mjs')).href) as Promise<SDK>;
}

/** ai@6 takes v3 models; the types at hand are those of ai@7. */
type Provider = ReturnType<Host['toAISDK']>;

async function start(...turns: readonly Turn[]): Promise<{ readonly host: Host; readonly upstream: OpenAIUpstream; readonly provider: (spec: 'v3' | 'v4') => Provider }> {
  const upstream = await createOpenAIUpstream({ turns });
  const host = await createTestHost({
    backends: { vendor: { plugin: openai, options: { baseUrl: upstream.baseUrl }, secrets: { apiKey: 'sk-1' } } },
    config: { models: { default: 'gpt-4o@vendor', fast: 'gpt-4o-mini@vendor', vectors: 'text-embedding-3-small@vendor' } },
  });
  onTestFinished(async () => {
    await host.close();
    await upstream.close();
  });
  return { host, upstream, provider: (spec) => host.toAISDK({ spec }) as unknown as Provider };
}

const usage = { input: 20, output: 9, cached: 3 };

describe.each(versions)('with ai@$major', ({ major, spec }) => {
  it('generateText answers by alias, with the vendor’s counts and the backend that answered', async () => {
    const { generateText } = await sdk(major);
    const { provider, upstream } = await start({ text: 'Hello.', usage });
    const result = await generateText({ model: provider(spec).languageModel('fast'), prompt: 'Hi', temperature: 0.5 });
    expect(result.text).toBe('Hello.');
    expect(result.usage).toMatchObject({ inputTokens: 20, outputTokens: 9, inputTokenDetails: { cacheReadTokens: 3 } });
    expect(result.finishReason).toBe('stop');
    expect(result.providerMetadata).toMatchObject({ modelport: { backend: 'vendor', model: 'gpt-4o-mini' } });
    expect(upstream.requests[0]?.body).toMatchObject({ model: 'gpt-4o-mini', temperature: 0.5 });
  });

  it('streamText gives the text as it comes, and the counts at the end', async () => {
    const { streamText } = await sdk(major);
    const { provider } = await start({ text: ['Hel', 'lo'], usage });
    const result = streamText({ model: provider(spec).languageModel('default'), prompt: 'Hi' });
    const deltas: string[] = [];
    for await (const delta of result.textStream) deltas.push(delta);
    expect(deltas).toEqual(['Hel', 'lo']);
    expect(await result.usage).toMatchObject({ inputTokens: 20, outputTokens: 9 });
  });

  it('a tool loop runs to its end', async () => {
    const { generateText, stepCountIs, tool } = await sdk(major);
    const { provider, upstream } = await start({ toolCalls: [{ id: 'call_1', name: 'weather', arguments: '{"city":"Oslo"}' }] }, { text: 'Sunny.' });
    const result = await generateText({
      model: provider(spec).languageModel('default'), prompt: 'How is the weather?', stopWhen: stepCountIs(3),
      tools: { weather: tool({ description: 'Tells the weather', inputSchema: z.object({ city: z.string() }), execute: ({ city }) => `sunny in ${city}` }) },
    });
    expect(result.text).toBe('Sunny.');
    expect(result.steps).toHaveLength(2);
    expect((upstream.requests[1]!.body as { readonly messages: readonly object[] }).messages).toMatchObject([
      { role: 'user' }, { role: 'assistant', tool_calls: [{ id: 'call_1', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }] }, { role: 'tool', tool_call_id: 'call_1', content: 'sunny in Oslo' },
    ]);
  });

  it('structured output is validated', async () => {
    const { generateText, Output } = await sdk(major);
    const { provider, upstream } = await start({ text: '{"city":"Oslo"}' });
    const result = await generateText({ model: provider(spec).languageModel('default'), prompt: 'Where?', output: Output.object({ schema: z.object({ city: z.string() }) }) });
    expect(result.output).toEqual({ city: 'Oslo' });
    expect(upstream.requests[0]?.body).toMatchObject({ response_format: { type: 'json_schema' } });
  });

  it('embed and embedMany give vectors', async () => {
    const { embed, embedMany } = await sdk(major);
    const { provider } = await start();
    const model = provider(spec).embeddingModel('vectors');
    expect((await embed({ model, value: 'one' })).embedding.length).toBeGreaterThan(0);
    const many = await embedMany({ model, values: ['one', 'two'] });
    expect(many.embeddings).toHaveLength(2);
    expect(many.usage.tokens).toBeGreaterThan(0);
  });

  it('createProviderRegistry and the default provider find models by alias, with counts that are numbers', async () => {
    const { createProviderRegistry, generateText } = await sdk(major);
    const { provider } = await start({ text: 'Hello.', usage });
    const registry = createProviderRegistry({ modelport: provider(spec) as never });
    const registered = await generateText({ model: (registry as unknown as { languageModel(id: string): never }).languageModel('modelport:default'), prompt: 'Hi' });
    expect([registered.text, registered.usage.totalTokens]).toEqual(['Hello.', 29]);
    const global = globalThis as { AI_SDK_DEFAULT_PROVIDER?: unknown };
    global.AI_SDK_DEFAULT_PROVIDER = provider(spec);
    onTestFinished(() => { delete global.AI_SDK_DEFAULT_PROVIDER; });
    expect((await generateText({ model: 'fast', prompt: 'Hi' })).text).toBe('Hello.');
  });

  it('errors carry the SDK’s own brands, and are retried by it where they may be', async () => {
    const { APICallError, NoSuchModelError, generateText } = await sdk(major);
    const { provider, upstream } = await start({ error: { status: 429, message: 'slow down' }, headers: { 'retry-after-ms': '1' } }, { text: 'Hello.' });
    expect((await generateText({ model: provider(spec).languageModel('default'), prompt: 'Hi' })).text).toBe('Hello.');
    upstream.script({ error: { status: 401, code: 'invalid_api_key', message: 'bad key' } });
    const refused = await generateText({ model: provider(spec).languageModel('default'), prompt: 'Hi' }).catch((error: unknown) => error);
    expect(APICallError.isInstance(refused)).toBe(true);
    expect(refused).toMatchObject({ statusCode: 401, isRetryable: false, cause: { code: 'AUTH_INVALID' } });
    let unknown: unknown;
    try {
      provider(spec).languageModel('');
    } catch (error) {
      unknown = error;
    }
    expect(NoSuchModelError.isInstance(unknown)).toBe(true);
  });

  it('an abort ends the upstream’s request', async () => {
    const { streamText } = await sdk(major);
    const { provider, upstream } = await start({ text: ['Hel', 'lo'], faults: [{ type: 'stall', afterBytes: 700 }] });
    const controller = new AbortController();
    const result = streamText({ model: provider(spec).languageModel('default'), prompt: 'Hi', abortSignal: controller.signal, onError: () => undefined });
    for await (const part of result.fullStream) if (part.type === 'text-delta') controller.abort();
    await upstream.requests[0]?.closed;
    expect(controller.signal.aborted).toBe(true);
  });

  it('a failure in the middle is told as an error part, after what had come', async () => {
    const { streamText } = await sdk(major);
    const { provider } = await start({ text: ['Hel', 'lo'], faults: [{ type: 'error-event', before: 2, error: { error: { message: 'out of order', type: 'server_error', code: null } } }] });
    const types: string[] = [];
    for await (const part of streamText({ model: provider(spec).languageModel('default'), prompt: 'Hi', onError: () => undefined }).fullStream) types.push(part.type);
    expect(types.indexOf('text-delta')).toBeGreaterThan(-1);
    expect(types.indexOf('error')).toBeGreaterThan(types.indexOf('text-delta'));
  });

  it('warnings reach the SDK, and a backend starts with the first question only', async () => {
    const { generateText } = await sdk(major);
    const { provider, host } = await start({ text: 'Hello.' });
    const model = provider(spec).languageModel('default');
    expect((await host.describe()).backends[0]?.state).not.toBe('ready');
    const result = await generateText({ model, prompt: 'Hi', topK: 3 });
    expect(result.warnings).toMatchObject([{ type: 'unsupported', feature: 'topK' }]);
  });
});

/** Everything a stream can hold. */
const everything: readonly ChatPart[] = [
  { type: 'stream-start', warnings: [{ type: 'unsupported', feature: 'topK' }] },
  { type: 'response-metadata', id: 'r-1', modelId: 'model-1', timestamp: new Date(1_760_000_000_000) },
  { type: 'reasoning-start', id: 'a' }, { type: 'reasoning-delta', id: 'a', delta: 'Hm.' }, { type: 'reasoning-end', id: 'a', providerMetadata: { acme: { signature: 'EqQB' } } },
  { type: 'text-start', id: 'b' }, { type: 'text-delta', id: 'b', delta: 'Hel' }, { type: 'warning', warning: { type: 'deprecated', setting: 'user', message: 'soon gone' } }, { type: 'text-delta', id: 'b', delta: 'lo' },
  { type: 'text-end', id: 'b', citations: [{ source: { type: 'source', sourceType: 'url', id: 's', url: 'https://example.com/' }, citedText: 'lo' }] },
  { type: 'source', sourceType: 'url', id: 's', url: 'https://example.com/', title: 'Example' },
  { type: 'file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } }, { type: 'file', mediaType: 'image/png', data: { type: 'url', url: 'https://example.com/a.png' } },
  { type: 'reasoning-file', mediaType: 'image/png', data: { type: 'data', data: 'AAAA' } },
  { type: 'tool-call', toolCallId: 'c-0', toolName: 'search', input: '{"q":"a"}', providerExecuted: true },
  { type: 'tool-result', toolCallId: 'c-0', toolName: 'search', output: { type: 'json', value: { hits: 1 } }, providerExecuted: true },
  { type: 'custom', kind: 'acme.note', providerMetadata: { acme: { note: 1 } } }, { type: 'unknown', part: { type: 'hologram', depth: 3 } },
  { type: 'tool-input-start', id: 'c-1', toolName: 'weather' }, { type: 'tool-input-delta', id: 'c-1', delta: '{"city":' }, { type: 'tool-input-delta', id: 'c-1', delta: '"Oslo"}' }, { type: 'tool-input-end', id: 'c-1' },
  { type: 'tool-call', toolCallId: 'c-1', toolName: 'weather', input: '{"city":"Oslo"}', providerMetadata: { acme: { index: 1 } } },
  { type: 'finish', finishReason: { unified: 'tool-calls', raw: 'tool_use' }, usage: { inputTokens: { total: 20, noCache: 17, cacheRead: 3, cacheWrite: undefined }, outputTokens: { total: 9, text: 5, reasoning: 4 }, costUsd: 0.25, raw: { input: 20 } }, providerMetadata: { acme: { tier: 'gold' } } },
];

/** A host whose only backend is another host, seen through the AI SDK. */
async function start2(plugin: Plugin, spec: 'v3' | 'v4'): Promise<{ readonly inner: Host; readonly outer: Host }> {
  const inner = await createTestHost({ backends: { acme: { plugin } } });
  const folder = await mkdtemp(path.join(tmpdir(), 'modelport-round-trip-'));
  await mkdir(path.join(folder, 'node_modules/@modelport'), { recursive: true });
  await mkdir(path.join(folder, 'node_modules/round-trip'), { recursive: true });
  await symlink(fileURLToPath(new URL('../../plugins/ai-sdk', import.meta.url)), path.join(folder, 'node_modules/@modelport/ai-sdk'));
  await writeFile(path.join(folder, 'node_modules/round-trip/package.json'), JSON.stringify({ name: 'round-trip', version: '1.0.0', type: 'module', exports: './index.js' }));
  await writeFile(path.join(folder, 'node_modules/round-trip/index.js'), 'export const createRoundTrip = () => globalThis.__roundTrip;');
  (globalThis as { __roundTrip?: unknown }).__roundTrip = inner.toAISDK({ spec });
  const outer = await createHost({ cwd: folder, environment: {}, config: { log: { level: 'error' }, backends: { again: { plugin: 'round-trip', adapter: 'ai-sdk', secrets: { apiKey: { env: 'NONE', optional: true } } } } } as never });
  onTestFinished(async () => {
    await outer.close();
    await inner.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { inner, outer };
}

const acme = (stream: () => AsyncIterable<ChatPart>): Plugin => definePlugin({ api: 1, start: () => ({ chatModel: () => ({ stream }) }) });

async function partsOf(host: Host, model: string): Promise<{ readonly parts: readonly ChatPart[]; readonly answer: object }> {
  const stream = host.models.get(model).stream('?');
  const parts: ChatPart[] = [];
  for await (const part of stream) parts.push(part);
  const { content, usage: counts, finishReason, warnings, providerMetadata, response, costUsd } = await stream.answer;
  return { parts, answer: { content, counts, finishReason, warnings, providerMetadata, response, costUsd } };
}

describe('a model handed out and taken back through the bridge', () => {
  it('gives the same parts, in order, and the same answer', async () => {
    const { inner, outer } = await start2(acme(async function* stream() { yield* everything; }), 'v4');
    const [before, after] = [await partsOf(inner, 'm@acme'), await partsOf(outer, 'm@acme@again')];
    // A late warning is told with the start, of which there may be several; an answer's headers are none here.
    const plain = (parts: readonly ChatPart[]): readonly ChatPart[] => parts.filter((part) => part.type !== 'response-metadata' || part.id !== undefined);
    expect(plain(after.parts)).toEqual(plain(before.parts));
    expect(after.answer).toEqual({ ...before.answer, response: expect.objectContaining({ id: 'r-1', modelId: 'model-1' }) });
  });

  it('gives the same answer when it is asked for whole, in v4 and in v3', async () => {
    const plain = everything.filter(({ type }) => !['custom', 'unknown', 'reasoning-file'].includes(type) && type !== 'warning').filter((part) => part.type !== 'file' || part.data.type === 'data');
    for (const spec of ['v4', 'v3'] as const) {
      const { inner, outer } = await start2(acme(async function* stream() { yield* plain; }), spec);
      const [before, after] = [await inner.models.get('m@acme').generate('?'), await outer.models.get('m@acme@again').generate('?')];
      expect([after.content, after.usage, after.finishReason, after.warnings, after.providerMetadata]).toEqual([before.content, before.usage, before.finishReason, before.warnings, before.providerMetadata]);
    }
  });

  it('keeps a refusal a refusal, and an error its code, wait and request id', async () => {
    const refusal = await start2(acme(async function* stream() { yield { type: 'text-delta', id: '0', delta: 'No.' }; yield { type: 'finish', finishReason: { unified: 'refusal', raw: 'refusal' }, usage: { inputTokens: { total: 1 }, outputTokens: { total: 1 } } }; }), 'v4');
    expect((await refusal.outer.models.get('m@acme@again').generate('?')).finishReason).toEqual({ unified: 'refusal', raw: 'refusal' });
    const failing = await start2(acme(async function* stream() { yield { type: 'ping' }; throw new CallError('QUOTA_EXCEEDED', 'The purse is empty.', { status: 429, retryAfterMs: 1500, requestId: 'req-1', retryable: false }); }), 'v4');
    await expect(failing.outer.models.get('m@acme@again').generate('?')).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED', context: { retryable: false, retryAfterMs: 1500, status: 429, requestId: 'req-1' } });
  });

  it('fails in the middle with what had come, and with the code of the failure', async () => {
    const { outer } = await start2(acme(async function* stream() { yield { type: 'text-delta', id: '0', delta: 'Hel' }; yield { type: 'usage', usage: { inputTokens: { total: 7 }, outputTokens: { total: 2 } } }; throw new CallError('OVERLOADED', 'Too busy.'); }), 'v4');
    await expect(partsOf(outer, 'm@acme@again')).rejects.toMatchObject({ code: 'OVERLOADED', context: { retryable: true, partial: { content: [{ type: 'text', text: 'Hel' }] } } });
  });
});

describe('a model handed out', () => {
  const done: ChatPart = { type: 'finish', finishReason: { unified: 'stop' }, usage: { inputTokens: { total: 1 }, outputTokens: { total: 1 } } };
  const prompt = [{ role: 'user', content: [{ type: 'text', text: '?' }] }];

  async function hostOf(backends: Readonly<Record<string, Plugin>>, models: Readonly<Record<string, string | readonly string[]>> = {}): Promise<Host> {
    const host = await createTestHost({ backends: Object.fromEntries(Object.entries(backends).map(([name, plugin]) => [name, { plugin }])), config: { models } as never });
    onTestFinished(() => host.close());
    return host;
  }

  it('rejects for what fails before the first part of the answer, even where the stream had begun', async () => {
    const host = await hostOf({ acme: acme(async function* stream() { yield { type: 'stream-start', warnings: [] }; throw new CallError('OVERLOADED', 'Too busy.'); }) });
    await expect(host.toAISDK().languageModel('m@acme').doStream({ prompt })).rejects.toMatchObject({ name: 'AI_APICallError', isRetryable: true, statusCode: 529, cause: { code: 'OVERLOADED' } });
  });

  it('rejects with the reason of the abort', async () => {
    const host = await hostOf({ acme: acme(async function* stream() { yield done; }) });
    const reason = new Error('enough');
    await expect(host.toAISDK().languageModel('m@acme').doGenerate({ prompt, abortSignal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  it('fetches the URLs that every target of its name fetches, and none where a backend cannot start', async () => {
    const fetching = (supportedUrls: Readonly<Record<string, readonly RegExp[]>>): Plugin => definePlugin({ api: 1, start: () => ({ chatModel: () => ({ supportedUrls, async *stream() { yield done; } }) }) });
    const host = await hostOf({
      both: fetching({ 'image/*': [/^https:/], 'application/pdf': [/^https:/] }), images: fetching({ 'image/*': [/^https:/] }),
      broken: definePlugin({ api: 1, start: () => { throw new Error('out of order'); } }),
    }, { mixed: ['m@both', 'm@images'] });
    const provider = host.toAISDK();
    expect(await provider.languageModel('m@both').supportedUrls).toEqual({ 'image/*': [/^https:/], 'application/pdf': [/^https:/] });
    expect(await provider.languageModel('mixed').supportedUrls).toEqual({ 'image/*': [/^https:/], 'application/pdf': [] });
    expect(await provider.languageModel('m@broken').supportedUrls).toEqual({});
  });
});

/** Embeddings and rankings: split, in order, checked, and ended by an abort like any call. */
import { CallError, definePlugin, type EmbeddingModel, type Provider, type RerankModel } from '@modelport/plugin-api';
import { ModelportError, type Host } from '@modelport/host';
import { createTestHost } from '@modelport/host/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => { vi.useRealTimers(); });

async function failure(work: Promise<unknown>): Promise<ModelportError> {
  const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
  if (!ModelportError.is(error)) throw new Error(`no ModelportError: ${String(error)}`);
  return error;
}

const hostOf = (provider: Provider): Promise<Host> => createTestHost({ backends: { acme: definePlugin({ api: 1, start: () => provider }) } });
const embedder = (model: EmbeddingModel): Promise<Host> => hostOf({ embeddingModel: () => model });
const reranker = (rerank: RerankModel['rerank']): Promise<Host> => hostOf({ rerankModel: () => ({ rerank }) });
/** A vector that tells its text: its length, and the code of its first letter. */
const vectorOf = (text: string): number[] => [text.length, text.charCodeAt(0)];

describe('embeddings', () => {
  it('of one text are one vector', async () => {
    await using host = await embedder({ embed: ({ values }) => Promise.resolve({ embeddings: values.map(vectorOf), usage: { tokens: 3 } }) });
    const answer = await host.embeddings.get('m@acme').embed('abc');
    expect(answer).toMatchObject({ embeddings: [[3, 97]], usage: { tokens: 3 }, warnings: [], backend: 'acme', model: 'm' });
    expect(answer.callId).toMatch(/^call_/);
  });

  it('are split by what the model takes and kept in order', async () => {
    const asked: (readonly string[])[] = [];
    await using host = await embedder({
      maxValuesPerCall: 2,
      embed: async ({ values }, { attempt }) => {
        asked.push(values);
        // The first groups answer last: only an orderly host keeps the order.
        await new Promise((resolve) => { setTimeout(resolve, 4 - asked.length); });
        return { embeddings: values.map(vectorOf), usage: { tokens: attempt * values.length }, warnings: [{ type: 'other', message: 'same' }] };
      },
    });
    const texts = ['a', 'bb', 'ccc', 'dddd', 'eeeee'];
    const answer = await host.embeddings.get('m@acme').embed(texts);
    expect(asked).toEqual([['a', 'bb'], ['ccc', 'dddd'], ['eeeee']]);
    expect(answer.embeddings).toEqual(texts.map(vectorOf));
    expect(answer.usage.tokens).toBe(5);
    expect(answer.warnings).toEqual([{ type: 'other', message: 'same' }]);
  });

  it('of very many texts come back whole', async () => {
    await using host = await embedder({ embed: ({ values }) => Promise.resolve({ embeddings: values.map(() => [1]) }) });
    expect((await host.embeddings.get('m@acme').embed(Array.from({ length: 200_000 }, () => 'x'))).embeddings).toHaveLength(200_000);
  });

  it('leave the tokens undefined where the vendor says nothing', async () => {
    await using host = await embedder({ embed: ({ values }) => Promise.resolve({ embeddings: values.map(vectorOf) }) });
    expect((await host.embeddings.get('m@acme').embed(['a'])).usage).toEqual({ tokens: undefined });
  });

  it('pass settings to the model and what belongs to the call alone to the call', async () => {
    const embed = vi.fn<EmbeddingModel['embed']>(({ values }) => Promise.resolve({ embeddings: values.map(vectorOf) }));
    await using host = await embedder({ embed });
    await host.embeddings.get('m@acme').embed('a', { dimensions: 2, providerOptions: { acme: { a: 1 } }, sessionId: 's', signal: new AbortController().signal });
    expect(embed.mock.calls[0]?.[0]).toEqual({ values: ['a'], dimensions: 2, providerOptions: { acme: { a: 1 } } });
    expect(embed.mock.calls[0]?.[1]).toMatchObject({ sessionId: 's', attempt: 1 });
  });

  it.each([['too few', []], ['too many', [[1], [2]]], ['no list', undefined]])('that are %s are PROTOCOL', async (_how, embeddings) => {
    await using host = await embedder({ embed: () => Promise.resolve({ embeddings } as never) });
    const error = await failure(host.embeddings.get('m@acme').embed('a'));
    expect(error.code).toBe('PROTOCOL');
    expect(error.message).toMatch(/^1 texts were sent, \d vectors came back\.$/);
    expect(error.context).toMatchObject({ backend: 'acme', model: 'm' });
  });

  it.each([['nothing', []], ['what is no text', ['a', 3]]])('of %s are refused', async (_what, values) => {
    const embed = vi.fn<EmbeddingModel['embed']>();
    await using host = await embedder({ embed });
    expect((await failure(host.embeddings.get('m@acme').embed(values as string[]))).code).toBe('REQUEST_INVALID');
    expect(embed).not.toHaveBeenCalled();
  });

  it('are NOT_PROVIDED by a backend that has none', async () => {
    await using host = await hostOf({ rerankModel: () => ({ rerank: vi.fn<RerankModel['rerank']>() }) });
    expect((await failure(host.embeddings.get('m@acme').embed('a'))).code).toBe('NOT_PROVIDED');
  });

  it('come from the next target where the first cannot serve', async () => {
    const broken = definePlugin({ api: 1, start: () => { throw new Error('no'); } });
    const good = definePlugin({ api: 1, start: () => ({ embeddingModel: () => ({ embed: ({ values }: { readonly values: readonly string[] }) => Promise.resolve({ embeddings: values.map(vectorOf) }) }) }) });
    await using host = await createTestHost({ backends: { broken, none: definePlugin({ api: 1, start: () => ({ rerankModel: () => ({ rerank: vi.fn<RerankModel['rerank']>() }) }) }), good }, models: { all: ['m@broken', 'm@none', 'm@good'] } });
    expect((await host.embeddings.get('all').embed('a')).backend).toBe('good');
  });

  it('tell what the asked target met, without asking the next', async () => {
    const refusing = definePlugin({ api: 1, start: () => ({ embeddingModel: () => ({ embed: () => Promise.reject(new CallError('AUTH_INVALID', 'refused')) }) }) });
    const embed = vi.fn<EmbeddingModel['embed']>();
    await using host = await createTestHost({ backends: { refusing, next: definePlugin({ api: 1, start: () => ({ embeddingModel: () => ({ embed }) }) }) }, models: { all: ['m@refusing', 'm@next'] } });
    expect((await failure(host.embeddings.get('all').embed('a'))).code).toBe('AUTH_INVALID');
    expect(embed).not.toHaveBeenCalled();
  });
});

describe('an embedding that is aborted', () => {
  it('beforehand asks nobody', async () => {
    const embed = vi.fn<EmbeddingModel['embed']>(({ values }) => Promise.resolve({ embeddings: values.map(vectorOf) }));
    await using host = await embedder({ embed });
    await host.embeddings.get('m@acme').embed('the backend runs');
    expect((await failure(host.embeddings.get('m@acme').embed('a', { signal: AbortSignal.abort() }))).code).toBe('ABORTED');
    expect(embed).toHaveBeenCalledOnce();
  });

  it('tells the provider and frees the lease', async () => {
    const controller = new AbortController();
    await using host = await embedder({ embed: (_request, { signal }) => new Promise((_resolve, reject) => { signal.addEventListener('abort', () => { reject(signal.reason as Error); }); setImmediate(() => { controller.abort(); }); }) });
    expect((await failure(host.embeddings.get('m@acme').embed('a', { signal: controller.signal }))).code).toBe('ABORTED');
    expect((await host.describe()).backends[0]?.leases).toBe(0);
  });

  it('does not wait for a provider that ignores it longer than 5 s', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const controller = new AbortController();
    const embed = vi.fn<EmbeddingModel['embed']>(() => new Promise(() => undefined));
    const host = await embedder({ embed });
    const ended = failure(host.embeddings.get('m@acme').embed('a', { signal: controller.signal }));
    await vi.waitFor(() => { expect(embed).toHaveBeenCalled(); });
    controller.abort();
    await vi.advanceTimersByTimeAsync(5_000);
    expect((await ended).code).toBe('ABORTED');
    expect((await host.describe()).backends[0]?.leases).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
    await host.close();
  });

  it('does not wait for a backend that starts', async () => {
    const controller = new AbortController();
    const slow = definePlugin({ api: 1, start: () => new Promise<Provider>(() => undefined) });
    const host = await createTestHost({ backends: { slow }, limits: { startMs: 60_000 } });
    const ended = failure(host.embeddings.get('m@slow').embed('a', { signal: controller.signal }));
    await vi.waitFor(async () => { expect((await host.describe()).backends[0]?.state).toBe('starting'); });
    controller.abort();
    expect((await ended).code).toBe('ABORTED');
    await host.close({ drainMs: 0 });
  });

  it('by a host that closes is HOST_CLOSED', async () => {
    const embed = vi.fn<EmbeddingModel['embed']>((_request, { signal }) => new Promise((_resolve, reject) => { signal.addEventListener('abort', () => { reject(signal.reason as Error); }); }));
    const host = await embedder({ embed });
    const ended = failure(host.embeddings.get('m@acme').embed('a'));
    await vi.waitFor(() => { expect(embed).toHaveBeenCalled(); });
    await host.close({ drainMs: 0 });
    expect((await ended).code).toBe('HOST_CLOSED');
    expect((await failure(host.embeddings.get('m@acme').embed('a'))).code).toBe('HOST_CLOSED');
  });
});

describe('a ranking', () => {
  it('gives documents by relevance, with what the vendor says', async () => {
    const rerank = vi.fn<RerankModel['rerank']>(() => Promise.resolve({ ranking: [{ index: 1, relevanceScore: 0.9 }, { index: 0, relevanceScore: 0.1 }], usage: { tokens: 4 }, warnings: [{ type: 'other', message: 'w' }] }));
    await using host = await reranker(rerank);
    const answer = await host.rerankers.get('m@acme').rerank('q', ['a', { text: 'b' }], { topN: 2 });
    expect(rerank.mock.calls[0]?.[0]).toEqual({ query: 'q', documents: ['a', { text: 'b' }], topN: 2 });
    expect(answer).toMatchObject({ ranking: [{ index: 1 }, { index: 0 }], usage: { tokens: 4 }, warnings: [{ message: 'w' }], backend: 'acme', model: 'm' });
  });

  it.each([['names a document nobody sent', [{ index: 2, relevanceScore: 1 }]], ['names one twice', [{ index: 0, relevanceScore: 1 }, { index: 0, relevanceScore: 1 }]], ['is no list', undefined]])('that %s is PROTOCOL', async (_how, ranking) => {
    await using host = await reranker(() => Promise.resolve({ ranking } as never));
    expect((await failure(host.rerankers.get('m@acme').rerank('q', ['a', 'b']))).code).toBe('PROTOCOL');
  });

  it('of no documents is refused', async () => {
    await using host = await reranker(vi.fn<RerankModel['rerank']>());
    expect((await failure(host.rerankers.get('m@acme').rerank('q', []))).code).toBe('REQUEST_INVALID');
  });
});

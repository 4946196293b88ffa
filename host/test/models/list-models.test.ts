/** What models there are: each backend is asked live, within its time, and one that fails hides no other. */
import { CallError, definePlugin, type ModelInfo, type Plugin, type Provider } from '@modelport/plugin-api';
import { ModelportError } from '@modelport/host';
import { createTestHost } from '@modelport/host/testing';
import { script } from '@modelport/scripted';
import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => { vi.useRealTimers(); });

/** A backend with a list, counting how often it is asked. */
function lister(models: readonly ModelInfo[], provider: Provider = {}): { readonly plugin: Plugin; asked: number; changed: () => void } {
  const backend = {
    asked: 0,
    changed: (): void => undefined,
    plugin: definePlugin({
      api: 1,
      start: (context) => {
        backend.changed = () => { context.changed('models'); };
        return { chatModel: () => script(['x']), listModels: async function* () { backend.asked += 1; yield* models; }, ...provider };
      },
    }),
  };
  return backend;
}

const failing = (error: unknown): Plugin => lister([], { listModels: async function* () { yield* []; throw error; } }).plugin;

describe('listing models', () => {
  it('asks every backend that can list, with the facts of the config over the vendor\'s', async () => {
    const a = lister([{ id: 'one', capabilities: { tools: true, json: true } }, { id: 'two' }]);
    await using host = await createTestHost({
      backends: { a: a.plugin, b: lister([{ id: 'three' }]).plugin },
      config: { backends: { a: { plugin: 'given-in-code', models: { one: { capabilities: { tools: false } }, own: { limits: { contextTokens: 10 } } } } } },
    });
    const listed = await host.models.list();
    expect(listed.map(({ backend, models }) => [backend, models])).toEqual([
      ['a', [{ id: 'one', capabilities: { tools: false, json: true } }, { id: 'two' }, { id: 'own', limits: { contextTokens: 10 } }]],
      ['b', [{ id: 'three' }]],
    ]);
    expect(listed.every(({ listedAt, error }) => listedAt instanceof Date && error === undefined)).toBe(true);
  });

  it('asks one backend alone where one is named', async () => {
    const b = lister([{ id: 'three' }]);
    await using host = await createTestHost({ backends: { a: lister([{ id: 'one' }]).plugin, b: b.plugin } });
    expect((await host.models.list({ backend: 'a' })).map(({ models }) => models)).toEqual([[{ id: 'one' }]]);
    expect(b.asked).toBe(0);
    await expect(host.models.list({ backend: 'aa' })).rejects.toMatchObject({ code: 'BACKEND_REMOVED' });
  });

  it('tells what failed beside what did not', async () => {
    await using host = await createTestHost({
      backends: { down: failing(new CallError('NETWORK', 'no route')), broken: definePlugin({ api: 1, start: () => { throw new Error('no'); } }), good: lister([{ id: 'one' }]).plugin },
    });
    const listed = await host.models.list();
    expect(listed.map(({ backend, models, error }) => [backend, models.length, error?.code])).toEqual([['down', 0, 'NETWORK'], ['broken', 0, 'PLUGIN_START_FAILED'], ['good', 1, undefined]]);
  });

  it('tells the models of the config for a backend without a list', async () => {
    await using host = await createTestHost({ models: { default: script(['x']) }, config: { backends: { 'injected-default': { plugin: 'given-in-code', models: { 'in-code': { capabilities: { tools: true } } } } } } });
    expect(await host.models.list()).toEqual([{ backend: 'injected-default', plugin: '(code)', models: [{ id: 'in-code', capabilities: { tools: true } }] }]);
  });

  it('gives only models known to have a capability where one is named', async () => {
    await using host = await createTestHost({ backends: { a: lister([{ id: 'yes', capabilities: { tools: true } }, { id: 'no', capabilities: { tools: false } }, { id: 'unknown' }]).plugin } });
    expect((await host.models.list({ capability: 'tools' }))[0]?.models.map(({ id }) => id)).toEqual(['yes']);
  });

  it('is known to descriptions and to the capability check afterwards', async () => {
    await using host = await createTestHost({ backends: { a: lister([{ id: 'one', name: 'One', capabilities: { tools: false } }]).plugin } });
    const handle = host.models.get('one@a');
    expect(handle.describe().capabilities).toEqual({});
    await host.models.list();
    expect(handle.describe().targets[0]?.info).toEqual({ id: 'one', name: 'One', capabilities: { tools: false } });
    await expect(handle.generate('hi', { tools: [{ type: 'function', name: 't', inputSchema: {} }] })).rejects.toMatchObject({ code: 'CAPABILITY_MISSING' });
  });
});

describe('a list at hand', () => {
  it('is given again for 5 minutes, unless a fresh one is asked for', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const a = lister([{ id: 'one' }]);
    await using host = await createTestHost({ backends: { a: a.plugin } });
    await host.models.list();
    await host.models.list();
    expect(a.asked).toBe(1);
    await host.models.list({ fresh: true });
    expect(a.asked).toBe(2);
    vi.advanceTimersByTime(300_000);
    await host.models.list();
    expect(a.asked).toBe(3);
  });

  it('ends when the plugin says that its models changed', async () => {
    const a = lister([{ id: 'one' }]);
    await using host = await createTestHost({ backends: { a: a.plugin } });
    await host.models.list();
    a.changed();
    await host.models.list();
    expect(a.asked).toBe(2);
  });

  it('ends with its generation, and models that are gone are gone', async () => {
    await using host = await createTestHost({ backends: { a: lister([{ id: 'old', capabilities: { tools: false } }]).plugin } });
    await host.models.list();
    await host.register({ backends: { a: lister([{ id: 'new' }]).plugin } }, { override: true });
    await vi.waitFor(async () => { expect((await host.describe()).backends[0]?.generation).toBe(2); });
    expect(host.models.get('old@a').describe().capabilities).toEqual({});
    expect((await host.models.list())[0]?.models).toEqual([{ id: 'new' }]);
  });

  it('loses models the vendor does not list any more', async () => {
    const models: ModelInfo[] = [{ id: 'old' }];
    await using host = await createTestHost({ backends: { a: lister(models).plugin } });
    await host.models.list();
    models.splice(0, 1, { id: 'new' });
    expect((await host.models.list({ fresh: true }))[0]?.models).toEqual([{ id: 'new' }]);
  });
});

describe('a list that does not come', () => {
  const silent = (): Plugin => lister([], { listModels: async function* (call) { yield* []; await new Promise((_resolve, reject) => { call.signal.addEventListener('abort', () => { reject(call.signal.reason as Error); }); }); } }).plugin;

  it('is TIMEOUT after its limit, beside the others', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const host = await createTestHost({ backends: { silent: silent(), good: lister([{ id: 'one' }]).plugin } });
    const listing = host.models.list({ limitMs: 1_000 });
    await vi.advanceTimersByTimeAsync(1_000);
    const [first, second] = await listing;
    expect([first?.error?.code, first?.error?.message, second?.models]).toEqual(['TIMEOUT', 'Backend "silent" did not list its models within 1000 ms.', [{ id: 'one' }]]);
    expect(vi.getTimerCount()).toBe(0);
    await host.close();
  });

  it('is ABORTED by the caller\'s signal', async () => {
    const controller = new AbortController();
    await using host = await createTestHost({ backends: { silent: silent() } });
    const listing = host.models.list({ signal: controller.signal });
    setImmediate(() => { controller.abort(); });
    const error: unknown = await listing.catch((thrown: unknown) => thrown);
    expect(ModelportError.is(error) && error.code).toBe('ABORTED');
    expect((await host.describe()).backends[0]?.leases).toBe(0);
  });

  it('is refused by a closed host', async () => {
    const host = await createTestHost();
    await host.close();
    await expect(host.models.list()).rejects.toMatchObject({ code: 'HOST_CLOSED' });
  });
});

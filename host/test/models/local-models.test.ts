/** Local models and health through the host: leases, aborts, rules of a pull, and no backend that hides the others. */
import { CallError, definePlugin, type LocalModels, type Provider, type PullProgress } from '@modelport/plugin-api';
import { expect, onTestFinished, test, vi } from 'vitest';
import { createTestHost } from '../../src/testing.ts';

function plugin(provider: Provider) {
  return definePlugin({ api: 1, start: () => provider });
}

/** A backend must offer something; what it offers is not asked for here. */
const idle: Provider = { chatModel: () => ({ async *stream() { /* says nothing */ } }) };

function localModels(more: Partial<LocalModels> = {}): LocalModels {
  const unused = (): never => { throw new Error('not asked for'); };
  return { list: unused, running: unused, show: unused, pull: unused, remove: unused, ...more };
}

async function hostWith(providers: Readonly<Record<string, Provider>>) {
  const host = await createTestHost({ backends: Object.fromEntries(Object.entries(providers).map(([name, provider]) => [name, plugin(provider)])) });
  onTestFinished(() => host.close());
  return host;
}

async function* steps(...all: readonly PullProgress[]): AsyncGenerator<PullProgress> {
  yield* all;
}

async function pulled(stream: AsyncIterable<PullProgress>): Promise<{ progress: PullProgress[]; error: unknown }> {
  const progress: PullProgress[] = [];
  try {
    for await (const step of stream) progress.push(step);
  } catch (error) {
    return { progress, error };
  }
  return { progress, error: undefined };
}

test('a backend’s models are listed, shown, loaded and removed through its handle', async () => {
  const load = vi.fn<NonNullable<LocalModels['load']>>(async () => undefined);
  const remove = vi.fn<LocalModels['remove']>(async () => undefined);
  const host = await hostWith({ box: { local: localModels({
    async *list() { yield { id: 'a' }; }, async *running() { yield { id: 'a', memoryBytes: 5 }; }, show: async (id) => ({ id, template: 't' }), load, remove,
  }) } });
  const handle = host.localModels.get('box');
  expect(await handle.list()).toEqual([{ id: 'a' }]);
  expect(await handle.running()).toEqual([{ id: 'a', memoryBytes: 5 }]);
  expect(await handle.show('a')).toEqual({ id: 'a', template: 't' });
  await handle.load('a', { keepAliveMs: 5 });
  expect(load.mock.calls[0]?.slice(0, 2)).toEqual(['a', { keepAliveMs: 5 }]);
  await handle.remove('a');
  expect(remove.mock.calls[0]?.[0]).toBe('a');
});

test('what a backend cannot do is NOT_PROVIDED, and an unknown one is BACKEND_REMOVED', async () => {
  const host = await hostWith({ box: { local: localModels() }, chat: idle });
  await expect(host.localModels.get('box').unload('a')).rejects.toMatchObject({ code: 'NOT_PROVIDED', message: expect.stringContaining('way to unload a model') });
  await expect(host.localModels.get('chat').list()).rejects.toMatchObject({ code: 'NOT_PROVIDED' });
  expect((await pulled(host.localModels.get('chat').pull('a'))).error).toMatchObject({ code: 'NOT_PROVIDED' });
  expect(() => host.localModels.get('bax')).toThrow(expect.objectContaining({ code: 'BACKEND_REMOVED' }));
});

test('a pull is told step by step, and figures never go back', async () => {
  const host = await hostWith({ box: { local: localModels({ pull: () => steps(
    { phase: 'starting' }, { phase: 'downloading', completedBytes: 5, totalBytes: 10 }, { phase: 'downloading', completedBytes: 3, totalBytes: 8 }, { phase: 'complete' }, { phase: 'downloading' },
  ) }) } });
  const { progress, error } = await pulled(host.localModels.get('box').pull('a'));
  expect(error).toBeUndefined();
  expect(progress).toEqual([
    { phase: 'starting' }, { phase: 'downloading', completedBytes: 5, totalBytes: 10 }, { phase: 'downloading', completedBytes: 5, totalBytes: 10 }, { phase: 'complete', completedBytes: 5, totalBytes: 10 },
  ]);
});

test('a pull that ends without being complete is PROTOCOL', async () => {
  const host = await hostWith({ box: { local: localModels({ pull: () => steps({ phase: 'verifying' }) }) } });
  expect(await pulled(host.localModels.get('box').pull('a'))).toMatchObject({ progress: [{ phase: 'verifying' }], error: { code: 'PROTOCOL' } });
});

test('a failed pull keeps its code, and says which backend and model', async () => {
  const host = await hostWith({ box: { local: localModels({ pull: () => { throw new CallError('MODEL_NOT_FOUND', 'nowhere'); } }) } });
  expect((await pulled(host.localModels.get('box').pull('a'))).error).toMatchObject({ code: 'MODEL_NOT_FOUND', context: { backend: 'box', model: 'a' } });
});

test('an abort cancels the pull in the plugin, and its lease is given back', async () => {
  const controller = new AbortController();
  let heard: unknown;
  const host = await hostWith({ box: { local: localModels({ async *pull(_id, _options, call) {
    yield { phase: 'downloading' };
    await new Promise((_resolve, reject) => {
      call.signal.addEventListener('abort', () => { heard = call.signal.reason; reject(heard as Error); });
      controller.abort();
    });
  } }) } });
  expect(await pulled(host.localModels.get('box').pull('a', { signal: controller.signal }))).toMatchObject({ progress: [{ phase: 'downloading' }], error: { code: 'ABORTED' } });
  expect(heard).toMatchObject({ code: 'ABORTED' });
  expect((await host.describe()).backends[0]?.leases).toBe(0);
});

test('an abort between two steps asks the plugin for no more', async () => {
  const ended = vi.fn<() => void>();
  const controller = new AbortController();
  const host = await hostWith({ box: { local: localModels({ async *pull() {
    try {
      yield { phase: 'starting' };
      yield { phase: 'complete' };
    } finally {
      ended();
    }
  } }) } });
  await expect((async () => {
    for await (const _ of host.localModels.get('box').pull('a', { signal: controller.signal })) controller.abort();
  })()).rejects.toMatchObject({ code: 'ABORTED' });
  expect(ended).toHaveBeenCalledOnce();
});

test('leaving the loop ends the pull in the plugin', async () => {
  const ended = vi.fn<() => void>();
  const host = await hostWith({ box: { local: localModels({ async *pull() {
    try {
      for (;;) yield { phase: 'downloading' } as const;
    } finally {
      ended();
    }
  } }) } });
  for await (const _ of host.localModels.get('box').pull('a')) break;
  expect(ended).toHaveBeenCalledOnce();
  expect((await host.describe()).backends[0]?.leases).toBe(0);
});

test('nothing is pulled before the first step is asked for', async () => {
  const pull = vi.fn<LocalModels['pull']>(() => steps({ phase: 'complete' }));
  const host = await hostWith({ box: { local: localModels({ pull }) } });
  const stream = host.localModels.get('box').pull('a', { force: true });
  expect(pull).not.toHaveBeenCalled();
  await pulled(stream);
  expect(pull.mock.calls[0]?.slice(0, 2)).toEqual(['a', { force: true }]);
});

test('health tells every backend: well, ill, unknown, unable to start, and silent within its limit', async () => {
  const host = await createTestHost({ backends: {
    well: plugin({ ...idle, checkHealth: async () => ({ status: 'healthy', version: '1.2' }) }),
    ill: plugin({ ...idle, checkHealth: async () => ({ status: 'unhealthy', reason: 'off', remedy: 'switch it on' }) }),
    unknown: plugin(idle),
    broken: definePlugin({ api: 1, start: () => { throw new Error('no'); } }),
    silent: plugin({ ...idle, checkHealth: (call) => new Promise((_resolve, reject) => { call.signal.addEventListener('abort', () => reject(call.signal.reason)); }) }),
  } });
  onTestFinished(() => host.close());
  const found = await host.health({ limitMs: 50 });
  expect(found.map(({ backend, health }) => [backend, health])).toEqual([
    ['well', { status: 'healthy', version: '1.2' }], ['ill', { status: 'unhealthy', reason: 'off', remedy: 'switch it on' }], ['unknown', { status: 'unknown' }],
    ['broken', { status: 'unhealthy', reason: expect.stringContaining('no'), remedy: expect.any(String) }], ['silent', { status: 'unhealthy', reason: 'It did not answer within 50 ms.' }],
  ]);
  expect((await host.health({ backends: ['well'] })).map(({ backend }) => backend)).toEqual(['well']);
});

test('an abort ends the check of all', async () => {
  const host = await hostWith({ well: { ...idle, checkHealth: async () => ({ status: 'healthy' }) } });
  await expect(host.health({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toMatchObject({ code: 'ABORTED' });
  await expect(host.health({ backends: ['absent'] })).rejects.toMatchObject({ code: 'BACKEND_REMOVED' });
});

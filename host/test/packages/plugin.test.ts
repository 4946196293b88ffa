/** A plugin's code is imported once, started within a limit, and what comes too late is closed. */
import { once } from 'node:events';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin, PluginContext, Provider, StandardSchema } from '@modelport/plugin-api';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import * as z from 'zod';
import { discoverPackage, type FoundPackage } from '../../src/flow/discover.ts';
import { forgetFailedImport, importRecord, loadPlugin, providedKinds, startPlugin, validateOptions } from '../../src/flow/plugin.ts';
import { Redactor } from '../../src/secrets/redact.ts';
import { tempFolder, writeConfig, writePackage } from './fixture-project.ts';
import { fakeContext } from './load-steps.ts';

const manifest = { api: '^1.0.0', provides: ['chat'] as const };
const unlimited = { importMs: 0, startMs: 0 };

/** A model maker that no test here calls. */
const unused = (): never => {
  throw new Error('no model is asked for');
};

/** A package with this code, found. */
async function packageWith(code: string): Promise<FoundPackage> {
  const folder = await tempFolder();
  const from = await writeConfig(folder);
  const at = await writePackage(join(folder, 'node_modules', 'acme'), { name: 'acme', version: '1.0.0' });
  await writeFile(join(at, 'index.js'), code);
  return discoverPackage({ plugin: 'acme', from });
}

function start(plugin: Partial<Plugin>, more: { readonly startMs?: number; readonly signal?: AbortSignal; readonly redactor?: Redactor; readonly provides?: readonly 'chat'[] } = {}): Promise<Provider> {
  const { startMs = 0, signal = new AbortController().signal, redactor = new Redactor(), provides = ['chat'] } = more;
  return startPlugin({ plugin: { api: 1, ...plugin } as Plugin, context: fakeContext({}), backend: 'mine', manifest: { provides }, limits: { startMs }, signal, redactor });
}

describe('the import of a package', () => {
  it('happens once for all its backends', async () => {
    const found = await packageWith('globalThis.modelportImports = (globalThis.modelportImports ?? 0) + 1; export default { api: 1, start() {} };');
    onTestFinished(() => void Reflect.deleteProperty(globalThis, 'modelportImports'));

    const [first, second] = await Promise.all([loadPlugin(found, manifest, unlimited), loadPlugin(found, manifest, unlimited)]);
    const third = await loadPlugin(found, manifest, unlimited);

    expect(second.plugin).toBe(first.plugin);
    expect([first, second, third].filter(({ importMs }) => importMs !== undefined)).toHaveLength(1);
    expect(Reflect.get(globalThis, 'modelportImports')).toBe(1);
    expect(importRecord(found)).toMatchObject({ entry: join(found.folder, 'index.js'), tookMs: expect.any(Number) });
  });

  it('that failed is told alike to every backend that asks', async () => {
    const found = await packageWith("throw new Error('first and last');");

    const first = await loadPlugin(found, manifest, unlimited).catch((error: unknown) => error);
    const second = await loadPlugin(found, manifest, unlimited).catch((error: unknown) => error);

    expect(first).toMatchObject({ code: 'PLUGIN_IMPORT_FAILED' });
    expect(second).toBe(first);
    expect(importRecord(found)?.failure).toBe(first);
  });

  it('that came late serves once it is tried again', async () => {
    const gate = Promise.withResolvers<void>();
    Reflect.set(globalThis, 'modelportGate', gate.promise);
    onTestFinished(() => void Reflect.deleteProperty(globalThis, 'modelportGate'));
    const found = await packageWith('await globalThis.modelportGate; export default { api: 1, start() {} };');

    await expect(loadPlugin(found, manifest, { importMs: 5 })).rejects.toMatchObject({ code: 'PLUGIN_IMPORT_TIMEOUT', details: { limitMs: 5 } });
    gate.resolve();
    await expect(loadPlugin(found, manifest, unlimited)).rejects.toMatchObject({ code: 'PLUGIN_IMPORT_TIMEOUT' });
    forgetFailedImport(found);

    expect((await loadPlugin(found, manifest, unlimited)).plugin.api).toBe(1);
  });

  it('is tried afresh once a package without an entry is built', async () => {
    const found = await packageWith('export default { api: 1, start() {} };');
    await rename(join(found.folder, 'index.js'), join(found.folder, 'source.js'));

    await expect(loadPlugin(found, manifest, unlimited)).rejects.toMatchObject({ code: 'PLUGIN_NOT_BUILT', details: { entry: './index.js' } });
    await rename(join(found.folder, 'source.js'), join(found.folder, 'index.js'));

    expect((await loadPlugin(found, manifest, unlimited)).plugin.api).toBe(1);
  });
});

describe('the options a plugin gets', () => {
  const place = (path: readonly (string | number)[]): object => ({ file: 'modelport.config.yaml', line: 10 + path.length });

  it('are the output of its schema, frozen all the way down', async () => {
    const plugin = { api: 1, options: z.object({ url: z.string().default('https://acme.example'), deep: z.object({ list: z.array(z.number()) }) }), start: () => ({}) } as const;

    const options = await validateOptions({ plugin, backend: 'mine', options: { deep: { list: [1] } }, place }) as { url: string; deep: { list: number[] } };

    expect(options).toEqual({ url: 'https://acme.example', deep: { list: [1] } });
    expect([options, options.deep, options.deep.list].every((part) => Object.isFrozen(part))).toBe(true);
  });

  it('are a frozen copy where the plugin has no schema', async () => {
    const written = { deep: { value: 1 } };

    const options = await validateOptions({ plugin: { api: 1, start: () => ({}) }, backend: 'mine', options: written }) as typeof written;

    expect(options).toEqual(written);
    expect(Object.isFrozen(options.deep)).toBe(true);
    expect(Object.isFrozen(written)).toBe(false);
  });

  it('that its schema would drop in silence are refused with near names', async () => {
    const plugin = { api: 1, options: z.object({ baseUrl: z.string().optional(), timeout: z.number().optional() }), start: () => ({}) } as const;

    await expect(validateOptions({ plugin, backend: 'mine', options: { basUrl: 'x', timeout: 'x' }, place })).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
      details: { problems: [{ path: 'backends.mine.options.timeout', line: 11, message: expect.stringContaining('expected number') }, { path: 'backends.mine.options.basUrl', near: ['baseUrl'] }] },
    });
  });

  it('that a strict schema refuses are told once each', async () => {
    const plugin = { api: 1, options: z.object({ inner: z.strictObject({ baseUrl: z.string().optional() }) }), start: () => ({}) } as const;

    await expect(validateOptions({ plugin, backend: 'mine', options: { inner: { basUrl: 'x' } } })).rejects.toMatchObject({
      details: { problems: [{ kind: 'unknown-key', path: 'backends.mine.options.inner.basUrl', near: ['baseUrl'] }] },
    });
  });

  it('are not waited for without end', async () => {
    const options: StandardSchema<unknown> = { '~standard': { version: 1, vendor: 'handwritten', validate: () => new Promise(() => {}) } };

    await expect(validateOptions({ plugin: { api: 1, options, start: () => ({}) }, backend: 'mine', options: {}, limits: { startMs: 5 } })).rejects.toMatchObject({
      code: 'PLUGIN_EXPORT_INVALID', message: expect.stringContaining('did not answer within 5 ms'),
    });
  });
});

describe('a start', () => {
  it('that comes after its limit is closed', async () => {
    const late = Promise.withResolvers<Provider>();
    const close = vi.fn<() => void>();

    await expect(start({ start: () => late.promise }, { startMs: 5 })).rejects.toMatchObject({ code: 'PLUGIN_START_TIMEOUT', context: { backend: 'mine' } });
    late.resolve({ chatModel: unused, close });

    await vi.waitFor(() => expect(close).toHaveBeenCalledOnce());
  });

  it('that is given up rejects with the reason, and its late provider is closed', async () => {
    const late = Promise.withResolvers<Provider>();
    const close = vi.fn<() => Promise<never>>(() => Promise.reject(new Error('no matter')));
    const controller = new AbortController();
    const reason = new Error('replaced');

    const started = start({ start: () => late.promise }, { signal: controller.signal });
    controller.abort(reason);

    await expect(started).rejects.toBe(reason);
    late.resolve({ chatModel: unused, close });
    await vi.waitFor(() => expect(close).toHaveBeenCalledOnce());
  });

  it('does not begin when it was given up before', async () => {
    const begin = vi.fn<(context: PluginContext) => Provider>(() => ({}));

    await expect(start({ start: begin }, { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow('too late');
    expect(begin).not.toHaveBeenCalled();
  });

  it('leaves no listener on the signal', async () => {
    const controller = new AbortController();
    const added = vi.spyOn(controller.signal, 'addEventListener');
    const removed = vi.spyOn(controller.signal, 'removeEventListener');

    await start({ start: () => ({ chatModel: unused }) }, { signal: controller.signal });

    expect(added).toHaveBeenCalledOnce();
    expect(removed.mock.calls[0]?.[1]).toBe(added.mock.calls[0]?.[1]);
  });

  it('whose provider does not fit closes it', async () => {
    const close = vi.fn<() => void>();

    await expect(start({ start: () => ({ embeddingModel: unused, close }) })).rejects.toMatchObject({ code: 'PROVIDER_INVALID' });
    await vi.waitFor(() => expect(close).toHaveBeenCalledOnce());
  });

  it('keeps the cause as a copy without the secret', async () => {
    const redactor = new Redactor();
    redactor.add('apiKey', 'sk-canary-0123456789');

    const failed = start({ start: () => { throw Object.assign(new TypeError('bad key sk-canary-0123456789'), { code: 'EKEY', request: { headers: { authorization: 'sk-canary-0123456789' } } }); } }, { redactor });

    await expect(failed).rejects.toMatchObject({ code: 'PLUGIN_START_FAILED', message: expect.stringContaining('TypeError: bad key [secret apiKey]'), cause: { name: 'TypeError', code: 'EKEY' } });
    await expect(failed).rejects.not.toHaveProperty('cause.request');
  });

  it('of a plugin that announced nothing may offer anything, but not nothing', async () => {
    const provider = await start({ start: () => ({ embeddingModel: unused, rerankModel: unused }) }, { provides: [] });

    expect(providedKinds(provider)).toEqual(['embedding', 'rerank']);
    await expect(start({ start: () => ({}) }, { provides: [] })).rejects.toThrow('offers nothing');
  });

  it('throws nothing unhandled when a plugin rejects after its limit', async () => {
    const late = Promise.withResolvers<Provider>();
    const unhandled = vi.fn<() => void>();
    process.on('unhandledRejection', unhandled);
    onTestFinished(() => void process.off('unhandledRejection', unhandled));

    await expect(start({ start: () => late.promise }, { startMs: 5 })).rejects.toMatchObject({ code: 'PLUGIN_START_TIMEOUT' });
    late.reject(new Error('too late'));
    const turn = new EventTarget();
    setImmediate(() => setImmediate(() => turn.dispatchEvent(new Event('over'))));
    await once(turn, 'over');

    expect(unhandled).not.toHaveBeenCalled();
  });
});

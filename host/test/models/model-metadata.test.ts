/** What is known of a model in layers: catalogue, manifest, live list and config, each field with its source. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createHost, type Host } from '@modelport/host';
import { createTestHost } from '@modelport/host/testing';
import { definePlugin, type ModelInfo } from '@modelport/plugin-api';
import { script } from '@modelport/scripted';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';
import { readCatalogue } from '../../src/models/catalogue.ts';
import { configFolder } from '../config/config-folder.ts';

const manifest = (more: object) => ({ manifest: 1, id: 'acme', api: '^1.0.0', provides: ['chat', 'models'], permissions: { net: ['api.openai.com', 'option:baseUrl'] }, ...more });

/** A host whose one plugin is a package on disk: its manifest says what is under test, its code lists `listed`. */
async function hostWith(manifestMore: object, backend: object, listed: readonly ModelInfo[] = [], files: Readonly<Record<string, string>> = {}): Promise<Host> {
  const folder = await configFolder({});
  const plugin = join(folder, 'node_modules/acme');
  await mkdir(plugin, { recursive: true });
  await writeFile(join(plugin, 'package.json'), JSON.stringify({ name: 'acme', version: '1.0.0', type: 'module', exports: './index.js', modelport: manifest(manifestMore) }));
  await writeFile(join(plugin, 'index.js'), `export default { api: 1, [Symbol.for('@modelport/plugin')]: 1, start: () => ({ chatModel: () => undefined, listModels: async function* () { yield* ${JSON.stringify(listed)}; } }) };\n`);
  for (const [name, text] of Object.entries(files)) await writeFile(join(plugin, name), text);
  const host = await createHost({ cwd: folder, environment: {}, config: { backends: { it: { plugin: 'acme', ...backend } }, log: { level: 'silent' } } });
  onTestFinished(() => host.close());
  return host;
}

const target = (host: Host, spec: string) => host.models.get(spec).describe().targets[0]!;

describe('the layers', () => {
  it('the catalogue knows the vendor by the host that is reached, whatever the plugin', async () => {
    const host = await hostWith({}, {});
    expect(target(host, 'gpt-4o@it')).toMatchObject({ info: { id: 'gpt-4o', limits: { contextTokens: 128_000 }, capabilities: { tools: true } }, sources: { 'limits.contextTokens': 'catalogue', 'capabilities.tools': 'catalogue', price: 'catalogue' } });
  });

  it('the same id at another address is another model: unknown stays unknown', async () => {
    const host = await hostWith({}, { options: { baseUrl: 'http://127.0.0.1:1/v1' } });
    expect(target(host, 'gpt-4o@it')).toMatchObject({ info: { id: 'gpt-4o' }, sources: {} });
    expect(Object.keys(target(host, 'gpt-4o@it').info)).toEqual(['id']);
    const other = await hostWith({}, { options: { baseUrl: 'https://api.mistral.ai/v1' } });
    expect(target(other, 'mistral-embed@it').info).toMatchObject({ kind: 'embedding', limits: { dimensions: 1024 } });
  });

  it.each([['in the manifest', { models: { m: { name: 'Em', limits: { contextTokens: 7 } } } }, {}], ['in a file of the package', { models: './models.json' }, { 'models.json': '{ "m": { "name": "Em", "limits": { "contextTokens": 7 } } }' }]])('a plugin brings facts %s, known before it runs', async (_, more, files) => {
    const host = await hostWith(more, {}, [], files);
    expect(target(host, 'm@it')).toMatchObject({ info: { name: 'Em', limits: { contextTokens: 7 } }, sources: { name: 'plugin', 'limits.contextTokens': 'plugin' }, state: 'idle' });
  });

  it('live lies over plugin, plugin over catalogue, and the config over all, field by field', async () => {
    const host = await hostWith(
      { models: { 'gpt-4o': { name: 'from the plugin', limits: { contextTokens: 2, outputTokens: 2 }, capabilities: { tools: false } } } },
      { models: { 'gpt-4o': { limits: { outputTokens: 4 }, capabilities: { json: false } } } },
      [{ id: 'gpt-4o', limits: { contextTokens: 3, outputTokens: 3 } }],
    );
    expect(target(host, 'gpt-4o@it')).toMatchObject({ info: { name: 'from the plugin', limits: { contextTokens: 2, outputTokens: 4 } }, sources: { 'limits.contextTokens': 'plugin', 'limits.outputTokens': 'config' } });
    await host.listModels('it');
    expect(target(host, 'gpt-4o@it')).toMatchObject({
      info: { name: 'from the plugin', kind: 'chat', limits: { contextTokens: 3, outputTokens: 4 }, capabilities: { tools: false, json: false, 'image-input': true } },
      sources: { name: 'plugin', kind: 'catalogue', 'limits.contextTokens': 'live', 'limits.outputTokens': 'config', 'capabilities.tools': 'plugin', 'capabilities.json': 'config', 'capabilities.image-input': 'catalogue', price: 'catalogue' },
    });
  });

  it('a price is one field: its figures come from one source', async () => {
    const host = await hostWith({}, { models: { 'gpt-4o': { price: { inputUsdPerMillionTokens: 1 } } } });
    expect(target(host, 'gpt-4o@it')).toMatchObject({ info: { price: { inputUsdPerMillionTokens: 1 } }, sources: { price: 'config' } });
    expect(target(host, 'gpt-4o@it').info.price).not.toHaveProperty('outputUsdPerMillionTokens');
  });

  it('a manifest whose models cannot be read says nothing, and one that is no object or path is refused', async () => {
    expect(target(await hostWith({ models: './nowhere.json' }, {}), 'm@it').sources).toEqual({});
    const host = await hostWith({ models: 7 }, {});
    expect((await host.describe()).backends[0]?.failure).toMatchObject({ code: 'MANIFEST_INVALID', message: expect.stringContaining('modelport.models') as string });
  });
});

describe('settings of one model', () => {
  it('hold where neither call nor alias says otherwise, for their own target alone', async () => {
    const one = script(['x', 'y']);
    const other = script(['x']);
    const plugin = definePlugin({ api: 1, start: () => ({ chatModel: (id) => (id === 'one' ? one : other) }) });
    await using host = await createTestHost({
      backends: { acme: plugin },
      config: {
        backends: { acme: { plugin: 'given-in-code', models: { one: { defaults: { temperature: 0.25, maxOutputTokens: 100, seed: 1 } } } } },
        models: { first: { spec: 'one@acme', maxOutputTokens: 50 }, second: 'other@acme' },
      },
    });
    await host.models.get('first').generate('Hi', { seed: 2 });
    await host.models.get('one@acme').stream('Hi').answer;
    await host.models.get('second').generate('Hi');
    const settings = [...one.requests, ...other.requests].map((request) => [request.temperature, request.maxOutputTokens, request.seed]);
    expect(settings).toEqual([[0.25, 50, 2], [0.25, 100, 1], [undefined, undefined, undefined]]);
    expect(host.models.get('first').describe().targets[0]?.info).not.toHaveProperty('defaults');
  });
});

describe('the catalogue', () => {
  const Model = z.strictObject({
    name: z.string(), kind: z.enum(['chat', 'embedding']), docs: z.url({ protocol: /^https$/ }), capabilities: z.record(z.string(), z.boolean()).optional(),
    limits: z.strictObject({ contextTokens: z.int().min(1000).optional(), outputTokens: z.int().min(1000).optional(), dimensions: z.int().optional() }).optional(),
    price: z.strictObject({
      asOf: z.iso.date(), inputUsdPerMillionTokens: z.number().gt(0), outputUsdPerMillionTokens: z.number().gt(0).optional(), cacheReadUsdPerMillionTokens: z.number().optional(),
      cacheWriteUsdPerMillionTokens: z.number().optional(), upToInputTokens: z.int().optional(),
    }).optional(),
  });

  it('says of every model who serves it, with a dated price where it knows one', () => {
    const { vendors, readOn, sources } = readCatalogue();
    const models = Object.values(vendors).flatMap((vendor) => Object.entries(vendor.models));
    expect(models.length).toBeGreaterThanOrEqual(60);
    for (const [id, model] of models) expect(() => Model.parse(model), id).not.toThrow();
    expect([readOn, sources.length]).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\d$/), 2]);
    const hosts = Object.values(vendors).flatMap((vendor) => vendor.hosts);
    expect(new Set(hosts).size).toBe(hosts.length);
  });
});

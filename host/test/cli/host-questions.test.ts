/** What the command line asks a host beyond calls: lists of models, health, option schemas, and a start with every plugin off. */
import { definePlugin } from '@modelport/plugin-api';
import { describe, expect, it } from 'vitest';
import { configJsonSchema, createHost } from '../../src/index.ts';

const lister = definePlugin({
  api: 1,
  start: () => ({
    async *listModels() { yield { id: 'one', limits: { contextTokens: 10 } }; yield { id: 'two' }; },
    chatModel: () => ({ async *stream() { yield { type: 'text-delta' as const, id: '1', delta: 'hi' }; } }),
    checkHealth: () => Promise.resolve({ status: 'healthy' as const, version: '2' }),
  }),
});
const silent = definePlugin({ api: 1, start: () => ({ chatModel: () => ({ async *stream() { yield { type: 'text-delta' as const, id: '1', delta: 'hi' }; } }) }) });
const options = { config: {}, environment: {}, overrides: { backends: { lister, silent } } } as const;

describe('a host', () => {
  it('lists the models of a backend and remembers what they can', async () => {
    await using host = await createHost(options);
    expect((await host.listModels('lister')).map(({ id }) => id)).toEqual(['one', 'two']);
    expect(host.models.get('one@lister').describe().targets[0]?.info.limits).toEqual({ contextTokens: 10 });
  });

  it('says that a backend offers no list', async () => {
    await using host = await createHost(options);
    await expect(host.listModels('silent')).rejects.toMatchObject({ code: 'NOT_PROVIDED' });
    await expect(host.listModels('lster')).rejects.toMatchObject({ code: 'BACKEND_REMOVED', details: { near: ['lister'] } });
  });

  it('tells the health of a backend, unknown where it has no check', async () => {
    await using host = await createHost(options);
    expect([await host.checkHealth('lister'), await host.checkHealth('silent')]).toEqual([{ status: 'healthy', version: '2' }, { status: 'unknown' }]);
  });

  it('with plugins: none has every backend switched off, after a reload too', async () => {
    await using host = await createHost({ ...options, plugins: 'none' });
    const states = async (): Promise<string[]> => (await host.describe()).backends.map(({ state }) => state);
    expect(await states()).toEqual(['disabled', 'disabled']);
    await host.reload();
    expect(await states()).toEqual(['disabled', 'disabled']);
  });
});

describe('the JSON Schema of a config', () => {
  it('knows the options of a backend and offers specs', () => {
    const schema = configJsonSchema({ options: { a: { type: 'object', properties: { x: { $ref: '#/$defs/x' } }, default: { $ref: '#' }, $defs: { x: { type: 'number' } } }, t: { type: 'object' } }, toolBackends: ['t'], specs: ['demo@a'] }) as { $defs: Record<string, unknown>; properties: Record<string, { properties?: Record<string, { properties: { options: unknown } }>; additionalProperties: unknown }> };
    expect(schema.properties['backends']?.properties?.['a']?.properties.options).toEqual({ $ref: '#/$defs/options-of-a' });
    expect(schema.properties['tools']?.properties?.['t']?.properties.options).toEqual({ $ref: '#/$defs/options-of-t' });
    // References go along to the new place; data that looks like one stays.
    expect(schema.$defs['options-of-a']).toEqual({ type: 'object', properties: { x: { $ref: '#/$defs/options-of-a/$defs/x' } }, default: { $ref: '#' }, $defs: { x: { type: 'number' } } });
    expect(JSON.stringify(schema.properties['models']?.additionalProperties)).toContain('"enum":["demo@a"]');
  });

  it('is the same for two calls', () => {
    configJsonSchema({ options: { a: { type: 'object' } }, specs: ['x'] });
    expect(JSON.stringify(configJsonSchema())).not.toContain('"enum":["x"]');
    expect(Object.keys((configJsonSchema() as { properties: object }).properties)).toContain('profiles');
  });
});

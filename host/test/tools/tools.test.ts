/** Tools by name: local ones, and those that backends lend under a lease; arguments checked, failures told. */
import { CallError, definePlugin, type OfferedTool, type ToolCallContext, type ToolSource } from '@modelport/plugin-api';
import { defineTool, ModelportError, type Host } from '@modelport/host';
import { createTestHost } from '@modelport/host/testing';
import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { toolContext } from '../../src/tools/tools.ts';

async function failure(work: Promise<unknown>): Promise<ModelportError> {
  const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
  if (!ModelportError.is(error)) throw new Error(`no ModelportError: ${String(error)}`);
  return error;
}

const add = defineTool({
  name: 'add', description: 'Adds two numbers.', effects: 'none',
  input: z.object({ a: z.number(), b: z.number().default(1) }),
  execute: ({ a, b }) => ({ sum: a + b }),
});
const run = (execute: () => unknown, signal?: AbortSignal): Promise<unknown> => defineTool({ name: 't', description: 'd', input: { type: 'object' }, execute }).run({}, toolContext('id', signal));

describe('a local tool', () => {
  it('is told to the model with its JSON Schema', () => {
    expect(add.definition).toEqual({
      type: 'function', name: 'add', description: 'Adds two numbers.',
      inputSchema: expect.objectContaining({ type: 'object', properties: { a: { type: 'number' }, b: { type: 'number', default: 1 } }, required: ['a'] }) as unknown,
    });
    expect(add.effects).toBe('none');
  });

  it('gets its arguments as the schema gives them out', async () => {
    expect(await add.run({ a: 2 }, toolContext('id', undefined))).toEqual({ type: 'json', value: { sum: 3 } });
  });

  it('tells the model which arguments do not fit, and does not run', async () => {
    const execute = vi.fn<() => string>();
    const tool = defineTool({ name: 'add', description: 'd', input: z.object({ a: z.number() }), execute });
    const output = await tool.run({ a: 'two' }, toolContext('id', undefined));
    expect(output).toMatchObject({ type: 'error-text', value: expect.stringMatching(/^The arguments do not fit: a: .*number/) as unknown });
    expect(execute).not.toHaveBeenCalled();
  });

  it('checks a plain JSON Schema too', async () => {
    const tool = defineTool({ name: 'add', description: 'd', input: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] }, execute: () => 'ran' });
    expect(await tool.run({ a: 1 }, toolContext('id', undefined))).toEqual({ type: 'text', value: 'ran' });
    expect(await tool.run({}, toolContext('id', undefined))).toMatchObject({ type: 'error-text' });
  });

  it.each([
    ['a text', 'hi', { type: 'text', value: 'hi' }],
    ['data', { n: 1 }, { type: 'json', value: { n: 1 } }],
    ['nothing', undefined, { type: 'json', value: null }],
    ['a function', () => 1, { type: 'json', value: null }],
    ['an output', { type: 'error-json', value: { why: 1 } }, { type: 'error-json', value: { why: 1 } }],
    ['a refusal', { type: 'execution-denied', reason: 'no' }, { type: 'execution-denied', reason: 'no' }],
    ['data that merely looks like an output', { type: 'text', value: 5 }, { type: 'json', value: { type: 'text', value: 5 } }],
  ])('may answer %s', async (_what, value, output) => {
    expect(await run(() => value)).toEqual(output);
  });

  it('tells the model what it threw, and what JSON cannot hold', async () => {
    expect(await run(() => { throw new Error('no such city'); })).toEqual({ type: 'error-text', value: 'no such city' });
    expect(await run(() => ({ big: 1n }))).toMatchObject({ type: 'error-text' });
  });

  it('rejects with the reason of an abort, and does not begin after one', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    await expect(run(() => { controller.abort(reason); throw new Error('other'); }, controller.signal)).rejects.toBe(reason);
    const late = vi.fn<() => string>();
    await expect(run(late, controller.signal)).rejects.toBe(reason);
    expect(late).not.toHaveBeenCalled();
  });

  it.each([['', 'd'], ['a b', 'd'], ['x'.repeat(65), 'd'], ['a', ''], ['a', 'x'.repeat(1025)]])('needs a name and a description within the limits (%#)', (name, description) => {
    expect(() => defineTool({ name, description, input: { type: 'object' }, execute: () => 1 })).toThrow(TypeError);
  });

  it('is registered once', async () => {
    await using host = await createTestHost();
    host.tools.register(add, 'the calculator');
    expect(() => host.tools.register(add)).toThrow(expect.objectContaining({ code: 'TOKEN_TAKEN', message: expect.stringContaining('the calculator') as unknown }) as Error);
    expect(host.tools.unregister('add')).toBe(true);
    expect(host.tools.unregister('add')).toBe(false);
    host.tools.register(add);
    expect(await host.tools.execute('add', { a: 1, b: 2 })).toEqual({ type: 'json', value: { sum: 3 } });
  });
});

const offered = (name: string): OfferedTool => ({ type: 'function', name, description: `About ${name}.`, inputSchema: { type: 'object', properties: { n: { type: 'number' } } } });

/** A backend that lends tools. */
function lender(names: readonly string[], execute: ToolSource['execute'] = ({ toolName, input }) => Promise.resolve({ type: 'json', value: { toolName, input } as never })): ReturnType<typeof definePlugin> {
  return definePlugin({ api: 1, start: () => ({ tools: { list: async function* () { yield* names.map(offered); }, execute } }) });
}

const hostOf = (plugin: ReturnType<typeof lender>, set: object = {}): Promise<Host> => createTestHost({ backends: { files: plugin }, config: { tools: { disk: { backend: 'files', ...set } } } });

describe('a lent tool', () => {
  it('is listed with its owner and run with what it was given', async () => {
    await using host = await hostOf(lender(['read', 'write']));
    expect((await host.tools.list()).map(({ name, owner, description }) => [name, owner, description])).toEqual([['read', 'disk', 'About read.'], ['write', 'disk', 'About write.']]);
    expect(await host.tools.execute('read', { n: 1 })).toEqual({ type: 'json', value: { toolName: 'read', input: { n: 1 } } });
    expect((await host.describe()).backends[0]?.leases).toBe(0);
  });

  it('is chosen by include and exclude, and named by prefix', async () => {
    await using host = await hostOf(lender(['read', 'write', 'list']), { include: ['read', 'list'], exclude: ['list'], prefix: 'disk_' });
    expect((await host.tools.list()).map(({ name, tool }) => [name, tool.definition.name])).toEqual([['disk_read', 'disk_read']]);
    expect(await host.tools.execute('disk_read', {})).toEqual({ type: 'json', value: { toolName: 'read', input: {} } });
  });

  it('does not run with arguments that do not fit', async () => {
    const execute = vi.fn<ToolSource['execute']>();
    await using host = await hostOf(lender(['read'], execute));
    expect(await host.tools.execute('read', { n: 'x' })).toMatchObject({ type: 'error-text' });
    expect(execute).not.toHaveBeenCalled();
  });

  it('holds a lease while it runs and tells an unknown name with near ones', async () => {
    let leases = -1;
    const host: Host = await hostOf(lender(['read'], async () => {
      leases = (await host.describe()).backends[0]?.leases ?? -1;
      return { type: 'text', value: 'ok' };
    }));
    await host.tools.execute('read', {});
    expect(leases).toBe(1);
    const error = await failure(host.tools.execute('raed', {}));
    expect([error.code, error.message]).toEqual(['TOOL_UNKNOWN', 'There is no tool "raed". Did you mean "read"?']);
    await host.close();
  });

  it('that throws is a typed failure of its backend', async () => {
    await using host = await hostOf(lender(['read'], () => Promise.reject(new CallError('NETWORK', 'connection lost'))));
    const error = await failure(host.tools.execute('read', {}));
    expect([error.code, error.message, error.context.backend]).toEqual(['NETWORK', 'connection lost', 'files']);
  });

  it('is told of an abort, which ends as ABORTED', async () => {
    const controller = new AbortController();
    let seen: AbortSignal | undefined;
    await using host = await hostOf(lender(['read'], (_tool, { signal }: ToolCallContext) => new Promise((_resolve, reject) => {
      seen = signal;
      signal.addEventListener('abort', () => { reject(signal.reason as Error); });
      setImmediate(() => { controller.abort(); });
    })));
    expect((await failure(host.tools.execute('read', {}, { signal: controller.signal }))).code).toBe('ABORTED');
    expect(seen?.aborted).toBe(true);
    expect((await host.describe()).backends[0]?.leases).toBe(0);
  });

  it('is aborted when the host closes', async () => {
    const execute = vi.fn<ToolSource['execute']>((_tool, { signal }) => new Promise((_resolve, reject) => { signal.addEventListener('abort', () => { reject(signal.reason as Error); }); }));
    const host = await hostOf(lender(['read'], execute));
    const ended = failure(host.tools.execute('read', {}));
    await vi.waitFor(() => { expect(execute).toHaveBeenCalled(); });
    await host.close({ drainMs: 0 });
    expect(execute.mock.calls[0]?.[1].signal.aborted).toBe(true);
    expect((await ended).code).toBe('HOST_CLOSED');
  });

  it('of a broken backend does not keep others from running', async () => {
    const broken = definePlugin({ api: 1, start: () => { throw new Error('no'); } });
    await using host = await createTestHost({ backends: { files: lender(['read']), broken }, config: { tools: { bad: { backend: 'broken' }, disk: { backend: 'files' } } } });
    host.tools.register(add);
    expect(await host.tools.execute('add', { a: 1 })).toEqual({ type: 'json', value: { sum: 2 } });
    expect(await host.tools.execute('read', {})).toMatchObject({ type: 'json' });
    expect((await failure(host.tools.execute('unheard-of', {}))).code).toBe('PLUGIN_START_FAILED');
  });

  it('of a backend that lends none is NOT_PROVIDED or absent, never a crash', async () => {
    const none = definePlugin({ api: 1, start: () => ({ chatModel: () => ({ stream: async function* () { yield* []; } }) }) });
    await using host = await hostOf(none);
    expect(await host.tools.list()).toEqual([]);
  });
});

describe('picking tools', () => {
  const two = (second: object = {}): Promise<Host> => createTestHost({ backends: { a: lender(['read', 'write']), b: lender(['read']) }, config: { tools: { disk: { backend: 'a' }, cloud: { backend: 'b', ...second } } } });

  it('takes whole sets and local tools by name', async () => {
    await using host = await two({ prefix: 'cloud_' });
    host.tools.register(add);
    expect((await host.tools.pick(['add', 'disk', 'cloud'])).map(({ definition }) => definition.name)).toEqual(['add', 'read', 'write', 'cloud_read']);
    expect(await host.tools.pick(['disk', 'disk'])).toHaveLength(2);
    expect(await host.tools.pick([])).toEqual([]);
  });

  it('refuses an unknown name with near ones', async () => {
    await using host = await two();
    expect((await failure(host.tools.pick(['dsik']))).message).toBe('There is no tool "dsik". Did you mean "disk"?');
  });

  it('refuses two tools of one name, naming both owners', async () => {
    await using host = await two();
    const error = await failure(host.tools.pick(['disk', 'cloud']));
    expect(error.code).toBe('TOKEN_TAKEN');
    expect(error.message).toContain('"tool:read" is already registered by disk; cloud cannot');
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import * as contract from '../src/index.ts';
import type { Plugin, Provider } from '../src/index.ts';

const { CallError, definePlugin, isLocalModelManager, isPlugin } = contract;

/** A second copy of the contract, as a plugin with its own node_modules brings along. */
async function secondCopy(): Promise<typeof contract> {
  vi.resetModules();
  const copy = await import('../src/index.ts');
  expect(copy.CallError).not.toBe(CallError);
  return copy;
}

describe('definePlugin', () => {
  it('returns its argument, with a brand that is not enumerable', () => {
    const plugin: Plugin = { api: 1, start: () => ({}) };
    expect(definePlugin(plugin)).toBe(plugin);
    expect((plugin as { $modelport?: unknown }).$modelport).toBe('plugin');
    expect(Object.keys(plugin)).toEqual(['api', 'start']);
    expect(definePlugin(plugin)).toBe(plugin);
  });

  it('takes a frozen plugin as it is', () => {
    const plugin = Object.freeze<Plugin>({ api: 1, start: () => ({}) });
    expect(isPlugin(definePlugin(plugin))).toBe(true);
  });
});

describe('isPlugin', () => {
  it('recognises a plugin of another copy of the contract', async () => {
    expect(isPlugin((await secondCopy()).definePlugin({ api: 1, start: () => ({}) }))).toBe(true);
  });

  it('recognises a plugin by its shape, of another major too', () => {
    expect(isPlugin({ api: 1, start: () => ({}) })).toBe(true);
    expect(isPlugin({ api: 2, start: () => ({}) })).toBe(true);
  });

  it.each([[null], [undefined], ['plugin'], [{}], [{ api: 1 }], [{ api: '1', start: () => ({}) }], [{ start: () => ({}) }], [() => ({})], [[]]])('refuses %j', (value) => {
    expect(isPlugin(value)).toBe(false);
  });
});

describe('CallError', () => {
  it('is recognised by a second copy of the contract, both ways', async () => {
    const copy = await secondCopy();
    expect(copy.CallError.is(new CallError('NETWORK', 'x'))).toBe(true);
    expect(CallError.is(new copy.CallError('NETWORK', 'x'))).toBe(true);
  });

  it.each([[null], [undefined], ['CallError'], [new Error('x')], [{ name: 'CallError', code: 'NETWORK' }]])('is not %s', (value) => {
    expect(CallError.is(value)).toBe(false);
  });

  it('carries code, message, frozen facts and the cause', () => {
    const cause = new Error('socket');
    const given = { status: 429, retryable: true, cause };
    const error = new CallError('RATE_LIMITED', 'Slow down.', given);
    expect(error).toMatchObject({ name: 'CallError', code: 'RATE_LIMITED', message: 'Slow down.', facts: given });
    expect(error.cause).toBe(cause);
    expect(Object.isFrozen(error.facts)).toBe(true);
    expect(Object.isFrozen(given)).toBe(false);
    expect(error.stack).toMatch(/^CallError: Slow down\./);
  });

  it('has no cause and no facts where none are given', () => {
    const error = new CallError('x-acme-odd', 'Odd.');
    expect('cause' in error).toBe(false);
    expect(error.facts).toEqual({});
  });
});

describe('isLocalModelManager', () => {
  it('tells a provider with local models from one without', () => {
    const local = {} as NonNullable<Provider['local']>;
    expect(isLocalModelManager({ local })).toBe(true);
    expect(isLocalModelManager({})).toBe(false);
  });
});

describe('the root entry', () => {
  const folder = new URL('../src/', import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));
  const imported = (text: string) => [...text.matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!);

  it('imports nothing but its own files', () => {
    const specifiers = files.flatMap((name) => imported(readFileSync(new URL(name, folder), 'utf8')));
    expect(files.length).toBeGreaterThan(20);
    expect(specifiers.length).toBeGreaterThan(50);
    expect(specifiers.filter((specifier) => !/^\.\/[a-z-]+\.ts$/.test(specifier))).toEqual([]);
  });

  it('is reached by every file beside it', () => {
    const index = imported(readFileSync(new URL('index.ts', folder), 'utf8'));
    expect(files.filter((name) => name !== 'index.ts' && !index.includes(`./${name}`))).toEqual([]);
  });

  it('offers exactly these values', () => {
    expect(Object.keys(contract).sort()).toEqual([
      'CALL_ERROR_BRAND', 'CAPABILITIES', 'CONTRACT_FEATURES', 'CONTRACT_MAJOR', 'CONTRACT_VERSION', 'CallError', 'PLUGIN_BRAND',
      'PROVIDED_KINDS', 'RESERVED_KINDS', 'definePlugin', 'isLocalModelManager', 'isPlugin',
    ]);
  });

  it('pins the words that hosts and plugins of other versions rely on', () => {
    expect(contract.CONTRACT_VERSION).toBe('1.0.0');
    expect(contract.CONTRACT_MAJOR).toBe(1);
    expect(contract.PLUGIN_BRAND).toBe('$modelport');
    expect(contract.CALL_ERROR_BRAND).toBe(Symbol.for('modelport.CallError'));
    expect(contract.PROVIDED_KINDS).toEqual(['chat', 'embedding', 'rerank', 'models', 'local', 'tools']);
    expect(contract.RESERVED_KINDS).toEqual(['store', 'hooks', 'secrets', 'image', 'speech', 'transcription']);
  });
});

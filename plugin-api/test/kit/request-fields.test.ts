import { describe, expect, it } from 'vitest';
import { callerHeaders, mergeFields, toBase64, toFileId, toText, Warnings, withoutCookies } from '../../src/kit/index.ts';

it('warnings are kept in their order, each once', () => {
  const warnings = new Warnings();
  warnings.unsupported('seed', 'No such field.');
  warnings.compatibility('temperature', '1 was sent.');
  warnings.unsupported('seed', 'No such field.');
  warnings.compatibility('temperature', '1 was sent.');
  warnings.unsupported('seed', 'Another reason.');
  expect(warnings.list).toEqual([
    { type: 'unsupported', feature: 'seed', details: 'No such field.' }, { type: 'compatibility', feature: 'temperature', details: '1 was sent.' },
    { type: 'unsupported', feature: 'seed', details: 'Another reason.' },
  ]);
});

describe('mergeFields', () => {
  it('merges objects by key, replaces everything else, and changes neither side', () => {
    const base = { a: 1, deep: { x: 1, list: [1, 2] }, gone: 'x' };
    const over = { deep: { y: 2, list: [3] }, gone: null };
    expect(mergeFields(base, over)).toEqual({ a: 1, deep: { x: 1, y: 2, list: [3] }, gone: null });
    expect([base, over]).toEqual([{ a: 1, deep: { x: 1, list: [1, 2] }, gone: 'x' }, { deep: { y: 2, list: [3] }, gone: null }]);
  });

  it('takes __proto__ for an ordinary key', () => {
    const merged = mergeFields({}, JSON.parse('{"__proto__":{"polluted":true}}') as Record<string, never>);
    expect(JSON.stringify(merged)).toBe('{"__proto__":{"polluted":true}}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe('headers', () => {
  it('of a caller lose those that are the plugin’s, whatever their case', () => {
    expect(callerHeaders({ Authorization: 'x', 'X-Trace': '1', HOST: 'h' }, new Set(['authorization', 'host']))).toEqual({ 'x-trace': '1' });
    expect(callerHeaders(undefined, new Set())).toEqual({});
  });

  it('of an answer lose their cookies', () => {
    expect(withoutCookies({ 'set-cookie': 'a=b', 'x-limit': '1' })).toEqual({ 'x-limit': '1' });
    expect(withoutCookies({ 'x-limit': '1' })).toEqual({ 'x-limit': '1' });
  });
});

describe('files', () => {
  const view = new Uint8Array([0, 104, 195, 169, 0]).subarray(1, 4);

  it('are base64 or text, given as bytes or as base64', () => {
    expect([toBase64(view), toBase64('aMOp')]).toEqual(['aMOp', 'aMOp']);
    expect([toText(view), toText('aMOp')]).toEqual(['hé', 'hé']);
  });

  it('by reference are found under the vendor’s own name, and refused where others keep them', () => {
    expect(toFileId({ type: 'reference', reference: { acme: 'f_1', other: 'f_2' } }, 'acme')).toBe('f_1');
    expect(() => toFileId({ type: 'reference', reference: { google: 'f', openai: 'g' } }, 'acme')).toThrow(
      expect.objectContaining({ code: 'REQUEST_INVALID', message: 'A file is given by reference, but it was uploaded to google, openai, not to "acme". Send its bytes instead.' }),
    );
  });
});

/** Which export of a package is called. */
import { describe, expect, it } from 'vitest';
import { chooseFactory } from '../src/choose-factory.ts';

const make = (): object => ({});
const other = (): object => ({ other: true });

describe('the factory of a package', () => {
  it('is its only create function, whatever its name', () => {
    expect(chooseFactory({ VERSION: '1', createAcme: make, webSearch: other }, 'some-package')).toBe(make);
  });

  it('is the one whose stem is the longest contained in the name of the package', () => {
    expect(chooseFactory({ createAI: other, createAISearch: other, createGatewayProvider: other, createWorkersAI: make }, 'workers-ai-provider')).toBe(make);
    expect(chooseFactory({ createGoogle: make, createGoogleGenerativeAI: other }, '@ai-sdk/google')).toBe(make);
  });

  it('is the one beside which stands an instance of its name, where the package is called otherwise', () => {
    expect(chooseFactory({ createAcme: make, createResumableStream: other, acme: make }, '@vendor/sdk')).toBe(make);
  });

  it('is not a word that only begins with create', () => {
    expect(chooseFactory({ created: other, creator: other, createAcme: make }, 'x')).toBe(make);
  });

  it('is the export the config names, and a class is made with new', () => {
    class Acme { readonly isAcme = true; }
    expect(chooseFactory({ createAcme: make, createOther: other }, 'acme', 'createOther')).toBe(other);
    expect(chooseFactory({ Acme, createAcme: make }, 'acme', 'Acme')({})).toEqual({ isAcme: true });
  });

  it('is found in what CommonJS exports', () => {
    expect(chooseFactory({ default: { createAcme: make } }, 'acme')).toBe(make);
    expect(chooseFactory({ default: { __esModule: true, default: make } }, 'acme')).toBe(make);
  });

  it('is a default export where there is no create function', () => {
    expect(chooseFactory({ default: make, VERSION: '1' }, 'acme')).toBe(make);
  });

  it('is asked for by name where none stands out, with the candidates listed', () => {
    expect(() => chooseFactory({ createA: make, createB: other }, '@vendor/sdk')).toThrow('createA, createB');
    expect(() => chooseFactory({ VERSION: '1' }, 'acme')).toThrow('exports VERSION');
    expect(() => chooseFactory({ createA: make }, 'acme', 'createB')).toThrow('exports createA');
  });

  it('is never a ready provider, which would look for a key by itself', () => {
    expect(() => chooseFactory({ acme: Object.assign(make, { languageModel: make }) }, 'acme', 'acme')).toThrow('ready provider');
  });
});

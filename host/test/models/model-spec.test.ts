import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelportError } from '../../src/errors/modelport-error.ts';
import { formatModelSpec, parseModelSpec, type SpecNames } from '../../src/models/model-spec.ts';

const names: SpecNames = { aliases: ['default', 'fast'], backends: ['be', 'be2'], known: ['be', 'be2', 'emb', 'off'] };
const one: SpecNames = { aliases: ['default'], backends: ['be'], known: ['be', 'emb'] };

/** What a text is read as, printed: the model id or alias, or the code of the refusal. */
function outcome(text: string): string {
  try {
    const parsed = parseModelSpec(text, names);
    return (parsed.alias ?? parsed.model).trim();
  } catch (error) {
    return ModelportError.is(error) ? error.code : String(error);
  }
}

/** The code and near names of what parsing throws. */
function refusal(text: string, against: SpecNames = names): unknown {
  try {
    parseModelSpec(text, against);
  } catch (error) {
    if (ModelportError.is(error)) return [error.code, (error.details as { near?: string[] }).near];
    throw error;
  }
  return 'no error';
}

describe('reading a model spec', () => {
  it.each([
    ['fast', { alias: 'fast' }],
    ['  fast\n', { alias: 'fast' }],
    ['a@b@be', { backend: 'be', model: 'a@b', name: 'a@b' }],
    ['claude@20240620@be', { backend: 'be', model: 'claude@20240620', name: 'claude@20240620' }],
    ['hf:org/repo:Q4@emb', { backend: 'emb', model: 'hf:org/repo:Q4', name: 'hf:org/repo', tag: 'Q4' }],
    ['hf:org/repo@emb', { backend: 'emb', model: 'hf:org/repo', name: 'hf:org/repo' }],
    ['/models/x.gguf@emb', { backend: 'emb', model: '/models/x.gguf', name: '/models/x.gguf' }],
    ['http://h/x@be', { backend: 'be', model: 'http://h/x', name: 'http://h/x' }],
    ['http://h:80/x:1@be', { backend: 'be', model: 'http://h:80/x:1', name: 'http://h:80/x', tag: '1' }],
    ['be/m@be2', { backend: 'be2', model: 'be/m', name: 'be/m' }],
    ['be/org/m:7b', { backend: 'be', model: 'org/m:7b', name: 'org/m', tag: '7b' }],
    ['be/m@1', { backend: 'be', model: 'm@1', name: 'm@1' }],
    ['llama3.1:8b@be', { backend: 'be', model: 'llama3.1:8b', name: 'llama3.1', tag: '8b' }],
    ['m@off', { backend: 'off', model: 'm', name: 'm' }],
  ])('%j', (text, parsed) => {
    expect(parseModelSpec(text, names)).toEqual(parsed);
  });

  it('with exactly one enabled chat backend, the whole text is its model id', () => {
    expect(parseModelSpec('claude@20240620', one)).toMatchObject({ backend: 'be', model: 'claude@20240620' });
    expect(parseModelSpec('org/m:7b', one)).toMatchObject({ backend: 'be', model: 'org/m:7b' });
    expect(parseModelSpec('m@BE', one)).toMatchObject({ backend: 'be', model: 'm@BE' });
    expect(parseModelSpec('/models/x.gguf', one)).toMatchObject({ backend: 'be', model: '/models/x.gguf' });
  });

  it.each(['', '   ', 'be/', '@be', ' @be', 'm@', '@nothing', 'be/  '])('%j has an empty part', (text) => {
    expect(refusal(text)).toEqual(['SPEC_INVALID', undefined]);
    expect(refusal(text, one)).toEqual(['SPEC_INVALID', undefined]);
  });

  it.each([
    ['m@BE', ['m@be', 'm@be2']],
    ['fsat', ['fast']],
    ['Fast', ['fast']],
    ['bee/m', ['m@be', 'm@be2']],
    ['claude@20240620', []],
  ])('%j is unknown, with near names', (text, near) => {
    const [code, offered] = refusal(text) as [string, string[]];
    expect(code).toBe('SPEC_UNKNOWN');
    expect(offered.slice(0, 2)).toEqual(near);
  });

  it('known model ids are offered too', () => {
    expect(refusal('gpt-5-mni', { ...names, knownIds: ['gpt-5-mini', 'other'] })).toEqual(['SPEC_UNKNOWN', ['gpt-5-mini']]);
  });

  it('what is printed reads back as the same, whatever the id holds', () => {
    const id = fc.string({ unit: fc.constantFrom('a', 'B', '7', '@', '/', ':', '.', '-', ' ', 'be', 'é'), minLength: 1 }).filter((text) => text.trim() !== '' && text === text.trimStart());
    fc.assert(fc.property(id, fc.constantFrom('be', 'be2', 'emb'), (model, backend) => {
      const parsed = parseModelSpec(formatModelSpec({ model, backend }), names);
      expect(parsed).toMatchObject({ model, backend });
      expect(parseModelSpec(formatModelSpec(parsed), names)).toEqual(parsed);
      expect(parsed.alias ?? parsed.name + (parsed.tag === undefined ? '' : `:${parsed.tag}`)).toBe(model);
    }));
    expect(formatModelSpec(parseModelSpec(' fast ', names))).toBe('fast');
  });

  it('any text is read or refused with a code, and what is read has no empty part', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', '@', '/', ':', ' ', 'be', 'fast') }), (text) => {
      expect(outcome(text)).toMatch(/^(\S.*|SPEC_INVALID|SPEC_UNKNOWN)$/);
    }));
  });
});

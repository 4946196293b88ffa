import { describe, expect, it } from 'vitest';
import { fingerprint, ToolNames, toWireId } from '../../src/kit/index.ts';

describe('ToolNames', () => {
  it('leaves legal names alone and finds a replaced one again', () => {
    const names = new ToolNames();
    expect(names.wire('get_weather-2')).toBe('get_weather-2');
    for (const name of ['wetter/heute', 'größe', 'x'.repeat(65), '']) {
      const wire = names.wire(name);
      expect(wire).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
      expect(wire).toBe(new ToolNames().wire(name));
      expect(names.original(wire)).toBe(name);
    }
  });

  it('keeps a legal name apart from the replacement of another', () => {
    const taken = new ToolNames().wire('a.b');
    const names = new ToolNames();
    names.wire('a.b');
    const other = names.wire(taken);
    expect(other).not.toBe(taken);
    expect([names.original(taken), names.original(other)]).toEqual(['a.b', taken]);
  });

  it('takes the vendor’s own names, and gives back a name it never heard of', () => {
    const names = new ToolNames();
    names.fix('search', 'web_search');
    names.answersAs('web_search_v2', 'search');
    expect([names.wire('search'), names.original('web_search'), names.original('web_search_v2'), names.original('else')]).toEqual(['web_search', 'search', 'search', 'else']);
    expect(names.free('web_search')).toBe('web_search_');
    expect(names.free('an answer')).toMatch(/^an_answer_[a-z0-9]+$/);
  });
});

describe('toWireId', () => {
  it('replaces what is not legal or too long, the same each time', () => {
    expect(toWireId('call_1')).toBe('call_1');
    for (const id of ['call:1', 'call.1', 'x'.repeat(65), '']) {
      expect(toWireId(id)).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
      expect(toWireId(id)).toBe(toWireId(id));
    }
    expect(toWireId('call:1')).not.toBe(toWireId('call.1'));
    expect(toWireId('x'.repeat(65), 128)).toBe('x'.repeat(65));
  });
});

it('a fingerprint is short, and another for another text', () => {
  const texts = Array.from({ length: 2000 }, (_, index) => `tool ${index}`);
  const prints = new Set(texts.map(fingerprint));
  expect(prints.size).toBe(texts.length);
  expect([...prints].every((print) => /^[a-z0-9]{1,12}$/.test(print))).toBe(true);
});

import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/kit/index.ts';

describe('parseJson', () => {
  it('gives the value', () => {
    expect(parseJson('{"a":[1]}')).toEqual({ a: [1] });
  });

  it('tells of text that is not JSON without showing it', () => {
    const parse = () => parseJson('{"secret":"abc');
    expect(parse).toThrow(expect.objectContaining({ code: 'PROTOCOL', message: 'The vendor sent 14 characters that are not JSON.' }));
    // The engine's own error quotes what it could not parse.
    expect(parse).toThrow(expect.not.objectContaining({ cause: expect.anything() }));
  });
});

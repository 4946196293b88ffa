import { describe, expect, test } from 'vitest';

import { evaluate, MAX_EXPRESSION_LENGTH } from '../src/evaluate.ts';
import { formatNumber } from '../src/format-number.ts';

describe('arithmetic', () => {
  test.each([
    ['6 * 7', 42],
    ['2 + 3 * 4', 14],
    ['(2 + 3) * 4', 20],
    ['((((7))))', 7],
    ['10 / 4', 2.5],
    ['17 % 5', 2],
    ['2 ^ 10', 1024],
    ['2 ** 3 ** 2', 512],
    ['2 ^ -1', 0.5],
    ['-5 + 3', -2],
    ['4 * -2', -8],
    ['2 - -3', 5],
    ['.5 + 1.25', 1.75],
    ['1.5e3 + 1', 1501],
    ['6 × 7 ÷ 2 − 1', 20],
    ['sqrt(16) + abs(-3)', 7],
    ['round(2.567, 2)', 2.57],
    ['min(3, 1, 2) * max(4, 5)', 5],
    ['SQRT(9)', 3],
    ['floor(2.9) + ceil(2.1)', 5],
    ['2 * pi', 2 * Math.PI],
    ['0 * -1', 0],
  ])('%s is evaluated', (expression, value) => {
    expect(evaluate(expression)).toEqual({ value });
  });

  test('a power binds tighter than a sign, and a group keeps its sign', () => {
    expect([evaluate('-2 ^ 2'), evaluate('(-2) ^ 2'), evaluate('3 - -2 ^ 2'), evaluate('6 / -3'), evaluate('--2 ^ 2')])
      .toEqual([{ value: -4 }, { value: 4 }, { value: 7 }, { value: -2 }, { value: 4 }]);
  });

  test('an expression as deep as its length allows is evaluated', () => {
    const depth = (MAX_EXPRESSION_LENGTH - 1) / 2 | 0;
    expect(evaluate(`${'('.repeat(depth)}1${')'.repeat(depth)}`)).toEqual({ value: 1 });
  });
});

describe('what is wrong is named', () => {
  test.each([
    ['foo + 1', /'foo' is not a number or a known function/],
    ['cos(1)', /'cos' is not a number or a known function/],
    ['constructor', /'constructor' is not a number/],
    ['true + 1', /'true' is not a number/],
    ['this', /only numbers/],
    ['sqrt', /sqrt needs its number in parentheses/],
    ['1 / 0', /division by zero: 1 \/ 0/],
    ['5 % (3 - 3)', /division by zero: 5 % 0/],
    ['0 ^ -1', /division by zero: 0 \^ -1/],
    ['sqrt(-1)', /sqrt\(-1\) is not a real number/],
    ['(-8) ^ 0.5', /is not a real number/],
    ['10 ^ 400', /10 \^ 400 is too large/],
    ['', /empty/],
    ['   ', /empty/],
    ['2 +', /not a complete expression/],
    ['(2 + 3', /not a complete expression/],
    ['2 3', /operator is missing/],
    ['2 (3)', /operator is missing/],
    ['(2)(3)', /operator is missing/],
    ['1,000 + 1', /without commas|only between the numbers/],
    ['(1, 2)', /comma/],
    ['()', /parentheses is empty/],
    ['sqrt(1, 2)', /sqrt takes 1 numbers, not 2/],
    ['round(1, 0.5)', /whole number of decimals/],
    ['"a" + 1', /'"' is not part of arithmetic/],
    ['[1][0]', /'\[' is not part of arithmetic/],
    ['a.b', /point may stand only inside a number/],
    ['process.exit(1)', /operator is missing before a parenthesis|point may stand/],
    ['1 == 1', /'=' is not part of arithmetic/],
    ['1 + 1;', /';' is not part of arithmetic/],
    ['1'.repeat(MAX_EXPRESSION_LENGTH + 1), /1001 characters; 1000 is the limit/],
  ])('%s', (expression, problem) => {
    expect(evaluate(expression)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

describe('numbers are written for people', () => {
  test.each([
    [0.1 + 0.2, '0.3'],
    [42, '42'],
    [2 ** 53 - 1, '9007199254740991'],
    [2 ** 64, '18446744073709600000'],
    [1 / 3, '0.333333333333333'],
  ])('%d', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });
});

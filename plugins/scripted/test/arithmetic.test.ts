import { expect, test } from 'vitest';

import { expressionsIn } from '../src/arithmetic.ts';

test.each([
  ['What is 6 * 7?', '6 * 7'],
  ['6*7', '6 * 7'],
  ['what is 6x7', '6 * 7'],
  ['6 × 7 ÷ 2 please', '6 * 7 / 2'],
  ['What is 12 * (3 + 4)?', '12 * (3 + 4)'],
  ['How much is 12.5 plus .5 minus 3?', '12.5 + .5 - 3'],
  ['Compute 5 times 4 divided by 10 over 2.', '5 * 4 / 10 / 2'],
  ['What is -5 + 3?', '-5 + 3'],
  ['What is minus 5 times negative 2?', '-5 * -2'],
  ['12 squared', '12 ^ 2'],
  ['3 cubed plus 2²', '(3 ^ 3) + (2 ^ 2)'],
  ['2 to the power of 10', '2 ^ 10'],
  ['2 raised to the power 8', '2 ^ 8'],
  ['2**8', '2 ^ 8'],
  ['What is 15% of 80?', '15 / 100 * 80'],
  ['15 percent of 80', '15 / 100 * 80'],
  ['17 mod 5', '17 % 5'],
  ['17 % 5', '17 % 5'],
  ['the square root of 16', '16 ^ 0.5'],
  ['√(9 + 16) * 2', '((9 + 16) ^ 0.5) * 2'],
  ['What is 1,234,567 + 1?', '1234567 + 1'],
  ['1.5e3 / 3', '1.5e3 / 3'],
  ['What is six times seven?', '6 * 7'],
  ['Twenty-one plus two hundred and five thousand', '21 + 205000'],
  ['the sum of 3 and 4', '3 + 4'],
  ['Multiply 3 by 4 plus 1', '3 * (4 + 1)'],
  ['divide 10 by 4', '10 / 4'],
  ['subtract 3 from 10', '10 - 3'],
  ['the difference between 10 and 4', '10 - 4'],
  ['2 times the sum of 3 and 4', '2 * (3 + 4)'],
  ['2 * sum of 3 and 4', '2 * (3 + 4)'],
  ['Is 6 * 7 = 42?', '6 * 7'],
  ['2 + 2 - what?', '2 + 2'],
  ['(2 + 3', '2 + 3'],
  ['negative 3 squared', '-(3 ^ 2)'],
])('%s', (text, expression) => {
  expect(expressionsIn(text)).toEqual([expression]);
});

test.each([
  'Hello, who are you?',
  'I have 3 apples.',
  'Meet me on 2026-11-21 at 10:30.',
  'Use gpt-5-mini or version 1.2.3 of it.',
  'The 3rd of 5',
  '-5',
  'one and two',
  'x - 3',
  '',
])('%s holds no arithmetic', (text) => {
  expect(expressionsIn(text)).toEqual([]);
});

test('several expressions are found in order, each once', () => {
  expect(expressionsIn('What is 2 + 2, and 3 * 3, and again 2 + 2?')).toEqual(['2 + 2', '3 * 3']);
});

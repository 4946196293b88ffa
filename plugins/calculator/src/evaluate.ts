/** Arithmetic in, one number out: parsed by jsep, evaluated over numbers and a closed list of functions, never run as code. */
import jsep from 'jsep';

/** Longest expression that is read, in characters; a longer one is refused before it is parsed. */
export const MAX_EXPRESSION_LENGTH = 1000;

/** What an expression came to: a finite number, or one sentence on what was wrong with it. */
export type Evaluation = { readonly value: number } | { readonly problem: string };

/** A mistake in the expression; it never leaves this file, `evaluate` turns it into a sentence. */
class ArithmeticProblem extends Error {
  readonly isArithmeticProblem = true;
}

// Every parenthesis that is no function call is written as a call of this name before parsing. jsep drops parentheses and
// binds a sign tighter than a power; kept groups let `-2 ^ 2` be -4 and `(-2) ^ 2` be 4, as in mathematics. `$` cannot be typed.
const GROUP = '$group';

const constants: ReadonlyMap<string, number> = new Map([['pi', Math.PI], ['e', Math.E]]);

interface NamedFunction {
  readonly least: number;
  readonly most: number;
  readonly apply: (...values: number[]) => number;
}

const functions: ReadonlyMap<string, NamedFunction> = new Map([
  ['sqrt', { least: 1, most: 1, apply: Math.sqrt }],
  ['abs', { least: 1, most: 1, apply: Math.abs }],
  ['floor', { least: 1, most: 1, apply: Math.floor }],
  ['ceil', { least: 1, most: 1, apply: Math.ceil }],
  ['round', { least: 1, most: 2, apply: roundTo }],
  ['min', { least: 1, most: 100, apply: Math.min }],
  ['max', { least: 1, most: 100, apply: Math.max }],
]);

/** The names an expression may use, for messages and the tool's description. */
export const KNOWN_FUNCTIONS: readonly string[] = [...functions.keys()];

/** Rounds to whole numbers, or to the given count of decimals. */
function roundTo(value: number, decimals = 0): number {
  if (!Number.isInteger(decimals) || Math.abs(decimals) > 15) {
    throw new ArithmeticProblem(`round takes a whole number of decimals up to 15, not ${decimals}`);
  }
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}

/**
 * Evaluates one expression: numbers, `+ - * / %`, `^` or `**`, parentheses, signs, the functions of `KNOWN_FUNCTIONS`, `pi` and `e`.
 * `%` is the remainder. A power binds tighter than a sign, and to the right. Never throws: what is wrong comes back as `problem`.
 */
export function evaluate(expression: string): Evaluation {
  try {
    const value = valueOf(parse(expression));
    // A sign on zero says nothing in arithmetic, and "-0" would puzzle whoever reads the answer.
    return { value: value === 0 ? 0 : value };
  } catch (error) {
    if (isArithmeticProblem(error)) return { problem: error.message };
    throw error;
  }
}

function isArithmeticProblem(error: unknown): error is ArithmeticProblem {
  return typeof error === 'object' && error !== null && 'isArithmeticProblem' in error;
}

function parse(expression: string): jsep.Expression {
  if (expression.length > MAX_EXPRESSION_LENGTH) {
    throw new ArithmeticProblem(`the expression has ${expression.length} characters; ${MAX_EXPRESSION_LENGTH} is the limit`);
  }
  const text = expression.replaceAll('×', '*').replaceAll('÷', '/').replaceAll('−', '-').trim();
  if (text === '') throw new ArithmeticProblem('the expression is empty');
  const foreign = /[^\d\s.+\-*/%^(),\w]/u.exec(text)?.[0];
  if (foreign !== undefined) throw new ArithmeticProblem(`'${foreign}' is not part of arithmetic`);

  const grouped = text
    .replaceAll('^', '**')
    .replaceAll(/(?<![A-Za-z_]\w*\s*)\(/gu, ` ${GROUP}(`);
  try {
    return jsep(grouped);
  } catch {
    // jsep's own message counts characters of the rewritten text, so it would point at the wrong place.
    throw new ArithmeticProblem(`'${text}' is not a complete expression: look for a missing number, operator or parenthesis`);
  }
}

function valueOf(expression: jsep.Expression): number {
  const node = expression as jsep.CoreExpression;
  switch (node.type) {
    case 'Literal':
      return literal(node);
    case 'Identifier':
      return constant(node.name);
    case 'UnaryExpression':
      return sign(node.operator, valueOf(node.argument));
    case 'BinaryExpression':
      return binary(node);
    case 'CallExpression':
      return callOf(node);
    case 'MemberExpression':
      throw new ArithmeticProblem('a point may stand only inside a number');
    case 'Compound':
    case 'SequenceExpression':
      throw new ArithmeticProblem('an operator is missing between two numbers; write large numbers without commas');
    default:
      throw new ArithmeticProblem('only numbers, operators, parentheses and functions can be evaluated');
  }
}

function literal(node: jsep.Literal): number {
  if (typeof node.value === 'number') return finite(node.value, node.raw);
  throw new ArithmeticProblem(notKnown(node.raw));
}

function constant(name: string): number {
  const value = constants.get(name.toLowerCase());
  if (value !== undefined) return value;
  if (functions.has(name.toLowerCase())) throw new ArithmeticProblem(`${name} needs its number in parentheses, as in ${name}(2)`);
  throw new ArithmeticProblem(notKnown(name));
}

function notKnown(name: string): string {
  return `'${name}' is not a number or a known function (${KNOWN_FUNCTIONS.join(', ')})`;
}

function sign(operator: string, value: number): number {
  if (operator === '-') return -value;
  if (operator === '+') return value;
  throw new ArithmeticProblem(`'${operator}' is not an operator of arithmetic`);
}

function binary(node: jsep.BinaryExpression): number {
  const left = node.left as jsep.CoreExpression;
  if (node.operator === '**' && left.type === 'UnaryExpression') {
    return sign(left.operator, binary({ ...node, left: left.argument }));
  }
  return combine(node.operator, valueOf(left), valueOf(node.right));
}

function combine(operator: string, left: number, right: number): number {
  const written = `${left} ${operator === '**' ? '^' : operator} ${right}`;
  if ((operator === '/' || operator === '%') && right === 0) throw new ArithmeticProblem(`division by zero: ${written}`);
  switch (operator) {
    case '+': return finite(left + right, written);
    case '-': return finite(left - right, written);
    case '*': return finite(left * right, written);
    case '/': return finite(left / right, written);
    case '%': return finite(left % right, written);
    case '**': return power(left, right, written);
    default: throw new ArithmeticProblem(`'${operator}' is not an operator of arithmetic`);
  }
}

function power(base: number, exponent: number, written: string): number {
  if (base === 0 && exponent < 0) throw new ArithmeticProblem(`division by zero: ${written}`);
  return finite(base ** exponent, written);
}

function callOf(node: jsep.CallExpression): number {
  const callee = node.callee as jsep.CoreExpression;
  const name = callee.type === 'Identifier' ? callee.name : undefined;
  if (name === GROUP) return group(node.arguments);
  if (name === undefined) throw new ArithmeticProblem('an operator is missing before a parenthesis');
  const known = functions.get(name.toLowerCase());
  if (known === undefined) throw new ArithmeticProblem(notKnown(name));
  const values = node.arguments.map(valueOf);
  if (values.length < known.least || values.length > known.most) {
    throw new ArithmeticProblem(`${name} takes ${known.least === known.most ? known.least : `${known.least} to ${known.most}`} numbers, not ${values.length}`);
  }
  return finite(known.apply(...values), `${name}(${values.join(', ')})`);
}

function group(contents: readonly jsep.Expression[]): number {
  const [only, ...more] = contents;
  if (only === undefined) throw new ArithmeticProblem('a pair of parentheses is empty');
  if (more.length > 0) throw new ArithmeticProblem('a comma may stand only between the numbers of a function');
  return valueOf(only);
}

function finite(value: number, written: string): number {
  if (Number.isNaN(value)) throw new ArithmeticProblem(`${written} is not a real number`);
  if (!Number.isFinite(value)) throw new ArithmeticProblem(`${written} is too large to compute`);
  return value;
}

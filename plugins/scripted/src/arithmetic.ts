/** Finds the arithmetic in a sentence and writes it as expressions: `What is six times 7?` holds `6 * 7`. */
import { tokensOf } from './arithmetic-tokens.ts';
import type { Token } from './arithmetic-tokens.ts';

/** A piece of an expression that was read. */
interface Piece {
  readonly text: string;
  /** Operations in it; a piece without any is a bare number, which asks nothing. */
  readonly operations: number;
  /** Must stand in parentheses beside other pieces. */
  readonly isLoose: boolean;
  /** Index of the token after it. */
  readonly next: number;
}

/**
 * The expressions in a text, in order, each once. Signs (`+ - * / ^ % × ÷ x ² √`), words (`plus`, `minus`, `times`, `divided by`, `squared`,
 * `to the power of`, `percent of`, `square root of`, `the sum of ... and ...`, `subtract ... from ...`), parentheses, decimals, thousands
 * separators and numbers in English words are read. Written with `+ - * / ^ %` and parentheses alone.
 */
export function expressionsIn(text: string): readonly string[] {
  const tokens = tokensOf(text);
  const found = new Set<string>();
  let index = 0;
  while (index < tokens.length) {
    const piece = readExpression(tokens, index);
    if (piece !== undefined && piece.operations > 0) {
      found.add(piece.text);
      index = piece.next;
    } else {
      index += 1;
    }
  }
  return [...found];
}

function readExpression(tokens: readonly Token[], start: number): Piece | undefined {
  const first = readSigned(tokens, start);
  if (first === undefined) return undefined;
  let sum = first;
  for (;;) {
    const token = tokens[sum.next];
    if (token?.kind !== 'operator') return sum;
    const operand = readSigned(tokens, sum.next + 1);
    if (operand === undefined) return sum;
    sum = {
      text: `${beside(sum, sum === first)} ${token.text} ${beside(operand, true)}`,
      operations: sum.operations + operand.operations + 1,
      isLoose: true,
      next: operand.next,
    };
  }
}

/** The text of a piece as it stands beside an operator. */
function beside(piece: Piece, isOperand: boolean): string {
  return isOperand && piece.isLoose ? `(${piece.text})` : piece.text;
}

function readSigned(tokens: readonly Token[], start: number): Piece | undefined {
  const token = tokens[start];
  if (token?.kind === 'negative' || (token?.kind === 'operator' && token.text === '-')) {
    const operand = readSigned(tokens, start + 1);
    return operand === undefined ? undefined : { ...operand, text: `-${beside(operand, true)}`, isLoose: false };
  }
  if (token?.kind === 'operator' && token.text === '+') return readSigned(tokens, start + 1);
  return readPostfixed(tokens, start);
}

function readPostfixed(tokens: readonly Token[], start: number): Piece | undefined {
  let piece = readAtom(tokens, start);
  for (;;) {
    const token = piece === undefined ? undefined : tokens[piece.next];
    if (piece === undefined || token?.kind !== 'postfix') return piece;
    piece = { text: `${beside(piece, true)} ${token.text}`, operations: piece.operations + 1, isLoose: true, next: piece.next + 1 };
  }
}

function readAtom(tokens: readonly Token[], start: number): Piece | undefined {
  const token = tokens[start];
  switch (token?.kind) {
    case 'number':
      return { text: token.text, operations: 0, isLoose: false, next: start + 1 };
    case 'open': {
      const inner = readExpression(tokens, start + 1);
      if (inner === undefined || tokens[inner.next]?.kind !== 'close') return undefined;
      return { ...inner, text: `(${inner.text})`, isLoose: false, next: inner.next + 1 };
    }
    case 'root': {
      const inner = readAtom(tokens, start + 1);
      return inner && { text: `${beside(inner, true)} ^ 0.5`, operations: inner.operations + 1, isLoose: true, next: inner.next };
    }
    case 'verb':
      return readVerb(tokens, start, token);
    default:
      return undefined;
  }
}

function readVerb(tokens: readonly Token[], start: number, verb: Token & { readonly kind: 'verb' }): Piece | undefined {
  const first = readExpression(tokens, start + 1);
  if (first === undefined || tokens[first.next]?.kind !== 'connector') return undefined;
  const second = readExpression(tokens, first.next + 1);
  if (second === undefined) return undefined;
  const [left, right] = verb.isSwapped ? [second, first] : [first, second];
  return {
    text: `${beside(left, true)} ${verb.text} ${beside(right, true)}`,
    operations: first.operations + second.operations + 1,
    isLoose: true,
    next: second.next,
  };
}

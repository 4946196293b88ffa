/** Reads a sentence as tokens of arithmetic: numbers, operators in signs or words, and everything else as a gap. */
import { numberOfWords, numberWords } from './number-words.ts';

/** One token of a sentence. */
export type Token =
  | { readonly kind: 'number' | 'operator' | 'postfix'; readonly text: string }
  | { readonly kind: 'open' | 'close' | 'root' | 'negative' | 'gap' }
  | { readonly kind: 'verb'; readonly text: string; readonly isSwapped: boolean }
  | { readonly kind: 'connector' };

type Reading = readonly [pattern: RegExp, token: (found: string) => Token];

const operator = (text: string) => (): Token => ({ kind: 'operator', text });
const postfix = (text: string) => (): Token => ({ kind: 'postfix', text });
const verb = (text: string, isSwapped = false) => (): Token => ({ kind: 'verb', text, isSwapped });
const gap = (): Token => ({ kind: 'gap' });

// Tried in order at each place: what looks like arithmetic but is none first, then phrases before the words and signs they begin with.
const readings: readonly Reading[] = [
  [/\d{4}-\d{1,2}-\d{1,2}\b|\d+(?:\.\d+){2,}|\d+:\d+|\d+(?:st|nd|rd|th)\b/iuy, gap],
  [/\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?/uy, (found) => ({ kind: 'number', text: found.replaceAll(',', '') })],
  [/(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+\b)?/iuy, (found) => ({ kind: 'number', text: found })],
  [numberWords, (found) => ({ kind: 'number', text: String(numberOfWords(found)) })],
  [/(?:%|per\s?cent)\s+of\b/iuy, operator('/ 100 *')],
  [/(?:raised\s+)?to\s+the\s+power\s+(?:of\b)?/iuy, operator('^')],
  [/(?:multiplied\s+by|times)\b|[*×·](?!\*)/iuy, operator('*')],
  [/x(?=\s*[\d(.])/iuy, operator('*')],
  [/\*\*|\^/uy, operator('^')],
  [/(?:divided\s+by|over)\b|[/÷]/iuy, operator('/')],
  [/(?:modulo|mod)\b|%/iuy, operator('%')],
  [/plus\b|\+/iuy, operator('+')],
  [/minus\b|[-−–]/iuy, operator('-')],
  [/negative\b/iuy, () => ({ kind: 'negative' })],
  [/squared\b|²/iuy, postfix('^ 2')],
  [/cubed\b|³/iuy, postfix('^ 3')],
  [/(?:the\s+)?(?:square\s+root\s+of|sqrt(?:\s+of)?)\b|√/iuy, () => ({ kind: 'root' })],
  [/(?:the\s+)?(?:sum\s+of|add)\b/iuy, verb('+')],
  [/(?:the\s+)?(?:product\s+of|multiply)\b/iuy, verb('*')],
  [/(?:the\s+)?difference\s+(?:between|of)\b/iuy, verb('-')],
  [/subtract\b/iuy, verb('-', true)],
  [/(?:the\s+)?(?:quotient\s+of|divide)\b/iuy, verb('/')],
  [/(?:and|by|to|from|with)\b/iuy, () => ({ kind: 'connector' })],
  [/\(/uy, () => ({ kind: 'open' })],
  [/\)/uy, () => ({ kind: 'close' })],
  // A word takes its hyphens and points with it, so that a name such as `model-3-8b` is no subtraction.
  [/[\p{L}_][\p{L}\p{N}_]*(?:[-.'’][\p{L}\p{N}_]+)*/uy, gap],
  [/./suy, gap],
];

/** Every token of a text; white space separates and is dropped. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let index = 0;
  while (index < text.length) {
    const space = /\s*/uy;
    space.lastIndex = index;
    space.test(text);
    index = space.lastIndex;
    if (index >= text.length) break;
    for (const [pattern, token] of readings) {
      pattern.lastIndex = index;
      const found = pattern.exec(text)?.[0];
      if (found === undefined || found === '') continue;
      tokens.push(token(found));
      index += found.length;
      break;
    }
  }
  return tokens;
}

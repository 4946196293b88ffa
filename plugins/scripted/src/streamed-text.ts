/** Text as a model streams it: in pieces of a word, up to the first stop sequence or the token limit. */

/** A text cut into pieces; each piece counts as one output token. */
export interface StreamedText {
  /** The pieces in order; joined they are the text. */
  readonly pieces: readonly string[];
  /** Why the text ends before its end; absent = it does not. */
  readonly ended?: 'stop-sequence' | 'length';
}

/** What ends a text early. */
export interface TextLimits {
  /** How many pieces may still be sent. */
  readonly remaining: number;
  /** Texts that end the answer where they begin. They are looked for within one step. */
  readonly stopSequences: readonly string[];
}

/** Words with the white space before them. */
const proseWord = /\s*\S+|\s+$/gu;
/** Names, numbers and words of JSON with the punctuation before them: JSON often holds no white space at all. */
const jsonWord = /[\s"{}[\],:]*[^\s"{}[\],:]+|[\s"{}[\],:]+/gu;

/** Cuts a text into pieces and applies the limits; a stop sequence is not part of the text. */
export function streamedText(text: string, syntax: 'prose' | 'json', limits: TextLimits): StreamedText {
  const stops = limits.stopSequences.filter((sequence) => sequence !== '').map((sequence) => text.indexOf(sequence)).filter((index) => index !== -1);
  const stop = stops.length === 0 ? undefined : Math.min(...stops);
  const pieces: readonly string[] = (stop === undefined ? text : text.slice(0, stop)).match(syntax === 'json' ? jsonWord : proseWord) ?? [];
  if (pieces.length > limits.remaining) return { pieces: pieces.slice(0, limits.remaining), ended: 'length' };
  return stop === undefined ? { pieces } : { pieces, ended: 'stop-sequence' };
}

/** Joins pieces into deltas of `size` pieces each. */
export function deltasOf(pieces: readonly string[], size: number): readonly string[] {
  const deltas: string[] = [];
  for (let index = 0; index < pieces.length; index += size) deltas.push(pieces.slice(index, index + size).join(''));
  return deltas;
}

/** Numbers written as English words: `seven`, `twenty-one`, `two hundred and five`. */

const small: Readonly<Record<string, number>> = {
  zero: 0, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8, nine: 9, ten: 10, eleven: 11, twelve: 12, thirteen: 13,
  fourteen: 14, fifteen: 15, sixteen: 16, seventeen: 17, eighteen: 18, nineteen: 19, twenty: 20, thirty: 30, forty: 40, fifty: 50,
  sixty: 60, seventy: 70, eighty: 80, ninety: 90,
};

const large: Readonly<Record<string, number>> = { thousand: 1e3, million: 1e6, billion: 1e9 };

const word = [...Object.keys(small), 'hundred', ...Object.keys(large)].join('|');

/** Finds a whole number in words, whatever its case; to be used sticky. */
export const numberWords = new RegExp(String.raw`(?:${Object.keys(small).join('|')})(?:(?:[\s-]+|(?<=hundred|thousand|million|billion)\s+and\s+)(?:${word}))*\b`, 'iuy');

/** The number a match of `numberWords` stands for. */
export function numberOfWords(text: string): number {
  let total = 0;
  let group = 0;
  for (const part of text.toLowerCase().split(/[\s-]+|\s+and\s+/u)) {
    const scale = Object.hasOwn(large, part) ? large[part] : undefined;
    if (scale !== undefined) {
      total += group * scale;
      group = 0;
    } else if (part === 'hundred') {
      group *= 100;
    } else {
      group += small[part] ?? 0;
    }
  }
  return total + group;
}

/** The valid names that are closest to a mistyped one. */
import { distance } from 'fastest-levenshtein';

/**
 * Names within a third of the word's length in edits (at least two), or that begin with the word, best first.
 * Case is forgiven when comparing.
 */
export function nearNames(word: string, valid: Iterable<string>, limit = 3): string[] {
  const wanted = word.toLowerCase();
  const reach = Math.max(2, Math.floor(wanted.length / 3));
  return [...new Set(valid)]
    .map((name) => ({ name, edits: closeness(wanted, name.toLowerCase()) }))
    .filter(({ edits }) => edits <= reach)
    .sort((a, b) => a.edits - b.edits || a.name.localeCompare(b.name))
    .slice(0, limit)
    .map(({ name }) => name);
}

function closeness(wanted: string, name: string): number {
  if (wanted.length >= 3 && (name.startsWith(wanted) || wanted.startsWith(name) && name.length >= 3)) return 1;
  return distance(wanted, name);
}

/** TOML text as placed values. */
import type { ConfigProblem } from '../errors/config-problem.ts';
import { emptyMap, placeValue, problemAt, type Origin } from './layer-node.ts';
import type { ParsedText } from './parse-yaml.ts';
import { findTomlPlaces } from './toml-places.ts';

/** Reads TOML 1.0. A syntax error becomes a problem; dates become ISO text; it never throws. */
export async function parseToml(text: string, base: Origin): Promise<ParsedText> {
  const toml = await import('smol-toml');
  try {
    const value = datesToText(toml.parse(text));
    const places = findTomlPlaces(text);
    const problems: ConfigProblem[] = [];
    const root = placeValue(value, (path) => {
      const found = places.get(JSON.stringify(path));
      return { origin: { ...base, ...found?.value }, key: found?.key && { ...base, ...found.key } };
    }, problems);
    return { root, problems, readable: true };
  } catch (error) {
    if (!(error instanceof toml.TomlError)) throw error; // The library offers no other mark of its syntax errors.
    const reason = error.message.split('\n', 1)[0]?.replace(/^Invalid TOML document: /, '') ?? '';
    return { root: emptyMap(base), problems: [problemAt('syntax', [], { ...base, line: error.line, column: error.column }, `this is no valid TOML: ${reason}`)], readable: false };
  }
}

function datesToText(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(datesToText);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, datesToText(entry)]));
  return value;
}

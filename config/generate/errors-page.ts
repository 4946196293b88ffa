/** The page of all error codes, out of the host's catalogue: each code with its message, the remedy it offers, and the broken plugins that show it. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../check/command.ts';

/** One row of the host's catalogue. */
interface Row {
  message(details: unknown): string;
  remedy(details: unknown): string;
}

/** The catalogue's module: a group of rows for each export that ends in `Errors`. */
type Catalogue = Readonly<Record<string, unknown>>;

const GROUPS: Readonly<Record<string, string>> = {
  configErrors: 'Config: every problem of a config is told at once, and nothing starts',
  pluginErrors: 'Plugins: one backend stops, the others serve',
  lookupErrors: 'Names, and the life of the host',
  answerErrors: 'Answers',
  callErrors: 'Calls: the message comes from who found the fault',
};

/** A stand-in for one detail: reads as `‹name›` in a sentence, and as a list of one where a list is read. */
function standIn(name: string): unknown {
  const word = `‹${name}›`;
  const problem = Object.assign(Object(word) as object, { path: '‹path›', message: '‹what is wrong›', file: '‹file›', line: undefined, column: undefined, near: undefined });
  if (name === 'from') return { file: '‹file›', line: undefined };
  if (name === 'near' || name === 'remedy') return undefined;
  if (name === 'problems' || name === 'failures') return [problem];
  return new Proxy(Object(word) as object, {
    get(target, key) {
      if (key === 'map') return (each: (item: unknown) => unknown) => [each(word)];
      if (key === 'join') return () => word;
      if (key === 'length') return 1;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Details in which every name has a stand-in. */
const details: unknown = new Proxy({}, { get: (_target, name) => standIn(String(name)) });

const sentence = (text: string): string => text.replaceAll(/\n\s*/g, ' ');

/** Where the broken plugins lie: each is a package with what is expected of it. */
const FIXTURES = 'test/fixtures/plugins';

/** Broken plugins by the code they must be refused with. */
export async function fixturesByCode(): Promise<ReadonlyMap<string, readonly string[]>> {
  const byCode = new Map<string, string[]>();
  for (const name of (await readdir(path.join(ROOT, FIXTURES))).sort()) {
    const { code } = JSON.parse(await readFile(path.join(ROOT, FIXTURES, name, 'expected.json'), 'utf8')) as { readonly code?: string };
    if (code !== undefined) byCode.set(code, [...(byCode.get(code) ?? []), name]);
  }
  return byCode;
}

/** Links to fixtures, as the page writes them. */
const linked = (fixtures: readonly string[]): string => fixtures.map((name) => `[${name}](../${FIXTURES}/${name})`).join(', ');

/** The codes of a group with the plugins that are broken in that way. */
function table(codes: readonly string[], fixtures: ReadonlyMap<string, readonly string[]>): string {
  return ['| code | broken plugins that show it |', '|---|---|', ...codes.map((code) => `| [${code}](#${code.toLowerCase()}) | ${linked(fixtures.get(code) ?? [])} |`)].join('\n');
}

/** The text of docs/errors.md. */
export async function errorsPage(catalogue: Catalogue): Promise<string> {
  const fixtures = await fixturesByCode();
  const groups = Object.entries(GROUPS).map(([name, title]) => {
    const rows = Object.entries(catalogue[name] as Readonly<Record<string, Row>>);
    const codes = rows.map(([code, row]) => `### ${code}\n\n> ${sentence(row.message(details))}\n\n${sentence(row.remedy(details))}\n${fixtures.has(code) ? `\nShown by ${linked(fixtures.get(code) ?? [])}.\n` : ''}`);
    const intro = name === 'pluginErrors' ? `${table(rows.map(([code]) => code), fixtures)}\n\nA test starts one host with all of these and reads back code, message and remedy; [what such a day looks like](bad-days.md).\n\n` : '';
    return `## ${title}\n\n${intro}${codes.join('\n').trimEnd()}`;
  });
  const missing = Object.keys(catalogue).filter((name) => name.endsWith('Errors') && !(name in GROUPS));
  if (missing.length > 0) throw new Error(`The errors page has no title for ${missing.join(', ')}.`);
  return [
    '# Errors',
    'Every failure is a `ModelportError` with a `code`. Check it with `ModelportError.is(error)` and `error.code`: messages may change, codes do not.',
    "Below, each code with its message and what mends it. `‹Words›` like this stand for what the error at hand fills in. A plugin's own codes start with `x-`.",
    'This page is generated from the catalogue in `host/src/errors/catalogue.ts`.',
    ...groups,
  ].join('\n\n').concat('\n');
}

/** The commands on a page of the docs and the output the page shows of each, to be run and compared. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** Root of the repository. */
export const ROOT: string = path.resolve(import.meta.dirname, '../..');

/** The text of a page in docs/. */
export function readPage(name: string): Promise<string> {
  return readFile(path.join(ROOT, 'docs', name), 'utf8');
}

/** The config the page's commands run with. */
export function configOf(page: string): string {
  return /```yaml\n(# modelport\.config\.yaml\n[^]*?)```/.exec(page)?.[1] ?? '';
}

/** A command of the page and what the page shows of its output. */
export interface Example {
  readonly command: string;
  readonly exitCode: number;
  /** How many lines are shown; absent = all. */
  readonly first: number | undefined;
  readonly shown: string;
}

/** Every command that is marked `sh run` and followed by its output. */
export function examplesOf(page: string): readonly Example[] {
  return [...page.matchAll(/```sh run(?: exit=(\d))?\nmodelport ([^\n]+)\n```\n\n```(?:text|json) output(?: first=(\d+))?\n([^]*?)```/g)]
    .map(([, exit, command = '', first, shown = '']) => ({ command, exitCode: Number(exit ?? 0), first: first === undefined ? undefined : Number(first), shown }));
}

/** What differs from run to run and from machine to machine, written as the page writes it. */
export function settled(text: string, folder: string): string {
  return withoutAncestors(text, folder)
    .replaceAll(path.join(ROOT, 'plugins'), 'node_modules/@modelport')
    .replaceAll(path.join(ROOT, 'plugin-api'), 'node_modules/@modelport/plugin-api')
    .replaceAll(path.join(ROOT, 'host'), 'node_modules/@modelport/host')
    .replaceAll(`${folder}/`, '/project/')
    .replaceAll(folder, '/project')
    .replaceAll(/"folder": "node_modules/g, '"folder": "/project/node_modules')
    .replaceAll(/\d+ ms/g, '12 ms')
    .replaceAll(/call_[0-9a-f-]{36}/g, 'call_5e0c1f7a-9d3b-4c55-8a52-2f6d1c1b7e90')
    .replaceAll(/node {13}\d+\.\d+\.\d+/g, 'node             24.21.0')
    .replaceAll(/\b0\.\d+\.\d+\b/g, '0.1.0');
}

/** Without the lines of a search that lead from the project up to the root: how many there are depends on the machine. */
function withoutAncestors(text: string, folder: string): string {
  const lines = new Set<string>();
  for (let above = path.dirname(folder); ; above = path.dirname(above)) {
    lines.add(path.join(above, 'node_modules'));
    if (path.dirname(above) === above) break;
  }
  return text.split('\n').filter((line) => !lines.has(line.trim())).join('\n');
}

/** Words as a shell splits them; the page uses double quotes only. */
export function words(command: string): string[] {
  return [...command.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

/** No link in a page leads nowhere: files exist, anchors exist, and a link to a test names a test of that file. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './command.ts';
import { readText, repositoryFiles } from './files.ts';
import { readPage } from './markdown.ts';
import type { Link } from './markdown.ts';
import { namesTest, testTitles } from './test-titles.ts';
import type { Step } from './step.ts';

const FEATURES = 'docs/features.md';

/** What is wrong with one link of a page, or nothing. Links to other sites are not followed. */
async function fault(page: string, markdown: string, { target, line }: Link): Promise<string | undefined> {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target)) return undefined;
  const [rawPath = '', rawAnchor] = target.split('#', 2);
  const file = rawPath === '' ? page : path.posix.join(path.posix.dirname(page), decodeURIComponent(rawPath));
  const place = `${page}:${line}`;
  if (file.startsWith('..')) return `${place} links to ${target}, which is outside the repository.`;
  if (file !== page && !existsSync(path.join(ROOT, file))) return `${place} links to ${target}, which does not exist.`;
  if (rawAnchor === undefined || rawAnchor === '') return undefined;
  const anchor = decodeURIComponent(rawAnchor);
  if (file.endsWith('.md') && !readPage(file === page ? markdown : await readText(file)).anchors.has(anchor)) return `${place} links to ${target}; ${file} has no such heading.`;
  if (/\.test(-d)?\.ts$/.test(file) && !namesTest(anchor, testTitles(file, await readText(file)))) {
    return `${place} links to ${target}; ${file} has no test of that title.`;
  }
  return undefined;
}

/** What is wrong with the links of a page; `page` says where it lies, relative to the root. */
export async function linkFaults(page: string, markdown: string): Promise<readonly string[]> {
  const faults = await Promise.all(readPage(markdown).links.map((link) => fault(page, markdown, link)));
  return faults.filter((one) => one !== undefined);
}

/** A row of the feature list that points at no test claims what nobody shows. */
export function unproven(markdown: string): readonly string[] {
  return markdown.split('\n').flatMap((text, index) => {
    const row = /^\|\s*([A-Z]{2,3}\d{2}(?:\s*,\s*[A-Z]{2,3}\d{2})*)\s*\|/.exec(text);
    return row && !/\]\([^)]*\.test(-d)?\.ts(#[^)]*)?\)/.test(text) ? [`${FEATURES}:${index + 1} ${row[1] ?? ''} links to no test.`] : [];
  });
}

export const docLinks: Step = {
  name: 'links',
  promise: 'links, anchors and pointers to tests are alive',
  async run() {
    const pages = (await repositoryFiles()).filter((file) => file.endsWith('.md') && !/(^|\/)fixtures\//.test(file));
    const problems: string[] = [];
    for (const page of pages) {
      const markdown = await readText(page);
      problems.push(...(await linkFaults(page, markdown)));
      if (page === FEATURES) problems.push(...unproven(markdown));
    }
    return problems;
  },
};

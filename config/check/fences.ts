/** Every TypeScript fence of a page compiles against the built packages, the way a reader's project would. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT, runCommand } from './command.ts';
import { readText, repositoryFiles } from './files.ts';
import { readPage } from './markdown.ts';
import type { Fence } from './markdown.ts';
import type { Step } from './step.ts';

/** Pages whose fences are code of this product: what users read. */
const PAGES = /^(README\.md|docs\/.+\.md|(host|plugin-api|plugin-api\/[\w-]+|plugins\/[\w-]+)\/README\.md)$/;

/** A fence as a file of its own. */
export interface FenceFile {
  readonly page: string;
  readonly fence: Fence;
  /** Absolute. Fences of one page lie in one folder, so they may import each other by name. */
  readonly file: string;
  /** What the page says it prints: the text of a `text output` fence right behind it. */
  readonly output?: string;
}

/** The name a fence gives itself: `// file: NAME` or `# file: NAME` on its first line, or the bare name of a config file there. */
function ownName({ text, marks }: Fence): string | undefined {
  const first = text.slice(0, text.indexOf('\n') >>> 0);
  const named = /^(?:\/\/|#)\s*file:\s*(\S+)/.exec(first) ?? /^(?:\/\/|#)\s*(modelport\.config\.\w+)\b/.exec(first);
  return named?.[1] ?? marks.find((mark) => mark.startsWith('file='))?.slice('file='.length);
}

/** A page and its text. */
export interface PageText {
  readonly page: string;
  readonly markdown: string;
}

/** The pages users read. */
export async function pagesWithFences(): Promise<readonly PageText[]> {
  const pages = (await repositoryFiles()).filter((file) => PAGES.test(file));
  return Promise.all(pages.map(async (page) => ({ page, markdown: await readText(page) })));
}

/** Writes the fences of the pages below `folder`, one folder a page, each line of code on the line it has in the page. */
export async function writeFences(folder: string, pages: readonly PageText[]): Promise<readonly FenceFile[]> {
  await rm(folder, { recursive: true, force: true });
  const written: FenceFile[] = [];
  for (const { page, markdown } of pages) {
    const own = path.join(folder, page.replace(/\.md$/, '').replaceAll('/', '-'));
    const all = readPage(markdown).fences;
    for (const [index, fence] of all.entries()) {
      const name = ownName(fence) ?? (fence.language === 'ts' ? `line-${fence.line}.ts` : undefined);
      if (name === undefined) continue;
      // A page may hold several configs: the first is the one its programs find.
      const first = path.join(own, name);
      const file = written.some((one) => one.file === first) ? path.join(own, `line-${fence.line}`, name) : first;
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, `${fence.language === 'ts' ? '\n'.repeat(fence.line - 1) : ''}${fence.text}\n`);
      const next = all[index + 1];
      const output = next?.language === 'text' && next.marks.includes('output') ? next.text : undefined;
      written.push({ page, fence, file, ...(output === undefined ? {} : { output }) });
    }
  }
  return written;
}

/** Type-checks every fence below `folder` and writes its JavaScript beside it. Answers with the errors, in terms of the pages. */
export async function compileFences(folder: string, fences: readonly FenceFile[]): Promise<readonly string[]> {
  const files = fences.filter(({ fence }) => fence.language === 'ts').map(({ file }) => file);
  if (files.length === 0) return [];
  await writeFile(path.join(folder, 'package.json'), '{ "type": "module" }\n');
  await writeFile(
    path.join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: path.join(ROOT, 'config/tsconfig.base.json'),
      compilerOptions: {
        composite: false, declaration: false, declarationMap: false, sourceMap: false, moduleDetection: 'force', noUnusedLocals: false,
        noUnusedParameters: false, noPropertyAccessFromIndexSignature: false, experimentalDecorators: true, rootDir: folder, outDir: folder,
        tsBuildInfoFile: path.join(folder, '.tsbuildinfo'),
      },
      include: [],
      files,
    }),
  );
  const { code, output } = await runCommand('tsc', ['-p', folder, '--pretty', 'false'], folder);
  if (code === 0) return [];
  const pages = new Map(fences.map(({ file, page }) => [path.relative(folder, file), page]));
  return output
    .trim()
    .split('\n')
    .map((line) => line.replace(/^(.+?)\((\d+),(\d+)\)/, (all, file: string, row: string, column: string) => (pages.has(file) ? `${pages.get(file)}:${row}:${column}` : all)));
}

/** Below the tests' package, so that a fence finds the packages a reader would have installed. */
const FENCES = path.join(ROOT, 'test', '.modelport', 'fences');

export const fences: Step = {
  name: 'fences',
  promise: 'TypeScript in pages compiles against the packages',
  run: async () => compileFences(FENCES, await writeFences(FENCES, await pagesWithFences())),
};

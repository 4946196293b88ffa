/** The checks of the pages find what they are there to find. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../../config/check/command.ts';
import { changesetFaults } from '../../config/check/changesets.ts';
import { linkFaults, unproven } from '../../config/check/doc-links.ts';
import { compileFences, writeFences } from '../../config/check/fences.ts';

const SCRATCH = path.join(ROOT, 'test', '.modelport', 'doc-checks');

describe('the check of links', () => {
  it('accepts files, headings and tests that exist, and leaves other sites alone', async () => {
    const page = [
      '# A page & its parts',
      '[here](#a-page--its-parts) [licence](../LICENSE) [site](https://example.com/nowhere)',
      '[by title](<../test/docs/doc-checks.test.ts#refuses a link to a file that does not exist>)',
      '[by anchor](../test/docs/doc-checks.test.ts#refuses-a-link-to-a-file-that-does-not-exist)',
    ].join('\n\n');
    expect(await linkFaults('docs/sample.md', page)).toEqual([]);
  });

  it('refuses a link to a file that does not exist', async () => {
    expect(await linkFaults('docs/sample.md', 'one\n\n[gone](./gone.md)')).toEqual(['docs/sample.md:3 links to ./gone.md, which does not exist.']);
  });

  it('refuses a link to a heading that does not exist', async () => {
    expect(await linkFaults('docs/sample.md', '# One\n\n[two](#two)\n\n[three](../.changeset/README.md#three)')).toEqual([
      'docs/sample.md:3 links to #two; docs/sample.md has no such heading.',
      'docs/sample.md:5 links to ../.changeset/README.md#three; .changeset/README.md has no such heading.',
    ]);
  });

  it('refuses a link to a test that does not exist', async () => {
    const [fault] = await linkFaults('docs/sample.md', '[proof](../test/docs/doc-checks.test.ts#it-flies)');
    expect(fault).toContain('has no test of that title');
  });

  it('refuses a feature row that points at no test', () => {
    const rows = '| PC01 | yes | [test](../a.test.ts#b) |\n| PC02, PC03 | yes | [page](x.md) |';
    expect(unproven(rows)).toEqual(['docs/features.md:2 PC02, PC03 links to no test.']);
  });
});

describe('the check of fences', () => {
  it('compiles the fences of a page together and reports a fault at its line in the page', async () => {
    const markdown = [
      '```ts',
      '// file: double.ts',
      'export const double = (value: number): number => value * 2;',
      '```',
      '',
      '```ts run',
      "import { double } from './double.ts';",
      "import type { Json } from '@modelport/plugin-api';",
      "const answer: Json = double('21');",
      'console.log(answer);',
      '```',
    ].join('\n');
    const faults = await compileFences(SCRATCH, await writeFences(SCRATCH, [{ page: 'docs/sample.md', markdown }]));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(/^docs\/sample\.md:9:29: error TS2345/);
  });
});

describe('the check of changesets', () => {
  const packages = ['@modelport/host'];

  it('accepts a package, a step and a sentence', () => {
    expect(changesetFaults('a.md', '---\n"@modelport/host": minor\n---\n\nA new thing.\n', packages)).toEqual([]);
  });

  it.each([
    ['a package that does not exist', '---\n"@modelport/hots": minor\n---\n\nA new thing.\n', 'a.md names @modelport/hots, which is no published package.'],
    ['a step that does not exist', '---\n"@modelport/host": huge\n---\n\nA new thing.\n', 'a.md: ""@modelport/host": huge" is not "package: patch", minor or major.'],
    ['no words', '---\n"@modelport/host": patch\n---\n', 'a.md does not say what changed.'],
    ['no front matter', 'A new thing.\n', 'a.md has no front matter.'],
  ])('refuses %s', (_what, text, fault) => {
    expect(changesetFaults('a.md', text, packages)).toEqual([fault]);
  });
});

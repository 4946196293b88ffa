/** The fences that pages mark with `run` do what the page says, on the built packages, in a process of their own. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT, runCommand } from '../../config/check/command.ts';
import { compileFences, pagesWithFences, writeFences } from '../../config/check/fences.ts';

const FENCES = path.join(ROOT, 'test', '.modelport', 'run-fences');
const written = await writeFences(FENCES, await pagesWithFences());
const faults = await compileFences(FENCES, written);
const runnable = written.filter(({ fence }) => fence.language === 'ts' && fence.marks.includes('run'));

describe('the pages', () => {
  it('hold fences that compile and can be run', () => {
    expect(faults).toEqual([]);
    expect(runnable.length).toBeGreaterThan(0);
  });

  it('show a config in the README', () => {
    expect(written.filter(({ page }) => page === 'README.md').map(({ file }) => path.basename(file))).toContain('modelport.config.yaml');
  });

  it.each(runnable.map((one) => ({ title: `${one.page}, line ${one.fence.line}`, ...one })))('$title runs and prints what the page says', async ({ file, output }) => {
    const script = file.replace(/\.ts$/, '.js');
    const { code, output: printed } = await runCommand('node', [script], path.dirname(script), { NODE_OPTIONS: '' });
    expect({ code, printed: code === 0 && output === undefined ? undefined : printed.trim() }).toEqual({ code: 0, printed: output?.trim() });
  });
});

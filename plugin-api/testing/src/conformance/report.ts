/** A report as text: a line for each case, the reason below it where there is one. */
import type { CaseResult } from './case.ts';
import type { ConformanceReport } from './run.ts';

const MARKS: Readonly<Record<CaseResult['status'], string>> = { passed: 'ok  ', failed: 'FAIL', skipped: 'skip' };

/** The report in lines, without colours. */
export function formatReport({ plugin, version, name, counts, cases }: ConformanceReport): string {
  const width = Math.max(...cases.map((one) => one.name.length), 0);
  const lines = cases.flatMap((one) => [
    `  ${MARKS[one.status]}  ${one.name.padEnd(width)}  ${one.title}`,
    ...(one.reason === undefined ? [] : [`        ${one.reason.replaceAll('\n', '\n        ')}`]),
  ]);
  const title = `${plugin} ${version}${name === undefined ? '' : ` (${name})`}`;
  return [title, ...lines, '', `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped.`].join('\n');
}

/** A report as text: a line for each case that was asked, the reason below it where it failed, and what was not asked by its reason. */
import type { CaseResult } from './case.ts';
import type { ConformanceReport } from './run.ts';

/** What stands before the name of a case that was asked. */
export interface ReportMarks {
  /** Default `ok  `. */
  readonly passed: string;
  /** Default `FAIL`. */
  readonly failed: string;
}

/** The report in lines; `marks` bring colours. */
export function formatReport({ plugin, version, name, counts, cases }: ConformanceReport, marks: ReportMarks = { passed: 'ok  ', failed: 'FAIL' }): string {
  const asked = cases.filter((one): one is CaseResult & { readonly status: 'passed' | 'failed' } => one.status !== 'skipped');
  const width = Math.max(...asked.map((one) => one.name.length), 0);
  const lines = asked.flatMap((one) => [`  ${marks[one.status]}  ${one.name.padEnd(width)}  ${one.title}`, ...(one.reason === undefined ? [] : [`        ${one.reason.replaceAll('\n', '\n        ')}`])]);
  const skipped = Map.groupBy(cases.filter(({ status }) => status === 'skipped'), ({ reason }) => reason ?? '');
  const notAsked = [...skipped].map(([reason, group]) => `  not asked, because ${reason}:\n    ${group.map((one) => one.name).join(', ')}`);
  const title = `${plugin} ${version}${name === undefined ? '' : ` (${name})`}`;
  return [title, ...lines, ...(notAsked.length > 0 ? ['', ...notAsked] : []), '', `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped.`].join('\n');
}

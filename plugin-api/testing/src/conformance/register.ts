/** Registers the cases with a test framework, one test each. */
import { conformanceCases } from './cases/all.ts';
import { ConformanceRun } from './run.ts';
import type { SubjectOptions } from './subject.ts';

/** What a test framework lends: vitest, jest with `context.skip`, and node:test have both under these names. */
export interface TestFramework {
  /** Groups tests. */
  describe(name: string, body: () => void): unknown;
  /** Registers a test. `context.skip(reason)` marks it as skipped. */
  test(name: string, body: (context: { skip(reason?: string): unknown }) => Promise<void>): unknown;
}

/** Registers one test for each case of the kit: `describeConformance(subject, { describe, test })`. A skipped case is a skipped test with its reason. */
export function describeConformance(subject: SubjectOptions, { describe, test }: TestFramework): void {
  const run = new ConformanceRun(subject);
  const { name } = run.subject.label();
  describe(`conformance of ${name}${subject.declaration?.name === undefined ? '' : ` (${subject.declaration.name})`}`, () => {
    for (const one of conformanceCases) {
      test(`${one.name}: ${one.title}`, async (context) => {
        const { status, reason } = await run.run(one);
        if (status === 'failed') throw new Error(reason);
        if (status === 'skipped') context.skip(reason);
      });
    }
  });
}

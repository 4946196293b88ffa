/** `pnpm check`: every habit of the house as one named step, a line each, and exit code 1 when any of them fails. */
import { parseArgs } from 'node:util';
import type { Step } from './check/step.ts';
import { apiReport } from './check/api-report.ts';
import { changesets } from './check/changesets.ts';
import { contractWeight } from './check/contract-weight.ts';
import { docLinks } from './check/doc-links.ts';
import { fences } from './check/fences.ts';
import { generatedFiles } from './check/generated-files.ts';
import { lint } from './check/lint.ts';
import { packageShape } from './check/package-shape.ts';
import { plainText } from './check/plain-text.ts';
import { types } from './check/types.ts';
import { unusedCode } from './check/unused-code.ts';

// Several steps read what this one builds, so it goes first and alone.
const build: Step = types;
// The long ones first: two at a time then end at about the same moment.
const steps: readonly Step[] = [packageShape, apiReport, fences, unusedCode, lint, generatedFiles, contractWeight, docLinks, changesets, plainText];

const USAGE = `pnpm check [--update] [step ...]

  --update   writes the API report and the generated files instead of comparing them
  step       ${[build, ...steps].map((step) => step.name).join(', ')}; default: all`;

/** Runs one step, prints its line, and its findings when there are any. */
async function runStep(step: Step, update: boolean): Promise<boolean> {
  const start = performance.now();
  let problems: readonly string[];
  try {
    problems = await step.run({ update });
  } catch (error) {
    problems = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(5);
  console.log(`${problems.length === 0 ? 'ok  ' : 'FAIL'} ${seconds} s  ${step.name.padEnd(16)} ${step.promise}`);
  for (const problem of problems) console.log(problem.replaceAll(/^/gm, '       '));
  return problems.length === 0;
}

const { values, positionals } = parseArgs({ options: { update: { type: 'boolean' }, help: { type: 'boolean' } }, allowPositionals: true });
const unknown = positionals.filter((name) => ![build, ...steps].some((step) => step.name === name));
if (values.help || unknown.length > 0) {
  console.log(unknown.length > 0 ? `There is no step "${unknown.join('", "')}".\n\n${USAGE}` : USAGE);
  process.exit(values.help ? 0 : 2);
}

const wanted = (step: Step): boolean => positionals.length === 0 || positionals.includes(step.name);
const update = values.update ?? false;
const outcomes: boolean[] = wanted(build) ? [await runStep(build, update)] : [];
const queue = steps.filter(wanted);
await Promise.all(
  [1, 2].map(async () => {
    for (let step = queue.shift(); step; step = queue.shift()) outcomes.push(await runStep(step, update));
  }),
);
process.exitCode = outcomes.every(Boolean) ? 0 : 1;

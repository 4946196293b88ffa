/** No likely mistake, no promise left floating, no import cycle, no import across a border. */
import { verdictOf } from './command.ts';
import type { Step } from './step.ts';

// Fixtures are wrong on purpose. The pattern stands here because those in the file are read from the file's own folder.
export const lint: Step = {
  name: 'lint',
  promise: 'no likely mistakes, cycles or imports across borders',
  run: () => verdictOf('oxlint', ['-c', 'config/oxlint.json', '--deny-warnings', '--format', 'unix', '--ignore-pattern', 'test/fixtures']),
};

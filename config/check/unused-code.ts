/** Nothing is kept that nobody uses: files, exports, dependencies. */
import { verdictOf } from './command.ts';
import type { Step } from './step.ts';

export const unusedCode: Step = {
  name: 'unused',
  promise: 'no unused files, exports or dependencies',
  run: () => verdictOf('knip', ['-c', 'config/knip.json', '--no-progress', '--no-config-hints']),
};

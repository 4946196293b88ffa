/** All packages build, and tests and tools type-check, under the strictest settings of the workspace. */
import { verdictOf } from './command.ts';
import type { Step } from './step.ts';

export const types: Step = {
  name: 'types',
  promise: 'packages build, tests and tools type-check',
  async run() {
    const built = await verdictOf('tsc', ['-b']);
    const checked = await Promise.all([verdictOf('tsc', ['-p', 'test/tsconfig.json']), verdictOf('tsc', ['-p', 'config/tsconfig.json'])]);
    return [built, ...checked].flat();
  },
};

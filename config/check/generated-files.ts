/** Every generated file is what its generator writes today. */
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generators } from '../generate/generators.ts';
import { ROOT } from './command.ts';
import { readText } from './files.ts';
import type { Step } from './step.ts';

export const generatedFiles: Step = {
  name: 'generated',
  promise: 'generated files are what their generators write',
  async run({ update }) {
    const problems: string[] = [];
    for (const generator of await generators()) {
      const { file } = generator;
      let fresh: string;
      try {
        fresh = await generator.produce();
      } catch (error) {
        problems.push(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
        continue;
      }
      if (update) {
        await mkdir(path.dirname(path.join(ROOT, file)), { recursive: true });
        await writeFile(path.join(ROOT, file), fresh);
      } else if (!existsSync(path.join(ROOT, file)) || (await readText(file)) !== fresh) {
        problems.push(`${file} is not what its generator writes: run pnpm check --update generated`);
      }
    }
    return problems;
  },
};

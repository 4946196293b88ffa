/** The root entry of the contract stays weightless: a few kilobytes of code that import nothing. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseSync } from 'oxc-parser';
import { ROOT } from './command.ts';
import type { Step } from './step.ts';

/** What all modules reachable from the root entry may weigh together, as built, comments and all. */
const LIMIT_BYTES = 9_000;

export const contractWeight: Step = {
  name: 'weight',
  promise: "the contract's root imports nothing and weighs a few kB",
  async run() {
    const problems: string[] = [];
    const folder = path.join(ROOT, 'plugin-api', 'dist');
    const seen = new Set<string>();
    const waiting = [path.join(folder, 'index.js')];
    let bytes = 0;
    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      const text = await readFile(file, 'utf8');
      bytes += Buffer.byteLength(text);
      const { module } = parseSync(file, text);
      const wanted = [
        ...module.staticImports.map((one) => one.moduleRequest.value),
        ...module.staticExports.flatMap((one) => one.entries.map((entry) => entry.moduleRequest?.value)),
      ];
      for (const name of wanted) {
        if (name === undefined) continue;
        if (name.startsWith('.')) waiting.push(path.resolve(path.dirname(file), name));
        else problems.push(`${path.relative(ROOT, file)} imports "${name}".`);
      }
      if (module.dynamicImports.length > 0) problems.push(`${path.relative(ROOT, file)} imports at run time.`);
    }
    if (bytes > LIMIT_BYTES) problems.push(`The root entry weighs ${bytes} bytes in ${seen.size} files; the limit is ${LIMIT_BYTES}.`);
    if (seen.size < 3) problems.push(`Only ${seen.size} files were seen behind the root entry.`);
    return problems;
  },
};

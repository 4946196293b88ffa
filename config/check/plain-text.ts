/** Nothing in the repository belongs to one machine or one person: no absolute paths, no mirror of a registry, no token. */
import { isUtf8 } from 'node:buffer';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from './command.ts';
import { repositoryFiles } from './files.ts';
import type { Step } from './step.ts';

interface Refusal {
  readonly pattern: RegExp;
  readonly reason: string;
}

const REFUSALS: readonly Refusal[] = [
  { pattern: /(?<![\w.~$}/-])\/(?:work\/(?:main|shared)\b|root\/[\w.-]+|Users\/[\w.-]+\/[\w.-]+|tmp\/(?:mp|bash_jobs)\b)/, reason: 'a path of one machine' },
  { pattern: /\bregistry\.npmjs\.org\b|\bregistry\.yarnpkg\.com\b|\/artifactory\/|\/repository\/npm\b|\bresolution:.*\btarball: *["']?https?:/, reason: 'a registry host' },
  { pattern: /\b(?:sk-(?:ant-|proj-)?[A-Za-z0-9]{20,}|ghp_[A-Za-z0-9]{30,}|AKIA[A-Z0-9]{16}|npm_[A-Za-z0-9]{36})\b/, reason: 'what looks like a real key' },
  { pattern: /<{7} |>{7} /, reason: 'a merge conflict' },
  { pattern: /\b(?:TODO|FIXME|XXX|HACK)\b/, reason: 'unfinished work' },
  { pattern: /\b(?:it|test|describe)\.only\(/, reason: 'a test that silences the others' },
];
/** This file holds every pattern it refuses. */
const SELF = 'config/check/plain-text.ts';

export const plainText: Step = {
  name: 'text',
  promise: 'no machine paths, registry hosts, keys or leftovers',
  async run() {
    const problems: string[] = [];
    for (const file of await repositoryFiles()) {
      if (file === SELF) continue;
      const bytes = await readFile(path.join(ROOT, file));
      if (!isUtf8(bytes) || bytes.includes(0)) continue;
      bytes
        .toString('utf8')
        .split('\n')
        .forEach((line, index) => {
          for (const { pattern, reason } of REFUSALS) {
            const found = pattern.exec(line);
            if (found) problems.push(`${file}:${index + 1} holds ${reason}: ${found[0]}`);
          }
        });
    }
    return problems;
  },
};

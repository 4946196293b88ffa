/** Every changeset names packages that exist and says in words what changed, so that a release never fails on one. */
import { publishedPackages, readText, repositoryFiles } from './files.ts';
import type { Step } from './step.ts';

/** What is wrong with one changeset, given the names of the packages. */
export function changesetFaults(file: string, text: string, packages: readonly string[]): readonly string[] {
  const [, head, body] = /^---\n([\s\S]*?)---\n([\s\S]*)$/.exec(text) ?? [];
  if (head === undefined || body === undefined) return [`${file} has no front matter.`];
  const faults = head
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      const [, name, step] = /^["']?(.+?)["']?:\s*(patch|minor|major)\s*$/.exec(line) ?? [];
      if (step === undefined) return [`${file}: "${line}" is not "package: patch", minor or major.`];
      return packages.includes(name ?? '') ? [] : [`${file} names ${name}, which is no published package.`];
    });
  return body.trim() === '' ? [...faults, `${file} does not say what changed.`] : faults;
}

export const changesets: Step = {
  name: 'changesets',
  promise: 'changesets name packages that exist and say what changed',
  async run() {
    const files = (await repositoryFiles()).filter((file) => /^\.changeset\/.+\.md$/.test(file) && !file.endsWith('/README.md'));
    const packages = (await publishedPackages()).map(({ name }) => name);
    return (await Promise.all(files.map(async (file) => changesetFaults(file, await readText(file), packages)))).flat();
  },
};

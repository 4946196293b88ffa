/** What npm would get of each package is sound: its exports, its types, its files, seen on the packed package. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { ROOT, runCommand, runPnpm } from './command.ts';
import { publishedPackages } from './files.ts';
import type { WorkspacePackage } from './files.ts';
import type { Step } from './step.ts';

/** Packs one package as publishing would and looks at it with both tools. */
async function inspect({ folder, name, packageJson }: WorkspacePackage, packs: string): Promise<readonly string[]> {
  const tarball = path.join(packs, `${folder.replaceAll('/', '-')}.tgz`);
  const packed = await runPnpm(['pack', '--out', tarball], path.join(ROOT, folder));
  if (packed.code !== 0) return [`${name} cannot be packed:\n${packed.output}`];

  const bytes = await readFile(tarball);
  const { messages, pkg } = await publint({
    strict: true,
    level: 'warning',
    pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) },
  });
  const problems = messages.map((message) => `${name}: ${formatMessage(message, pkg, { color: false }) ?? message.code}`);

  const listing = await runCommand('tar', ['-tzf', tarball]);
  for (const wanted of ['README.md', 'LICENSE']) {
    if (!listing.output.split(/\r?\n/).includes(`package/${wanted}`)) problems.push(`${name} would be published without ${wanted}.`);
  }

  // A package that is only a command has no entry to look at.
  if (packageJson['exports'] !== undefined) {
    const types = await runCommand('attw', [tarball, '--profile', 'esm-only', '--format', 'ascii', '--no-emoji', '--no-color', '--no-definitely-typed']);
    if (types.code !== 0) problems.push(`${name}:\n${types.output.trim()}`);
  }
  return problems;
}

export const packageShape: Step = {
  name: 'packages',
  promise: 'packed packages resolve, with types, for every consumer',
  async run() {
    const packs = await mkdtemp(path.join(tmpdir(), 'modelport-packs-'));
    try {
      const packages = await publishedPackages();
      if (packages.length === 0) return ['No published package was found.'];
      const problems: string[] = [];
      for (const one of packages) problems.push(...(await inspect(one, packs)));
      return problems;
    } finally {
      await rm(packs, { recursive: true, force: true });
    }
  },
};

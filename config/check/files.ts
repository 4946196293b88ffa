/** The files of the repository and the packages of the workspace, as the steps see them. */
import { glob, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { ROOT, runCommand } from './command.ts';

/** Every file that is, or on the next commit may be, part of the repository: relative to the root, with forward slashes. */
export async function repositoryFiles(): Promise<readonly string[]> {
  const { code, output } = await runCommand('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard']);
  const files = code === 0 ? [...new Set(output.split('\0'))].filter((file) => file !== '' && existsSync(path.join(ROOT, file))) : await walk();
  if (files.length < 30) throw new Error(`Only ${files.length} files were seen: this is not the repository.`);
  return files;
}

/** The same without git, for a checkout that came as an archive. */
async function walk(): Promise<string[]> {
  const skipped = new Set(['node_modules', 'dist', 'coverage', '.git', '.modelport']);
  const found: string[] = [];
  for await (const entry of glob('**/*', { cwd: ROOT, withFileTypes: true, exclude: (candidate) => skipped.has(candidate.name) })) {
    if (entry.isFile()) found.push(path.relative(ROOT, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
  }
  return found;
}

/** The text of a file of the repository. */
export function readText(file: string): Promise<string> {
  return readFile(path.join(ROOT, file), 'utf8');
}

/** One package of the workspace. */
export interface WorkspacePackage {
  /** Relative to the root, with forward slashes. */
  readonly folder: string;
  readonly name: string;
  readonly packageJson: Readonly<Record<string, unknown>>;
}

/** The packages that are published: every package.json of the repository that is not private and not a fixture. */
export async function publishedPackages(): Promise<readonly WorkspacePackage[]> {
  const manifests = (await repositoryFiles()).filter((file) => /(^|\/)package\.json$/.test(file) && !/(^|\/)(fixtures|templates?)\//.test(file));
  const found = await Promise.all(
    manifests.map(async (file): Promise<WorkspacePackage> => {
      const packageJson = JSON.parse(await readText(file)) as Record<string, unknown>;
      return { folder: path.posix.dirname(file), name: String(packageJson['name']), packageJson };
    }),
  );
  return found.filter((one) => one.packageJson['private'] !== true);
}

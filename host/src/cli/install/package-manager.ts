/** Which package manager a project uses, by its lockfile, and how that one is told to install without running scripts. */
import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A package manager and the folder it works in. */
export interface Project {
  readonly manager: 'npm' | 'pnpm' | 'yarn' | 'bun';
  /** Nearest folder with a package.json; without one, the folder that was asked about. */
  readonly folder: string;
  /** Absolute path of the lockfile; absent in a fresh project. */
  readonly lockfile?: string;
}

const lockfiles = [['pnpm-lock.yaml', 'pnpm'], ['yarn.lock', 'yarn'], ['bun.lock', 'bun'], ['bun.lockb', 'bun'], ['package-lock.json', 'npm'], ['npm-shrinkwrap.json', 'npm']] as const;

/** Looks from a folder upward. Without any lockfile the project counts as npm's. */
export async function findProject(folder: string): Promise<Project> {
  const folders = [folder];
  for (let above = folder; dirname(above) !== above; above = dirname(above)) folders.push(dirname(above));
  let home: string | undefined;
  for (const here of folders) {
    if (home === undefined && (await exists(join(here, 'package.json')))) home = here;
    for (const [name, manager] of lockfiles) {
      const lockfile = join(here, name);
      if (await exists(lockfile)) return { manager, folder: home ?? here, lockfile };
    }
  }
  return { manager: 'npm', folder: home ?? folder };
}

/** The project of a config: that of its nearest file; of the working folder where there is none. */
export function projectOf(files: readonly string[]): Promise<Project> {
  const file = files.at(-1);
  return findProject(file === undefined ? process.cwd() : dirname(file));
}

/** The command that adds packages to a project with install scripts off, and the variables it needs. */
export async function installCommand({ manager, folder }: Project, packages: readonly string[]): Promise<{ readonly words: readonly string[]; readonly environment: Readonly<Record<string, string>> }> {
  switch (manager) {
    case 'pnpm': {
      // At the root of a workspace pnpm wants to be told that the root is meant.
      const root = (await exists(join(folder, 'pnpm-workspace.yaml'))) ? ['--workspace-root'] : [];
      return { words: ['pnpm', 'add', '--ignore-scripts', ...root, ...packages], environment: {} };
    }
    case 'yarn': {
      const berry = await exists(join(folder, '.yarnrc.yml'));
      return berry
        ? { words: ['yarn', 'add', ...packages], environment: { YARN_ENABLE_SCRIPTS: '0' } }
        : { words: ['yarn', 'add', '--ignore-scripts', ...packages], environment: {} };
    }
    case 'bun': return { words: ['bun', 'add', '--ignore-scripts', ...packages], environment: {} };
    default: return { words: ['npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund', ...packages], environment: {} };
  }
}

/** Whether something is at a path. */
export async function exists(path: string): Promise<boolean> {
  return access(path).then(() => true, () => false);
}

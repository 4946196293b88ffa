/** Runs a package manager, with what it says on our stderr, so that stdout stays ours. */
import { spawn } from 'node:child_process';
import { CommandError } from '../command-error.ts';
import { installCommand, type Project } from './package-manager.ts';

/** Adds packages to a project, scripts off. Throws INSTALL_FAILED. */
export async function installPackages(project: Project, packages: readonly string[], signal: AbortSignal): Promise<string> {
  const { words, environment } = await installCommand(project, packages);
  const [program = '', ...rest] = words;
  const line = words.map((word) => (/^[\w@./:+-]+$/.test(word) ? word : `"${word}"`)).join(' ');
  const windows = process.platform === 'win32';
  const exitCode = await new Promise<number | null | string>((resolve) => {
    // On Windows the managers are .cmd files, which only a shell runs; the words were checked to hold nothing a shell acts on.
    const child = spawn(program, windows ? rest.map((word) => `"${word}"`) : rest, { cwd: project.folder, env: { ...process.env, ...environment }, stdio: ['ignore', 2, 2], shell: windows, signal });
    child.on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ENOENT' ? `${program} is not installed` : error.message));
    child.on('close', resolve);
  });
  if (exitCode !== 0) {
    const reason = typeof exitCode === 'string' ? exitCode : `it ended with exit code ${exitCode ?? 'none'}`;
    throw new CommandError('INSTALL_FAILED', `\`${line}\` in ${project.folder} failed: ${reason}.`, 'Mend what the package manager says above, then run the command again.', { command: line, folder: project.folder });
  }
  return line;
}

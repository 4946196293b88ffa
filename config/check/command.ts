/** Runs one command from the root of the workspace and keeps what it said. */
import { spawn } from 'node:child_process';
import path from 'node:path';

/** The root of the workspace, absolute. */
export const ROOT: string = path.resolve(import.meta.dirname, '../..');

/** How a command ended, and all it printed, standard error included. */
export interface CommandResult {
  readonly code: number;
  readonly output: string;
}

/** Runs a command to its end, without a shell; a binary of the workspace goes by its bare name. A missing command is code 127. */
export function runCommand(command: string, words: readonly string[], folder: string = ROOT, variables: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
  return new Promise((resolve) => {
    const binaries = path.join(ROOT, 'node_modules', '.bin');
    const child = spawn(command, words, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, PATH: `${binaries}${path.delimiter}${process.env['PATH'] ?? ''}`, NO_COLOR: '1', FORCE_COLOR: '0', ...variables },
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Runs a command whose exit code is its verdict: no problems, or one that holds what it printed. */
export async function verdictOf(command: string, words: readonly string[]): Promise<readonly string[]> {
  const { code, output } = await runCommand(command, words);
  return code === 0 ? [] : [`${command} ${words.join(' ')} (exit code ${code})\n${output.trim()}`];
}

/** Runs pnpm: the one that started this process where there is one, so that no second copy is looked for. */
export function runPnpm(words: readonly string[], folder?: string, variables?: Readonly<Record<string, string>>): Promise<CommandResult> {
  const own = process.env['npm_execpath'];
  return own !== undefined && path.basename(own).startsWith('pnpm')
    ? runCommand(own, words, folder, variables)
    : runCommand('npx', ['-y', 'pnpm@12', ...words], folder, variables);
}

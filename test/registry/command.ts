/** Runs a command as a user's shell would, far from this workspace: none of its settings, none of its binaries. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { ROOT } from '../../config/check/command.ts';

/** How a command ended, and what it printed. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What differs from a plain environment. */
export interface RunSettings {
  /** The .npmrc that stands for the user's own. */
  readonly npmrc?: string;
  /** True = keep the machine's own npm settings, to ask for them. */
  readonly machine?: boolean;
  /** Further variables. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** This process's environment without what npm, pnpm and vitest put there. */
function plainEnvironment({ npmrc, machine, variables }: RunSettings): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => machine === true || !/^(npm_|pnpm_|NODE_OPTIONS$|NODE_ENV$|VITEST|TEST$|MODELPORT_)/i.test(name),
  );
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => !folder.startsWith(ROOT));
  return {
    ...Object.fromEntries(kept),
    // The Node that runs the tests, so that a machine with an older one runs the product too.
    PATH: [path.dirname(process.execPath), ...folders].join(path.delimiter),
    NO_COLOR: '1',
    ...(npmrc === undefined ? {} : { NPM_CONFIG_USERCONFIG: npmrc }),
    ...variables,
  };
}

/** Runs a command in a folder to its end, whatever its exit code. */
export function run(command: string, words: readonly string[], folder: string, settings: RunSettings = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, words, { cwd: folder, env: plainEnvironment(settings), stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 1, stdout, stderr }));
  });
}

/** Runs a command that has to succeed; otherwise throws all it printed. Answers with its standard output. */
export async function runWell(command: string, words: readonly string[], folder: string, settings: RunSettings = {}): Promise<string> {
  const { code, stdout, stderr } = await run(command, words, folder, settings);
  if (code !== 0) throw new Error(`${command} ${words.join(' ')} ended with exit code ${code}\n${stdout}\n${stderr}`);
  return stdout;
}

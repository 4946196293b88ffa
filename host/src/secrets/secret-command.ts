/** The output of a command as a secret: run without a shell, at first use, kept for a while. */
import { execFile } from 'node:child_process';

/** What a command gave. */
export interface CommandOutcome {
  /** What it printed, without the final line break. */
  readonly text?: string;
  /** Why there is no text; never what the command printed. */
  readonly reason?: string;
}

/** How a command runs. */
export interface CommandSettings {
  readonly environment: NodeJS.ProcessEnv;
  readonly folder: string;
  /** How long the output is kept, in milliseconds; absent = as long as the process lives, 0 = not at all. */
  readonly ttlMs?: number | undefined;
  /** How long the command may run, in milliseconds. Default 10000. */
  readonly limitMs?: number | undefined;
}

const kept = new Map<string, { readonly outcome: Promise<CommandOutcome>; readonly until: number }>();

/** Runs a command, or gives what it printed less than `ttlMs` ago. Callers at the same time share one run; a failure is not kept. */
export async function runSecretCommand(command: readonly string[], settings: CommandSettings): Promise<CommandOutcome> {
  const key = JSON.stringify([command, settings.folder]);
  const known = kept.get(key);
  if (known && known.until > Date.now()) return await known.outcome;
  const entry = { outcome: run(command, settings), until: Date.now() + (settings.ttlMs ?? Number.POSITIVE_INFINITY) };
  kept.set(key, entry);
  const outcome = await entry.outcome;
  if (outcome.text === undefined && kept.get(key) === entry) kept.delete(key);
  return outcome;
}

/** Forgets all kept output, so that the next use runs its command again. */
export function forgetSecretCommands(): void {
  kept.clear();
}

async function run(command: readonly string[], settings: CommandSettings): Promise<CommandOutcome> {
  const [program, ...words] = command;
  const limitMs = settings.limitMs ?? 10_000;
  if (program === undefined) return { reason: 'it names no program' };
  return await new Promise((resolve) => {
    execFile(program, words, { cwd: settings.folder, env: settings.environment, timeout: limitMs, killSignal: 'SIGKILL', windowsHide: true, maxBuffer: 65_536 }, (error, stdout) => {
      const text = stdout.replace(/\r?\n$/, '');
      if (error === null) resolve(text === '' ? { reason: 'it printed nothing' } : { text });
      else if (error.killed) resolve({ reason: `it did not finish within ${limitMs} ms` });
      else resolve({ reason: typeof error.code === 'number' ? `it ended with exit code ${error.code}` : error.code === 'ENOENT' ? 'there is no such program' : `it failed: ${error.code}` });
    });
  });
}

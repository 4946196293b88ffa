/** Runs the real program, built (`pnpm test` builds first), as a child process in a folder of its own. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PROGRAM = path.join(ROOT, 'host/bin/modelport.js');

/** How a run ended. */
export interface Run {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with files, and with the built plugins where Node finds them. */
export interface Folder extends AsyncDisposable {
  readonly path: string;
  /** Runs the program there. */
  run(words: readonly string[], settings?: RunSettings): Promise<Run>;
  /** Starts the program there; the caller watches it. */
  start(words: readonly string[], settings?: RunSettings): Child;
  write(file: string, text: string): Promise<void>;
}

/** A running program. */
export interface Child {
  /** Resolves once stdout or stderr holds the text; rejects when the program ends without it. */
  says(text: string): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Resolves once the program has taken the text from its stdin. */
  feed(text: string): Promise<void>;
  /** Ends its stdin. */
  end(): void;
  /** Closes our end of its stdout, as `head` does when it has enough. */
  stopReading(): void;
  readonly ended: Promise<Run>;
}

/** Settings of a run. */
export interface RunSettings {
  /** What its stdin holds; default: nothing. */
  readonly input?: string;
  /** Whether stdin stays open, for `feed`. */
  readonly keepOpen?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Makes a folder with files; `modelport.config.yaml` is what most tests write. */
export async function makeFolder(files: Readonly<Record<string, string>>, { plugins = ['scripted', 'calculator', 'openai'] }: { readonly plugins?: readonly string[] } = {}): Promise<Folder> {
  const folder = await realpath(await mkdtemp(path.join(tmpdir(), 'modelport-cli-')));
  const write = async (file: string, text: string): Promise<void> => {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), text);
  };
  for (const [file, text] of Object.entries(files)) await write(file, text);
  await mkdir(path.join(folder, 'node_modules/@modelport'), { recursive: true });
  for (const plugin of plugins) {
    await symlink(path.join(ROOT, 'plugins', plugin), path.join(folder, 'node_modules/@modelport', plugin), 'dir');
  }
  await symlink(path.join(ROOT, 'plugin-api'), path.join(folder, 'node_modules/@modelport/plugin-api'), 'dir');
  const start = (words: readonly string[], settings: RunSettings = {}): Child => startProgram(folder, words, settings);
  return {
    path: folder,
    run: (words, settings) => start(words, settings).ended,
    start,
    write,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Nothing of the tester's own environment reaches the program but what a shell needs. */
function cleanEnvironment(home: string): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], HOME: home, NODE_OPTIONS: '', npm_config_offline: 'true' };
}

function startProgram(cwd: string, words: readonly string[], { input = '', keepOpen = false, environment = {} }: RunSettings): Child {
  const child = spawn(process.execPath, [PROGRAM, ...words], { cwd, env: { ...cleanEnvironment(cwd), ...environment } });
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  const heard = (): void => { for (const check of waiting) check(); };
  child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text; heard(); });
  child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text; heard(); });
  child.stdin.on('error', () => undefined);
  if (!keepOpen) child.stdin.end(input);
  const ended = new Promise<Run>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  return {
    ended,
    says: (text) => new Promise((resolve, reject) => {
      const check = (): void => {
        if (!stdout.includes(text) && !stderr.includes(text)) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
      void ended.then((run) => reject(new Error(`it ended without saying "${text}": ${JSON.stringify(run)}`)));
    }),
    feed: (text) => new Promise((resolve) => { child.stdin.write(text, () => resolve()); }),
    end: () => { child.stdin.end(); },
    signal: (name) => { child.kill(name); },
    stopReading: () => { child.stdout.destroy(); },
  };
}

/** A config that runs with no key. */
export const STARTER = `backends:
  scripted: { plugin: "@modelport/scripted" }
models:
  default: demo@scripted
tools:
  calculator: { plugin: "@modelport/calculator" }
agents:
  assistant: { tools: [calculator] }
`;

/** From the start of a process to its first answer, with few and many plugins in the config, with and without a compile cache. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INSTRUCTIONS, QUESTION, WHOLE_MODEL, WHOLE_TEXT } from './answers.ts';
import { startVariables, writePluginFolder } from './plugin-folder.ts';

/** Whether Node finds what it compiled the last time. */
export type CompileCache = 'cold' | 'warm';

/** What is started. */
export interface Starter {
  readonly id: string;
  readonly title: string;
  /** Its script, and what the script is told: a URL or a config file. */
  readonly script: string;
  readonly argument: string;
}

/** One start: milliseconds by the clock from the spawn to the answer, and CPU of the process until then. */
export interface Start {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** The starters, and the folder they live in until `close`. */
export interface Starters extends AsyncDisposable {
  /** The floor first. */
  readonly all: readonly Starter[];
  /** Starts one and waits for its answer. Rejects when the answer is not the one that was sent. */
  start(starter: Starter, cache: CompileCache): Promise<Start>;
}

/** Writes the folders with their plugins. */
export async function createStarters(baseUrl: string, counts: readonly number[]): Promise<Starters> {
  const folder = await mkdtemp(join(tmpdir(), 'modelport-bench-'));
  const hosts = await Promise.all(counts.map(async (count): Promise<Starter> => ({
    id: `modelport-${count}`,
    title: `Modelport, ${count} ${count === 1 ? 'plugin' : 'plugins'}`,
    script: 'modelport.js',
    argument: await writePluginFolder(join(folder, `with-${count}`), count, baseUrl),
  })));
  return {
    all: [{ id: 'undici', title: 'undici + JSON.parse', script: 'undici.js', argument: baseUrl }, ...hosts],
    start: (starter, cache) => startOnce(starter, cache === 'cold' ? { NODE_DISABLE_COMPILE_CACHE: '1' } : { NODE_COMPILE_CACHE: join(folder, 'cache') }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

async function startOnce({ title, script, argument }: Starter, cache: NodeJS.ProcessEnv): Promise<Start> {
  const began = performance.now();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'start', script), argument, WHOLE_MODEL, INSTRUCTIONS, QUESTION], {
    env: { ...startVariables, ...cache, PATH: process.env['PATH'], HOME: process.env['HOME'] }, stdio: ['ignore', 'pipe', 'inherit'],
  });
  let wallMs = 0;
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (wallMs === 0) wallMs = performance.now() - began;
    output += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject));
  if (code !== 0) throw new Error(`"${title}" ended with exit code ${String(code)} instead of an answer.`);
  const { cpuUs, text } = JSON.parse(output) as { readonly cpuUs: number; readonly text: string };
  if (text !== WHOLE_TEXT) throw new Error(`"${title}" gave an answer that is not the one sent.`);
  return { wallMs, cpuMs: cpuUs / 1_000 };
}

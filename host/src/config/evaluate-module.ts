/** The plain data that a .js or .ts config exports, evaluated afresh in a worker thread each time it is read. */
import { pathToFileURL } from 'node:url';
import type { ConfigProblem } from '../errors/config-problem.ts';
import type { Evaluation } from './evaluate-worker.ts';
import { emptyMap, placeValue, problemAt, type Origin } from './layer-node.ts';
import type { ParsedText } from './parse-yaml.ts';

/** How long a config file may run, in milliseconds. */
export const moduleLimitMs = 10_000;

/**
 * Evaluates a config module. Node's own type stripping reads .ts. What the module prints goes to stderr, so that `--json` output stays
 * clean. It never throws: a module that throws, hangs or exports more than plain data becomes problems.
 */
export async function evaluateModule(file: string, base: Origin, environment: NodeJS.ProcessEnv, limitMs: number = moduleLimitMs): Promise<ParsedText> {
  const evaluation = await runInThread(file, environment, limitMs);
  const problems: ConfigProblem[] = [];
  if (evaluation.type === 'failed') {
    const place = placeInStack(evaluation.stack, file) ?? (evaluation.name === 'SyntaxError' ? await placeOfSyntaxError(file) : undefined);
    const origin = { ...base, ...place };
    const named = evaluation.name === 'Error' ? evaluation.message : `${evaluation.name}: ${evaluation.message}`;
    return { root: emptyMap(base), problems: [problemAt('code-failed', [], origin, `the file failed while it ran: ${named}`)], readable: false };
  }
  if (evaluation.type === 'foreign') {
    for (const { path, what } of evaluation.values) problems.push(problemAt('wrong-type', path, base, `expected plain data, got ${what}`));
    return { root: emptyMap(base), problems, readable: false };
  }
  return { root: placeValue(evaluation.value, () => ({ origin: base, key: base }), problems), problems, readable: true };
}

async function runInThread(file: string, environment: NodeJS.ProcessEnv, limitMs: number): Promise<Evaluation> {
  const { Worker } = await import('node:worker_threads');
  const entry = new URL(import.meta.url.endsWith('.ts') ? './evaluate-worker.ts' : './evaluate-worker.js', import.meta.url);
  const worker = new Worker(entry, { workerData: { url: pathToFileURL(file).href }, env: { ...environment }, stdout: true, execArgv: [] });
  worker.stdout.pipe(process.stderr, { end: false });
  const failed = (message: string): Evaluation => ({ type: 'failed', name: 'Error', message, stack: '' });
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Evaluation>((resolve) => {
      timer = setTimeout(() => resolve(failed(`it did not finish within ${limitMs} ms`)), limitMs);
      worker.once('message', resolve);
      worker.once('error', (error: Error) => resolve({ type: 'failed', name: error.name, message: error.message, stack: error.stack ?? '' }));
      worker.once('exit', () => resolve(failed('it ended before its default export was ready: something it awaits never comes, or it called process.exit()')));
    });
  } finally {
    clearTimeout(timer);
    worker.stdout.unpipe(process.stderr);
    await worker.terminate();
  }
}

/** Node keeps the place of a syntax error to itself, unless the file is only checked. */
async function placeOfSyntaxError(file: string): Promise<{ line: number; column?: number } | undefined> {
  const { execFile } = await import('node:child_process');
  return await new Promise((resolve) => {
    execFile(process.execPath, ['--check', file], { timeout: moduleLimitMs }, (_error, _stdout, stderr) => resolve(placeInStack(stderr, file)));
  });
}

/** The first place of the file itself in a stack; without a column where only the line is told. */
function placeInStack(stack: string, file: string): { line: number; column?: number } | undefined {
  for (const name of [pathToFileURL(file).href, file]) {
    const start = stack.indexOf(`${name}:`);
    const match = start < 0 ? null : /^:(\d+)(?::(\d+))?/.exec(stack.slice(start + name.length));
    if (match) return { line: Number(match[1]), ...(match[2] === undefined ? {} : { column: Number(match[2]) }) };
  }
  return undefined;
}

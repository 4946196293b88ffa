/** A temp folder with config files in it, and what reading them gives. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ConfigProblem } from '../../src/errors/config-problem.ts';
import { ModelportError } from '../../src/errors/modelport-error.ts';
import { readConfig, type ConfigSource, type LoadedConfig } from '../../src/flow/config.ts';

/** Writes files below a new temp folder, which goes when the test ends. */
export async function configFolder(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'modelport-config-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await write(folder, files);
  return folder;
}

/** Writes files below a folder. */
export async function write(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

/** Reads the config of a folder with an empty environment. */
export async function load(folder: string, source: ConfigSource = {}): Promise<LoadedConfig> {
  return await readConfig({ cwd: folder, environment: {}, ...source });
}

/** Reads one YAML text. */
export async function loadYaml(text: string, source: ConfigSource = {}): Promise<LoadedConfig> {
  return await load(await configFolder({ 'modelport.config.yaml': text }), source);
}

/** The error that reading throws. */
export async function failure(reading: Promise<unknown>): Promise<ModelportError> {
  const error: unknown = await reading.then(() => undefined, (reason: unknown) => reason);
  if (!ModelportError.is(error)) throw new Error(`expected a ModelportError, got ${String(error)}`);
  return error;
}

/** The problems of a config that is refused. */
export async function problemsOf(reading: Promise<unknown>): Promise<readonly ConfigProblem[]> {
  const { code, details, message } = await failure(reading);
  if (code !== 'CONFIG_INVALID') throw new Error(`expected CONFIG_INVALID, got ${code}: ${message}`);
  return (details as { problems: readonly ConfigProblem[] }).problems;
}

/** Problems as `line:column path`. */
export function places(problems: readonly ConfigProblem[]): string[] {
  return problems.map(({ line, column, path }) => `${line}:${column} ${path}`);
}

/** A backend and an alias, so that a test needs to write only what it is about. */
export const small = 'backends:\n  one: { plugin: acme }\nmodels:\n  default: m@one\n';

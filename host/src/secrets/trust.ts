/** Which configs may run commands to get secrets: the user's own, and those the user has trusted as they are. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, sep } from 'node:path';

/** Hashes of trusted files, by real path. */
type Trusted = Readonly<Record<string, string>>;

/**
 * Whether a config made of these files may run commands. A config given in code has no files and may. So may files that lie in the home
 * folder itself or in the user's config folder (XDG_CONFIG_HOME, else ~/.config). Any other must have been trusted with its present content:
 * an edit, by whomever, has to be trusted again.
 */
export async function isTrusted(files: readonly string[], environment: NodeJS.ProcessEnv): Promise<boolean> {
  const paths = await Promise.all(files.map((file) => realpath(file).catch(() => file)));
  const foreign = paths.filter((file) => !isOwn(file, environment));
  if (foreign.length === 0) return true;
  const known = await readTrusted(environment);
  const hashes = await Promise.all(foreign.map((file) => hashOf(file).catch(() => undefined)));
  return foreign.every((file, index) => hashes[index] !== undefined && known[file] === hashes[index]);
}

/** Trusts files as they are now; answers with the file that remembers it. Throws what the file system throws. */
export async function trustConfig(files: readonly string[], environment: NodeJS.ProcessEnv = process.env): Promise<string> {
  const paths = await Promise.all(files.map((file) => realpath(file)));
  const entries = await Promise.all(paths.map(async (file) => [file, await hashOf(file)] as const));
  const record = recordOf(environment);
  await mkdir(dirname(record), { recursive: true, mode: 0o700 });
  const text = `${JSON.stringify({ ...(await readTrusted(environment)), ...Object.fromEntries(entries) }, null, 2)}\n`;
  // Renamed into place, so that a host which reads at this moment sees all or nothing.
  await writeFile(`${record}.new`, text, { mode: 0o600 });
  await rename(`${record}.new`, record);
  return record;
}

/** Never in a folder that a config names: it could bring its own trust along. */
function recordOf(environment: NodeJS.ProcessEnv): string {
  const state = environment['MODELPORT_STATE'] || join(environment['XDG_STATE_HOME'] || join(homeOf(environment), '.local', 'state'), 'modelport');
  return join(state, 'trusted.json');
}

async function readTrusted(environment: NodeJS.ProcessEnv): Promise<Trusted> {
  try {
    return JSON.parse(await readFile(recordOf(environment), 'utf8')) as Trusted;
  } catch {
    return {};
  }
}

async function hashOf(file: string): Promise<string> {
  return createHash('sha256').update(await readFile(file)).digest('hex');
}

function isOwn(file: string, environment: NodeJS.ProcessEnv): boolean {
  const home = homeOf(environment);
  return dirname(file) === home || file.startsWith((environment['XDG_CONFIG_HOME'] || join(home, '.config')) + sep);
}

function homeOf(environment: NodeJS.ProcessEnv): string {
  return environment['HOME'] || homedir();
}

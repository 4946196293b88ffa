/** Where a secret is had, and how its value is fetched from there: a variable, a file, a command, the keychain, or the config itself. */
import { stat, readFile } from 'node:fs/promises';
import { expandPath } from '../config/expand-path.ts';
import { runSecretCommand } from './secret-command.ts';
import { SecretValue } from './secret-value.ts';

/** Where a secret is had, as the config says it. File paths are absolute after reading the config. */
export type SecretReference = (
  | { readonly env: string }
  | { readonly file: string }
  | { readonly command: readonly string[]; /** How long its output is kept, in milliseconds; absent = as long as the process lives. */ readonly ttlMs?: number }
  | { readonly keychain: string }
  | { readonly literal: SecretValue }
) & { /** Whether the backend starts without it; absent = what the manifest says. */ readonly optional?: boolean };

/** Reads one entry of the system's keychain; resolves to undefined when there is no such entry. */
export interface KeychainDriver {
  read(entry: string): Promise<string | undefined>;
}

/** What fetching a secret needs to know. */
export interface SecretRequest {
  readonly environment: NodeJS.ProcessEnv;
  /** Folder a relative `file` is read from. */
  readonly folder: string;
  /** What the secret is called, such as `apiKey`. */
  readonly name: string;
  /** Whether the config that names a `command` is the user's own, or was trusted; false = no command runs. */
  readonly trusted: boolean;
  readonly keychain?: KeychainDriver | undefined;
  /** How long a `command` may run, in milliseconds. Default 10000. */
  readonly commandLimitMs?: number | undefined;
}

/** The outcome of fetching a secret. */
export interface ResolvedSecret {
  readonly present: boolean;
  readonly value?: SecretValue;
  /** Where it was sought, such as `env OPENAI_API_KEY`, with the reason where it was found but could not be had. */
  readonly sought: readonly string[];
  /** A doubt worth telling: a key file that others may read. */
  readonly warning?: string;
}

/** Fetches one secret. It never throws: what stands in the way is told in `sought`. An empty value counts as absent. */
export async function resolveSecret(reference: SecretReference, request: SecretRequest): Promise<ResolvedSecret> {
  const found = (value: string | undefined, sought: string, warning?: string): ResolvedSecret => ({
    ...(value ? { present: true, value: new SecretValue(request.name, value) } : { present: false }),
    sought: [sought],
    ...(warning === undefined ? {} : { warning }),
  });
  if ('literal' in reference) return { present: reference.literal.reveal() !== '', value: reference.literal, sought: ['the config'] };
  if ('env' in reference) return found(request.environment[reference.env], `env ${reference.env}`);
  if ('file' in reference) {
    const file = expandPath(reference.file, request.folder);
    try {
      const [text, facts] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
      return found(text.replace(/\r?\n$/, ''), `file ${reference.file}`, openToOthers(facts.mode) ? `${file} may be read by others; run \`chmod 600 ${file}\`` : undefined);
    } catch (error) {
      return found(undefined, `file ${reference.file} (${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : (error as Error).message})`);
    }
  }
  if ('command' in reference) {
    if (!request.trusted) return found(undefined, `command ${reference.command[0]} (not run: this config is not trusted; run \`modelport trust\`)`);
    const outcome = await runSecretCommand(reference.command, { environment: request.environment, folder: request.folder, ttlMs: reference.ttlMs, limitMs: request.commandLimitMs });
    return found(outcome.text, `command ${reference.command[0]}${outcome.reason === undefined ? '' : ` (${outcome.reason})`}`);
  }
  if (!request.keychain) return found(undefined, `keychain ${reference.keychain} (no keychain driver is installed)`);
  try {
    return found(await request.keychain.read(reference.keychain), `keychain ${reference.keychain}`);
  } catch (error) {
    return found(undefined, `keychain ${reference.keychain} (${(error as Error).message})`);
  }
}

/** Whether group or others may read a file; on Windows the mode says nothing. */
function openToOthers(mode: number): boolean {
  return process.platform !== 'win32' && (mode & 0o044) !== 0;
}

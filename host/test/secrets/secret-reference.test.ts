import { chmod, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { inspect } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { forgetSecretCommands } from '../../src/secrets/secret-command.ts';
import { resolveSecret, type ResolvedSecret, type SecretReference, type SecretRequest } from '../../src/secrets/secret-reference.ts';
import { SecretValue } from '../../src/secrets/secret-value.ts';
import { configFolder } from '../config/config-folder.ts';

/** Resolves the secret `apiKey`, trusted, in an empty environment, and shows its value beside the rest. */
async function resolve(reference: SecretReference, request: Partial<SecretRequest> = {}): Promise<Omit<ResolvedSecret, 'value'> & { value?: string }> {
  const { value, ...rest } = await resolveSecret(reference, { environment: {}, folder: '/', name: 'apiKey', trusted: true, ...request });
  return { ...rest, ...(value === undefined ? {} : { value: value.reveal() }) };
}

describe('a secret', () => {
  beforeEach(forgetSecretCommands);

  it('from a variable; an unset or empty one is absent', async () => {
    expect(await resolve({ env: 'KEY' }, { environment: { KEY: 'abc' } })).toEqual({ present: true, value: 'abc', sought: ['env KEY'] });
    expect(await resolve({ env: 'KEY' }, { environment: { KEY: '' } })).toEqual({ present: false, sought: ['env KEY'] });
    expect(await resolve({ env: 'KEY' })).toEqual({ present: false, sought: ['env KEY'] });
  });

  it('from a file, without its final line break; ~ is the home folder', async () => {
    const folder = await configFolder({ key: 'abc \r\n', 'two-lines': 'a\nb\n\n' });
    await Promise.all(['key', 'two-lines'].map((name) => chmod(join(folder, name), 0o600)));
    expect(await resolve({ file: 'key' }, { folder })).toEqual({ present: true, value: 'abc ', sought: ['file key'] });
    expect(await resolve({ file: 'two-lines' }, { folder })).toMatchObject({ value: 'a\nb\n' });
    expect(await resolve({ file: `~/${relative(homedir(), join(folder, 'key'))}` })).toMatchObject({ present: true, value: 'abc ' });
    expect(await resolve({ file: './none' }, { folder })).toEqual({ present: false, sought: ['file ./none (no such file)'] });
  });

  it.skipIf(process.platform === 'win32')('from a file that others may read warns (Windows has no such mode)', async () => {
    const folder = await configFolder({ key: 'abc' });
    await chmod(join(folder, 'key'), 0o640);
    expect((await resolve({ file: 'key' }, { folder })).warning).toContain(`chmod 600 ${join(folder, 'key')}`);
  });

  it('from a command, run without a shell in the folder of the config', async () => {
    const folder = await configFolder({ 'print.mjs': 'console.log(process.argv[2] + process.env.EXTRA + process.cwd());' });
    const command = [process.execPath, 'print.mjs', '$(whoami)'];
    expect(await resolve({ command }, { folder, environment: { EXTRA: '-x-' } })).toEqual({ present: true, value: `$(whoami)-x-${folder}`, sought: [`command ${process.execPath}`] });
  });

  it('from a command is kept: one run for many uses, also at the same time, and again after ttlMs', async () => {
    const folder = await configFolder({ count: '', 'run.mjs': "import { appendFileSync } from 'node:fs'; appendFileSync('count', 'x'); console.log('abc');" });
    const runs = async (): Promise<number> => (await readFile(join(folder, 'count'), 'utf8')).length;
    const command = [process.execPath, 'run.mjs'];
    await Promise.all([resolve({ command }, { folder }), resolve({ command }, { folder })]);
    await resolve({ command }, { folder });
    expect(await runs()).toBe(1);
    forgetSecretCommands();
    await resolve({ command, ttlMs: 0 }, { folder });
    await resolve({ command, ttlMs: 0 }, { folder });
    expect(await runs()).toBe(3);
  });

  it('from a command of a config that is not trusted is not run', async () => {
    const folder = await configFolder({ 'run.mjs': "import { writeFileSync } from 'node:fs'; writeFileSync('ran', '');" });
    const outcome = await resolve({ command: [process.execPath, 'run.mjs'] }, { folder, trusted: false });
    expect(outcome.present).toBe(false);
    expect(outcome.sought[0]).toContain('modelport trust');
    await expect(readFile(join(folder, 'ran'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('from a command that fails, hangs, prints nothing or does not exist is absent, with the reason and without its output', async () => {
    const node = async (code: string): Promise<unknown> => (await resolve({ command: [process.execPath, '-e', code] }, { commandLimitMs: 5_000 })).sought;
    expect(await node('console.log("canary"); process.exit(3)')).toEqual([`command ${process.execPath} (it ended with exit code 3)`]);
    expect(await node('')).toEqual([`command ${process.execPath} (it printed nothing)`]);
    expect((await resolve({ command: ['/no/such/program'] })).sought).toEqual(['command /no/such/program (there is no such program)']);
    expect((await resolve({ command: [process.execPath, '-e', 'setInterval(() => {}, 1000)'] }, { commandLimitMs: 200 })).sought).toEqual([`command ${process.execPath} (it did not finish within 200 ms)`]);
  });

  it('from the keychain needs a driver, and says so without one', async () => {
    expect(await resolve({ keychain: 'acme' })).toEqual({ present: false, sought: ['keychain acme (no keychain driver is installed)'] });
    const keychain = { read: async (entry: string) => await Promise.resolve(entry === 'acme' ? 'abc' : undefined) };
    expect(await resolve({ keychain: 'acme' }, { keychain })).toEqual({ present: true, value: 'abc', sought: ['keychain acme'] });
    expect(await resolve({ keychain: 'other' }, { keychain })).toEqual({ present: false, sought: ['keychain other'] });
    expect(await resolve({ keychain: 'acme' }, { keychain: { read: async () => await Promise.reject(new Error('locked')) } })).toEqual({ present: false, sought: ['keychain acme (locked)'] });
  });

  it('from the config itself', async () => {
    expect(await resolve({ literal: new SecretValue('apiKey', 'abc') })).toEqual({ present: true, value: 'abc', sought: ['the config'] });
  });
});

describe('a secret value', () => {
  it('shows its name wherever it is printed, and its text only when revealed', () => {
    const secret = new SecretValue('apiKey', 'canary');
    const shown = [String(secret), ['as', secret].join(' '), JSON.stringify({ secret }), inspect(secret), inspect({ secret }, { showHidden: true, depth: 9 })];
    for (const text of shown) {
      expect(text).toContain('[secret apiKey]');
      expect(text).not.toContain('canary');
    }
    expect(JSON.stringify(structuredClone({ ...secret }))).not.toContain('canary');
    expect(secret.reveal()).toBe('canary');
  });
});

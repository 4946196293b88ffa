/** Wrong words and wrong configs: exit code 2, a sentence, near names, never a stack. */
import { readFile } from 'node:fs/promises';
import { parseSync } from 'oxc-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, STARTER, type Folder } from './command-line.ts';

let folder: Folder;
beforeAll(async () => { folder = await makeFolder({ 'modelport.config.yaml': STARTER }); });
afterAll(() => folder[Symbol.asyncDispose]());

/** Runs what must be refused as wrong use; no line may look like a stack frame. */
async function refused(...words: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await folder.run(words);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).not.toMatch(/^\s+at /m);
  return stderr;
}

describe('wrong words', () => {
  it.each([
    [['chta', 'hi'], 'error USAGE: Unknown command "chta". Did you mean "chat"?\nfix: `modelport --help` shows what there is.\n'],
    [['models', 'lst'], 'error USAGE: Unknown command "lst". Did you mean "list" or "ls"?\nfix: `modelport models --help` shows what there is.\n'],
    [['chat', '--modle', 'x', 'hi'], 'error USAGE: Unknown option "--modle". Did you mean "--model"?\nfix: `modelport chat --help` shows what there is.\n'],
    [['models', 'info'], 'error USAGE: Missing required argument "spec".\nfix: `modelport models info --help` shows what there is.\n'],
    [['--plugins', 'all', 'doctor'], 'error USAGE: Option "--plugins <none>" argument "all" is invalid. The only value is "none".\nfix: `modelport --help` shows what there is.\n'],
  ])('%j are answered with what was meant', async (words, told) => {
    expect(await refused(...words)).toBe(told);
  });

  it('are told as JSON where JSON was asked for', async () => {
    expect(JSON.parse(await refused('--json', 'chta'))).toEqual({ error: { code: 'USAGE', message: 'Unknown command "chta". Did you mean "chat"?', remedy: '`modelport --help` shows what there is.', details: { near: ['chat'] } } });
  });

  it('no command at all shows the help, on stderr', async () => {
    expect(await refused()).toContain('Usage: modelport <command> [options]');
  });
});

describe('a Node that is too old', () => {
  const pretend = (version: string): string => `--import=data:text/javascript,${encodeURIComponent(`Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`)}`;

  it.each(['20.19.4', '22.18.0'])('%s is told what to do in one sentence, and nothing is loaded', async (version) => {
    const { exitCode, stdout, stderr } = await folder.run(['--version'], { environment: { NODE_OPTIONS: pretend(version) } });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^modelport needs Node 22\.19 or newer and this is Node \d+\.\d+\.\d+: install a newer one [^\n]*\n$/);
  });

  it('is met before anything is imported: the program has no static import', async () => {
    const program = parseSync('modelport.js', await readFile(new URL('../../host/bin/modelport.js', import.meta.url), 'utf8'));
    expect(program.module.staticImports).toEqual([]);
    expect(program.module.dynamicImports.length).toBeGreaterThan(1);
  });
});

describe('help', () => {
  it.each(['demo', 'chat', 'doctor', 'models list', 'models info', 'plugins list', 'plugins info', 'plugins add', 'backends list', 'backends retry', 'config init', 'config validate', 'config show', 'config profiles', 'config path', 'config schema'])('of %s has examples and the global options', async (command) => {
    const { exitCode, stdout } = await folder.run([...command.split(' '), '--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Examples:\n  `);
    expect(stdout).toContain(`modelport ${command}`);
    expect(stdout).toContain('--config <file>');
  });

  it('of the program lists every command', async () => {
    const { exitCode, stdout } = await folder.run(['--help']);
    expect(exitCode).toBe(0);
    for (const command of ['demo', 'chat', 'models', 'plugins', 'backends', 'config', 'doctor']) expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  it('--version prints the version alone', async () => {
    expect(await folder.run(['--version'])).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as unknown, stderr: '' });
  });
});

describe('a wrong config', () => {
  const WRONG = `backends:
  scripted: { plugin: "@modelport/scripted", eagr: true }
  second: { plugin: 5 }
  third: { plugin: "@modelport/scripted", options: { script: "\${NOT_SET_ANYWHERE}" } }
models:
  default: demo@scriptd
  hot: { spec: demo@scripted, temperature: 3 }
tools:
  second: { plugin: "@modelport/calculator" }
`;

  it('is told whole: every problem with file, line, path and near names', async () => {
    await folder.write('wrong.yaml', WRONG);
    const told = await refused('chat', '--config', 'wrong.yaml', 'hi');
    const at = `${folder.path}/wrong.yaml`;
    expect(told).toContain('error CONFIG_INVALID: The config has 6 problems:');
    expect(told).toContain(`${at}:2:46  backends.scripted.eagr: this key is not known. Did you mean "eager"?`);
    expect(told).toContain(`${at}:3:21  backends.second.plugin: expected text`);
    expect(told).toMatch(/wrong\.yaml:4:\d+ {2}backends\.third\.options\.script: .*NOT_SET_ANYWHERE is not set/);
    expect(told).toMatch(/wrong\.yaml:6:12 {2}models\.default: .*Did you mean "demo@scripted"\?/);
    expect(told).toMatch(/wrong\.yaml:7:\d+ {2}models\.hot\.temperature: expected at most 2, got 3/);
    expect(told).toMatch(/wrong\.yaml:9:3 {2}tools\.second: .*wrong\.yaml:3:3/);
    expect(told).toContain('fix: Mend the lines named above, then run `modelport config validate`.');
  });

  it('is told as JSON by config validate, on stdout and with exit code 2', async () => {
    await folder.write('wrong.yaml', WRONG);
    const { exitCode, stdout } = await folder.run(['config', 'validate', '--config', 'wrong.yaml', '--json']);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ valid: false, problems: [{ kind: 'unknown-key', path: 'backends.scripted.eagr', line: 2, near: ['eager'] }, { kind: 'wrong-type' }, { kind: 'missing-variable' }, { kind: 'unknown-name' }, { kind: 'out-of-range' }, { kind: 'duplicate-name' }] });
  });

  it('with broken syntax names the place', async () => {
    await folder.write('syntax.yaml', 'backends:\n  a: {\n models: [');
    expect(await refused('models', 'list', '--config', 'syntax.yaml')).toContain(`${folder.path}/syntax.yaml:3:`);
  });

  it('with a name twice names both lines', async () => {
    await folder.write('twice.yaml', 'backends:\n  a: { plugin: "@modelport/scripted" }\n  a: { plugin: "@modelport/scripted" }\n');
    expect(await refused('models', 'list', '--config', 'twice.yaml')).toMatch(/twice\.yaml:3:3 .*twice\.yaml:2|twice\.yaml:3:3 .*line 2/);
  });

  it('with options that do not fit the plugin names the option', async () => {
    await folder.write('options.yaml', STARTER.replace('"@modelport/scripted"', '"@modelport/scripted", options: { chunkDelyMs: 1 }'));
    expect(await refused('chat', '--config', 'options.yaml', 'hi')).toContain('options.yaml:2:70  backends.scripted.options.chunkDelyMs: is no known option. Did you mean "chunkDelayMs"?');
  });

  it('that is not there is told with what to do', async () => {
    expect(await refused('chat', '--config', 'nosuch.yaml', 'hi')).toContain('nosuch.yaml cannot be read: there is no such file');
    await using empty = await makeFolder({});
    const { exitCode, stderr } = await empty.run(['chat', 'hi']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('fix: Write one with `modelport config init`, or name one with `--config FILE`.');
  });

  it('shows a stack under --debug only', async () => {
    const { stderr } = await folder.run(['chat', '--config', 'nosuch.yaml', '--debug', 'hi']);
    expect(stderr).toMatch(/^\s+at /m);
  });

  it('a model nobody offers is wrong use, with near names', async () => {
    await folder.write('two.yaml', STARTER.replace('models:', '  other: { plugin: "@modelport/scripted" }\nmodels:'));
    expect(await refused('chat', '--config', 'two.yaml', '-m', 'demo@scriptd', 'hi')).toContain('Did you mean "demo@scripted"?');
  });
});

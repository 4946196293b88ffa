/** The commands that look: models, plugins, backends, config, as text and as JSON. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, STARTER, type Folder } from './command-line.ts';

let folder: Folder;
beforeAll(async () => { folder = await makeFolder({ 'modelport.config.yaml': STARTER }); });
afterAll(() => folder[Symbol.asyncDispose]());

/** Runs a command that must go well and gives its JSON. */
async function json(...words: string[]): Promise<unknown> {
  const { exitCode, stdout, stderr } = await folder.run([...words, '--json']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout);
}

/** Runs a command that must go well and gives its text. */
async function text(...words: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await folder.run(words);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

describe('models', () => {
  it('list shows aliases with targets and the state behind each', async () => {
    expect(await text('models', 'list')).toMatch(/^ALIAS +TARGET +BACKEND\ndefault +demo@scripted +ready\n$/);
    expect(await json('models', 'list')).toEqual({ aliases: [{ name: 'default', targets: [{ spec: 'demo@scripted', backend: 'scripted', state: 'idle' }] }] });
  });

  it('list --live asks the backends', async () => {
    expect(await text('models', 'list', '--live')).toContain('  demo@scripted       chat\n');
    expect(await json('models', 'list', '--live')).toMatchObject({ backends: [{ backend: 'scripted', models: [{ id: 'demo', kind: 'chat' }, { id: 'embedding', kind: 'embedding' }] }] });
  });

  it('list --live shows the others where one backend fails', async () => {
    await folder.write('two.yaml', STARTER.replace('models:', '  cloud: { plugin: "@modelport/openai", secrets: { apiKey: { env: NO_SUCH_KEY } } }\nmodels:'));
    const { exitCode, stdout } = await folder.run(['models', 'list', '--live', '--config', 'two.yaml', '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ backends: [{ backend: 'scripted', models: [{ id: 'demo' }, { id: 'embedding' }] }, { backend: 'cloud', error: { code: 'AUTH_MISSING' } }] });
  });

  it('info tells what a spec means', async () => {
    expect(await text('models', 'info', 'default', '--live')).toMatch(/^demo@scripted {2}@modelport\/scripted {2}active\n/);
    expect(await json('models', 'info', 'default')).toMatchObject({ name: 'default', targets: [{ backend: 'scripted', model: 'demo', state: 'idle' }] });
  });
});

describe('plugins', () => {
  it('list shows each package with what it provides', async () => {
    expect(await text('plugins', 'list')).toMatch(/@modelport\/scripted +0\.\d+\.\d+ +\^1\.0\.0 +chat, embedding, models +scripted +ready\n/);
    expect(await json('plugins', 'list', '--start')).toMatchObject({ plugins: [
      { plugin: '@modelport/scripted', api: '^1.0.0', backends: [{ name: 'scripted', state: 'active' }], importMs: expect.any(Number) as unknown }, { plugin: '@modelport/calculator' },
    ] });
  });

  it('info shows every phase and the options', async () => {
    const shown = await text('plugins', 'info', '@modelport/scripted');
    for (const phase of ['named in  modelport.config.yaml:2', 'found     ', 'contract  ^1.0.0 (offered: 1.', 'provides  chat', 'secrets   none', 'import    not yet', 'state     ready']) expect(shown).toContain(phase);
    expect(shown).toMatch(/chunkDelayMs +number +default 0/);
    expect(await json('plugins', 'info', 'scripted', '--start')).toMatchObject({ backends: [{ name: 'scripted', state: 'active', options: { properties: { chunkWords: {} } } }] });
  });

  it('info offers near names for one the config does not name', async () => {
    const { exitCode, stderr } = await folder.run(['plugins', 'info', 'scriptde']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Did you mean "scripted"?');
  });
});

describe('backends', () => {
  it('list shows every instance', async () => {
    expect(await text('backends', 'list')).toMatch(/calculator +@modelport\/calculator 0\.\d+\.\d+ +tools +none +ready\n/);
    expect(await json('backends', 'list')).toMatchObject({ backends: [{ name: 'scripted', state: 'idle', secrets: [] }, { name: 'calculator' }] });
  });

  it('retry starts one and says how it went', async () => {
    expect(await text('backends', 'retry', 'scripted')).toMatch(/^scripted {2}@modelport\/scripted 0\.\d+\.\d+ {2}active, imported in \d+ ms\n$/);
  });

  it('retry fails with the reason where it cannot start', async () => {
    await folder.write('plugin/package.json', JSON.stringify({ name: 'thrower', version: '1.0.0', type: 'module', exports: './index.js', modelport: { manifest: 1, id: 'thrower', api: '^1.0.0', provides: ['chat'] } }));
    await folder.write('plugin/index.js', 'throw new Error("no licence found");');
    await folder.write('thrower.yaml', 'backends: { broken: { plugin: ./plugin } }\n');
    const { exitCode, stdout } = await folder.run(['backends', 'retry', 'broken', '--config', 'thrower.yaml']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/quarantined\n +PLUGIN_IMPORT_FAILED: .*no licence found[^]*fix: /);
  });
});

describe('config', () => {
  it('validate says that all is well', async () => {
    expect(await text('config', 'validate')).toBe('valid  modelport.config.yaml\n');
    expect(await json('config', 'validate')).toMatchObject({ valid: true, problems: [], backends: [] });
  });

  it('validate fails with 1 for a plugin that is not installed', async () => {
    await folder.write('absent.yaml', 'backends: { ghost: { plugin: modelport-plugin-ghost } }\n');
    const { exitCode, stdout } = await folder.run(['config', 'validate', '--config', 'absent.yaml']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('fix: Run `modelport plugins add modelport-plugin-ghost`.');
  });

  it('show prints the merged config as YAML, and as JSON', async () => {
    expect(await text('config', 'show')).toContain('backends:\n  scripted:\n    plugin: "@modelport/scripted"\n');
    expect(await json('config', 'show')).toMatchObject({ config: { backends: { scripted: { enabled: true } }, models: { default: { targets: ['demo@scripted'] } } } });
  });

  it('show --origin names what wrote each value', async () => {
    const { stdout } = await folder.run(['config', 'show', '--origin', '--set', 'log.level=error'], { environment: { MODELPORT_STORE: 'memory' } });
    expect(stdout).toMatch(/backends\.scripted\.plugin +"@modelport\/scripted" +file modelport\.config\.yaml:2\n/);
    expect(stdout).toMatch(/log\.level +"error" +flag --set/);
    expect(stdout).toMatch(/backends\.scripted\.eager +false +default\n/);
    expect(await json('config', 'show', '--origin')).toMatchObject({ values: expect.arrayContaining([expect.objectContaining({ path: 'models.default.targets.0', origin: { layer: 'file', file: path.join(folder.path, 'modelport.config.yaml'), line: 4, column: 12 } })]) as unknown });
  });

  it('profiles lists those of the config and marks the active ones', async () => {
    await folder.write('profiles.yaml', `${STARTER}profiles:\n  night: { log: { level: error } }\n  day: { log: { level: debug } }\n`);
    expect(await text('config', 'profiles', '--config', 'profiles.yaml', '--profile', 'day')).toBe('night\nday  active\n');
    expect(await json('config', 'profiles', '--config', 'profiles.yaml')).toEqual({ profiles: ['night', 'day'], active: [] });
    expect(await text('config', 'profiles')).toContain('The config has no profiles.');
  });

  it('path prints the file alone on stdout', async () => {
    const { stdout, stderr } = await folder.run(['config', 'path']);
    expect(stdout).toBe(`${path.join(folder.path, 'modelport.config.yaml')}\n`);
    expect(stderr).toBe('found by search\n');
  });

  it('schema knows the options of the installed plugins and the models they listed', async () => {
    await folder.run(['models', 'list', '--live']);
    const schema = await json('config', 'schema') as { $defs: Record<string, { properties: object }>; properties: { backends: { properties: Record<string, { properties: { options: object } }> }; models: unknown } };
    expect(schema.properties.backends.properties['scripted']?.properties.options).toEqual({ $ref: '#/$defs/options-of-scripted' });
    expect(Object.keys(schema.$defs['options-of-scripted']?.properties ?? {})).toContain('chunkDelayMs');
    expect(JSON.stringify(schema.properties.models)).toContain('"embedding@scripted"');
  });

  it('init writes a config that answers at once', async () => {
    await using fresh = await makeFolder({});
    const { exitCode, stdout } = await fresh.run(['config', 'init']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'wrote  modelport.config.yaml\nNext:\n  modelport chat --agent assistant "What is 6 * 7?"\n' });
    expect(await readFile(path.join(fresh.path, 'modelport.config.yaml'), 'utf8')).toMatch(/^# yaml-language-server: \$schema=\.modelport\/config\.schema\.json\n/);
    expect(JSON.parse(await readFile(path.join(fresh.path, '.modelport/config.schema.json'), 'utf8'))).toMatchObject({ type: 'object' });
    expect((await fresh.run(['chat', '--agent', 'assistant', 'What is 6 * 7?'])).stdout).toBe('6 * 7 is 42.\n');
  });

  it('init leaves a file that is there alone, unless forced', async () => {
    await using own = await makeFolder({ 'modelport.config.yaml': '# mine\n' });
    const { exitCode, stderr } = await own.run(['config', 'init']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error FILE_EXISTS');
    expect(await readFile(path.join(own.path, 'modelport.config.yaml'), 'utf8')).toBe('# mine\n');
    expect((await own.run(['config', 'init', '--force'])).exitCode).toBe(0);
    expect(await readFile(path.join(own.path, 'modelport.config.yaml'), 'utf8')).toContain('demo@scripted');
  });

  it('init says what to install where the plugins are missing', async () => {
    await using bare = await makeFolder({ 'package.json': '{}', 'pnpm-lock.yaml': '' }, { plugins: [] });
    const { stdout } = await bare.run(['config', 'init']);
    expect(stdout).toContain('Next:\n  pnpm add --ignore-scripts @modelport/scripted @modelport/calculator\n');
  });
});

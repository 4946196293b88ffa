import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ConfigInput } from '../../src/config/schema.ts';
import { configFolder, load, loadYaml, places, problemsOf, small } from './config-folder.ts';

describe('extends', () => {
  it('lays files over each other from left to right, the file itself on top', async () => {
    const folder = await configFolder({
      'modelport.config.yaml': 'extends: [./a.yaml, ./sub/b.json]\nlog: { level: warn }\n',
      'a.yaml': 'log: { level: debug }\nreload: { drainMs: 1 }\nstreams: { abandonedMs: 1 }\n',
      'sub/b.json': '{ "extends": "../c.toml", "reload": { "drainMs": 2 } }',
      'c.toml': 'streams.abandonedMs = 3\n',
    });
    const loaded = await load(folder);
    expect(loaded.config).toMatchObject({ log: { level: 'warn' }, reload: { drainMs: 2 }, streams: { abandonedMs: 3 } });
    expect(loaded.files).toEqual(['a.yaml', 'c.toml', 'sub/b.json', 'modelport.config.yaml'].map((name) => join(folder, name)));
    expect(loaded.origin(['reload', 'drainMs'])).toEqual({ layer: 'extends', file: join(folder, 'sub/b.json'), line: 1, column: 50 });
  });

  it('reads a package from the folder of the file that names it', async () => {
    const folder = await configFolder({
      'app/modelport.config.yaml': 'extends: [team-config, "@team/base"]\n',
      'app/node_modules/team-config/package.json': '{ "name": "team-config", "exports": "./config.json" }',
      'app/node_modules/team-config/config.json': '{ "log": { "level": "debug" } }',
      'app/node_modules/@team/base/package.json': '{ "name": "@team/base" }',
      'app/node_modules/@team/base/modelport.config.yaml': 'backends: { one: { plugin: ./mine } }\n',
    });
    const { config } = await load(folder, { file: 'app/modelport.config.yaml' });
    expect(config.log.level).toBe('debug');
    expect(config.backends['one']?.from.folder).toBe(join(folder, 'app/node_modules/@team/base'));
  });

  it('tells a ring, a missing file and a missing package with their places', async () => {
    const folder = await configFolder({ 'modelport.config.yaml': 'extends:\n  - ./a.yaml\n  - ./no.yaml\n  - nowhere\n  - b.yaml\n', 'a.yaml': 'extends: ./modelport.config.yaml\n', 'b.yaml': '' });
    const problems = await problemsOf(load(folder));
    expect(problems.find(({ kind }) => kind === 'cycle')).toMatchObject({ file: join(folder, 'a.yaml'), line: 1, column: 10, message: `these files extend each other: ${['modelport.config.yaml', 'a.yaml', 'modelport.config.yaml'].map((name) => join(folder, name)).join(' -> ')}.` });
    expect(problems.filter(({ kind }) => kind === 'missing').map(({ line, column }) => [line, column])).toEqual([[3, 5], [4, 5], [5, 5]]);
    expect(problems.find(({ line }) => line === 5)?.message).toContain('write "./b.yaml"');
  });

  it('works for values given in code', async () => {
    const folder = await configFolder({ 'base.yaml': small });
    const { config } = await load(folder, { value: { extends: './base.yaml', models: { fast: 'n@one' } } });
    expect(Object.keys(config.models)).toEqual(['default', 'fast']);
  });
});

describe('merging', () => {
  const merged = async (base: string, over: string): Promise<Awaited<ReturnType<typeof load>>> =>
    await load(await configFolder({ 'base.yaml': base, 'modelport.config.yaml': `extends: ./base.yaml\n${over}` }));

  it('merges maps by key, replaces lists and scalars, and takes away what is null', async () => {
    const { config } = await merged(
      'backends: { one: { plugin: acme, options: { a: 1, b: [1, 2], c: { d: 1, e: 2 } } }, two: { plugin: acme } }\n',
      'backends: { one: { options: { b: [3], c: { e: null, f: 3 } } }, two: null }\n',
    );
    expect(config.backends['one']?.options).toEqual({ a: 1, b: [3], c: { d: 1, f: 3 } });
    expect(Object.keys(config.backends)).toEqual(['one']);
  });

  it('replaces an alias whole', async () => {
    const { config } = await merged(`${small}  judge: { spec: m@one, temperature: 0 }\n`, 'models: { judge: { spec: n@one, topP: 1 } }\n');
    expect(config.models['judge']).toEqual({ name: 'judge', targets: ['n@one'], defaults: { topP: 1 } });
  });

  it('replaces a backend whole when its plugin changes, and merges it when only the range does', async () => {
    const base = 'backends: { one: { plugin: acme@^1, eager: true, options: { a: 1 } } }\n';
    const changed = await merged(base, 'backends: { one: { plugin: other, options: { b: 2 } } }\n');
    expect(changed.config.backends['one']).toMatchObject({ plugin: 'other', eager: false, options: { b: 2 } });
    const ranged = await merged(base, 'backends: { one: { plugin: acme@^2, options: { b: 2 } } }\n');
    expect(ranged.config.backends['one']).toMatchObject({ plugin: 'acme', range: '^2', eager: true, options: { a: 1, b: 2 } });
  });

  it('treats the same relative path in another folder as another plugin, read from there', async () => {
    const folder = await configFolder({ 'modelport.config.yaml': 'extends: ./sub/base.yaml\nbackends: { one: { plugin: ./mine } }\n', 'sub/base.yaml': '\nbackends: { one: { plugin: ./mine, eager: true } }\n' });
    const { config } = await load(folder);
    expect(config.backends['one']).toMatchObject({ eager: false, from: { file: join(folder, 'modelport.config.yaml'), folder, line: 2 } });
  });

  it('warns of a null that takes nothing away', async () => {
    const { config, warnings } = await loadYaml(`${small}tools:\n  files:\n`);
    expect(config.tools).toEqual({});
    expect(warnings).toMatchObject([{ kind: 'no-effect', path: 'tools.files', line: 6 }]);
  });

  it('lays a backend over its preset', async () => {
    const text = 'presets:\n  team: { plugin: acme@^1, options: { a: 1, b: 1 }, secrets: { apiKey: { env: KEY } } }\nbackends:\n  one: { preset: team, options: { b: 2 } }\n';
    const { config } = await loadYaml(text);
    expect(config.backends['one']).toMatchObject({ preset: 'team', plugin: 'acme', range: '^1', options: { a: 1, b: 2 }, secrets: { apiKey: { env: 'KEY' } }, from: { line: 2 } });
    expect(await problemsOf(loadYaml(text.replace('preset: team', 'preset: taem')))).toMatchObject([{ path: 'backends.one.preset', line: 4, column: 18, near: ['team'] }]);
  });
});

describe('profiles, environment and flags', () => {
  const text = `${small}profiles:\n  offline: { models: { default: demo@one }, log: { level: warn } }\n  loud: { log: { level: debug } }\n`;

  it('a profile is laid over the file, several in their order', async () => {
    const loaded = await loadYaml(text, { profiles: ['offline,loud'] });
    expect(loaded.profiles).toEqual(['offline', 'loud']);
    expect(loaded.config.log.level).toBe('debug');
    expect(loaded.origin(['models', 'default'])).toMatchObject({ layer: 'profile', name: 'offline', line: 6, column: 33 });
  });

  it('--profile wins over MODELPORT_PROFILE', async () => {
    const environment = { MODELPORT_PROFILE: 'offline' };
    expect((await loadYaml(text, { environment })).config.log.level).toBe('warn');
    expect((await loadYaml(text, { environment, profiles: ['loud'] })).config.models['default']?.targets).toEqual(['m@one']);
  });

  it('an unknown profile is told with near names and what asked for it', async () => {
    expect(await problemsOf(loadYaml(text, { profiles: ['ofline'] }))).toMatchObject([{ kind: 'unknown-name', near: ['offline'], message: 'there is no profile "ofline"; there are offline, loud (set by --profile).' }]);
  });

  it('a profile that is not used is checked too, but its variables may be missing', async () => {
    const unused = `${small}profiles:\n  one: { log: { levle: warn }, backends: { x: { plugin: acme, options: { a: "\${NOT_SET}" } } } }\n`;
    expect(await problemsOf(loadYaml(unused))).toMatchObject([{ path: 'profiles.one.log.levle', line: 6, column: 17, near: ['level'] }]);
  });

  it('a profile cannot hold extends or profiles', async () => {
    expect(places(await problemsOf(loadYaml(`${small}profiles:\n  one: { extends: ./x }\n`)))).toEqual(['6:10 profiles.one.extends']);
  });

  it('the order is defaults, extends, file, profile, environment, flags', async () => {
    const folder = await configFolder({
      'base.yaml': 'backends: { one: { plugin: acme } }\nmodels: { default: base@one }\nstate: { folder: ./base }\n',
      'modelport.config.yaml': 'extends: ./base.yaml\nmodels: { default: file@one }\nprofiles: { p: { models: { default: profile@one } } }\n',
    });
    const answers = async (source: object): Promise<unknown> => {
      const loaded = await load(folder, source);
      return [loaded.config.models['default']?.targets[0], loaded.origin(['models', 'default'])?.layer];
    };
    expect(await answers({ file: 'base.yaml' })).toEqual(['base@one', 'file']);
    expect(await answers({})).toEqual(['file@one', 'file']);
    expect(await answers({ profiles: ['p'] })).toEqual(['profile@one', 'profile']);
    const environment = { MODELPORT_MODEL: 'variable@one', MODELPORT_STATE: './elsewhere' };
    expect(await answers({ profiles: ['p'], environment })).toEqual(['variable@one', 'environment']);
    expect(await answers({ profiles: ['p'], environment, set: ['models.default=flag@one'] })).toEqual(['flag@one', 'flag']);
    const loaded = await load(folder, { environment });
    expect(loaded.config.state.folder).toBe(join(folder, 'elsewhere'));
    expect(loaded.origin(['state', 'folder'])).toEqual({ layer: 'environment', name: 'MODELPORT_STATE' });
    expect(loaded.origin(['reload', 'drainMs'])).toEqual({ layer: 'default' });
    expect(loaded.origin(['reload', 'nothing'])).toBeUndefined();
  });

  it('values laid over by code win over flags', async () => {
    const loaded = await loadYaml(small, { set: ['models.default=flag@one'], overlay: { models: { default: 'code@one' } } });
    expect(loaded.config.models['default']?.targets).toEqual(['code@one']);
    expect(loaded.origin(['models', 'default'])).toEqual({ layer: 'code' });
  });

  it('a profile given in code may take away with null', async () => {
    const folder = await configFolder({});
    const value: ConfigInput = { backends: { one: { plugin: 'acme' } }, models: { default: 'm@one', fast: 'n@one' }, profiles: { slim: { models: { fast: null } } } };
    expect(Object.keys((await load(folder, { value, profiles: ['slim'] })).config.models)).toEqual(['default']);
  });

  it('a base URL is had from the nearest layer: flag, profile, file, preset', async () => {
    const config = 'presets: { p: { plugin: acme, options: { baseUrl: "https://preset.test" } } }\nbackends: { one: { preset: p } }\n';
    const file = config.replace('preset: p }', 'preset: p, options: { baseUrl: "https://file.test" } }');
    const withProfile = `${file}profiles: { eu: { backends: { one: { options: { baseUrl: "https://profile.test" } } } } }\n`;
    const url = async (yaml: string, source: object = {}): Promise<unknown> => (await loadYaml(yaml, source)).config.backends['one']?.options['baseUrl'];
    expect(await url(config)).toBe('https://preset.test');
    expect(await url(file)).toBe('https://file.test');
    expect(await url(withProfile, { profiles: ['eu'] })).toBe('https://profile.test');
    expect(await url(withProfile, { profiles: ['eu'], set: ['backends.one.options.baseUrl=https://flag.test'] })).toBe('https://flag.test');
  });

  it('--set reads JSON and YAML values, keeps other text, and takes keys with dots in quotes', async () => {
    const set = ['log.level=warn', 'reload.drainMs=5', 'backends.one.eager=true', 'backends.one.options={"a":[1,"x"]}', 'backends.one.options.text=a: b # c', 'backends.one.options.at=@x', 'backends.one.models."gpt-4.1".limits.contextTokens=9', 'models.default=m:7b@one', 'backends.one.options.empty='];
    const { config } = await loadYaml(small, { set });
    expect(config).toMatchObject({ log: { level: 'warn' }, reload: { drainMs: 5 }, models: { default: { targets: ['m:7b@one'] } } });
    expect(config.backends['one']).toMatchObject({ eager: true, options: { a: [1, 'x'], text: 'a: b # c', at: '@x', empty: '' }, models: { 'gpt-4.1': { limits: { contextTokens: 9 } } } });
  });

  it('--set of an unknown path, and a flag of another form, are told by the flag, without its value', async () => {
    const problems = await problemsOf(loadYaml(small, { set: ['backends.one.sekrets.apiKey=sk-canary', 'reload.drainMs=soon', 'novalue'] }));
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('(set by --set novalue)'),
      expect.stringContaining('(set by --set backends.one.sekrets.apiKey)'),
      expect.stringContaining('expected a number, got a text (set by --set reload.drainMs)'),
    ]);
    expect(JSON.stringify(problems)).not.toContain('canary');
    expect(problems[1]).toMatchObject({ path: 'backends.one.sekrets', near: ['secrets'] });
  });
});

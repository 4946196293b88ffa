import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeConfig } from '../../src/flow/config.ts';
import { configFolder, failure, load, places, problemsOf, write } from './config-folder.ts';

const yaml = `
backends:
  one:
    plugin: "@acme/plugin@^1.2"
    options: { baseUrl: "https://acme.test/v1", deep: { list: [1, two, true] } }
    models: { "gpt-4.1": { limits: { contextTokens: 1000 } } }
models:
  default: m:7b@one
  fast: [ n@one, default ]
  judge: { spec: o@one, temperature: 0.5 }
reload: { watch: true }
`;
const value = {
  backends: { one: { plugin: '@acme/plugin@^1.2', options: { baseUrl: 'https://acme.test/v1', deep: { list: [1, 'two', true] } }, models: { 'gpt-4.1': { limits: { contextTokens: 1000 } } } } },
  models: { default: 'm:7b@one', fast: ['n@one', 'default'], judge: { spec: 'o@one', temperature: 0.5 } },
  reload: { watch: true },
};
const toml = `
[backends.one]
plugin = "@acme/plugin@^1.2"
options = { baseUrl = "https://acme.test/v1", deep = { list = [1, "two", true] } }
[backends.one.models."gpt-4.1".limits]
contextTokens = 1000
[models]
default = "m:7b@one"
fast = ["n@one", "default"]
judge = { spec = "o@one", temperature = 0.5 }
[reload]
watch = true
`;

/** The config without the file and line of its plugin. */
async function contentOf(name: string, text: string): Promise<unknown> {
  const folder = await configFolder({ [name]: text });
  const loaded = await load(folder);
  expect(loaded.files).toEqual([join(folder, name)]);
  return JSON.parse(JSON.stringify(describeConfig(loaded)).replaceAll(join(folder, name), 'FILE').replaceAll(folder, 'FOLDER').replace(/,"line":\d+/, ''));
}

describe('formats', () => {
  it.each([
    ['modelport.config.yml', yaml],
    ['modelport.config.json', JSON.stringify(value, undefined, '\t')],
    ['modelport.config.toml', toml],
    ['modelport.config.js', `export default ${JSON.stringify(value)};`],
    ['modelport.config.ts', `type Any = object;\nconst value: Any = ${JSON.stringify(value)};\nexport default value;`],
    ['.modelportrc', yaml],
    ['.modelportrc.json', JSON.stringify(value)],
    ['.modelportrc.yaml', yaml],
  ])('%s gives the same config as YAML', async (name, text) => {
    expect(await contentOf(name, text)).toEqual(await contentOf('modelport.config.yaml', yaml));
  });

  it('values given in code give the same config, read from the working folder', async () => {
    const folder = await configFolder({});
    const loaded = await load(folder, { value });
    expect(loaded.files).toEqual([]);
    expect(loaded.config.models['fast']?.targets).toEqual(['n@one', 'default']);
    expect(loaded.config.backends['one']?.from).toEqual({ file: folder, folder });
    expect(loaded.origin(['reload', 'watch'])).toEqual({ layer: 'code' });
  });

  it('an empty file is an empty config', async () => {
    const { config } = await load(await configFolder({ 'modelport.config.yaml': '# nothing yet\n' }));
    expect(config.backends).toEqual({});
  });

  it.each([
    ['modelport.config.yaml', 'log:\n  level: warn\n', { line: 2, column: 10 }],
    ['modelport.config.json', '{\n\t"log": { "level": "warn" }\n}', { line: 2, column: 20 }],
    ['modelport.config.toml', '# first\n[log]\nlevel = "warn"\n', { line: 3, column: 9 }],
  ])('%s keeps the place of every value', async (name, text, place) => {
    const folder = await configFolder({ [name]: text });
    expect((await load(folder)).origin(['log', 'level'])).toEqual({ layer: 'file', file: join(folder, name), ...place });
  });

  it('TOML places survive tables in lists, dotted and quoted keys, multi-line strings and lists', async () => {
    const text = [
      '[backends."one"]', // 1
      'plugin = "acme"', // 2
      'options.text = """', // 3
      'a = 1 # no key', // 4
      '""""', // 5: a quote directly before the closing three
      "options.raw = 'x = [{' # }", // 6
      'options.list = [ # comment, with a comma', // 7
      '  "a", { b = 1, "c d" = 2 },', // 8
      ']', // 9
      '[[budgets]]', // 10
      'per = "day"', // 11
      'usd = 1', // 12
      '[[budgets]]', // 13
      '  per = "month"', // 14
      'tokens = 0', // 15
    ].join('\n');
    const folder = await configFolder({ 'modelport.config.toml': text });
    expect(places(await problemsOf(load(folder)))).toEqual(['15:10 budgets[1].tokens']);
    await write(folder, { 'modelport.config.toml': text.replace('tokens = 0', 'tokens = 5') });
    const loaded = await load(folder);
    expect(loaded.config.backends['one']?.options).toEqual({ text: 'a = 1 # no key\n"', raw: 'x = [{', list: ['a', { b: 1, 'c d': 2 }] });
    const at = (...path: (string | number)[]): unknown => [loaded.origin(path)?.line, loaded.origin(path)?.column];
    expect(at('backends', 'one', 'options', 'raw')).toEqual([6, 15]);
    expect(at('backends', 'one', 'options', 'list', 1, 'c d')).toEqual([8, 25]);
    expect(at('budgets', 1, 'per')).toEqual([14, 9]);
  });

  it.each([
    ['modelport.config.yaml', 'log:\n  level: [warn\nstore: memory\n', 3],
    ['modelport.config.yaml', 'log: { level: warn }\n---\nlog: {}\n', 2],
    ['modelport.config.yaml', 'log: *nothing\n', 1],
    ['modelport.config.yaml', 'store: !!binary aaaa\n', 1],
    ['modelport.config.json', '{\n  "store": "memory",\n}\n', 3],
    ['modelport.config.json', '{\n  "store": "memory" // why\n}\n', 2],
    ['modelport.config.toml', 'store = "memory"\nlog =\n', 2],
    ['modelport.config.toml', 'store = "memory"\nstore = "sqlite"\n', 2],
  ])('%s: a syntax error is told with its line (%j)', async (name, text, line) => {
    const folder = await configFolder({ [name]: text });
    const [problem] = await problemsOf(load(folder));
    expect(problem).toMatchObject({ file: join(folder, name), line });
    expect(problem?.column).toBeGreaterThan(0);
  });

  it('a key written twice is told with both lines, in YAML and JSON, beside other problems', async () => {
    const text = 'backends:\n  one: { plugin: a }\n  one: { plugin: b }\nlog: { level: loud }\n';
    const problems = await problemsOf(load(await configFolder({ 'modelport.config.yaml': text })));
    expect(problems).toMatchObject([
      { kind: 'duplicate-name', path: 'backends.one', line: 3, column: 3, message: 'this key is written twice, in line 2 and in line 3.' },
      { kind: 'wrong-type', path: 'log.level', line: 4, column: 15 },
    ]);
    const json = '{ "store": "memory",\n  "store": "sqlite" }';
    expect(places(await problemsOf(load(await configFolder({ 'modelport.config.json': json }))))).toEqual(['2:3 store']);
  });

  it('YAML anchors and merge keys work, and an alias that unfolds without end is refused', async () => {
    const text = 'backends:\n  one: &one { plugin: acme, options: { a: 1 } }\n  two: { <<: *one, eager: true }\n';
    const { config } = await load(await configFolder({ 'modelport.config.yaml': text }));
    expect(config.backends['two']).toMatchObject({ plugin: 'acme', eager: true, options: { a: 1 } });
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]', ...'bcdefg'.split('').map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdef'[index]}`).join(', ')}]`)];
    const [problem] = await problemsOf(load(await configFolder({ 'modelport.config.yaml': `backends: { one: { plugin: acme, options: {\n${bomb.join(',\n')} } } }` })));
    expect(problem?.kind).toBe('syntax');
  });

  it('a top that is a list is refused', async () => {
    const [problem] = await problemsOf(load(await configFolder({ 'modelport.config.yaml': '- a\n- b\n' })));
    expect(problem).toMatchObject({ line: 1, column: 1, message: 'expected a map of settings, got a list.' });
  });
});

describe('finding the file', () => {
  it('a file named by the caller wins over MODELPORT_CONFIG, and that over the search', async () => {
    const folder = await configFolder({ 'modelport.config.yaml': 'log: { level: info }', 'b.yaml': 'log: { level: warn }', 'c.json': '{ "log": { "level": "debug" } }' });
    const environment = { MODELPORT_CONFIG: 'b.yaml' };
    expect((await load(folder)).config.log.level).toBe('info');
    expect((await load(folder, { environment })).config.log.level).toBe('warn');
    expect((await load(folder, { environment, file: './c.json' })).config.log.level).toBe('debug');
  });

  it('a missing file is CONFIG_UNREADABLE with its path, a folder and a package.json likewise', async () => {
    const folder = await configFolder({ 'package.json': '{}', 'sub/x': '' });
    expect(await failure(load(folder, { file: 'no.yaml' }))).toMatchObject({ code: 'CONFIG_UNREADABLE', details: { file: join(folder, 'no.yaml'), reason: 'there is no such file' } });
    expect(await failure(load(folder, { file: 'sub' }))).toMatchObject({ code: 'CONFIG_UNREADABLE', details: { reason: 'it is a folder' } });
    expect((await failure(load(folder, { file: 'package.json' }))).message).toContain("a plugin's manifest");
  });
});

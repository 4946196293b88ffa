import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluateModule } from '../../src/config/evaluate-module.ts';
import { configFolder, load, problemsOf, write } from './config-folder.ts';

describe('configs in .js and .ts', () => {
  it('an edited file, and an edited file it imports, give fresh values', async () => {
    const folder = await configFolder({ 'modelport.config.ts': "import { level } from './level.ts';\nexport default { log: { level } };\n", 'level.ts': "export const level: string = 'warn';\n" });
    expect((await load(folder)).config.log.level).toBe('warn');
    await write(folder, { 'level.ts': "export const level = 'debug';\n" });
    expect((await load(folder)).config.log.level).toBe('debug');
    await write(folder, { 'modelport.config.ts': "export default { log: { level: 'error' } } as const;\n" });
    expect((await load(folder)).config.log.level).toBe('error');
  });

  it('they see the environment that was given, and may await', async () => {
    const folder = await configFolder({ 'modelport.config.js': 'const level = await Promise.resolve(process.env.LEVEL);\nexport default { log: { level } };\n' });
    expect((await load(folder, { environment: { LEVEL: 'warn' } })).config.log.level).toBe('warn');
  });

  it('a .js config without "type": "module" may be CommonJS', async () => {
    const folder = await configFolder({ 'package.json': '{}', 'modelport.config.js': "module.exports = { log: { level: 'warn' } };\n" });
    expect((await load(folder)).config.log.level).toBe('warn');
  });

  it('values other than plain data are told with their paths', async () => {
    const folder = await configFolder({ 'modelport.config.js': 'const ring = {}; ring.ring = ring;\nexport default { a: () => 1, b: [new Date(), { c: 1n }], d: Promise.resolve(), ring, e: undefined };\n' });
    expect((await problemsOf(load(folder))).map(({ path, message }) => `${path}: ${message}`)).toEqual([
      'a: expected plain data, got a function.',
      'b[0]: expected plain data, got an instance of Date.',
      'b[1].c: expected plain data, got a bigint.',
      'd: expected plain data, got a promise (await it in the file).',
      'ring.ring: expected plain data, got a value that contains itself.',
    ]);
  });

  it.each([
    ['modelport.config.js', 'const a = 1;\nthrow new TypeError("no luck");\nexport default {};\n', 'TypeError: no luck', 2],
    ['modelport.config.js', 'export default {\n  a: 1\n  b: 2\n};\n', 'SyntaxError', 3],
    ['modelport.config.ts', 'export default { a: 1 as };\n', 'SyntaxError', 1],
    ['modelport.config.js', 'export const config = {};\n', 'no default export', undefined],
    ['modelport.config.js', 'await new Promise(() => {});\nexport default {};\n', 'never comes', undefined],
    ['modelport.config.js', "import './not-there.js';\nexport default {};\n", 'not-there.js', undefined],
    ['modelport.config.js', 'process.exit(0);\nexport default {};\n', 'process.exit()', undefined],
    ['modelport.config.js', 'export default 5;\n', 'expected a map of settings', undefined],
  ])('%s: %j is told', async (name, text, message, line) => {
    const folder = await configFolder({ 'package.json': '{ "type": "module" }', [name]: text });
    const [problem] = await problemsOf(load(folder));
    expect(problem?.message).toContain(message);
    expect(problem).toMatchObject({ file: join(folder, name), ...(line === undefined ? {} : { line }) });
  });

  it('a file that runs without end is stopped at its limit', async () => {
    const folder = await configFolder({ 'modelport.config.js': 'for (;;);\nexport default {};\n' });
    const file = join(folder, 'modelport.config.js');
    const { problems, readable } = await evaluateModule(file, { layer: 'file', file }, {}, 300);
    expect(readable).toBe(false);
    expect(problems).toMatchObject([{ kind: 'code-failed', file, message: 'the file failed while it ran: it did not finish within 300 ms.' }]);
  });

  it('what is wrong with its values is told with the file', async () => {
    const folder = await configFolder({ 'modelport.config.js': "export default { log: { level: 'loud' }, stor: 'memory' };\n" });
    expect(await problemsOf(load(folder))).toMatchObject([{ path: 'log.level', file: join(folder, 'modelport.config.js') }, { path: 'stor', near: ['store'] }]);
  });
});

describe('values given in code', () => {
  it('must be plain data too', async () => {
    const folder = await configFolder({});
    const value = { backends: { one: { plugin: 'acme', options: { when: new Date(0) } } } } as never;
    expect(await problemsOf(load(folder, { value }))).toMatchObject([{ path: 'backends.one.options.when', message: 'expected plain data, got an instance of Date.' }]);
  });
});

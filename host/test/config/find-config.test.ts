import { chown } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isForeign } from '../../src/config/foreign-code.ts';
import { trustConfig } from '../../src/secrets/trust.ts';
import { findConfig, searchPlaces } from '../../src/flow/config.ts';
import { configFolder, failure, load } from './config-folder.ts';

describe('the search', () => {
  it('goes upward from the working folder and takes the nearest file', async () => {
    const folder = await configFolder({ 'modelport.config.yaml': 'log: { level: warn }', 'a/.modelportrc': 'log: { level: debug }', 'a/package.json': '{}', 'a/b/c/x.txt': '', 'd/x.txt': '' });
    expect(await findConfig(join(folder, 'a/b/c'), {})).toMatchObject({ how: 'found by search', file: join(folder, 'a/.modelportrc') });
    expect(await findConfig(join(folder, 'd'), {})).toMatchObject({ file: join(folder, 'modelport.config.yaml') });
    expect((await load(join(folder, 'a/b/c'))).config.log.level).toBe('debug');
  });

  it('takes the files of one folder in the documented order', async () => {
    const folder = await configFolder(Object.fromEntries(searchPlaces.map((place) => [place, place.endsWith('json') ? '{}' : ''])));
    expect(searchPlaces).toEqual([
      'modelport.config.ts', 'modelport.config.js', 'modelport.config.json', 'modelport.config.yaml', 'modelport.config.yml', 'modelport.config.toml',
      '.modelportrc', '.modelportrc.json', '.modelportrc.yaml',
    ]);
    expect((await findConfig(folder, {})).file).toBe(join(folder, 'modelport.config.ts'));
  });

  it('never reads the "modelport" key of a package.json', async () => {
    const folder = await configFolder({ 'package.json': '{ "modelport": { "manifest": 1 } }' });
    expect((await findConfig(folder, {})).file).toBeUndefined();
  });

  it('tells the folders it searched when there is none', async () => {
    const folder = await configFolder({ 'a/x.txt': '' });
    const error = await failure(load(join(folder, 'a')));
    expect(error.code).toBe('CONFIG_NOT_FOUND');
    expect((error.details as { searched: string[] }).searched.slice(0, 2)).toEqual([join(folder, 'a'), folder]);
  });

  it('ends at the home folder for a working folder below it', async () => {
    const { searched } = await findConfig(join(homedir(), 'one', 'two'), {});
    expect(searched).toEqual([join(homedir(), 'one', 'two'), join(homedir(), 'one'), homedir()]);
  });
});

describe('a config that is a program', () => {
  it.skipIf(process.getuid?.() !== 0)('of another user is not run where it was found by search, nor where a found file extends it (only root can give files away)', async () => {
    const folder = await configFolder({ 'modelport.config.js': 'globalThis.ran = true; export default {};', 'below/modelport.config.yaml': 'extends: ../modelport.config.js\n' });
    await chown(join(folder, 'modelport.config.js'), 4321, 4321);
    const environment = { HOME: join(folder, 'home') };
    const error = await failure(load(folder, { environment }));
    expect([error.code, error.message]).toEqual(['CONFIG_UNREADABLE', expect.stringContaining('it is a program of another user, found by search, and was not run') as unknown]);
    expect((await failure(load(join(folder, 'below'), { environment }))).message).toContain('a program of another user');
    expect((await load(folder, { environment, file: 'modelport.config.js' })).files).toEqual([join(folder, 'modelport.config.js')]);
    await trustConfig([join(folder, 'modelport.config.js')], environment);
    expect((await load(folder, { environment })).files).toEqual([join(folder, 'modelport.config.js')]);
  });

  it('is foreign to everybody but its owner, unless it is the administrator\'s', () => {
    expect([isForeign(1001, 1000), isForeign(1001, 0), isForeign(1000, 1000), isForeign(0, 1000), isForeign(1001, undefined)]).toEqual([true, true, false, false, false]);
  });
});

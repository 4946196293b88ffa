import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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

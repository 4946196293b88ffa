/** A plugin is found where the file that names it can see it, whatever the package manager's layout, and never by the working folder. */
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import Module from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { discoverPackage } from '../../src/flow/discover.ts';
import { globalPrefixOf, parsePluginPath, storeInstallFolder } from '../../src/packages/search-places.ts';
import { tempFolder, writeConfig, writePackage } from './fixture-project.ts';

const acme = (version = '1.0.0'): object => ({ name: 'acme', version, modelport: { manifest: 1 } });

/** A link to a folder; a junction on Windows, which needs no rights. */
async function link(target: string, at: string): Promise<void> {
  await mkdir(dirname(at), { recursive: true });
  await symlink(target, at, 'junction');
}

describe('a path', () => {
  it('is read from the folder of the file that wrote it, not from the working folder', async () => {
    const folder = await tempFolder();
    const from = await writeConfig(join(folder, 'project'));
    const meant = await writePackage(join(folder, 'project', 'plugin'), acme());
    await writePackage(join(folder, 'elsewhere', 'plugin'), acme('9.9.9'));
    vi.spyOn(process, 'cwd').mockReturnValue(join(folder, 'elsewhere'));
    onTestFinished(() => void vi.restoreAllMocks());

    expect(await discoverPackage({ plugin: './plugin', from })).toMatchObject({ folder: meant, how: 'path', resolvedFrom: join(folder, 'project'), version: '1.0.0', linked: false });
  });

  it('is read from the real folder when the config file is a link', async () => {
    const folder = await tempFolder();
    const real = await writeConfig(join(folder, 'dotfiles'));
    const meant = await writePackage(join(folder, 'dotfiles', 'plugin'), acme());
    await mkdir(join(folder, 'home'));
    const file = join(folder, 'home', 'modelport.config.yaml');
    await symlink(real.file, file);

    expect((await discoverPackage({ plugin: './plugin', from: { file, folder: join(folder, 'home') } })).folder).toBe(meant);
  });

  it('may be absolute or a file URL', async () => {
    const folder = await tempFolder();
    const from = await writeConfig(join(folder, 'project'));
    const meant = await writePackage(join(folder, 'far'), acme());

    expect((await discoverPackage({ plugin: meant, from })).folder).toBe(meant);
    expect((await discoverPackage({ plugin: pathToFileURL(meant).href, from })).folder).toBe(meant);
    await expect(discoverPackage({ plugin: join(folder, 'nowhere'), from })).rejects.toHaveProperty('remedy', expect.stringMatching(/^Check the path /));
  });

  it('that is mistyped is answered with the folder that was meant', async () => {
    const folder = await tempFolder();
    const from = await writeConfig(folder);
    await writePackage(join(folder, 'plugins', 'acme'), acme());

    await expect(discoverPackage({ plugin: './plugins/acne', from })).rejects.toMatchObject({ code: 'PLUGIN_NOT_FOUND', details: { near: ['./plugins/acme'] } });
  });

  it('that names a file, or a folder without a package.json, is refused with what stands there', async () => {
    const folder = await tempFolder();
    const from = await writeConfig(folder);
    await writeFile(join(folder, 'plugin.js'), '');
    await mkdir(join(folder, 'empty'));

    await expect(discoverPackage({ plugin: './plugin.js', from })).rejects.toThrow('is a file; a plugin is a folder with a package.json');
    await expect(discoverPackage({ plugin: './empty', from })).rejects.toThrow('has no package.json');
  });

  it('without its ./ is answered with the path', async () => {
    const folder = await tempFolder();
    const from = await writeConfig(folder);
    await writePackage(join(folder, 'plugins', 'acme'), acme());

    await expect(discoverPackage({ plugin: 'plugins/acme', from })).rejects.toThrow('Did you mean "./plugins/acme"?');
  });

  it('given in code is read from the folder given with it', async () => {
    const folder = await tempFolder();
    const meant = await writePackage(join(folder, 'plugin'), acme());

    expect((await discoverPackage({ plugin: './plugin', from: { file: folder, folder } })).folder).toBe(meant);
    expect((await discoverPackage({ plugin: './plugin', from: { file: '(code)', folder } })).folder).toBe(meant);
  });
});

describe('a name', () => {
  it('is found in the nearest node_modules upward, as npm hoists', async () => {
    const folder = await tempFolder();
    const from = await writeConfig(join(folder, 'packages', 'app', 'config'));
    await writePackage(join(folder, 'node_modules', 'acme'), acme('1.0.0'));
    const hoisted = join(folder, 'node_modules', '@scope', 'beta');
    await writePackage(hoisted, { name: '@scope/beta', version: '2.0.0' });
    const nearest = await writePackage(join(folder, 'packages', 'app', 'node_modules', 'acme'), acme('1.1.0'));

    expect(await discoverPackage({ plugin: 'acme', from })).toMatchObject({ folder: nearest, version: '1.1.0', how: 'node_modules', resolvedFrom: dirname(nearest), linked: false });
    expect(await discoverPackage({ plugin: '@scope/beta', from })).toMatchObject({ name: '@scope/beta', folder: hoisted });
  });

  it('is not sought in the working folder', async () => {
    const folder = await tempFolder();
    const from = await writeConfig(join(folder, 'project'));
    await writePackage(join(folder, 'elsewhere', 'node_modules', 'acme'), acme());
    vi.spyOn(process, 'cwd').mockReturnValue(join(folder, 'elsewhere'));
    onTestFinished(() => void vi.restoreAllMocks());

    const error = await discoverPackage({ plugin: 'acme', from }).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ code: 'PLUGIN_NOT_FOUND' });
    expect(String(error)).not.toContain('elsewhere');
  });

  it('is known by its real folder in the layout of pnpm, where two real folders are two plugins', async () => {
    const folder = await tempFolder();
    const store = join(folder, 'node_modules', '.pnpm');
    const first = await writePackage(join(store, 'acme@1.0.0_zod@3', 'node_modules', 'acme'), acme());
    const second = await writePackage(join(store, 'acme@1.0.0_zod@4', 'node_modules', 'acme'), acme());
    await link(first, join(folder, 'apps', 'one', 'node_modules', 'acme'));
    await link(second, join(folder, 'apps', 'two', 'node_modules', 'acme'));
    const one = await discoverPackage({ plugin: 'acme', from: await writeConfig(join(folder, 'apps', 'one')) });
    const two = await discoverPackage({ plugin: 'acme', from: await writeConfig(join(folder, 'apps', 'two')) });

    expect(one).toMatchObject({ folder: first, packageFile: join(first, 'package.json'), linked: false });
    expect(two).toMatchObject({ folder: second, linked: false });
  });

  it('is found through npm link, and shown as linked', async () => {
    const folder = await tempFolder();
    const from = await writeConfig(join(folder, 'project'));
    const workshop = await writePackage(join(folder, 'workshop', 'acme'), acme());
    await link(workshop, join(folder, 'project', 'node_modules', 'acme'));

    expect(await discoverPackage({ plugin: 'acme', from })).toMatchObject({ folder: workshop, linked: true, how: 'node_modules' });
  });

  it('whose link leads nowhere is reported with the link', async () => {
    const folder = await tempFolder();
    const from = await writeConfig(folder);
    await link(join(folder, 'gone'), join(folder, 'node_modules', 'acme'));

    await expect(discoverPackage({ plugin: 'acme', from })).rejects.toThrow(/acme is a link to a folder that is gone/);
  });

  it('that no registry could know is refused', async () => {
    const from = await writeConfig(await tempFolder());

    for (const plugin of ['@scope', 'a b', '@scope/a/b', '']) {
      await expect(discoverPackage({ plugin, from }), plugin).rejects.toMatchObject({ code: 'PLUGIN_NOT_FOUND', details: { because: `"${plugin}" is no npm package name.` } });
    }
  });

  it('that is mistyped or shortened is answered with installed plugins, not with other packages', async () => {
    const folder = await tempFolder();
    const from = await writeConfig(folder);
    await writePackage(join(folder, 'node_modules', 'modelport-plugin-acme'), { name: 'modelport-plugin-acme', modelport: {} });
    await writePackage(join(folder, 'node_modules', '@modelport', 'openai'), { name: '@modelport/openai', keywords: ['modelport'] });
    await writePackage(join(folder, 'node_modules', 'acmee'), { name: 'acmee' });

    const near = async (plugin: string): Promise<unknown> => discoverPackage({ plugin, from }).catch((error: { details: { near: unknown } }) => error.details.near);
    expect(await near('modelport-plugin-acne')).toEqual(['modelport-plugin-acme']);
    expect(await near('acme')).toEqual(['modelport-plugin-acme']);
    expect(await near('openai')).toEqual(['@modelport/openai']);
    expect(await near('something-else')).toEqual([]);
  });
});

describe('a range', () => {
  it('passes over nearer copies outside it, and says so', async () => {
    const folder = await tempFolder();
    const from = await writeConfig(join(folder, 'app'));
    const nearer = await writePackage(join(folder, 'app', 'node_modules', 'acme'), acme('1.0.0'));
    const fitting = await writePackage(join(folder, 'node_modules', 'acme'), acme('2.3.0'));

    expect(await discoverPackage({ plugin: 'acme', range: '^2.0.0', from })).toMatchObject({ folder: fitting, skipped: [{ folder: nearer, version: '1.0.0' }] });
    expect(await discoverPackage({ plugin: 'acme', from })).not.toHaveProperty('skipped');
  });

  it('that no copy meets lists every copy', async () => {
    const folder = await tempFolder();
    const from = await writeConfig(join(folder, 'app'));
    const nearer = await writePackage(join(folder, 'app', 'node_modules', 'acme'), acme('1.0.0'));
    const farther = await writePackage(join(folder, 'node_modules', 'acme'), acme('2.3.0'));

    await expect(discoverPackage({ plugin: 'acme', range: '^3.0.0', from })).rejects.toMatchObject({ code: 'PLUGIN_RANGE_UNMET', details: { found: [`1.0.0 in ${nearer}`, `2.3.0 in ${farther}`] } });
  });

  it('that is none is named as such', async () => {
    const folder = await tempFolder();
    const from = await writeConfig(folder);
    await writePackage(join(folder, 'node_modules', 'acme'), acme());

    await expect(discoverPackage({ plugin: 'acme', range: 'newest', from })).rejects.toThrow('"newest" is no semver range');
  });
});

describe('beyond node_modules', () => {
  it('plugin folders, the store and the global prefix follow in this order', async () => {
    const folder = await tempFolder();
    const from = await writeConfig(join(folder, 'project'));
    const options = { pluginFolders: [join(folder, 'team')], storeFolder: join(folder, 'store'), globalPrefix: join(folder, 'prefix') };
    const installed = storeInstallFolder(options.storeFolder, 'acme', '1.4.0');
    const places = [
      ['global', join(folder, 'prefix', 'lib', 'node_modules', 'acme')],
      ['store', join(installed, 'node_modules', 'acme')],
      ['plugin-folder', join(folder, 'team', 'acme')],
      ['node_modules', join(folder, 'project', 'node_modules', 'acme')],
    ] as const;
    for (const [how, at] of places) {
      await writePackage(at, acme('1.4.0'));

      expect(await discoverPackage({ plugin: 'acme', from }, options)).toMatchObject({ how, folder: at, resolvedFrom: dirname(at) });
    }
  });

  it('a plugin folder may be an install folder with node_modules of its own', async () => {
    const folder = await tempFolder();
    const from = await writeConfig(join(folder, 'project'));
    const at = await writePackage(join(folder, 'opt', 'node_modules', 'acme'), acme());

    expect(await discoverPackage({ plugin: 'acme', from }, { pluginFolders: [join(folder, 'opt')] })).toMatchObject({ folder: at, how: 'plugin-folder' });
  });

  it('the store gives its newest version within the range', async () => {
    const folder = await tempFolder();
    const from = await writeConfig(join(folder, 'project'));
    const storeFolder = join(folder, 'store');
    for (const version of ['1.9.0', '1.10.0', '2.0.0']) await writePackage(join(storeInstallFolder(storeFolder, '@scope/acme', version), 'node_modules', '@scope', 'acme'), { name: '@scope/acme', version });

    expect((await discoverPackage({ plugin: '@scope/acme', from }, { storeFolder })).version).toBe('2.0.0');
    expect((await discoverPackage({ plugin: '@scope/acme', range: '^1.0.0', from }, { storeFolder })).version).toBe('1.10.0');
  });

  it('the message of a plugin that is nowhere lists every place', async () => {
    const folder = await tempFolder();
    const from = await writeConfig(join(folder, 'project'));
    const options = { pluginFolders: [join(folder, 'team')], storeFolder: join(folder, 'store'), globalPrefix: join(folder, 'prefix') };

    const error = await discoverPackage({ plugin: 'acme', from }, options).catch((thrown: unknown) => thrown);

    for (const place of [join(folder, 'project', 'node_modules'), join(folder, 'node_modules'), join(folder, 'team'), join(folder, 'store', 'acme'), join(folder, 'prefix', 'lib', 'node_modules')]) expect(String(error)).toContain(place);
  });

  it('the global prefix is known only to a file that runs from one', () => {
    expect(globalPrefixOf('/usr/local/lib/node_modules/@modelport/host/bin/modelport.js')).toBe('/usr/local');
    expect(globalPrefixOf('/home/ada/project/node_modules/@modelport/host/bin/modelport.js')).toBeUndefined();
    expect(globalPrefixOf('/home/ada/modelport/host/bin/modelport.js')).toBeUndefined();
  });

  it('the plugin path takes absolute folders only, since a relative one would mean the working folder', () => {
    const [first, second] = [join(import.meta.dirname, 'one'), join(import.meta.dirname, 'two')];
    const separator = process.platform === 'win32' ? ';' : ':';

    expect(parsePluginPath([first, '', 'relative', second].join(separator))).toEqual([first, second]);
    expect(parsePluginPath(undefined)).toEqual([]);
  });
});

describe("under Yarn's Plug'n'Play", () => {
  /** Makes this process look as `yarn node` does: with a resolver beside `node:module`. */
  function runUnderYarn(resolveToUnqualified: (name: string, issuer: string) => string | null): void {
    Object.defineProperty(Module, 'findPnpApi', { value: () => ({ resolveToUnqualified }), configurable: true });
    onTestFinished(() => void Reflect.deleteProperty(Module, 'findPnpApi'));
  }

  it('Yarn says where a package lies', async () => {
    const folder = await tempFolder();
    const from = await writeConfig(join(folder, 'project'));
    const unplugged = await writePackage(join(folder, 'cache', 'acme-1.0.0'), acme());
    runUnderYarn((name, issuer) => (name === 'acme' && issuer.startsWith(join(folder, 'project')) ? unplugged : null));

    expect(await discoverPackage({ plugin: 'acme', from })).toMatchObject({ folder: unplugged, how: 'pnp', resolvedFrom: join(folder, 'project') });
  });

  it('what Yarn refuses is sought elsewhere too, and its reason is told', async () => {
    const folder = await tempFolder();
    const from = await writeConfig(join(folder, 'project'));
    await writeFile(join(folder, 'project', '.pnp.cjs'), '');
    runUnderYarn(() => {
      throw new Error('Your application tried to access acme, but it is not declared in your dependencies\nand more lines');
    });

    await expect(discoverPackage({ plugin: 'acme', from })).rejects.toThrow(/Plug'n'Play of .* \(Your application tried to access acme, but it is not declared in your dependencies\)/);
    const at = await writePackage(join(folder, 'team', 'acme'), acme());
    expect((await discoverPackage({ plugin: 'acme', from }, { pluginFolders: [join(folder, 'team')] })).folder).toBe(at);
  });
});

/** However the packages lie on disk, the plugin is found from the config that names it, and `plugins info` shows where. */
import { mkdir, mkdtemp, realpath } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runPnpm } from '../../config/check/command.ts';
import { run, runWell } from './command.ts';
import { createProject, publishedPackages, writeFiles } from './projects.ts';
import { publishReleases, writeRelease } from './tides.ts';

const registry = publishedPackages();
const MOON = 'modelport-plugin-moon';
const CONFIG = `backends: { moon: { plugin: ${MOON} } }\nmodels: { default: full@moon }\n`;
/** Version and kind of hash that the lockfile holds. */
const PINNED = { version: '1.0.0', integrity: 'sha512-' };
const ANSWER = `${MOON} 1.0.0`;

/** How a plugin was found, and where its files are. */
interface Resolution {
  /** What the lockfile pins it to. */
  readonly locked: { readonly version: string | undefined; readonly integrity: string | undefined } | undefined;
  readonly how: string;
  readonly sought: string;
  readonly folder: string;
}

/** What a program prints of the plugin: its answer, and where it was found, both relative to a folder. */
async function resolution(command: string, words: readonly string[], folder: string, variables: Readonly<Record<string, string>> = {}): Promise<Resolution> {
  const real = await realpath(folder);
  const settings = { ...registry, variables };
  expect(JSON.parse(await runWell(command, [...words, 'chat', 'Hello.', '--json'], folder, settings))).toMatchObject({ text: ANSWER, backend: 'moon' });
  const { backends } = JSON.parse(await runWell(command, [...words, 'plugins', 'info', 'moon', '--json'], folder, settings)) as { readonly backends: readonly { readonly folder: string; readonly resolvedFrom: { readonly how: string; readonly folder: string }; readonly lock?: { readonly version?: string; readonly integrity?: string } }[] };
  const [moon] = backends;
  if (!moon) throw new Error('plugins info shows no backend');
  return { how: moon.resolvedFrom.how, sought: path.relative(real, moon.resolvedFrom.folder), folder: path.relative(real, await realpath(moon.folder)), locked: moon.lock && { version: moon.lock.version, integrity: moon.lock.integrity?.slice(0, 7) } };
}

/** An empty project, for a package manager to fill. */
async function emptyProject(files: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await realpath(await mkdtemp(path.join(registry.folder, 'layout-')));
  await writeFiles(folder, { 'package.json': '{ "name": "somebody", "private": true, "type": "module" }\n', 'modelport.config.yaml': CONFIG, ...files });
  return folder;
}

const bin = (folder: string): string => path.join(folder, 'node_modules', '.bin', 'modelport');

beforeAll(async () => {
  await publishReleases(registry, [{ name: MOON, version: '1.0.0' }]);
});

describe('a plugin is found', () => {
  it('in an npm project, also from a config in a folder below, and whatever the working folder is', async () => {
    const folder = await createProject(registry, ['@modelport/host', MOON]);
    await writeFiles(folder, { 'deploy/eu/modelport.config.yaml': CONFIG });
    await mkdir(path.join(folder, 'elsewhere'));
    const found = await resolution(bin(folder), ['--config', path.join(folder, 'deploy/eu/modelport.config.yaml')], path.join(folder, 'elsewhere'));
    expect(found).toEqual({ how: 'node_modules', sought: '../node_modules', folder: `../node_modules/${MOON}`, locked: PINNED });
  });

  it('in an npm workspace that hoists it to the root', async () => {
    const folder = await emptyProject({
      'package.json': '{ "name": "house", "private": true, "workspaces": ["rooms/*"] }\n',
      'rooms/office/package.json': `{ "name": "office", "version": "1.0.0", "dependencies": { "@modelport/host": "*", "${MOON}": "*" } }\n`,
      'rooms/office/modelport.config.yaml': CONFIG,
    });
    await runWell('npm', ['install'], folder, registry);
    expect(await resolution(bin(folder), [], path.join(folder, 'rooms/office'))).toEqual({ how: 'node_modules', sought: '../../node_modules', folder: `../../node_modules/${MOON}`, locked: PINNED });
  });

  it('in a pnpm project, by the real path in its store', async () => {
    const folder = await emptyProject();
    const { code, output } = await runPnpm(['add', '--ignore-scripts', '--registry', registry.url, '--store-dir', path.join(registry.folder, 'pnpm-store'), '@modelport/host', MOON], folder, { NPM_CONFIG_USERCONFIG: registry.npmrc });
    expect(code, output).toBe(0);
    const found = await resolution(bin(folder), [], folder);
    expect(found).toMatchObject({ how: 'node_modules', sought: 'node_modules', locked: PINNED });
    expect(found.folder).toBe(`node_modules/.pnpm/${MOON}@1.0.0/node_modules/${MOON}`);
  });

  it('beside a command line that was installed globally', async () => {
    const prefix = await mkdtemp(path.join(registry.folder, 'prefix-'));
    await runWell('npm', ['install', '--global', '--prefix', prefix, '@modelport/host', MOON], registry.folder, registry);
    const folder = await emptyProject();
    const found = await resolution(path.join(prefix, 'bin', 'modelport'), [], folder);
    expect(found.how).toBe('global');
    expect(path.resolve(folder, found.folder)).toBe(path.join(await realpath(prefix), 'lib', 'node_modules', MOON));
  });

  it('as in a container: program, config and plugins mounted in places of their own, none of them writable', async () => {
    const root = await emptyProject();
    await writeFiles(root, { 'app/package.json': '{ "private": true }', 'plugins/package.json': '{ "private": true }', 'etc/modelport.config.yaml': CONFIG, 'work/notes.txt': 'the working folder' });
    await runWell('npm', ['install', '@modelport/host'], path.join(root, 'app'), registry);
    await runWell('npm', ['install', MOON], path.join(root, 'plugins'), registry);
    await runWell('chmod', ['-R', 'a-w', 'app', 'plugins', 'etc'], root, registry);
    try {
      const found = await resolution(bin(path.join(root, 'app')), [], path.join(root, 'work'), { MODELPORT_CONFIG: path.join(root, 'etc/modelport.config.yaml'), MODELPORT_PLUGIN_PATH: path.join(root, 'plugins') });
      expect(found).toMatchObject({ how: 'plugin-folder', sought: '../plugins/node_modules', folder: `../plugins/node_modules/${MOON}` });
    } finally {
      await runWell('chmod', ['-R', 'u+w', '.'], root, registry);
    }
  });

  it('behind npm link, in the repository of its author', async () => {
    const repository = path.join(await mkdtemp(path.join(registry.folder, 'repository-')), 'moon');
    await writeRelease(repository, { name: MOON, version: '1.0.0' });
    const folder = await createProject(registry, ['@modelport/host']);
    await writeFiles(folder, { 'modelport.config.yaml': CONFIG });
    const prefix = await mkdtemp(path.join(registry.folder, 'links-'));
    await mkdir(path.join(prefix, 'lib'));
    await runWell('npm', ['link', repository], folder, { ...registry, variables: { NPM_CONFIG_PREFIX: prefix } });
    const found = await resolution(bin(folder), [], folder);
    expect(found).toMatchObject({ how: 'node_modules', sought: 'node_modules', locked: undefined });
    expect(path.resolve(folder, found.folder)).toBe(await realpath(repository));
  });
});

describe("with Yarn Plug'n'Play", () => {
  let folder: string;
  let yarn: (...words: readonly string[]) => Promise<string>;
  let settings: { readonly variables: Readonly<Record<string, string>> };

  beforeAll(async () => {
    const tools = await mkdtemp(path.join(registry.folder, 'yarn-'));
    await runWell('npm', ['install', '--prefix', tools, '@yarnpkg/cli-dist@4'], tools, registry);
    const program = path.join(tools, 'node_modules', '@yarnpkg', 'cli-dist', 'bin', 'yarn.js');
    folder = await emptyProject({
      '.yarnrc.yml': ['nodeLinker: pnp', `npmRegistryServer: ${registry.url.replace(/\/$/, '')}`, 'unsafeHttpWhitelist: ["127.0.0.1"]', 'enableTelemetry: false', 'enableGlobalCache: false', 'enableScripts: false', 'npmMinimalAgeGate: 0', ''].join('\n'),
      'yarn.lock': '',
    });
    settings = { variables: { YARN_IGNORE_PATH: '1', HOME: tools } };
    yarn = (...words) => runWell(process.execPath, [program, ...words], folder, settings);
    await yarn('add', '@modelport/host', MOON);
  });

  it('a plugin is found by its resolver under `yarn modelport`', async () => {
    const answer = JSON.parse(await yarn('modelport', 'chat', 'Hello.', '--json')) as unknown;
    expect(answer).toMatchObject({ text: ANSWER });
    const { backends } = JSON.parse(await yarn('modelport', 'plugins', 'info', 'moon', '--json')) as { readonly backends: readonly { readonly resolvedFrom: { readonly how: string }; readonly folder: string }[] };
    expect(backends).toMatchObject([{ resolvedFrom: { how: 'pnp', folder }, folder: expect.stringContaining(MOON) as unknown }]);
  });

  it('a program under `yarn node` is served', async () => {
    await writeFiles(folder, { 'program.js': "import { createHost } from '@modelport/host';\nconst host = await createHost();\nconsole.log((await host.models.get('default').generate('Hello.')).text);\nawait host.close();\n" });
    expect(await yarn('node', 'program.js')).toBe(`${ANSWER}\n`);
  });

  it('plain node is told to go through Yarn', async () => {
    const other = await createProject(registry, ['@modelport/host']);
    const { stdout } = await run(bin(other), ['backends', 'retry', 'moon', '--json', '--config', path.join(folder, 'modelport.config.yaml')], other, registry);
    const { failure } = (JSON.parse(stdout) as { readonly backends: readonly [{ readonly failure: { readonly code: string; readonly remedy: string } }] }).backends[0];
    expect(failure.code).toBe('PLUGIN_BEHIND_PNP');
    expect(failure.remedy).toContain('`yarn modelport`');
  });
});

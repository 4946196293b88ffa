/** What the host does for a package behind an adapter: found, keyed, imported once and late, and blamed by its own name. */
import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHost, type Host } from '@modelport/host';
import { startRawServer } from '@modelport/testing';
import { expect, onTestFinished, test } from 'vitest';

const bridge = fileURLToPath(new URL('../../plugins/ai-sdk', import.meta.url));

/** A package that answers every question with the settings its factory was called with. */
const echo = (name: string): string => `
globalThis.__imported = [...(globalThis.__imported ?? []), '${name}'];
const model = (settings, call) => (modelId) => ({
  specificationVersion: 'v3', provider: 'echo', modelId, supportedUrls: {},
  doGenerate: async () => ({ content: [{ type: 'text', text: JSON.stringify({ call, keys: Object.keys(settings).sort(), apiKey: settings.apiKey }) }], finishReason: { unified: 'stop', raw: 'stop' }, usage: { inputTokens: { total: 1 }, outputTokens: { total: 1 } }, warnings: [] }),
  doStream: async () => { throw new Error('not here'); },
});
export const createEcho = (settings) => ({ languageModel: model(settings, 'createEcho') });
export const createOther = (settings) => ({ languageModel: model(settings, 'createOther') });
export const createBroken = () => { throw new Error('the factory broke'); };
`;

interface Project { readonly folder: string; readonly imported: () => readonly string[] }

async function createProject(packages: Readonly<Record<string, string>>): Promise<Project> {
  const folder = await mkdtemp(path.join(tmpdir(), 'modelport-adapter-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(path.join(folder, 'node_modules/@modelport'), { recursive: true });
  await symlink(bridge, path.join(folder, 'node_modules/@modelport/ai-sdk'));
  for (const [name, source] of Object.entries(packages)) {
    await mkdir(path.join(folder, 'node_modules', name), { recursive: true });
    await writeFile(path.join(folder, 'node_modules', name, 'package.json'), JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js' }));
    await writeFile(path.join(folder, 'node_modules', name, 'index.js'), source);
  }
  const state = globalThis as { __imported?: readonly string[] };
  state.__imported = [];
  return { folder, imported: () => state.__imported ?? [] };
}

async function start({ folder }: Project, backends: object, environment: NodeJS.ProcessEnv = {}): Promise<Host> {
  const host = await createHost({ cwd: folder, environment, config: { backends, log: { level: 'error' } } as never });
  onTestFinished(() => host.close());
  return host;
}

const secrets = { apiKey: { env: 'ECHO_KEY' } };
const answered = async (host: Host, model: string): Promise<unknown> => JSON.parse((await host.models.get(model).generate('?')).text) as unknown;

test('a package that no table knows serves when the config names the adapter, with its key, its options and the host’s fetch', async () => {
  const project = await createProject({ 'echo-ai-provider': echo('echo-ai-provider') });
  const host = await start(project, { echo: { plugin: 'echo-ai-provider', adapter: 'ai-sdk', options: { region: 'eu' }, secrets } }, { ECHO_KEY: 'key-of-echo' });
  expect(await answered(host, 'any@echo')).toEqual({ call: 'createEcho', keys: ['apiKey', 'fetch', 'region'], apiKey: 'key-of-echo' });
});

test('the export the config names reaches the adapter', async () => {
  const project = await createProject({ 'echo-ai-provider': echo('echo-ai-provider') });
  const host = await start(project, { echo: { plugin: 'echo-ai-provider', adapter: 'ai-sdk', export: 'createOther', secrets } }, { ECHO_KEY: 'key-of-echo' });
  expect(await answered(host, 'any@echo')).toMatchObject({ call: 'createOther' });
});

test('a missing key is AUTH_MISSING before the package is imported, by table and without one', async () => {
  const project = await createProject({ 'echo-ai-provider': echo('echo-ai-provider'), 'voyage-ai-provider': echo('voyage-ai-provider') });
  const host = await start(project, { echo: { plugin: 'echo-ai-provider', adapter: 'ai-sdk' }, voyage: { plugin: 'voyage-ai-provider', adapter: 'ai-sdk' } });
  await expect(host.models.get('any@echo').generate('?')).rejects.toMatchObject({ code: 'AUTH_MISSING', message: expect.stringContaining('backends.echo.secrets.apiKey') });
  await expect(host.models.get('any@voyage').generate('?')).rejects.toMatchObject({ code: 'AUTH_MISSING', message: expect.stringContaining('VOYAGE_API_KEY') });
  expect(project.imported()).toEqual([]);
});

test('a key is not taken from the vendor’s variable for a server the user wrote, and is asked for there', async () => {
  const project = await createProject({ 'voyage-ai-provider': echo('voyage-ai-provider') });
  const host = await start(project, { voyage: { plugin: 'voyage-ai-provider', adapter: 'ai-sdk', options: { baseURL: 'http://127.0.0.1:9/v1' } } }, { VOYAGE_API_KEY: 'key-of-the-vendor' });
  await expect(host.embeddings.get('any@voyage').embed('?')).rejects.toMatchObject({ code: 'AUTH_MISSING' });
  expect(project.imported()).toEqual([]);
});

test('an optional key that is not there is passed as empty, so that the package looks for none', async () => {
  const project = await createProject({ 'echo-ai-provider': echo('echo-ai-provider') });
  const host = await start(project, { echo: { plugin: 'echo-ai-provider', adapter: 'ai-sdk', secrets: { apiKey: { env: 'ECHO_KEY', optional: true } } } });
  expect(await answered(host, 'any@echo')).toMatchObject({ apiKey: '' });
});

test('of twenty configured packages the one that is used is imported', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `echo-${index}`);
  const project = await createProject(Object.fromEntries(names.map((name) => [name, echo(name)])));
  const host = await start(project, Object.fromEntries(names.map((name) => [name, { plugin: name, adapter: 'ai-sdk', secrets }])), { ECHO_KEY: 'key-of-echo' });
  const loaded: string[] = [];
  host.events.on('plugin:loaded', ({ plugin }) => loaded.push(plugin));
  await answered(host, 'any@echo-7');
  expect(project.imported()).toEqual(['echo-7']);
  expect(loaded).toContain('echo-7');
  expect(loaded.filter((name) => name.startsWith('echo-'))).toHaveLength(1);
});

test('a package that is gone or broken is told by its own fault, and the others serve', async () => {
  const project = await createProject({ 'echo-ai-provider': echo('echo-ai-provider'), 'thrower-ai-provider': 'throw new Error("out of order");' });
  const host = await start(project, {
    echo: { plugin: 'echo-ai-provider', adapter: 'ai-sdk', secrets }, gone: { plugin: 'gone-ai-provider', adapter: 'ai-sdk', secrets },
    thrower: { plugin: 'thrower-ai-provider', adapter: 'ai-sdk', secrets }, broken: { plugin: 'echo-ai-provider', adapter: 'ai-sdk', export: 'createBroken', secrets },
  }, { ECHO_KEY: 'key-of-echo' });
  await expect(host.models.get('any@gone').generate('?')).rejects.toMatchObject({ code: 'PLUGIN_NOT_FOUND' });
  await expect(host.models.get('any@thrower').generate('?')).rejects.toMatchObject({ code: 'PLUGIN_IMPORT_FAILED', message: expect.stringContaining('thrower-ai-provider') });
  await expect(host.models.get('any@broken').generate('?')).rejects.toMatchObject({ code: 'PLUGIN_START_FAILED', message: expect.stringContaining('the factory broke') });
  expect(await answered(host, 'any@echo')).toMatchObject({ call: 'createEcho' });
});

test('a mistake in the bridge’s own options is told before the package is imported', async () => {
  const project = await createProject({ 'echo-ai-provider': echo('echo-ai-provider') });
  const host = await start(project, { echo: { plugin: 'echo-ai-provider', adapter: 'ai-sdk', options: { compat: { expotr: 'createEcho' } }, secrets } }, { ECHO_KEY: 'key-of-echo' });
  await expect(host.models.get('any@echo').generate('?')).rejects.toMatchObject({ code: 'OPTIONS_INVALID', message: expect.stringContaining('compat') });
  expect(project.imported()).toEqual([]);
});

test('a package in the table reaches its vendor’s hosts and the URL the user wrote, and no other', async () => {
  const upstream = await startRawServer(() => undefined);
  onTestFinished(() => upstream.close());
  const reach = `export const createVoyage = ({ fetch }) => ({ languageModel: (modelId) => ({
    specificationVersion: 'v3', provider: 'reach', modelId, supportedUrls: {}, doStream: async () => {},
    doGenerate: async () => { await fetch(modelId); throw new Error('answered'); },
  }) });`;
  const project = await createProject({ 'voyage-ai-provider': reach });
  const host = await start(project, { voyage: { plugin: 'voyage-ai-provider', adapter: 'ai-sdk', options: { compat: { kinds: ['chat'] } }, secrets } }, { ECHO_KEY: 'key-of-echo' });
  await expect(host.models.get('https://example.com/@voyage').generate('?')).rejects.toMatchObject({ code: 'HOST_NOT_ALLOWED' });
  await expect(host.models.get(`${upstream.url}/@voyage`).generate('?')).rejects.toMatchObject({ code: 'HOST_NOT_ALLOWED' });
});

test('an adapter of a stranger is told when its table lies outside its package or is no table', async () => {
  const project = await createProject({ 'echo-ai-provider': echo('echo-ai-provider') });
  for (const [name, adapts, table] of [['outside', '../../secret.json', '{}'], ['broken', './table.json', '{ "packages": { "echo-ai-provider": { "secrets": [{ "env": [] }] } } }']] as const) {
    const folder = path.join(project.folder, 'node_modules/@vendor', name);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'package.json'), JSON.stringify({ name: `@vendor/${name}`, version: '1.0.0', type: 'module', exports: './index.js', modelport: { manifest: 1, id: 'vendor', api: '^1.0.0', provides: ['chat'], adapts } }));
    await writeFile(path.join(folder, 'table.json'), table);
    const host = await start(project, { echo: { plugin: 'echo-ai-provider', adapter: `@vendor/${name}` } });
    await expect(host.models.get('any@echo').generate('?')).rejects.toMatchObject({ code: 'MANIFEST_INVALID', message: expect.stringContaining(name === 'outside' ? 'lies outside the package' : 'secrets.0.name') });
  }
});

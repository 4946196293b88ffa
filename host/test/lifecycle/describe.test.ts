/** host.describe(): one call tells what there is, in which order, in which state, and runs no code of any plugin. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backendOf, createProject, PLUGIN, startHost } from './edited-host.ts';

describe('a description', () => {
  it('of many configured plugins shows the one that was used as imported, and only it', async () => {
    const project = await createProject();
    const names = Array.from({ length: 20 }, (_, index) => `one-of-many-${index}`);
    for (const name of names) await project.install(name);
    const { host } = await startHost(project, {
      backends: Object.fromEntries(names.map((name) => [name, { ...project.backend(name), plugin: name }])),
      models: { default: 'm@one-of-many-7' },
    });
    expect((await host.describe()).backends.filter(({ importMs }) => importMs !== undefined)).toEqual([]);
    await host.models.get('default').generate('hi');
    const imported = (await host.describe()).backends.filter(({ importMs }) => importMs !== undefined);
    expect(imported.map(({ name, state, importMs }) => [name, state, typeof importMs])).toEqual([['one-of-many-7', 'active', 'number']]);
    expect(project.probe.started.map(({ tag }) => tag)).toEqual(['one-of-many-7']);
  });

  it('tells backends in the order of the config, and aliases with their targets in the order they are tried', async () => {
    const project = await createProject();
    const { host } = await startHost(project, {
      backends: { late: project.backend('late'), absent: { plugin: 'modelport-plugin-absent' }, early: project.backend('early', { enabled: false }) },
      models: { default: ['big@late', 'small@early'], other: ['default', 'x@absent'] },
      agents: { helper: { model: 'other' } },
    });
    await host.models.get('default').generate('hi');
    const { backends, models, agents, files, tokens } = await host.describe();
    expect(backends.map(({ name, plugin, version, api, provides, state, failure, generation }) => ({ name, plugin, version, api, provides, state, code: failure?.code, generation }))).toEqual([
      { name: 'late', plugin: PLUGIN, version: '1.0.0', api: '^1.0.0', provides: ['chat'], state: 'active', code: undefined, generation: 1 },
      { name: 'absent', plugin: 'modelport-plugin-absent', version: undefined, api: undefined, provides: [], state: 'quarantined', code: 'PLUGIN_NOT_FOUND', generation: undefined },
      { name: 'early', plugin: PLUGIN, version: undefined, api: undefined, provides: [], state: 'disabled', code: undefined, generation: undefined },
    ]);
    expect(models).toEqual([{ name: 'default', targets: ['big@late', 'small@early'] }, { name: 'other', targets: ['big@late', 'small@early', 'x@absent'] }]);
    expect([agents, files]).toEqual([['helper'], [project.file]]);
    expect(tokens.find(({ token }) => token === 'agent:helper')?.owner).toContain(project.file);
  });

  it('and the schema of a plugin\'s options are had from a package whose code cannot even be read', async () => {
    const project = await createProject();
    const folder = await project.install('modelport-plugin-unread');
    const schema = { type: 'object', properties: { tag: { type: 'string', description: 'What it says.' }, probe: { type: 'string' } }, additionalProperties: false };
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'modelport-plugin-unread', version: '1.0.0', type: 'module', exports: './index.js', modelport: { manifest: 1, id: 'unread', api: '^1.0.0', provides: ['chat'], options: schema } }));
    await writeFile(join(folder, 'index.js'), 'this is no JavaScript');
    const { host } = await startHost(project, { backends: { a: { ...project.backend('a'), plugin: 'modelport-plugin-unread' } } });
    expect(await host.optionSchema('a')).toMatchObject(schema);
    expect(await backendOf(host, 'a')).toMatchObject({ state: 'idle', importMs: undefined });
  });
});

describe('another version of a plugin', () => {
  it('in a folder of its own brings its code without a restart', async () => {
    const project = await createProject();
    const versionIn = async (version: string): Promise<string> => {
      const folder = await project.install(`versions-${version}`, version);
      const says = `async *stream() { yield { type: 'text-delta', id: '0', delta: 'code of ${version}' }; yield { type: 'finish', finishReason: { unified: 'stop' }, usage: { inputTokens: {}, outputTokens: {} } }; }`;
      await writeFile(join(folder, 'index.js'), `export default { api: 1, start: () => ({ chatModel: () => ({ ${says} }) }) };\n`);
      return `./node_modules/versions-${version}`;
    };
    const config = (plugin: string): object => ({ backends: { a: { plugin } }, models: { default: 'm@a' } });
    const { host, edit } = await startHost(project, config(await versionIn('1.0.0')));
    const model = host.models.get('default');
    expect((await model.generate('hi')).text).toBe('code of 1.0.0');
    await edit(config(await versionIn('2.0.0')));
    expect((await model.generate('hi')).text).toBe('code of 2.0.0');
    expect(await backendOf(host, 'a')).toMatchObject({ version: '2.0.0', generation: 2, state: 'active' });
  });
});

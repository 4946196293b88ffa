/** One bad backend is out of service alone, told by name, and comes back by a retry or an edit. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backendOf, createProject, failureOf, PLUGIN, startHost } from './edited-host.ts';

describe('a quarantined backend', () => {
  it('serves after a retry once its package was installed', async () => {
    const project = await createProject();
    const late = { ...project.backend('late'), plugin: 'modelport-plugin-late' };
    const { host } = await startHost(project, { backends: { late, a: project.backend('a') }, models: { default: 'm@late' } });
    expect((await failureOf(host.models.get('default').generate('hi'))).code).toBe('PLUGIN_NOT_FOUND');
    expect(await host.retry('late')).toBe('quarantined');
    await project.install('modelport-plugin-late');
    expect(await host.retry('late')).toBe('active');
    expect((await host.models.get('default').generate('hi')).text).toBe('late/late');
    expect(project.probe.started).toHaveLength(1);
  });

  it('serves after a reload once its package was mended, though nothing in the config changed', async () => {
    const project = await createProject();
    const folder = await project.install('modelport-plugin-mended');
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'modelport-plugin-mended', version: '1.0.0', type: 'module', exports: './index.js' }));
    const config = { backends: { a: { ...project.backend('a'), plugin: 'modelport-plugin-mended' } }, models: { default: 'm@a' } };
    const { host, edit } = await startHost(project, config);
    expect((await backendOf(host, 'a')).failure?.code).toBe('MANIFEST_MISSING');
    await project.install('modelport-plugin-mended');
    await edit(config);
    expect((await host.models.get('default').generate('hi')).text).toBe('a/a');
  });

  it('tries a start again by a retry', async () => {
    const project = await createProject();
    const { host } = await startHost(project, { backends: { a: project.backend('a') }, models: { default: 'm@a' } });
    let broken = true;
    project.probe.onStart = () => { if (broken) throw new Error('no license file'); };
    expect((await failureOf(host.models.get('default').generate('hi'))).code).toBe('PLUGIN_START_FAILED');
    broken = false;
    expect(await host.retry('a')).toBe('active');
    expect((await host.models.get('default').generate('hi')).text).toBe('a/a');
  });

  it('needs a secret, and serves after a retry once it is there', async () => {
    const project = await createProject();
    const environment: NodeJS.ProcessEnv = {};
    const { host } = await startHost(project, { backends: { a: project.backend('a', { secrets: { apiKey: { env: 'PROBE_KEY' } } }) }, models: { default: 'm@a' } }, { environment });
    expect((await failureOf(host.models.get('default').generate('hi'))).code).toBe('AUTH_MISSING');
    expect((await backendOf(host, 'a')).state).toBe('needs-secret');
    environment['PROBE_KEY'] = 'a-key-of-length';
    expect(await host.retry('a')).toBe('active');
  });

  it('alone is retried: one that serves is left as it is', async () => {
    const project = await createProject();
    const { host } = await startHost(project, { backends: { a: project.backend('a') }, models: { default: 'm@a' } });
    await host.models.get('default').generate('hi');
    expect(await host.retry('a')).toBe('active');
    expect(project.probe.started).toHaveLength(1);
  });

  it('that nobody configured is told with near names', async () => {
    const project = await createProject();
    const { host } = await startHost(project, { backends: { alpha: project.backend('a') } });
    const failure = await failureOf(host.retry('alpa'));
    expect(failure.code).toBe('BACKEND_REMOVED');
    expect(failure.message).toContain('"alpha"');
  });
});

describe('a plugin whose version changed at the same path', () => {
  it('says that a restart is needed, while the version that was imported serves', async () => {
    const project = await createProject();
    const config = { backends: { a: project.backend('a') }, models: { default: 'm@a' } };
    const { host, edit } = await startHost(project, config);
    await host.models.get('default').generate('hi');
    await project.install(PLUGIN, '2.0.0');
    await edit(config);
    const { state, failure } = await backendOf(host, 'a');
    expect([state, failure?.code]).toEqual(['stale', 'PLUGIN_RESTART_NEEDED']);
    expect(`${failure?.message} ${failure?.remedy}`).toMatch(/2\.0\.0 .*version 1\.0\.0.*Restart the process/s);
    expect((await host.models.get('default').generate('hi')).text).toBe('a/a');
  });

  it('from which nothing was imported yet just serves', async () => {
    const project = await createProject();
    const config = { backends: { a: project.backend('a') }, models: { default: 'm@a' } };
    const { host, edit } = await startHost(project, config);
    await project.install(PLUGIN, '2.0.0');
    await edit(config);
    await host.models.get('default').generate('hi');
    expect(await backendOf(host, 'a')).toMatchObject({ state: 'active', version: '2.0.0' });
  });
});

describe('policy.plugins.allow', () => {
  it('lets only packages in whose name fits, and says what it allows and where', async () => {
    const project = await createProject();
    await project.install('@acme/one');
    const policy = { plugins: { allow: ['@acme/*'] } };
    const { host } = await startHost(project, { backends: { one: { ...project.backend('one'), plugin: '@acme/one' }, other: project.backend('other') }, models: { default: ['m@other', 'm@one'] }, policy });
    const answer = await host.models.get('default').generate('hi');
    expect(answer.text).toBe('one/one');
    const { failure } = await backendOf(host, 'other');
    expect(failure?.code).toBe('PLUGIN_NOT_ALLOWED');
    expect(failure?.message).toContain('@acme/*');
    expect(failure?.message).toContain(project.file);
  });

  it('judges a path as it is written, whatever name the package there gives itself', async () => {
    const project = await createProject();
    await project.install('@acme/one');
    const { host } = await startHost(project, { backends: { one: { ...project.backend('one'), plugin: './node_modules/@acme/one' } }, policy: { plugins: { allow: ['@acme/*'] } } });
    expect((await backendOf(host, 'one')).failure?.code).toBe('PLUGIN_NOT_ALLOWED');
  });

  it('judges the name a package gives itself too, where it lies under another', async () => {
    const project = await createProject();
    const folder = await project.install('@acme/alias');
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'someone-elses', version: '1.0.0', type: 'module', exports: './index.js', modelport: { manifest: 1, id: 'probe', api: '^1.0.0', provides: ['chat'] } }));
    const { host } = await startHost(project, { backends: { one: { ...project.backend('one'), plugin: '@acme/alias' } }, policy: { plugins: { allow: ['@acme/*'] } } });
    expect((await backendOf(host, 'one')).failure?.message).toContain('someone-elses');
  });

  it('holds from the edit that writes it', async () => {
    const project = await createProject();
    const backends = { a: project.backend('a') };
    const { host, edit } = await startHost(project, { backends, models: { default: 'm@a' } });
    await host.models.get('default').generate('hi');
    await edit({ backends, models: { default: 'm@a' }, policy: { plugins: { allow: [] } } });
    expect((await backendOf(host, 'a')).failure?.code).toBe('PLUGIN_NOT_ALLOWED');
    await host.reload({ force: true });
    expect((await failureOf(host.models.get('default').generate('hi'))).code).toBe('PLUGIN_NOT_ALLOWED');
  });
});

describe('a package that is gone from disk', () => {
  it('keeps serving what was started from it, stale', async () => {
    const project = await createProject();
    const config = { backends: { a: project.backend('a') }, models: { default: 'm@a' } };
    const { host, edit } = await startHost(project, config);
    await host.models.get('default').generate('hi');
    await rm(join(project.folder, 'node_modules'), { recursive: true });
    await edit(config);
    expect(await backendOf(host, 'a')).toMatchObject({ state: 'stale', failure: { code: 'PLUGIN_NOT_FOUND' } });
    expect((await host.models.get('default').generate('hi')).text).toBe('a/a');
  });
});

/** A command for a secret runs only from the user's own config, or from one that was trusted as it is. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHost, isTrusted, trustConfig } from '@modelport/host';
import { describe, expect, it, onTestFinished } from 'vitest';
import { backendOf, createProject, failureOf, startHost } from '../lifecycle/edited-host.ts';

async function tempFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'modelport-trust-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A project whose backend gets its key from a command. */
async function projectWithCommand() {
  const project = await createProject();
  const home = await tempFolder();
  const command = [process.execPath, '-e', "process.stdout.write('key-from-a-command')"];
  const config = { backends: { a: project.backend('a', { secrets: { apiKey: { command } } }) }, models: { default: 'm@a' } };
  const environment = { HOME: home };
  return { project, home, config, environment };
}

describe('a command for a secret', () => {
  it('of a config that nobody trusted does not run, and the backend says what to do', async () => {
    const { project, config, environment } = await projectWithCommand();
    const { host } = await startHost(project, config, { environment });
    const failure = await failureOf(host.models.get('default').generate('hi'));
    expect(failure.code).toBe('AUTH_MISSING');
    expect(failure.message).toContain('run `modelport trust`');
    expect(project.probe.started).toEqual([]);
  });

  it('runs once its config was trusted, from the next reload on', async () => {
    const { project, config, environment } = await projectWithCommand();
    const { host, edit } = await startHost(project, config, { environment });
    await failureOf(host.models.get('default').generate('hi'));
    await trustConfig([project.file], environment);
    await edit(config);
    expect((await host.models.get('default').generate('hi')).text).toBe('a/a');
    expect(project.probe.started[0]?.context.secret('apiKey').reveal()).toBe('key-from-a-command');
  });

  it('is not trusted any more after an edit of its config: what serves goes on, what is new does not run', async () => {
    const { project, config, environment } = await projectWithCommand();
    await project.write(config);
    await trustConfig([project.file], environment);
    const { host, edit } = await startHost(project, config, { environment });
    await host.models.get('default').generate('hi');
    await edit({ ...config, models: { default: 'm@a', another: 'm@a' } });
    expect(await backendOf(host, 'a')).toMatchObject({ state: 'stale', failure: { code: 'SECRET_MISSING' } });
    expect((await host.models.get('default').generate('hi')).text).toBe('a/a');
    expect(project.probe.started).toHaveLength(1);
  });

  it('runs from a config that an application answers for', async () => {
    const { project, config, environment } = await projectWithCommand();
    const { host } = await startHost(project, config, { environment, trust: true });
    expect((await host.models.get('default').generate('hi')).text).toBe('a/a');
  });

  it('runs from a config in the home folder of the user', async () => {
    const { project, config } = await projectWithCommand();
    const { host } = await startHost(project, config, { environment: { HOME: project.folder } });
    expect((await host.models.get('default').generate('hi')).text).toBe('a/a');
  });

  it('runs from a config given in code', async () => {
    const { project, config } = await projectWithCommand();
    const host = await createHost({ config, cwd: project.folder, environment: {} });
    onTestFinished(() => host.close());
    expect((await host.models.get('default').generate('hi')).text).toBe('a/a');
  });
});

describe('trust', () => {
  it('holds for every file of a config, as it was then', async () => {
    const folder = await tempFolder();
    const environment = { HOME: await tempFolder() };
    const [one, two] = [join(folder, 'one.yaml'), join(folder, 'two.yaml')];
    await writeFile(one, 'a: 1');
    await writeFile(two, 'b: 1');
    await trustConfig([one], environment);
    expect(await isTrusted([one], environment)).toBe(true);
    expect(await isTrusted([one, two], environment)).toBe(false);
    await trustConfig([two], environment);
    expect(await isTrusted([one, two], environment)).toBe(true);
    await writeFile(two, 'b: 2');
    expect(await isTrusted([one, two], environment)).toBe(false);
  });

  it('is the user\'s own in the config folder, and not in a folder below home', async () => {
    const home = await tempFolder();
    await mkdir(join(home, '.config', 'modelport'), { recursive: true });
    await mkdir(join(home, 'project'));
    const [own, project] = [join(home, '.config', 'modelport', 'modelport.config.yaml'), join(home, 'project', 'modelport.config.yaml')];
    for (const file of [own, project]) await writeFile(file, '');
    expect(await isTrusted([own], { HOME: home })).toBe(true);
    expect(await isTrusted([project], { HOME: home })).toBe(false);
    expect(await isTrusted([], { HOME: home })).toBe(true);
  });

  it('is not brought along by the state folder that a config names', async () => {
    const { project, config, environment } = await projectWithCommand();
    await project.write({ ...config, state: { folder: './state' } });
    await trustConfig([project.file], { HOME: environment.HOME, MODELPORT_STATE: join(project.folder, 'state') });
    const { host } = await startHost(project, {}, { environment }, false);
    expect((await failureOf(host.models.get('default').generate('hi'))).code).toBe('AUTH_MISSING');
  });
});

/** A host that follows its config file, written as editors, scripts and mounts write it. */
import { appendFile, mkdir, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HostEvents } from '@modelport/host';
import { describe, expect, it } from 'vitest';
import { createProject, startHost, until, type EditedHost, type Project } from './edited-host.ts';

function configOf(project: Project, target: 'a' | 'b'): object {
  return { backends: { a: project.backend('a'), b: project.backend('b') }, models: { default: `m@${target}` } };
}

async function watched(): Promise<EditedHost & { readonly project: Project; readonly refused: string[]; applied(): number; answer(): Promise<string> }> {
  const project = await createProject();
  const edited = await startHost(project, configOf(project, 'a'), { watch: true });
  const refused: string[] = [];
  edited.host.events.on('config:rejected', ({ error }: Parameters<HostEvents['config:rejected']>[0]) => refused.push(error.message));
  return { ...edited, project, refused, applied: () => edited.news.filter((line) => line === 'config:applied').length, answer: async () => (await edited.host.models.get('default').generate('hi')).text };
}

describe('a watched config', () => {
  it('is in force soon after it was written', async () => {
    const { project, applied, answer } = await watched();
    expect(await answer()).toBe('a/a');
    await writeFile(project.file, JSON.stringify(configOf(project, 'b')));
    await until(() => applied() > 0);
    expect(await answer()).toBe('b/b');
  });

  it('is followed through the rename by which editors save, time after time', async () => {
    const { project, applied, answer } = await watched();
    for (const [count, target] of (['b', 'a', 'b'] as const).entries()) {
      await writeFile(`${project.file}.swp`, JSON.stringify(configOf(project, target)));
      await rename(`${project.file}.swp`, project.file);
      await until(() => applied() > count);
      expect(await answer()).toBe(`${target}/${target}`);
    }
  });

  it('that is half-written serves on as it was, says why once, and is taken when it is whole', async () => {
    const { project, refused, applied, answer, log } = await watched();
    const whole = JSON.stringify(configOf(project, 'b'), null, 1);
    await writeFile(project.file, whole.slice(0, 40));
    await until(() => refused.length > 0);
    expect(await answer()).toBe('a/a');
    await writeFile(project.file, whole.slice(0, 40));
    await appendFile(project.file, whole.slice(40));
    await until(() => applied() > 0);
    expect(await answer()).toBe('b/b');
    expect(refused).toHaveLength(1);
    expect(log.filter(({ level }) => level === 'warn').map(({ text }) => text)).toEqual([expect.stringContaining('The config on disk is not applied, the last good one serves.')]);
  });

  it('that is deleted serves on as it was, and is taken when it is back', async () => {
    const { project, refused, applied, answer } = await watched();
    await unlink(project.file);
    await until(() => refused.length > 0);
    expect(refused[0]).toContain(project.file);
    expect(await answer()).toBe('a/a');
    await writeFile(project.file, JSON.stringify(configOf(project, 'b')));
    await until(() => applied() > 0);
    expect(await answer()).toBe('b/b');
  });

  it('is read again when a file that it came to extend changes', async () => {
    const { project, applied, answer } = await watched();
    const base = join(project.folder, 'base.json');
    const models = (target: string): string => JSON.stringify({ models: { default: `m@${target}` } });
    await writeFile(base, models('b'));
    await writeFile(project.file, JSON.stringify({ extends: './base.json', backends: { a: project.backend('a'), b: project.backend('b') } }));
    await until(() => applied() > 0);
    expect(await answer()).toBe('b/b');
    await writeFile(base, models('a'));
    await until(() => applied() > 1);
    expect(await answer()).toBe('a/a');
  });

  it('is read again when the file in which it went wrong is mended', async () => {
    const { project, refused, applied, answer } = await watched();
    await mkdir(join(project.folder, 'shared'));
    const base = join(project.folder, 'shared', 'base.json');
    await writeFile(base, '{ "models": { "default": ');
    await writeFile(project.file, JSON.stringify({ extends: './shared/base.json', backends: { a: project.backend('a'), b: project.backend('b') } }));
    await until(() => refused.length > 0);
    await writeFile(base, JSON.stringify({ models: { default: 'm@b' } }));
    await until(() => applied() > 0);
    expect(await answer()).toBe('b/b');
  });

  it('is followed where a link to its folder is swapped, as mounted secrets and config maps are', async () => {
    const project = await createProject();
    for (const target of ['a', 'b'] as const) {
      await mkdir(join(project.folder, `..${target}`));
      await writeFile(join(project.folder, `..${target}`, 'modelport.config.json'), JSON.stringify(configOf(project, target)));
    }
    await symlink('..a', join(project.folder, '..data'));
    await symlink(join('..data', 'modelport.config.json'), project.file);
    const { host, news } = await startHost(project, {}, { watch: true, config: project.file }, false);
    expect((await host.models.get('default').generate('hi')).text).toBe('a/a');
    await symlink('..b', join(project.folder, '..new'));
    await rename(join(project.folder, '..new'), join(project.folder, '..data'));
    await until(() => news.includes('config:applied'));
    expect((await host.models.get('default').generate('hi')).text).toBe('b/b');
  });

  it('is not read again for other files in its folder', async () => {
    const { project, applied, news } = await watched();
    await writeFile(join(project.folder, 'notes.txt'), 'nothing');
    await writeFile(join(project.folder, 'notes.txt'), 'nothing more');
    await rm(join(project.folder, 'notes.txt'));
    await new Promise((resolve) => { setTimeout(resolve, 150); });
    await writeFile(project.file, JSON.stringify(configOf(project, 'b')));
    await until(() => applied() > 0);
    expect(news.filter((line) => line.startsWith('config:'))).toEqual(['config:applied']);
  });
});

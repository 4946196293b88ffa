/** What an application adds to a running host in code, and takes back. */
import { definePlugin, type ChatPart, type Plugin } from '@modelport/plugin-api';
import { chatModel, inject, injectable, type ModelHandle } from '@modelport/host';
import { createTestHost } from '@modelport/host/testing';
import { script } from '@modelport/scripted';
import { describe, expect, it } from 'vitest';
import { backendOf, createProject, failureOf, gate, PLUGIN, startHost, until } from './edited-host.ts';

/** A plugin whose answer is one word. */
function saying(word: string): Plugin {
  return definePlugin({
    api: 1,
    start: () => ({
      chatModel: () => ({
        async *stream(): AsyncGenerator<ChatPart> {
          yield { type: 'text-delta', id: '0', delta: word };
          yield { type: 'finish', finishReason: { unified: 'stop' }, usage: { inputTokens: {}, outputTokens: {} } };
        },
      }),
    }),
  });
}

@injectable()
class Reader {
  constructor(@inject(chatModel('default')) readonly model: ModelHandle) {}
}

describe('what is registered in code', () => {
  it('serves beside what the config brought, a plugin object as well as an installed package', async () => {
    const project = await createProject();
    const { host } = await startHost(project, { backends: { a: project.backend('a') }, models: { default: 'm@a' } });
    await host.register({ backends: { b: saying('from code'), c: project.backend('c') as never }, models: { extra: ['m@b', 'm@a'] } });
    expect((await host.models.get('extra').generate('hi')).text).toBe('from code');
    expect((await host.models.get('m@c').generate('hi')).text).toBe('c/c');
    expect((await host.models.get('default').generate('hi')).text).toBe('a/a');
    const { backends, models } = await host.describe();
    expect(backends.map(({ name, plugin, state }) => [name, plugin, state])).toEqual([['a', PLUGIN, 'active'], ['b', '(code)', 'active'], ['c', PLUGIN, 'active']]);
    expect(models).toContainEqual({ name: 'extra', targets: ['m@b', 'm@a'] });
  });

  it('is refused where the name is taken, naming the owner, and replaces it where override is asked for', async () => {
    const project = await createProject();
    const { host } = await startHost(project, { backends: { a: project.backend('a') }, models: { default: 'm@a' } });
    const taken = await failureOf(host.register({ backends: { a: saying('x') } }));
    expect([taken.code, taken.message]).toEqual(['TOKEN_TAKEN', expect.stringContaining(project.file)]);
    expect((await failureOf(host.register({ models: { default: 'other@a' } }))).code).toBe('TOKEN_TAKEN');
    expect((await host.models.get('default').generate('hi')).text).toBe('a/a');
    await host.register({ backends: { a: saying('x') } }, { override: true });
    expect((await host.models.get('default').generate('hi')).text).toBe('x');
  });

  it('changes nothing where it does not fit', async () => {
    await using host = await createTestHost({ models: { default: script(['ok']) } });
    const failure = await failureOf(host.register({ backends: { good: saying('x') }, models: { extra: 'm@nowhere' } }));
    expect(failure.code).toBe('CONFIG_INVALID');
    expect(host.models.names()).toEqual(['default']);
    expect((await host.describe()).backends.map(({ name }) => name)).toEqual(['injected-default']);
  });

  it('stays through edits of the file', async () => {
    const project = await createProject();
    const { host, edit } = await startHost(project, { backends: { a: project.backend('a') }, models: { default: 'm@a' } });
    await host.register({ models: { default: script(['ready']) } }, { override: true });
    await edit({ backends: { a: project.backend('b') }, models: { default: 'm@a' } });
    expect((await host.models.get('default').generate('hi')).text).toBe('ready');
  });

  it('reaches who was injected with the name before', async () => {
    const project = await createProject();
    const { host } = await startHost(project, { backends: { a: project.backend('a') }, models: { default: 'm@a' } });
    const reader = host.container.resolve(Reader);
    await host.register({ models: { default: script(['ready']) } }, { override: true });
    expect((await reader.model.generate('hi')).text).toBe('ready');
  });
});

describe('what is taken back', () => {
  it('lets its running call finish, closes once, and is unknown afterwards', async () => {
    const project = await createProject();
    const { host, news } = await startHost(project, {});
    await host.register({ backends: { a: project.backend('a') as never }, models: { mine: 'm@a' } });
    const wait = gate();
    project.probe.onPart = () => wait.pass();
    const running = host.models.get('mine').generate('hi');
    await wait.reached;
    await host.unregister({ backends: ['a'], models: ['mine'] });
    expect(() => host.models.get('mine')).toThrow(expect.objectContaining({ code: 'SPEC_UNKNOWN' }) as Error);
    expect(project.probe.started[0]?.closed).toBe(0);
    wait.open();
    expect((await running).text).toBe('a/a');
    await until(() => news.includes('generation:closed a 1'));
    expect(project.probe.started[0]).toMatchObject({ closed: 1, openAtClose: 0 });
  });

  it('gives the name back to the config', async () => {
    const project = await createProject();
    const { host } = await startHost(project, { backends: { a: project.backend('a') }, models: { default: 'm@a' } });
    await host.register({ backends: { a: saying('x') } }, { override: true });
    await host.unregister({ backends: ['a'] });
    expect((await host.models.get('default').generate('hi')).text).toBe('a/a');
    expect((await backendOf(host, 'a')).plugin).toBe(PLUGIN);
  });
});

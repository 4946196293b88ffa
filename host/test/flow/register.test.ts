/** What a host puts into its container, with whose name, and how that follows the config. */
import { chatModel, type ModelHandle } from '@modelport/host';
import { describe, expect, it } from 'vitest';
import { createProject, failureOf, startHost } from '../lifecycle/edited-host.ts';

describe('the tokens of a config', () => {
  it('follow its aliases and agents, each owned by its line', async () => {
    const project = await createProject();
    const backends = { a: project.backend('a'), b: project.backend('b') };
    const { host, edit } = await startHost(project, { backends, models: { one: 'm@a', two: 'm@a' }, agents: { helper: { model: 'one' } } });
    const tokens = (): string[] => host.container.list().map(({ token }) => token).filter((token) => token.includes(':'));
    expect(tokens()).toEqual(['chat-model:one', 'chat-model:two', 'agent:helper']);
    expect(host.container.list().find(({ token }) => token === 'chat-model:one')?.owner).toMatch(/^models\.one \(.*modelport\.config\.json:\d+\)$/);
    await edit({ backends, models: { two: 'm@a', three: 'm@b' } });
    expect(tokens().sort()).toEqual(['chat-model:three', 'chat-model:two']);
    expect(() => host.container.resolve(chatModel('one'))).toThrow('chat-model:one');
  });

  it('stand for one handle through all edits', async () => {
    const project = await createProject();
    const config = { backends: { a: project.backend('a') }, models: { one: 'm@a' } };
    const { host, edit } = await startHost(project, config);
    const before = host.container.resolve(chatModel('one'));
    await edit({ ...config, models: { zero: 'm@a', one: 'n@a' } });
    expect(host.container.resolve(chatModel('one'))).toBe(before);
  });

  it('give way to what the application put in their place, and leave it alone', async () => {
    const project = await createProject();
    const config = { backends: { a: project.backend('a') }, models: { one: 'm@a' } };
    const { host, edit } = await startHost(project, config);
    const fake = { name: 'a fake' } as ModelHandle;
    const refused = await failureOf((async () => { host.container.register(chatModel('one'), { value: fake }, { owner: 'a test' }); })());
    expect(refused.code).toBe('TOKEN_TAKEN');
    expect(refused.message).toMatch(/models\.one .* a test/s);
    host.container.register(chatModel('one'), { value: fake }, { owner: 'a test', override: true });
    await edit({ ...config, models: { one: 'n@a' } });
    expect(host.container.resolve(chatModel('one'))).toBe(fake);
    await edit({ ...config, models: { other: 'm@a' } });
    expect(host.container.resolve(chatModel('one'))).toBe(fake);
  });

  it('are found for a spec that no alias names', async () => {
    const project = await createProject();
    const { host } = await startHost(project, { backends: { a: project.backend('a') } });
    expect((await host.container.resolve(chatModel('any@a')).generate('hi')).text).toBe('a/a');
  });
});

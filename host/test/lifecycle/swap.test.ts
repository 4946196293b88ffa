/** Live swap: an edit moves traffic, and what runs is not disturbed. */
import { describe, expect, it } from 'vitest';
import { backendOf, createProject, failureOf, gate, PLUGIN, startHost, until } from './edited-host.ts';

describe('an edit of an alias', () => {
  it('moves the next call and leaves the running stream where it began', async () => {
    const project = await createProject();
    const backends = { a: project.backend('a'), b: project.backend('b') };
    const { host, edit, news } = await startHost(project, { backends, models: { default: 'm@a' } });
    const model = host.models.get('default');
    const wait = gate();
    project.probe.onPart = () => wait.pass();
    const running = model.generate('hi');
    await wait.reached;
    await edit({ backends, models: { default: 'm@b' } });
    project.probe.onPart = () => undefined;
    expect((await model.generate('hi')).text).toBe('b/b');
    wait.open();
    expect((await running).text).toBe('a/a');
    expect(news.filter((line) => line.startsWith('generation:'))).toEqual([]);
    expect(project.probe.started.map(({ tag }) => tag)).toEqual(['a', 'b']);
  });

  it('makes no generation for defaults, limits and agents', async () => {
    const project = await createProject();
    const backends = { a: project.backend('a') };
    const { host, edit } = await startHost(project, { backends, models: { default: 'm@a' } });
    await host.models.get('default').generate('hi');
    await edit({ backends: { a: project.backend('a', { calls: { timeouts: { idleMs: 5 } } }) }, models: { default: { spec: 'm@a', temperature: 1 } }, agents: { helper: { model: 'default' } } });
    await host.models.get('default').generate('hi');
    expect(project.probe.started).toHaveLength(1);
  });
});

describe('an edit of a backend that serves', () => {
  it('starts the next generation beside the old, which finishes its stream and closes once', async () => {
    const project = await createProject();
    const { host, edit, news } = await startHost(project, { backends: { a: project.backend('old') }, models: { default: 'm@a' } });
    const model = host.models.get('default');
    const wait = gate();
    project.probe.onPart = ({ tag }) => (tag === 'old' ? wait.pass() : undefined);
    const running = model.generate('hi');
    await wait.reached;
    await edit({ backends: { a: project.backend('new') }, models: { default: 'm@a' } });
    expect((await model.generate('hi')).text).toBe('new/new');
    expect((await backendOf(host, 'a')).draining).toBe(1);
    expect(project.probe.started[0]?.closed).toBe(0);
    wait.open();
    expect((await running).text).toBe('old/old');
    await until(() => news.includes('generation:closed a 1'));
    expect(project.probe.started.map(({ closed, openAtClose }) => ({ closed, openAtClose }))).toEqual([{ closed: 1, openAtClose: 0 }, { closed: 0, openAtClose: 0 }]);
    expect(news).toEqual(['backend:activated a 1', 'config:applied', 'backend:swapped a 2', 'generation:retired a 1', 'generation:closed a 1']);
  });

  it('keeps its generation when nothing of its identity changed', async () => {
    const project = await createProject();
    const { host, edit } = await startHost(project, { backends: { a: project.backend('a') }, models: { default: 'm@a' } });
    await host.models.get('default').generate('hi');
    await edit({ backends: { a: project.backend('a'), b: project.backend('b') }, models: { default: 'm@a', other: 'm@b' } });
    expect((await backendOf(host, 'a')).generation).toBe(1);
    expect(project.probe.started).toHaveLength(1);
  });

  it('makes a new generation for another key', async () => {
    const project = await createProject();
    const environment: NodeJS.ProcessEnv = { PROBE_KEY: 'first-key-value' };
    const { host, edit } = await startHost(project, { backends: { a: project.backend('a') }, models: { default: 'm@a' } }, { environment });
    await host.models.get('default').generate('hi');
    environment['PROBE_KEY'] = 'second-key-value';
    await edit({ backends: { a: project.backend('a') }, models: { default: 'm@a' } });
    expect(project.probe.started.map(({ context }) => context.secret('apiKey').reveal())).toEqual(['first-key-value', 'second-key-value']);
  });

  it('that cannot start leaves the old one serving, stale, with the reason told once', async () => {
    const project = await createProject();
    const { host, edit, news, log } = await startHost(project, { backends: { a: project.backend('good') }, models: { default: 'm@a' } });
    const model = host.models.get('default');
    await model.generate('hi');
    project.probe.onStart = ({ options }) => { if ((options as { tag: string }).tag === 'bad') throw new Error('no such region'); };
    await edit({ backends: { a: project.backend('bad') }, models: { default: 'm@a' } });
    await edit({ backends: { a: project.backend('bad') }, models: { default: 'm@a' } });
    expect((await model.generate('hi')).text).toBe('good/good');
    const { state, failure } = await backendOf(host, 'a');
    expect(state).toBe('stale');
    expect(failure?.code).toBe('PLUGIN_START_FAILED');
    expect(failure?.message).toContain('no such region');
    expect(news.filter((line) => line === 'backend:stale a')).toHaveLength(1);
    expect(log.filter(({ text }) => text.includes('no such region'))).toHaveLength(1);

    await edit({ backends: { a: project.backend('good') }, models: { default: 'm@a' } });
    expect(await backendOf(host, 'a')).toMatchObject({ state: 'active', generation: 1, failure: undefined });
  });

  it('that cannot start is retired all the same by force', async () => {
    const project = await createProject();
    const { host, edit, news } = await startHost(project, { backends: { a: project.backend('good') }, models: { default: 'm@a' } });
    const model = host.models.get('default');
    await model.generate('hi');
    project.probe.onStart = () => { throw new Error('the new key is refused'); };
    await edit({ backends: { a: project.backend('bad') }, models: { default: 'm@a' } });
    await host.reload({ force: true });
    expect((await failureOf(model.generate('hi'))).code).toBe('PLUGIN_START_FAILED');
    expect((await backendOf(host, 'a')).state).toBe('quarantined');
    await until(() => project.probe.started[0]?.closed === 1);
    expect(news.slice(-3)).toEqual(['backend:quarantined a', 'generation:retired a 1', 'generation:closed a 1']);
  });

  it('that switches it off refuses new calls and lets the running one finish', async () => {
    const project = await createProject();
    const { host, edit } = await startHost(project, { backends: { a: project.backend('a'), b: project.backend('b') }, models: { default: 'm@a' } });
    const model = host.models.get('default');
    const wait = gate();
    project.probe.onPart = () => wait.pass();
    const running = model.generate('hi');
    await wait.reached;
    await edit({ backends: { a: project.backend('a', { enabled: false }), b: project.backend('b') }, models: { default: 'm@a' } });
    expect((await failureOf(model.generate('hi'))).code).toBe('BACKEND_DISABLED');
    wait.open();
    expect((await running).text).toBe('a/a');
    await until(() => project.probe.started[0]?.closed === 1);
  });
});

describe('an edit of a backend that is idle', () => {
  it('starts nothing until it is called', async () => {
    const project = await createProject();
    const { host, edit } = await startHost(project, { backends: { a: project.backend('one') }, models: { default: 'm@a' } });
    await edit({ backends: { a: project.backend('two') }, models: { default: 'm@a' } });
    expect(project.probe.started).toEqual([]);
    expect((await host.models.get('default').generate('hi')).text).toBe('two/two');
    expect(project.probe.started).toHaveLength(1);
  });

  it('starts it at once where it is eager', async () => {
    const project = await createProject();
    const { edit } = await startHost(project, { backends: {} });
    await edit({ backends: { a: project.backend('a', { eager: true }) } });
    expect(project.probe.started.map(({ tag }) => tag)).toEqual(['a']);
  });
});

describe('a start', () => {
  it('is shared by concurrent first calls', async () => {
    const project = await createProject();
    const { host } = await startHost(project, { backends: { a: project.backend('a') }, models: { default: 'm@a' } });
    const wait = gate();
    project.probe.onStart = () => wait.pass();
    const calls = Array.from({ length: 20 }, () => host.models.get('default').generate('hi'));
    await wait.reached;
    wait.open();
    expect((await Promise.all(calls)).map(({ text }) => text)).toEqual(Array.from({ length: 20 }, () => 'a/a'));
    expect(project.probe.started).toHaveLength(1);
  });

  it('that an edit overtakes is aborted, its late result closed, and who waited gets the successor', async () => {
    const project = await createProject();
    const { host, edit, news } = await startHost(project, { backends: { a: project.backend('slow') }, models: { default: 'm@a' } });
    const wait = gate();
    let aborted = false;
    project.probe.onStart = ({ options, signal }) => {
      if ((options as { tag: string }).tag !== 'slow') return undefined;
      signal.addEventListener('abort', () => { aborted = true; });
      return wait.pass();
    };
    const waiting = host.models.get('default').generate('hi');
    await wait.reached;
    await edit({ backends: { a: project.backend('quick') }, models: { default: 'm@a' } });
    expect((await waiting).text).toBe('quick/quick');
    expect(aborted).toBe(true);
    wait.open();
    await until(() => project.probe.started.some(({ tag, closed }) => tag === 'slow' && closed === 1));
    expect(project.probe.started.find(({ tag }) => tag === 'slow')?.streams).toBe(0);
    expect(news.filter((line) => line.startsWith('backend:'))).toEqual(['backend:activated a 2']);
    expect(news.filter((line) => line.startsWith('generation:'))).toEqual([]);
  });

  it('that an edit takes back leaves the generation that serves', async () => {
    const project = await createProject();
    const { host, edit } = await startHost(project, { backends: { a: project.backend('one') }, models: { default: 'm@a' } });
    await host.models.get('default').generate('hi');
    const wait = gate();
    project.probe.onStart = () => wait.pass();
    await project.write({ backends: { a: project.backend('two') }, models: { default: 'm@a' } });
    const overtaken = await host.reload();
    await wait.reached;
    expect((await backendOf(host, 'a')).state).toBe('active');
    await edit({ backends: { a: project.backend('one') }, models: { default: 'm@a' } });
    wait.open();
    if ('settled' in overtaken) await overtaken.settled;
    await until(() => project.probe.started.at(-1)?.tag === 'two' && project.probe.started.at(-1)?.closed === 1);
    expect(await backendOf(host, 'a')).toMatchObject({ state: 'active', generation: 1 });
    expect((await host.models.get('default').generate('hi')).text).toBe('one/one');
  });

  it('that a removal overtakes ends with BACKEND_REMOVED for who waited', async () => {
    const project = await createProject();
    const { host, edit } = await startHost(project, { backends: { a: project.backend('a'), b: project.backend('b') }, models: { default: 'm@a' } });
    const wait = gate();
    project.probe.onStart = () => wait.pass();
    const waiting = failureOf(host.models.get('default').generate('hi'));
    await wait.reached;
    await edit({ backends: { b: project.backend('b') }, models: { default: 'm@b' } });
    expect((await waiting).code).toBe('BACKEND_REMOVED');
    wait.open();
    await until(() => project.probe.started[0]?.closed === 1);
  });

  it('that fails is not tried again by the next call, but by an edit', async () => {
    const project = await createProject();
    const { host, edit } = await startHost(project, { backends: { a: project.backend('bad'), b: project.backend('b') }, models: { default: ['m@a', 'm@b'], only: 'm@a' } });
    let starts = 0;
    project.probe.onStart = ({ options }) => {
      starts += 1;
      if ((options as { tag: string }).tag === 'bad') throw new Error('no such region');
    };
    const answer = await host.models.get('default').generate('hi');
    expect(answer.text).toBe('b/b');
    expect(answer.attempts.map(({ backend, code }) => [backend, code])).toEqual([['a', 'PLUGIN_START_FAILED'], ['b', undefined]]);
    const failure = await failureOf(host.models.get('only').generate('hi'));
    expect(failure.code).toBe('PLUGIN_START_FAILED');
    expect(failure.context).toMatchObject({ backend: 'a', plugin: PLUGIN });
    expect(starts).toBe(2);
    await edit({ backends: { a: project.backend('good'), b: project.backend('b') }, models: { default: ['m@a', 'm@b'] } });
    expect((await host.models.get('default').generate('hi')).text).toBe('good/good');
  });

  it('does not happen for a backend that is switched off', async () => {
    const project = await createProject();
    await project.install('modelport-plugin-untouched');
    const { host } = await startHost(project, { backends: { off: { plugin: 'modelport-plugin-untouched', enabled: false, eager: true }, a: project.backend('a') }, models: { default: ['m@off', 'm@a'] } });
    expect((await host.models.get('default').generate('hi')).attempts.map(({ code }) => code)).toEqual(['BACKEND_DISABLED', undefined]);
    expect(await backendOf(host, 'off')).toMatchObject({ state: 'disabled', importMs: undefined });
  });
});

describe('a removed name', () => {
  it('of a backend lets its running stream finish, then closes it', async () => {
    const project = await createProject();
    const { host, edit, news } = await startHost(project, { backends: { a: project.backend('a'), b: project.backend('b') }, models: { default: ['m@a', 'm@b'] } });
    const model = host.models.get('default');
    const wait = gate();
    project.probe.onPart = ({ tag }) => (tag === 'a' ? wait.pass() : undefined);
    const running = model.generate('hi');
    await wait.reached;
    await edit({ backends: { b: project.backend('b') }, models: { default: 'm@b' } });
    expect((await model.generate('hi')).text).toBe('b/b');
    wait.open();
    expect((await running).text).toBe('a/a');
    await until(() => news.includes('generation:closed a 1'));
    expect(news.filter((line) => line.includes(' a'))).toEqual(['backend:activated a 1', 'backend:removed a', 'generation:retired a 1', 'generation:closed a 1']);
  });

  it('of a backend is an attempt for a call that was resolved before: the next target answers', async () => {
    const project = await createProject();
    const { host, edit } = await startHost(project, { backends: { a: project.backend('a'), b: project.backend('b') }, models: { default: ['m@a', 'm@b'] } });
    const stream = host.models.get('default').stream('hi');
    await edit({ backends: { b: project.backend('b') }, models: { default: 'm@b' } });
    const answer = await stream.answer;
    expect(answer.text).toBe('b/b');
    expect(answer.attempts[0]).toMatchObject({ backend: 'a', code: 'BACKEND_REMOVED' });
  });

  it('of a backend that an alias still names is refused, and the last good config serves', async () => {
    const project = await createProject();
    const { host, news } = await startHost(project, { backends: { a: project.backend('a') }, models: { default: 'm@a' } });
    await project.write({ backends: {}, models: { default: 'm@a' } });
    expect(await host.reload()).toMatchObject({ applied: false, error: { code: 'CONFIG_INVALID' } });
    expect((await host.models.get('default').generate('hi')).text).toBe('a/a');
    expect(news).toEqual(['config:rejected', 'backend:activated a 1']);
  });

  it('of an alias fails at the call of a handle that is still held, with near names', async () => {
    const project = await createProject();
    const backends = { a: project.backend('a'), b: project.backend('b') };
    const { host, edit } = await startHost(project, { backends, models: { default: 'm@a', quick: 'm@a' } });
    const model = host.models.get('quick');
    await edit({ backends, models: { default: 'm@a', quik: 'm@a' } });
    const failure = await failureOf(model.generate('hi'));
    expect(failure.code).toBe('ALIAS_REMOVED');
    expect(failure.message).toContain('"quik"');
    expect(() => host.models.get('quick')).toThrow('"quick"');
    await edit({ backends, models: { quick: 'm@a' } });
    expect((await model.generate('hi')).text).toBe('a/a');
  });
});

describe('edits that follow each other', () => {
  it('are applied in order, and one that was overtaken before it began is left out', async () => {
    const project = await createProject();
    const { host, news } = await startHost(project, { backends: { a: project.backend('a') }, models: { default: 'm@a' } });
    const outcomes = await Promise.all([host.reload(), host.reload(), host.reload(), host.reload()]);
    expect(outcomes.map((outcome) => ('superseded' in outcome ? 'superseded' : outcome.applied))).toEqual(['superseded', 'superseded', 'superseded', true]);
    expect(news).toEqual(['config:applied']);
  });

  it('do not wait for a start that an edit in code caused', async () => {
    const project = await createProject();
    const { host, edit } = await startHost(project, { backends: { a: project.backend('one') }, models: { default: 'm@a' } });
    await host.models.get('default').generate('hi');
    const wait = gate();
    project.probe.onStart = ({ options }) => ((options as { tag: string }).tag === 'in-code' ? wait.pass() : undefined);
    const registered = host.register({ backends: { a: project.backend('in-code') as never } }, { override: true });
    await wait.reached;
    await host.unregister({ backends: ['a'] });
    await edit({ backends: { a: project.backend('two') }, models: { default: 'm@a' } });
    await registered;
    expect((await host.models.get('default').generate('hi')).text).toBe('two/two');
    wait.open();
  });

  it('in force are what an edit forced in the same moment applies to', async () => {
    const project = await createProject();
    const { host } = await startHost(project, { backends: { a: project.backend('good') }, models: { default: 'm@a' } });
    await host.models.get('default').generate('hi');
    project.probe.onStart = () => { throw new Error('refused'); };
    await project.write({ backends: { a: project.backend('bad') }, models: { default: 'm@a' } });
    await Promise.all([host.reload({ force: true }), host.reload()]);
    expect((await backendOf(host, 'a')).state).toBe('quarantined');
  });
});

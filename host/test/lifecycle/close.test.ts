/** host.close(): new calls are refused, running ones get their time, and everything closes in reverse order, once. */
import { definePlugin, type ChatPart, type Plugin, type Usage } from '@modelport/plugin-api';
import { createHost, createToken, type Host } from '@modelport/host';
import { createTestHost } from '@modelport/host/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createProject, failureOf, gate, startHost, until } from './edited-host.ts';

const usage: Usage = { inputTokens: {}, outputTokens: {} };
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

afterEach(() => { vi.useRealTimers(); });

/** A plugin that notes when it closes; its answers wait for `wait`. */
function noting(name: string, closed: string[], { wait = async () => undefined, fails = false }: { wait?: (signal: AbortSignal) => Promise<unknown>; fails?: boolean } = {}): Plugin {
  return definePlugin({
    api: 1,
    start: () => ({
      chatModel: () => ({
        async *stream(_request, call): AsyncGenerator<ChatPart> {
          yield { type: 'text-delta', id: '0', delta: name };
          await wait(call.signal);
          yield { type: 'finish', finishReason: { unified: 'stop' }, usage };
        },
      }),
      close: async () => {
        closed.push(name);
        if (fails) throw new Error(`${name} does not close`);
      },
    }),
  });
}

const untilAborted = (signal: AbortSignal): Promise<never> => new Promise((_resolve, reject) => { signal.addEventListener('abort', () => { reject(signal.reason); }); });

/** Makes every backend serve once. */
async function warm(host: Host): Promise<void> {
  for (const name of host.models.names()) await host.models.get(name).generate('hi');
}

describe('closing a host', () => {
  it('refuses new calls and lets running ones finish', async () => {
    const closed: string[] = [];
    const wait = gate();
    const host = await createTestHost({ backends: { a: noting('a', closed, { wait: () => wait.pass() }) }, models: { default: 'm@a' } });
    const model = host.models.get('default');
    const running = model.generate('hi');
    await wait.reached;
    const closing = host.close();
    expect((await failureOf(model.generate('hi'))).code).toBe('HOST_CLOSED');
    expect((await failureOf(model.stream('hi').answer)).code).toBe('HOST_CLOSED');
    expect(closed).toEqual([]);
    wait.open();
    expect((await running).text).toBe('a');
    await closing;
    expect(closed).toEqual(['a']);
  });

  it('ends what still runs after 10 s with HOST_CLOSED and what had arrived', async () => {
    vi.useFakeTimers();
    const closed: string[] = [];
    const host = await createTestHost({ backends: { a: noting('a', closed, { wait: untilAborted }) }, models: { default: 'm@a' } });
    const running = failureOf(host.models.get('default').generate('hi'));
    await vi.advanceTimersByTimeAsync(0);
    const closing = host.close();
    await vi.advanceTimersByTimeAsync(9_999);
    expect(closed).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    const failure = await running;
    expect(failure.code).toBe('HOST_CLOSED');
    expect(failure.context).toMatchObject({ retryable: false, partial: { content: [{ type: 'text', text: 'a' }] } });
    await closing;
    expect(closed).toEqual(['a']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('closes backends in reverse order, to the end even when one throws, each once', async () => {
    const closed: string[] = [];
    const backends = { a: noting('a', closed), b: noting('b', closed, { fails: true }), c: noting('c', closed) };
    const host = await createTestHost({ backends, models: { a1: 'm@a', b1: 'm@b', c1: 'm@c' }, log: quiet });
    await warm(host);
    await Promise.all([host.close(), host.close()]);
    await host.close();
    expect(closed).toEqual(['c', 'b', 'a']);
  });

  it('closes what the application made before the backends it stands on', async () => {
    const closed: string[] = [];
    const host = await createTestHost({ backends: { a: noting('backend', closed) }, models: { default: 'm@a' } });
    await warm(host);
    const Service = createToken<{ close(): void }>('service');
    host.container.register(Service, { factory: () => ({ close: () => void closed.push('service') }) }, { owner: 'a test' });
    host.container.resolve(Service);
    await host.close();
    expect(closed).toEqual(['service', 'backend']);
  });

  it('closes the backends also when something of the application does not close, and tells that', async () => {
    const closed: string[] = [];
    const host = await createTestHost({ backends: { a: noting('backend', closed) }, models: { default: 'm@a' } });
    await warm(host);
    const Service = createToken<{ close(): void }>('service');
    host.container.register(Service, { factory: () => ({ close: () => { throw new Error('no'); } }) }, { owner: 'a test' });
    host.container.resolve(Service);
    expect((await failureOf(host.close())).message).toContain('service of a test: no');
    expect(closed).toEqual(['backend']);
  });

  it('gives a start in flight up: who waited is told, its late result is closed, never published', async () => {
    const project = await createProject();
    const { host, news } = await startHost(project, { backends: { a: project.backend('a') }, models: { default: 'm@a' } });
    const wait = gate();
    project.probe.onStart = () => wait.pass();
    const waiting = failureOf(host.models.get('default').generate('hi'));
    await wait.reached;
    await host.close({ drainMs: 0 });
    expect((await waiting).code).toBe('HOST_CLOSED');
    wait.open();
    await until(() => project.probe.started[0]?.closed === 1);
    expect(news).toEqual(['host:closed']);
  });

  it('closes what an edit left draining', async () => {
    const project = await createProject();
    const backends = { a: project.backend('a'), b: project.backend('b') };
    const { host, edit, news } = await startHost(project, { backends, models: { default: 'm@a' } });
    project.probe.onPart = (_started, { signal }) => untilAborted(signal);
    const running = failureOf(host.models.get('default').generate('hi'));
    await until(() => project.probe.started[0]?.open === 1);
    await edit({ backends: { b: project.backend('b') }, models: { default: 'm@b' } });
    expect(project.probe.started[0]?.closed).toBe(0);
    await host.close({ drainMs: 0 });
    expect((await running).code).toBe('HOST_CLOSED');
    expect(project.probe.started[0]).toMatchObject({ closed: 1, openAtClose: 0 });
    expect(news.slice(-2)).toEqual(['generation:closed a 1', 'host:closed']);
  });

  it('follows the signal it was made with', async () => {
    const closed: string[] = [];
    const controller = new AbortController();
    const host = await createTestHost({ backends: { a: noting('a', closed, { wait: untilAborted }) }, models: { default: 'm@a' }, signal: controller.signal });
    const running = failureOf(host.models.get('default').generate('hi'));
    await until(async () => (await host.describe()).backends[0]?.leases === 1);
    controller.abort();
    expect((await running).code).toBe('HOST_CLOSED');
    await host.close();
    expect(closed).toEqual(['a']);
  });

  it('follows its signal also while eager backends start: createHost rejects and nothing stays open', async () => {
    const project = await createProject();
    await project.write({ backends: { a: project.backend('a', { eager: true }) } });
    const wait = gate();
    project.probe.onStart = () => wait.pass();
    const controller = new AbortController();
    const making = createHost({ config: project.file, environment: {}, signal: controller.signal });
    await wait.reached;
    controller.abort(new Error('changed my mind'));
    await expect(making).rejects.toThrow('changed my mind');
    wait.open();
    await until(() => project.probe.started[0]?.closed === 1);
  });

  it('refuses edits, additions and retries afterwards', async () => {
    const project = await createProject();
    const { host, news } = await startHost(project, { backends: { a: project.backend('a') }, models: { default: 'm@a' } });
    await host.close();
    expect(await host.reload()).toMatchObject({ applied: false, error: { code: 'HOST_CLOSED' } });
    expect((await failureOf(host.register({ models: { other: 'm@a' } }))).code).toBe('HOST_CLOSED');
    expect((await failureOf(host.retry('a'))).code).toBe('HOST_CLOSED');
    expect(news).toEqual(['host:closed']);
  });

  it('waits for the tools and embeddings that run, not only for answers', async () => {
    const closed: string[] = [];
    const wait = gate();
    const plugin = definePlugin({
      api: 1,
      start: () => ({
        embeddingModel: () => ({ embed: async () => { await wait.pass(); return { embeddings: [[1]] }; } }),
        close: async () => { closed.push('a'); },
      }),
    });
    const host = await createTestHost({ backends: { a: plugin } });
    const running = host.embeddings.get('m@a').embed('text');
    await wait.reached;
    const closing = host.close();
    wait.open();
    expect((await running).embeddings).toEqual([[1]]);
    await closing;
    expect(closed).toEqual(['a']);
  });

  it('leaves nothing open', async () => {
    // Requests to the file system end by themselves.
    const resources = (): string[] => process.getActiveResourcesInfo().filter((name) => name !== 'Immediate' && !/Req/.test(name)).sort();
    const project = await createProject();
    const before = resources();
    const { host, edit } = await startHost(project, { backends: { a: project.backend('a') }, models: { default: 'm@a' }, reload: { watch: true } }, { watch: true });
    await host.models.get('default').generate('hi');
    const half = host.models.get('default').stream('hi');
    await half[Symbol.asyncIterator]().next();
    host.models.get('default').stream('never read');
    await edit({ backends: { a: project.backend('b') }, models: { default: 'm@a' }, reload: { watch: true } });
    await host.close({ drainMs: 0 });
    await until(() => resources().length === before.length);
    expect(resources()).toEqual(before);
  });
});

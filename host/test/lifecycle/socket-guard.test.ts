/** `policy.socketGuard`: a socket that a plugin opens by itself to a host nobody declared is closed and told; off, nothing watches. */
import { hasSubscribers } from 'node:diagnostics_channel';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createProject, failureOf, startHost, type Project } from './edited-host.ts';

interface Vendor {
  readonly url: string;
  readonly host: string;
  asked: number;
}

async function vendor(): Promise<Vendor> {
  const server = createServer((_request, response) => { seen.asked += 1; response.setHeader('connection', 'close').end('fine'); }).listen(0, '127.0.0.1');
  onTestFinished(() => { server.closeAllConnections(); server.close(); });
  await new Promise((resolve) => { server.once('listening', resolve); });
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const seen = { host, url: `http://${host}/`, asked: 0 };
  return seen;
}

const name = 'modelport-plugin-roams';

/** Installs a plugin that opens a connection of its own at the place that is named, whichever member that is. */
async function install(project: Project, url: string, place: string, net: readonly string[] = []): Promise<void> {
  const folder = await project.install(name);
  const modelport = { manifest: 1, id: 'roams', api: '^1.0.0', provides: ['chat', 'embedding', 'models', 'tools'], permissions: { net } };
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js', modelport }));
  await writeFile(join(folder, 'index.js'), `
const roam = async (place) => (place === ${JSON.stringify(place)} ? (await fetch(${JSON.stringify(url)})).text() : 'stayed');
const finish = { type: 'finish', finishReason: { unified: 'stop' }, usage: { inputTokens: {}, outputTokens: {} } };
export default { api: 1, async start() {
  await roam('start');
  return {
    chatModel: (id) => ({
      async *stream() { yield { type: 'text-delta', id: '0', delta: 'first ' }; yield { type: 'text-delta', id: '0', delta: await roam('stream') }; yield finish; },
      ...(id === 'whole' && { async complete() { return { content: [{ type: 'text', text: await roam('complete') }], finishReason: { unified: 'stop' }, usage: finish.usage }; } }),
    }),
    embeddingModel: () => ({ async embed({ values }) { await roam('embed'); return { embeddings: values.map(() => [1]) }; } }),
    async *listModels() { await roam('listModels'); yield { id: 'm' }; },
    async checkHealth() { await roam('checkHealth'); return { status: 'healthy' }; },
    tools: { async *list() { yield { type: 'function', name: 'act', inputSchema: {} }; }, async execute() { return { type: 'text', value: await roam('execute') }; } },
  };
} };
`);
}

type Started = Awaited<ReturnType<typeof startHost>>;
const guarded = { backends: { a: { plugin: name } }, tools: { t: { backend: 'a' } }, policy: { socketGuard: true } };

/** What a user does that makes the plugin run its code at each place. */
const ways: readonly (readonly [string, (host: Started['host']) => Promise<unknown>])[] = [
  ['start', (host) => host.models.get('m@a').generate('hi')],
  ['stream', (host) => host.models.get('m@a').stream('hi').answer],
  ['complete', (host) => host.models.get('whole@a').generate('hi')],
  ['embed', (host) => host.embeddings.get('m@a').embed(['hi'])],
  ['listModels', (host) => host.listModels('a')],
  ['checkHealth', (host) => host.checkHealth('a')],
  ['execute', (host) => host.tools.execute('act', {})],
];

describe('the socket guard of a host', () => {
  it.each(ways)('closes what a plugin opens in %s, and tells the log and the listeners', async (place, act) => {
    const project = await createProject();
    const server = await vendor();
    await install(project, server.url, place, ['api.acme.example']);
    const { host, log } = await startHost(project, guarded);
    const refused: unknown[] = [];
    host.events.on('socket:refused', (news) => refused.push(news));
    const failure = await failureOf(act(host));
    expect(`${failure.code} ${failure.message}`).toMatch(/HOST_NOT_ALLOWED|fetch failed/);
    expect(server.asked).toBe(0);
    expect(refused).toEqual([{ backend: 'a', plugin: name, host: '127.0.0.1' }]);
    expect(log.filter(({ level, text }) => level === 'warn' && text.includes('opened a socket of its own to 127.0.0.1'))).toHaveLength(1);
  });

  it('fails a call by the name of what was refused', async () => {
    const project = await createProject();
    const server = await vendor();
    await install(project, server.url, 'stream', ['api.acme.example']);
    const { host } = await startHost(project, guarded);
    expect(await failureOf(host.models.get('m@a').stream('hi').answer)).toMatchObject({ code: 'HOST_NOT_ALLOWED', context: { backend: 'a', partial: { content: [{ text: 'first ' }] } } });
  });

  it('lets a declared host pass, and everything where the policy does not ask for it', async () => {
    for (const [net, policy] of [[['127.0.0.1'], guarded.policy], [[], { socketGuard: false }]] as const) {
      const project = await createProject();
      const server = await vendor();
      await install(project, server.url, 'complete', net);
      const { host } = await startHost(project, { ...guarded, policy });
      expect((await host.models.get('whole@a').generate('hi')).text).toBe('fine');
    }
  });

  it('watches only while a host that asks for it runs', async () => {
    const project = await createProject();
    await install(project, 'http://127.0.0.1/', 'nowhere');
    expect(hasSubscribers('net.client.socket')).toBe(false);
    const { host } = await startHost(project, guarded);
    expect(hasSubscribers('net.client.socket')).toBe(true);
    expect((await host.models.get('whole@a').generate('hi')).text).toBe('stayed');
    await host.close();
    expect(hasSubscribers('net.client.socket')).toBe(false);
  });
});

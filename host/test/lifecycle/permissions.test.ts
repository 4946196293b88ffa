/** A plugin reaches the hosts and secrets it declares, and no others, whatever its code asks for. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createProject, failureOf, startHost, type Project } from './edited-host.ts';

/** A vendor that answers everything, and how often it was asked. */
async function vendor(): Promise<{ readonly host: string; asked: number }> {
  const seen = { host: '', asked: 0 };
  const server = createServer((_request, response) => { seen.asked += 1; response.end('fine'); }).listen(0, '127.0.0.1');
  onTestFinished(() => { server.closeAllConnections(); server.close(); });
  await new Promise((resolve) => { server.once('listening', resolve); });
  seen.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return seen;
}

/** Installs a plugin with these permissions that asks a URL, or reveals a secret, when it is called. */
async function install(project: Project, ask: { readonly url?: string; readonly secret?: string }, net: readonly string[] = []): Promise<string> {
  const name = 'modelport-plugin-asks';
  const folder = await project.install(name);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js', modelport: { manifest: 1, id: 'asks', api: '^1.0.0', provides: ['chat'], permissions: { net } } }));
  const act = ask.url === undefined ? `context.secret(${JSON.stringify(ask.secret)}).reveal()` : `await (await context.http.request({ url: ${JSON.stringify(ask.url)} }, call)).text()`;
  await writeFile(join(folder, 'index.js'), `export default { api: 1, start: (context) => ({ chatModel: () => ({ async *stream(_request, call) { yield { type: 'text-delta', id: '0', delta: ${act} }; yield { type: 'finish', finishReason: { unified: 'stop' }, usage: { inputTokens: {}, outputTokens: {} } }; } }) }) };\n`);
  return name;
}

describe('a plugin', () => {
  it('that asks a host it did not declare is refused by name, and nothing is sent', async () => {
    const project = await createProject();
    const server = await vendor();
    const plugin = await install(project, { url: `http://${server.host}/` }, ['api.acme.example']);
    const { host } = await startHost(project, { backends: { a: { plugin } } });
    const failure = await failureOf(host.models.get('m@a').generate('hi'));
    expect([failure.code, failure.context.plugin, failure.context.backend]).toEqual(['HOST_NOT_ALLOWED', plugin, 'a']);
    for (const words of [server.host, 'api.acme.example']) expect(failure.message).toContain(words);
    expect(server.asked).toBe(0);
  });

  it('reaches a host that the config adds to what it declares', async () => {
    const project = await createProject();
    const { host: address } = await vendor();
    const plugin = await install(project, { url: `http://${address}/` });
    const { host } = await startHost(project, { backends: { a: { plugin, permissions: { net: [address] } } } });
    expect((await host.models.get('m@a').generate('hi')).text).toBe('fine');
  });

  it('that asks for a secret it did not declare is refused by name, even where the variable is set', async () => {
    const project = await createProject();
    const plugin = await install(project, { secret: 'OPENAI_API_KEY' });
    const { host } = await startHost(project, { backends: { a: { plugin } } }, { environment: { OPENAI_API_KEY: 'sk-of-another-plugin' } });
    const failure = await failureOf(host.models.get('m@a').generate('hi'));
    expect(failure.message).toContain('"OPENAI_API_KEY", which its manifest does not declare');
    expect(failure.message).not.toContain('sk-of-another-plugin');
  });
});

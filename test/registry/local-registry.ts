/** A real npm registry on loopback, for the packages of this workspace and for what a stranger publishes. */
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runServer } from 'verdaccio';
import { run } from './command.ts';

/** Where it listens, and the user's npm settings that point at it. */
export interface Registry {
  /** With a slash at its end. */
  readonly url: string;
  /** An .npmrc file, absolute: to be named in NPM_CONFIG_USERCONFIG. */
  readonly npmrc: string;
  /** A temporary folder outside the workspace, gone when the registry closes. */
  readonly folder: string;
}

/** The names that are ours to publish; every other package comes from the registry this machine uses. */
const LOCAL = { access: '$all', publish: '$all', unpublish: '$all' };

/** Starts the registry on a free port. `close` also removes all it kept. */
export async function startRegistry(): Promise<Registry & { close(): Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'modelport-registry-'));
  const npmSetting = async (name: string): Promise<string> => (await run('npm', ['config', 'get', name], tmpdir(), { machine: true })).stdout.trim();
  const [upstream, cafile, proxy] = await Promise.all([npmSetting('registry'), npmSetting('cafile'), npmSetting('https-proxy')]);
  const trusted = path.isAbsolute(cafile) ? { ca: await readFile(cafile, 'utf8') } : {};
  const server: Server = await runServer({
    self_path: folder,
    storage: path.join(folder, 'storage'),
    auth: { htpasswd: { file: path.join(folder, 'htpasswd') } },
    uplinks: { machine: { url: upstream, maxage: '60m', timeout: '60s', ...trusted } },
    ...(URL.canParse(proxy) ? { https_proxy: proxy, no_proxy: '127.0.0.1' } : {}),
    packages: {
      '@modelport/*': LOCAL,
      'modelport-*': LOCAL,
      'create-modelport-plugin': LOCAL,
      '**': { access: '$all', proxy: 'machine' },
    },
    log: { type: 'stdout', format: 'json', level: 'fatal' },
    web: { enable: false },
    server: { keepAliveTimeout: 5 },
    max_body_size: '20mb',
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const npmrc = path.join(folder, '.npmrc');
  await mkdir(path.join(folder, 'cache'));
  await writeFile(
    npmrc,
    [
      `registry=http://127.0.0.1:${port}/`,
      `//127.0.0.1:${port}/:_authToken=anyone`,
      `cache=${path.join(folder, 'cache')}`,
      'audit=false',
      'fund=false',
      'update-notifier=false',
      '',
    ].join('\n'),
  );
  return {
    url: `http://127.0.0.1:${port}/`,
    npmrc,
    folder,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** One canary key in every slot of a config that may hold one: nothing that host or command line put out shows it, in any form. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chmod, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import { configJsonSchema, createHost, describeConfig, listOrigins, readConfig, type Host, type HostEvents, type LoadedConfig } from '@modelport/host';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, type Folder } from '../cli/command-line.ts';

/** Looks different in every form a key travels in. */
const CANARY = 'sk-canary+/8f3a=c77b1d20c4e5f';
const FORMS = [CANARY, encodeURIComponent(CANARY), encodeURIComponent(CANARY).toLowerCase(), Buffer.from(CANARY).toString('base64'), Buffer.from(CANARY).toString('base64url'), Buffer.from(CANARY).toString('hex'), 'canary+/8f3a', 'canary%2b%2f8f3a', 'canary%2B%2F8f3a'];

/** A plugin that shows around whatever it was given. */
const LEAKY = `
const everything = ({ options, secret }) => { const key = secret('apiKey'); return key.present ? key.reveal() + ' ' + JSON.stringify(options) : JSON.stringify(options); };
export default { $modelport: 'plugin', api: 1, start: (context) => {
  const { log, http, backend, options } = context;
  log.error('I was given ' + everything(context), { key: context.secret('apiKey'), options, text: everything(context) });
  if (backend === 'fails') throw Object.assign(new Error('cannot start with ' + everything(context)), { code: everything(context), cause: new Error(everything(context)) });
  return {
    chatModel: () => ({ async *stream(request, call) {
      yield { type: 'text-delta', id: '0', delta: 'so far' };
      const key = context.secret('apiKey').present ? context.secret('apiKey').reveal() : '';
      const { status, body } = await http.request({ url: options.baseUrl + '/chat?key=' + encodeURIComponent(key), method: 'POST', headers: { authorization: 'Bearer ' + key, 'content-type': 'application/json' }, body: JSON.stringify({ key }) }, call);
      let text = '';
      for await (const bytes of body) text += new TextDecoder().decode(bytes);
      throw Object.assign(new Error(status + ' ' + text + ' ' + everything(context)), { headers: { authorization: key }, url: options.baseUrl, cause: new Error(everything(context)) });
    } }),
    listModels: async function* () { throw new Error('cannot list with ' + everything(context)); },
    checkHealth: async () => ({ status: 'unhealthy', reason: 'ill of ' + everything(context), remedy: 'Change ' + everything(context) }),
    tools: { list: async () => [{ name: 'look', inputSchema: { type: 'object' } }], execute: async () => { throw new Error('cannot look with ' + everything(context)); } },
  };
} };
`;

const quoted = JSON.stringify(CANARY);
const encoded = encodeURIComponent(CANARY);
const slots = (url: string): string => `backends:
  literal: { plugin: ./leaky, options: { baseUrl: "${url}" }, secrets: { apiKey: ${quoted} } }
  variable: { plugin: ./leaky, options: { baseUrl: "${url}" }, secrets: { apiKey: { env: CANARY_KEY } } }
  file: { plugin: ./leaky, options: { baseUrl: "${url}" }, secrets: { apiKey: { file: ./key } } }
  command: { plugin: ./leaky, options: { baseUrl: "${url}" }, secrets: { apiKey: { command: [cat, key] } } }
  header: { plugin: ./leaky, options: { baseUrl: "${url}" }, headers: { x-api-key: ${quoted}, Authorization: "Bearer \${CANARY_KEY}" } }
  userinfo: { plugin: ./leaky, options: { baseUrl: "${url.replace('//', `//user:${encoded}@`)}" } }
  query: { plugin: ./leaky, options: { baseUrl: "${url}/?key=${encoded}" } }
  option: { plugin: ./leaky, options: { baseUrl: "${url}", deep: { clientSecret: ${quoted}, tokens: [ ${quoted} ] } } }
  preset: { preset: account, options: { baseUrl: "${url}" } }
  fails: { plugin: ./leaky, options: { baseUrl: "${url}" }, secrets: { apiKey: ${quoted} } }
presets:
  account: { plugin: ./leaky, secrets: { apiKey: ${quoted} } }
tools:
  spanner: { plugin: ./leaky, options: { baseUrl: "${url}" }, secrets: { apiKey: ${quoted} } }
profiles:
  night: { backends: { literal: { secrets: { apiKey: ${quoted} } } } }
models: { default: any@literal }
http: { proxy: "http://user:${encoded}@127.0.0.1:9", wireLog: wire.jsonl }
store: { url: "redis://:${encoded}@127.0.0.1/0" }
log: { level: debug }
`;
const backends = ['literal', 'variable', 'file', 'command', 'header', 'userinfo', 'query', 'option', 'preset', 'fails', 'spanner'];

let upstream: Server;
let folder: Folder;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  // A vendor that repeats what it was sent, as some do in their errors.
  upstream = createServer((request, response) => {
    let body = '';
    request.on('data', (bytes) => { body += String(bytes); }).on('end', () => {
      response.writeHead(401, { 'content-type': 'application/json', 'x-echo': request.headers.authorization ?? '' });
      response.end(JSON.stringify({ error: `wrong key ${request.headers.authorization} ${String(request.headers['x-api-key'])} at ${request.url}: ${body}` }));
    });
  });
  await new Promise<void>((resolve) => { upstream.listen(0, '127.0.0.1', resolve); });
  const text = slots(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`);
  folder = await makeFolder({
    'modelport.config.yaml': text, 'wrong.yaml': text.replace('presets:', 'persets:').replaceAll('{ env: CANARY_KEY }', `{ env: ${quoted} }`).replaceAll('baseUrl: ', 'baseUlr: '), key: `${CANARY}\n`, 'leaky/index.js': LEAKY,
    'leaky/package.json': JSON.stringify({
      name: 'leaky', version: '1.0.0', type: 'module', exports: './index.js',
      modelport: { manifest: 1, id: 'leaky', api: '^1.0.0', provides: ['chat', 'models', 'tools'], secrets: [{ name: 'apiKey', env: [] }], permissions: { net: ['option:baseUrl'] }, options: { type: 'object', properties: { baseUrl: { type: 'string' }, deep: {} }, additionalProperties: false } },
    }),
  });
  await chmod(path.join(folder.path, 'key'), 0o644);
  // The config lies in the home folder, so it may run its command.
  environment = { PATH: process.env['PATH'], HOME: folder.path, CANARY_KEY: CANARY };
});
afterAll(async () => {
  upstream.closeAllConnections();
  upstream.close();
  await folder[Symbol.asyncDispose]();
});

/** Where a canary shows, with some of what stands around it. */
function sightings(text: string): readonly string[] {
  return FORMS.flatMap((form) => {
    const at = text.indexOf(form);
    return at < 0 ? [] : [`${form}: ...${text.slice(Math.max(0, at - 60), at + form.length + 20)}...`];
  });
}

/** Everything that can be printed of a value. */
const printed = (value: unknown): string => [inspect(value, { depth: 12, showHidden: true, getters: true }), JSON.stringify(value), String(value), (value as { readonly stack?: string } | undefined)?.stack ?? ''].join('\n');

describe('a host', () => {
  const log: unknown[] = [];
  const events: unknown[] = [];
  const errors: unknown[] = [];
  let host: Host;
  let loaded: LoadedConfig;

  beforeAll(async () => {
    const line = (text: string, facts?: object): void => void log.push(text, inspect(facts, { depth: 12 }), JSON.stringify(facts));
    host = await createHost({ config: path.join(folder.path, 'modelport.config.yaml'), environment, log: { debug: line, info: line, warn: line, error: line } });
    const names: readonly (keyof HostEvents)[] = ['call:started', 'call:ended', 'config:warned', 'backend:quarantined', 'backend:activated', 'plugin:loaded', 'generation:closed'];
    for (const name of names) host.events.on(name, (...news: readonly unknown[]) => void events.push(inspect(news, { depth: 12 }), JSON.stringify(news)));
    const failed = async (work: Promise<unknown>): Promise<void> => { errors.push(await work.then(() => undefined, (error: unknown) => error)); };
    for (const name of backends) {
      if (name !== 'spanner') await failed(host.models.get(`any@${name}`).generate(`Hello, I am ${name}.`));
      if (name !== 'spanner') await failed(host.models.get(`any@${name}`).stream('Hello.').answer);
      await failed(host.listModels(name));
      await failed(host.checkHealth(name).then((health) => { throw health; }));
    }
    await failed(host.tools.list());
    loaded = await readConfig({ file: path.join(folder.path, 'modelport.config.yaml'), environment });
  });
  afterAll(() => host.close());

  it('was asked about every slot', () => {
    expect(errors.length).toBe(backends.length * 4 - 1);
    expect(errors.filter((error) => error === undefined).length).toBeLessThanOrEqual(1);
    expect(log.length).toBeGreaterThan(backends.length);
    expect(events.length).toBeGreaterThan(backends.length);
  });

  it('throws no error that shows it', () => {
    expect(errors.flatMap((error) => sightings(printed(error)))).toEqual([]);
  });

  it('logs no line that shows it', () => {
    expect(log.flatMap((line) => sightings(String(line)))).toEqual([]);
  });

  it('tells no event that shows it', () => {
    expect(events.flatMap((news) => sightings(String(news)))).toEqual([]);
  });

  it('shows it neither described nor inspected', async () => {
    expect(sightings(printed(await host.describe()))).toEqual([]);
    expect(sightings(inspect(host, { depth: 12, showHidden: true, getters: true }))).toEqual([]);
    expect(sightings(inspect(host.models.get('default'), { depth: 12, showHidden: true, getters: true }))).toEqual([]);
    expect(sightings(printed(await host.health()))).toEqual([]);
  });

  it('gives a config that shows it in no view of it', async () => {
    expect(sightings(printed(describeConfig(loaded)))).toEqual([]);
    expect(sightings(printed(listOrigins(loaded)))).toEqual([]);
    expect(sightings(printed(loaded.warnings))).toEqual([]);
    expect(sightings(JSON.stringify(configJsonSchema({ options: { literal: (await host.optionSchema('literal')) ?? {} } })))).toEqual([]);
  });

  it('leaves no file that shows it', async () => {
    const wire = await readFile(path.join(folder.path, 'wire.jsonl'), 'utf8');
    expect(wire.split('\n').length).toBeGreaterThan(backends.length);
    expect(sightings(wire)).toEqual([]);
    const state = await readdir(path.join(folder.path, '.modelport'), { recursive: true }).catch(() => []);
    for (const file of state.filter((name) => name.endsWith('.json'))) expect(sightings(await readFile(path.join(folder.path, '.modelport', file), 'utf8'))).toEqual([]);
  });
});

describe('the command line', () => {
  const commands = [
    ...backends.filter((name) => name !== 'spanner').map((name) => `chat -m any@${name} Hello. --debug`), 'chat Hello. --json --debug', 'chat Hello. --profile night --debug',
    'config show', 'config show --json', 'config show --origin', 'config show --origin --json', 'config validate', 'config validate --json', 'config schema', 'config profiles --json', 'config path --json',
    'config validate --config wrong.yaml', 'config validate --json --config wrong.yaml', 'config show --config wrong.yaml --debug', 'doctor --config wrong.yaml', 'trust', 'trust --json',
    'models list --live', 'models list --live --json --debug', 'models info any@option --live', 'plugins list --start', 'plugins list --start --json', ...backends.map((name) => `plugins info ${name} --start`), 'plugins info ./leaky --start --json',
    'backends list --json', 'backends health', 'backends health --json', 'backends retry fails', 'backends retry fails --json --debug', 'doctor', 'doctor --online', 'doctor --online --json',
  ];

  it.each(commands)('shows it nowhere in `%s`', async (command) => {
    const { stdout, stderr } = await folder.run(command.split(' '), { environment: { CANARY_KEY: CANARY } });
    expect(stdout + stderr).not.toBe('');
    expect(sightings(stdout + stderr)).toEqual([]);
  });
});

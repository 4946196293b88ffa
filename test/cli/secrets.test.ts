/** A key never shows: one canary in every place a secret can stand, looked for in everything the program prints. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeFolder, type Folder } from './command-line.ts';

const LITERAL = 'sk-canary-literal-8f3a9c';
const VARIABLE = 'sk-canary-variable-77b1d2';
const FILE = 'sk-canary-file-0c4e5f';
const LEAKED = 'sk-canary-leaked-5a6b7c';
const CANARIES = [LITERAL, VARIABLE, FILE, LEAKED];

/** A plugin that does everything wrong with its key: throws it, logs it, lists it, streams it into an error. */
const LEAKY = `export default { $modelport: 'plugin', api: 1, start: (context) => {
  const key = context.secret('apiKey').reveal();
  context.log.error('my key is ' + key, { key });
  if (context.backend === 'crashes') setTimeout(() => { throw new Error('a timer found ' + key); }, 1);
  if (context.backend === 'throws') throw new Error('cannot start with ' + key);
  return {
    chatModel: () => ({ async *stream() { if (context.backend === 'crashes') await new Promise((resolve) => { setTimeout(resolve, 60_000); }); throw Object.assign(new Error('401 for Bearer ' + key), { headers: { authorization: key } }); } }),
    listModels: async function* () { throw new Error('GET /models?key=' + key); },
    checkHealth: async () => { throw new Error('health of ' + key); },
  };
} };
`;

const CONFIG = `backends:
  literal: { plugin: ./leaky, secrets: { apiKey: "${LITERAL}" } }
  variable: { plugin: ./leaky, secrets: { apiKey: { env: CANARY_KEY } } }
  file: { plugin: ./leaky, secrets: { apiKey: { file: ./key } } }
  throws: { plugin: ./leaky, secrets: { apiKey: "${LEAKED}" } }
  crashes: { plugin: ./leaky, enabled: false, secrets: { apiKey: "${LEAKED}" } }
  url: { plugin: "@modelport/openai", options: { baseUrl: "http://user:${LITERAL}@127.0.0.1:1/v1" }, headers: { x-api-key: "${VARIABLE}" }, secrets: { apiKey: "${LITERAL}" } }
models: { default: any@literal }
`;

let folder: Folder;
beforeAll(async () => {
  folder = await makeFolder({
    'modelport.config.yaml': CONFIG, key: FILE, 'leaky/index.js': LEAKY,
    'leaky/package.json': JSON.stringify({ name: 'leaky', version: '1.0.0', type: 'module', exports: './index.js', modelport: { manifest: 1, id: 'leaky', api: '^1.0.0', provides: ['chat', 'models'], secrets: [{ name: 'apiKey', env: ['LEAKY_KEY'], required: true }] } }),
    'wrong.yaml': CONFIG.replace('models: {', 'modls: {').replace('apiKey: { env: CANARY_KEY }', `apiKey: { env: "${VARIABLE}", file: ./key }`),
  });
});
afterAll(() => folder[Symbol.asyncDispose]());

it.each([
  'chat hi', 'chat hi --debug', 'chat hi --json --debug', 'chat -m any@variable hi --debug', 'chat -m any@file hi --json', 'chat -m any@throws hi --debug', 'chat -m any@url hi --json --debug',
  'config show', 'config show --json', 'config show --origin', 'config show --origin --json', 'config validate', 'config validate --json', 'config schema',
  'config validate --config wrong.yaml', 'config show --config wrong.yaml --json --debug',
  'models list --live', 'models list --live --json', 'models info any@variable --live --debug',
  'plugins list --start', 'plugins list --start --json', 'plugins info ./leaky --start', 'plugins info throws --start --json', 'backends list --json', 'backends retry throws', 'backends retry throws --json',
  'doctor', 'doctor --json', 'doctor --online --json',
])('`%s` shows no key', async (command) => {
  const { stdout, stderr } = await folder.run(command.split(' '), { environment: { CANARY_KEY: VARIABLE } });
  const shown = stdout + stderr;
  expect(shown).not.toBe('');
  for (const canary of CANARIES) {
    for (const form of [canary, Buffer.from(canary).toString('base64'), encodeURIComponent(canary)]) expect(shown).not.toContain(form);
  }
});

it.each([[], ['--debug'], ['--json', '--debug']])('a plugin that throws from a timer shows no key, with %j', async (...flags) => {
  const { exitCode, stderr } = await folder.run(['chat', '-m', 'any@crashes', 'hi', '--set', 'backends.crashes.enabled=true', ...flags], { environment: { CANARY_KEY: VARIABLE } });
  expect(exitCode).toBe(1);
  expect(stderr).toContain('An error was left unhandled: a timer found [secret apiKey]');
  expect(stderr).not.toContain(LEAKED);
  expect(/^\s+at /m.test(stderr)).toBe(flags.length === 1);
});

it('a missing key stops its backend only', async () => {
  await using other = await makeFolder({ 'modelport.config.yaml': `backends:
  cloud: { plugin: "@modelport/openai", secrets: { apiKey: { env: NO_SUCH_KEY } } }
  scripted: { plugin: "@modelport/scripted" }
models: { default: demo@scripted, paid: gpt-5@cloud }
` });
  expect((await other.run(['chat', 'hi'])).exitCode).toBe(0);
  const { exitCode, stderr } = await other.run(['chat', '-m', 'paid', 'hi']);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('error AUTH_MISSING: Backend "cloud" needs the secret apiKey (backends.cloud.secrets.apiKey); sought in env NO_SUCH_KEY.\nfix: Set the variable: `export NO_SUCH_KEY=...`');
});

it('a key in the config itself works and is warned of', async () => {
  const { stderr } = await folder.run(['backends', 'list'], { environment: { CANARY_KEY: VARIABLE } });
  expect(stderr).toContain('warning: backends.literal.secrets.apiKey: the secret stands in the config itself');
});

/** A missing key stops its own backend only, early, and says where to put it. */
import { fileURLToPath } from 'node:url';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { definePlugin } from '@modelport/plugin-api';
import { ModelportError, type Host } from '@modelport/host';
import { createTestHost } from '@modelport/host/testing';
import { script } from '@modelport/scripted';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelport-missing-secret-'));
  const plugin = join(folder, 'node_modules', 'modelport-plugin-acme');
  await mkdir(join(plugin, 'node_modules', '@modelport'), { recursive: true });
  await symlink(fileURLToPath(new URL('../../../plugin-api', import.meta.url)), join(plugin, 'node_modules', '@modelport', 'plugin-api'));
  await writeFile(join(plugin, 'package.json'), JSON.stringify({
    name: 'modelport-plugin-acme', version: '1.0.0', type: 'module', exports: './index.js',
    modelport: { manifest: 1, id: 'acme', api: '^1.0.0', provides: ['chat'], secrets: [{ name: 'apiKey', env: ['ACME_API_KEY', 'ACME_KEY'], required: true, obtain: 'https://acme.example/keys' }] },
  }));
  await writeFile(join(plugin, 'index.js'), 'export default { api: 1, start: (context) => ({ chatModel: () => ({ async *stream() { yield { type: "text-delta", id: "0", delta: context.secret("apiKey").present ? "with a key" : "without" }; yield { type: "finish", finishReason: { unified: "stop" }, usage: { inputTokens: {}, outputTokens: {} } }; } }) }) };');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const configured = (environment: NodeJS.ProcessEnv = {}): Promise<Host> => createTestHost({
  cwd: folder, environment,
  config: { backends: { acme: { plugin: 'modelport-plugin-acme' } }, models: { both: ['m@acme', 'spare'] } },
  models: { spare: script([{ reply: 'from the spare' }]) },
});

describe('a backend whose key is missing', () => {
  it('refuses a call with AUTH_MISSING, naming config path, variables and where a key is had', async () => {
    await using host = await configured();
    const error: unknown = await host.models.get('m@acme').generate('hi').catch((thrown: unknown) => thrown);
    if (!ModelportError.is(error)) throw error;
    expect(error.code).toBe('AUTH_MISSING');
    expect(error.message).toContain('backends.acme.secrets.apiKey');
    expect(error.message).toContain('env ACME_API_KEY, env ACME_KEY');
    expect(error.remedy).toContain('export ACME_API_KEY=');
    expect(error.remedy).toContain('https://acme.example/keys');
    expect(error.context).toMatchObject({ backend: 'acme', plugin: 'modelport-plugin-acme', retryable: false });
  });

  it('is told as needing a secret before anything calls it', async () => {
    await using host = await configured();
    const described = (await host.describe()).backends.find(({ name }) => name === 'acme');
    expect(described).toMatchObject({ state: 'needs-secret', failure: { code: 'SECRET_MISSING' }, secrets: [{ name: 'apiKey', present: false, required: true, sought: ['env ACME_API_KEY', 'env ACME_KEY'] }] });
  });

  it('is skipped by an alias that has another target', async () => {
    await using host = await configured();
    const answer = await host.models.get('both').generate('hi');
    expect(answer.text).toBe('from the spare');
    expect(answer.attempts).toMatchObject([{ backend: 'acme', code: 'AUTH_MISSING' }, { backend: 'injected-spare' }]);
  });

  it('serves once the key is there', async () => {
    await using host = await configured({ ACME_KEY: 'secret-0123456789' });
    expect((await host.models.get('m@acme').generate('hi')).text).toBe('with a key');
  });
});

describe('a plugin that reveals a secret nobody set', () => {
  it('fails with AUTH_MISSING naming the config path', async () => {
    const plugin = definePlugin({ api: 1, start: (context) => ({ chatModel: () => ({ stream: async function* () { yield* []; context.secret('apiKey').reveal(); } }) }) });
    await using host = await createTestHost({ backends: { acme: plugin }, config: { backends: { acme: { plugin: 'given-in-code', secrets: { apiKey: { env: 'ACME_API_KEY', optional: true } } } } } });
    const error: unknown = await host.models.get('m@acme').generate('hi').catch((thrown: unknown) => thrown);
    expect(ModelportError.is(error) && error.code).toBe('AUTH_MISSING');
    expect((error as Error).message).toContain('backends.acme.secrets.apiKey');
    expect((error as Error).message).toContain('env ACME_API_KEY');
  });
});

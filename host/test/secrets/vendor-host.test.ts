/** The variables a manifest names hold keys for the vendor's own hosts; they go to no other server. */
import type { Manifest } from '@modelport/plugin-api';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/flow/config.ts';
import { resolveBackendSecrets, secretFingerprints, type BackendSecrets } from '../../src/secrets/backend-secrets.ts';
import { Redactor } from '../../src/secrets/redact.ts';

const manifest: Manifest = {
  manifest: 1,
  id: 'acme',
  api: '^1.0.0',
  provides: ['chat'],
  secrets: [{ name: 'apiKey', env: ['ACME_API_KEY'], required: true }],
  permissions: { net: ['api.acme.example', '*.acme.test', 'option:baseUrl'] },
};
const environment = { ACME_API_KEY: 'key-of-the-vendor' };

async function resolveWith(backend: Record<string, unknown>): Promise<{ secrets: BackendSecrets; print: string | undefined }> {
  const { config } = await readConfig({ value: { backends: { a: { plugin: 'acme', ...backend } } }, environment });
  const a = config.backends['a'];
  if (!a) throw new Error('no backend');
  return {
    secrets: await resolveBackendSecrets(a, manifest, { environment, redactor: new Redactor(), trusted: true, runCommands: false }),
    print: (await secretFingerprints(a, manifest, environment))['apiKey'],
  };
}

test('the vendor\'s variable is used at the vendor\'s own hosts', async () => {
  for (const options of [{}, { baseUrl: 'https://api.acme.example/v2' }, { baseUrl: 'https://eu.acme.test/v1' }]) {
    const { secrets } = await resolveWith({ options });
    expect(secrets.get('apiKey')?.reveal()).toBe('key-of-the-vendor');
  }
});

test('the vendor\'s variable is neither used nor asked for at another server', async () => {
  const { secrets } = await resolveWith({ options: { baseUrl: 'http://127.0.0.1:8000/v1' } });
  expect(secrets.get('apiKey')?.present).toBe(false);
  expect(secrets.missing).toBeUndefined();
  expect(secrets.status).toEqual([{ name: 'apiKey', required: false, present: false, sought: [] }]);
});

test('a key the user names for another server is used there', async () => {
  const { secrets } = await resolveWith({ options: { baseUrl: 'http://127.0.0.1:8000/v1' }, secrets: { apiKey: { env: 'ACME_API_KEY' } } });
  expect(secrets.get('apiKey')?.reveal()).toBe('key-of-the-vendor');
});

test('a key that is not used is no part of the identity', async () => {
  const elsewhere = await resolveWith({ options: { baseUrl: 'http://127.0.0.1:8000/v1' } });
  const athome = await resolveWith({});
  expect(elsewhere.print).not.toBe(athome.print);
});

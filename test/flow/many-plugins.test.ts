/** Two hundred configured plugins: a host starts by their manifests alone and imports the one that is used. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHost } from '@modelport/host';
import { afterAll, beforeAll, expect, test } from 'vitest';

const MANY = 200;
/** Where a plugin of this test says that it runs. */
const ran = Symbol.for('modelport.test.many-plugins');
const imported: string[] = [];
let folder: string;

beforeAll(async () => {
  (globalThis as Record<symbol, unknown>)[ran] = (name: string): void => void imported.push(name);
  folder = await realpath(await mkdtemp(join(tmpdir(), 'modelport-many-')));
  for (let number = 1; number <= MANY; number += 1) {
    const name = `modelport-plugin-${number}`;
    const home = join(folder, 'node_modules', name);
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'package.json'), JSON.stringify({
      name, version: '1.0.0', type: 'module', exports: './index.js',
      modelport: { manifest: 1, id: `many-${number}`, api: '^1.0.0', provides: ['chat'], options: { type: 'object', properties: { region: { enum: ['eu', 'us'] } }, additionalProperties: false } },
    }));
    await writeFile(join(home, 'index.js'), `globalThis[Symbol.for('modelport.test.many-plugins')]('${name}');
${number === 77 ? '' : "throw new Error('nobody asked for this plugin');"}
export default { api: 1, start: () => ({ chatModel: () => ({ async *stream() { yield { type: 'text-delta', id: '0', delta: '77' }; yield { type: 'finish', finishReason: { unified: 'stop' }, usage: { inputTokens: {}, outputTokens: {} } }; } }) }) };`);
  }
  const backends = Array.from({ length: MANY }, (_, index) => `  b${index + 1}: { plugin: modelport-plugin-${index + 1}, options: { region: ${index + 1 === 13 ? 'ue' : 'eu'} } }\n`);
  await writeFile(join(folder, 'modelport.config.yaml'), `backends:\n${backends.join('')}models: { default: any@b77 }\n`);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a host on 200 plugins checks every manifest and imports only the plugin that is called', async () => {
  await using host = await createHost({ cwd: folder, environment: {}, log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined } });
  const booted = await host.describe();
  expect(booted.backends).toHaveLength(MANY);
  expect(booted.backends.filter(({ version, api }) => version === '1.0.0' && api === '^1.0.0')).toHaveLength(MANY);
  // Their options were checked, too, by their static schemas.
  expect(booted.backends.filter(({ failure }) => failure !== undefined).map(({ name, failure }) => [name, failure?.code])).toEqual([['b13', 'OPTIONS_INVALID']]);
  expect(imported).toEqual([]);
  expect((await host.models.get('default').generate('Hello.')).text).toBe('77');
  expect(imported).toEqual(['modelport-plugin-77']);
  expect((await host.describe()).backends.filter(({ importMs }) => importMs !== undefined).map(({ name }) => name)).toEqual(['b77']);
});

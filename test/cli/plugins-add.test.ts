/** `modelport plugins add`: installs with the project's package manager, scripts off, and edits the config without losing a comment. */
import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, type Folder } from './command-line.ts';

const ACME = { name: 'modelport-plugin-acme', version: '1.2.3', type: 'module', exports: './index.js', scripts: { postinstall: 'node -e "require(\'fs\').writeFileSync(\'ran\', \'\')"' }, modelport: { manifest: 1, id: 'acme', api: '^1.0.0', provides: ['chat'], secrets: [{ name: 'apiKey', env: ['ACME_API_KEY'], required: true }] } };
const CONFIG = `# mine
backends:
  # a comment
  scripted: { plugin: "@modelport/scripted" } # another
models: { default: demo@scripted }
`;

let folder: Folder;
beforeEach(async () => {
  await folder?.[Symbol.asyncDispose]();
  folder = await makeFolder({
    'app/package.json': '{ "name": "app", "version": "1.0.0" }', 'app/modelport.config.yaml': CONFIG,
    'acme/package.json': JSON.stringify(ACME), 'acme/index.js': 'export default {};',
    'wrench/package.json': JSON.stringify({ ...ACME, name: '@tools/wrench', scripts: {}, modelport: { manifest: 1, id: 'wrench', api: '^1.0.0', provides: ['tools'] } }), 'wrench/index.js': 'export default {};',
  });
});
afterAll(() => folder[Symbol.asyncDispose]());

const config = ['--config', 'app/modelport.config.yaml'];
const configText = (): Promise<string> => readFile(path.join(folder.path, 'app/modelport.config.yaml'), 'utf8');

describe('plugins add', () => {
  it('installs beside the config, runs no script, and prints the entry', async () => {
    const { exitCode, stdout } = await folder.run(['plugins', 'add', './acme', ...config]);
    expect(exitCode).toBe(0);
    expect(stdout).toBe(`installed  modelport-plugin-acme 1.2.3  chat
Add to app/modelport.config.yaml, or run this again with --write:
  backends:
    acme:
      plugin: modelport-plugin-acme
      secrets:
        apiKey:
          env: ACME_API_KEY
It needs the secret apiKey: env ACME_API_KEY
`);
    expect(await configText()).toBe(CONFIG);
    expect(JSON.parse(await readFile(path.join(folder.path, 'app/package.json'), 'utf8'))).toMatchObject({ dependencies: { 'modelport-plugin-acme': expect.any(String) as unknown } });
    await expect(access(path.join(folder.path, 'acme/ran'))).rejects.toThrow('ENOENT');
  });

  it('--write adds the entry and keeps every comment', async () => {
    const { exitCode } = await folder.run(['plugins', 'add', './acme', '--write', '--as', 'eu', ...config]);
    expect(exitCode).toBe(0);
    expect(await configText()).toBe(CONFIG.replace('models:', `  eu:
    plugin: modelport-plugin-acme
    secrets:
      apiKey:
        env: ACME_API_KEY
models:`));
    expect((await folder.run(['plugins', 'list', '--json', ...config])).stdout).toContain('"version": "1.2.3"');
  });

  it('puts a plugin that only has tools under tools', async () => {
    const { stdout } = await folder.run(['plugins', 'add', './wrench', '--write', '--json', ...config]);
    expect(JSON.parse(stdout)).toMatchObject({ plugin: '@tools/wrench', section: 'tools', name: 'wrench', entry: { plugin: '@tools/wrench' }, written: true, command: expect.stringMatching(/^npm install --ignore-scripts /) as unknown });
    expect(await configText()).toMatch(/tools:\n {2}wrench:\n {4}plugin: "?@tools\/wrench"?\n/);
  });

  it('adds nothing twice', async () => {
    await folder.run(['plugins', 'add', './acme', '--write', ...config]);
    const before = await configText();
    const { exitCode, stdout } = await folder.run(['plugins', 'add', './acme', '--write', ...config]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('The config names it already');
    expect(await configText()).toBe(before);
  });

  it('leaves the config as it was where the entry would make it wrong', async () => {
    const { exitCode, stderr } = await folder.run(['plugins', 'add', './acme', '--write', '--as', 'default', ...config]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('models.default: an alias cannot be called like a backend');
    expect(await configText()).toBe(CONFIG);
  });

  it('tells a failed install with its command and leaves the config alone', async () => {
    const { exitCode, stderr } = await folder.run(['plugins', 'add', './nosuch', '--write', ...config]);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/error INSTALL_FAILED: `npm install --ignore-scripts .*nosuch` in .*app failed/);
    expect(await configText()).toBe(CONFIG);
  });

  it('refuses what is no package name', async () => {
    const { exitCode, stderr } = await folder.run(['plugins', 'add', 'a; rm -rf b', ...config]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error USAGE: "a; rm -rf b" is no package');
  });
});

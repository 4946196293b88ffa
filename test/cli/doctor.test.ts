/** `modelport doctor`: a project with broken and good plugins, every fault told by name with its remedy. */
import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, type Folder } from './command-line.ts';

const manifest = (more: object = {}): object => ({ manifest: 1, id: 'tried', api: '^1.0.0', provides: ['chat'], ...more });
const packageFile = (name: string, modelport: unknown): string => JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js', modelport });

let folder: Folder;
beforeAll(async () => {
  folder = await makeFolder({
    'modelport.config.yaml': `backends:
  scripted: { plugin: "@modelport/scripted" }
  absent: { plugin: modelport-plugin-absent }
  future: { plugin: ./future }
  thrower: { plugin: ./thrower }
  unbuilt: { plugin: ./unbuilt }
  keyless: { plugin: "@modelport/openai", secrets: { apiKey: { env: NO_SUCH_KEY } } }
  off: { plugin: ./thrower, enabled: false }
models: { default: demo@scripted }
`,
    'future/package.json': packageFile('future', manifest({ api: '^9.0.0' })),
    'thrower/package.json': packageFile('thrower', manifest()), 'thrower/index.js': 'throw new Error("no licence found");',
    'unbuilt/package.json': packageFile('unbuilt', manifest()),
  });
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('doctor', () => {
  it('tells every broken plugin with code and remedy, and that the others serve', async () => {
    const { exitCode, stdout } = await folder.run(['doctor']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/ok +scripted +@modelport\/scripted \d+\.\d+\.\d+ active, imported in \d+ ms\n/);
    expect(stdout).toMatch(/FAIL +absent +PLUGIN_NOT_FOUND: [^]*fix: Run `modelport plugins add modelport-plugin-absent`\./);
    expect(stdout).toMatch(/FAIL +future +API_MISMATCH: .*asks in .*future\/package\.json for contract \^9\.0\.0; this host offers 1\./);
    expect(stdout).toMatch(/FAIL +thrower +PLUGIN_IMPORT_FAILED: .*no licence found/);
    expect(stdout).toMatch(/FAIL +unbuilt +PLUGIN_NOT_BUILT: /);
    expect(stdout).toMatch(/warn +keyless +SECRET_MISSING: .*NO_SUCH_KEY/);
    expect(stdout).toMatch(/ok +off +.*disabled/);
    expect(stdout).toMatch(/warn +keyless\.apiKey +missing \(env NO_SUCH_KEY\)/);
    expect(stdout).toMatch(/ok +@modelport\/plugin-api +one copy/);
    expect(stdout).toMatch(/4 failures, 2 warnings\.\n$/);
  });

  it('gives the same findings as JSON', async () => {
    const { exitCode, stdout } = await folder.run(['doctor', '--json']);
    expect(exitCode).toBe(1);
    const { ok, findings } = JSON.parse(stdout) as { ok: boolean; findings: readonly { name: string; level: string; code?: string; remedy?: string }[] };
    expect(ok).toBe(false);
    expect(findings.filter(({ level }) => level === 'error').map(({ name, code }) => [name, code])).toEqual([['absent', 'PLUGIN_NOT_FOUND'], ['future', 'API_MISMATCH'], ['thrower', 'PLUGIN_IMPORT_FAILED'], ['unbuilt', 'PLUGIN_NOT_BUILT']]);
    expect(findings.filter(({ level }) => level === 'error').every(({ remedy }) => remedy !== undefined && remedy !== '')).toBe(true);
  });

  it('runs no plugin code with --no-start', async () => {
    const { stdout } = await folder.run(['doctor', '--no-start']);
    expect(stdout).toMatch(/ok +scripted +@modelport\/scripted \d+\.\d+\.\d+ ready\n/);
    expect(stdout).not.toContain('PLUGIN_IMPORT_FAILED');
  });

  it('asks backends for their health with --online', async () => {
    await folder.write('health/package.json', packageFile('health', manifest()));
    await folder.write('health/index.js', `export default { $modelport: 'plugin', api: 1, start: ({ backend }) => ({
      chatModel: () => ({ async *stream() {} }), checkHealth: async () => (backend === 'well' ? { status: 'healthy', version: '4.2' } : { status: 'unhealthy', reason: 'the disk is full', remedy: 'Free some space.' }),
    }) };`);
    await folder.write('health.yaml', 'backends: { well: { plugin: ./health }, ill: { plugin: ./health } }\n');
    const { exitCode, stdout } = await folder.run(['doctor', '--online', '--config', 'health.yaml']);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/ok +well +healthy, 4\.2\n/);
    expect(stdout).toMatch(/FAIL +ill +the disk is full\n +fix: Free some space\.\n/);
  });

  it('shows a second copy of a plugin and of the contract', async () => {
    for (const place of ['one', 'two']) {
      await folder.write(`${place}/node_modules/twin/package.json`, packageFile('twin', manifest({ id: `twin-${place}` })));
      await folder.write(`${place}/node_modules/twin/index.js`, 'export default { $modelport: "plugin", api: 1, start: () => ({ chatModel: () => ({ async *stream() {} }) }) };');
      await folder.write(`${place}/base.yaml`, `backends: { ${place}: { plugin: twin } }\n`);
    }
    await folder.write('two/node_modules/@modelport/plugin-api/package.json', JSON.stringify({ name: '@modelport/plugin-api', version: '1.9.0' }));
    await folder.write('twins.yaml', 'extends: [./one/base.yaml, ./two/base.yaml]\n');
    const { exitCode, stdout } = await folder.run(['doctor', '--config', 'twins.yaml']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/warn +@modelport\/plugin-api +2 copies: .*1\.9\.0 \(twin\)/);
    expect(stdout).toContain(`twin                   2 copies: 1.0.0 in ${path.join('one', 'node_modules', 'twin')}; 1.0.0 in ${path.join('two', 'node_modules', 'twin')}`);
  });

  it('warns of a key file that others may read', async () => {
    await folder.write('key', 'sk-canary-0123456789');
    await chmod(path.join(folder.path, 'key'), 0o644);
    await folder.write('open.yaml', 'backends: { cloud: { plugin: "@modelport/openai", secrets: { apiKey: { file: ./key } } } }\n');
    const open = await folder.run(['doctor', '--config', 'open.yaml']);
    expect(open.exitCode).toBe(0);
    expect(open.stdout).toMatch(/warn +cloud\.apiKey +present \(file .*\); .*key may be read by others; run `chmod 600 .*key`/);
    await chmod(path.join(folder.path, 'key'), 0o600);
    expect((await folder.run(['doctor', '--config', 'open.yaml'])).stdout).toMatch(/ok +cloud\.apiKey +present \(file [^)]*\)\n/);
  });

  it('warns of a plugin that is not the one the lockfile pins, and says that the others are', async () => {
    await using locked = await makeFolder({
      'modelport.config.yaml': 'backends: { one: { plugin: one }, two: { plugin: two } }\n', 'package.json': '{}',
      'node_modules/one/package.json': packageFile('one', manifest()), 'node_modules/one/index.js': '', 'node_modules/two/package.json': packageFile('two', manifest()), 'node_modules/two/index.js': '',
      'package-lock.json': JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/one': { version: '1.0.0', integrity: 'sha512-abc==' }, 'node_modules/two': { version: '0.9.0', integrity: 'sha512-def==' } } }),
    });
    const { stdout } = await locked.run(['doctor', '--no-start']);
    expect(stdout).toMatch(/ok +package-lock\.json +pins the installed plugin\n/);
    expect(stdout).toMatch(/warn +two +1\.0\.0 is installed, but package-lock\.json has 0\.9\.0\n/);
    expect((await locked.run(['plugins', 'info', 'one'])).stdout).toContain('locked    1.0.0, sha512-abc== (package-lock.json)');
  });

  it('tells a wrong config with exit code 2', async () => {
    await folder.write('wrong.yaml', 'backends: { a: 5 }\n');
    const { exitCode, stdout } = await folder.run(['doctor', '--config', 'wrong.yaml']);
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/FAIL +config +CONFIG_INVALID/);
  });
});

/** The command that an error prints is run as printed, in the project it was printed in, and the backend serves. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { run, runWell, type Outcome } from './command.ts';
import { createProject, publishedPackages, writeFiles } from './projects.ts';
import { answering, publishReleases, writeRelease } from './tides.ts';

const registry = publishedPackages();
const TIDES = 'modelport-plugin-tides';
const EBB = 'modelport-plugin-ebb';

/** The smallest provider package of the AI SDK: a factory, and a model of specification v3. */
const AI_SDK_PROVIDER = `
const usage = { inputTokens: { total: 1 }, outputTokens: { total: 2 } };
const model = (modelId) => ({
  specificationVersion: 'v3', provider: 'currents', modelId, supportedUrls: {},
  doGenerate: async () => ({ content: [{ type: 'text', text: 'warm today' }], finishReason: { unified: 'stop', raw: 'end' }, usage, warnings: [] }),
  doStream: async () => ({ stream: new ReadableStream({ start(controller) {
    controller.enqueue({ type: 'stream-start', warnings: [] });
    controller.enqueue({ type: 'text-start', id: '1' });
    controller.enqueue({ type: 'text-delta', id: '1', delta: 'warm today' });
    controller.enqueue({ type: 'text-end', id: '1' });
    controller.enqueue({ type: 'finish', finishReason: { unified: 'stop', raw: 'end' }, usage });
    controller.close();
  } }) }),
});
export const createCurrents = () => ({ specificationVersion: 'v3', languageModel: model });
`;

let project: string;

beforeAll(async () => {
  await publishReleases(registry, [
    { name: TIDES, version: '0.1.0', manifest: null },
    { name: TIDES, version: '1.0.0' },
    { name: TIDES, version: '1.1.0', packageJson: { scripts: { postinstall: 'node -e "require(\'fs\').writeFileSync(\'ran\', \'\')"' } } },
    { name: TIDES, version: '2.0.0', manifest: { api: '^9.0.0' } },
    { name: TIDES, version: '3.0.0-next.1' },
    { name: EBB, version: '0.1.0', manifest: { api: '*' } },
    { name: EBB, version: '0.2.0', code: 'throw new Error("no licence found");' },
    { name: EBB, version: '0.3.0', code: 'export default { api: 1, start: () => ({ chatModle: () => undefined }) };' },
    { name: EBB, version: '1.0.0' },
  ]);
  project = await createProject(registry, ['@modelport/host']);
});

/** Runs a line of a shell in the project, with its commands on the path. */
function shell(line: string, folder: string = project): Promise<Outcome> {
  return run('sh', ['-c', `PATH="${path.join(project, 'node_modules', '.bin')}:$PATH"; ${line}`], folder, registry);
}

/** Puts a backend `tides` into the config and says what stops it: code, message, and the command in its remedy. */
async function failureOf(backend: object): Promise<{ readonly code: string; readonly message: string; readonly command: string }> {
  await writeFiles(project, { 'modelport.config.json': JSON.stringify({ backends: { tides: backend }, models: { default: 'high@tides' } }) });
  const { code, stdout, stderr } = await shell('modelport backends retry tides --json');
  expect(code, stderr).not.toBe(0);
  const [described] = (JSON.parse(stdout) as { readonly backends: readonly { readonly failure: { readonly code: string; readonly message: string; readonly remedy: string } }[] }).backends;
  if (!described) throw new Error(stdout);
  const { failure } = described;
  return { code: failure.code, message: failure.message, command: /`([^`]+)`/.exec(failure.remedy)?.[1] ?? '' };
}

/** Asks the backend, after a command in the same shell. */
async function answerAfter(command: string): Promise<string> {
  const { code, stdout, stderr } = await shell(`${command} >/dev/null && modelport chat Hello.`);
  expect(code, stderr).toBe(0);
  return stdout.trim();
}

/** Installs a version as a user would have it before the mishap. */
const install = (spec: string): Promise<string> => runWell('npm', ['install', '--ignore-scripts', spec], project, registry);

describe('the printed remedy mends', () => {
  it('PLUGIN_NOT_FOUND', async () => {
    const { code, command } = await failureOf({ plugin: EBB });
    expect([code, command]).toEqual(['PLUGIN_NOT_FOUND', `modelport plugins add ${EBB}`]);
    expect(await answerAfter(command)).toBe(`${EBB} 1.0.0`);
  });

  it('API_MISMATCH, with the newest released version that fits', async () => {
    await install(`${TIDES}@2.0.0`);
    const { code, message, command } = await failureOf({ plugin: TIDES });
    expect([code, command]).toEqual(['API_MISMATCH', `modelport plugins add ${TIDES}@1.1.0`]);
    expect(message).toContain(`${TIDES}@2.0.0, named in ${path.join(project, 'modelport.config.json')}:1, asks in ${path.join(project, 'node_modules', TIDES, 'package.json')} for contract ^9.0.0; this host offers 1.`);
    expect(await answerAfter(command)).toBe(`${TIDES} 1.1.0`);
    // Its install script did not run.
    await expect(rm(path.join(project, 'node_modules', TIDES, 'ran'))).rejects.toThrow('ENOENT');
  });

  it('PLUGIN_RANGE_UNMET', async () => {
    await install(`${TIDES}@1.0.0`);
    const { code, command } = await failureOf({ plugin: `${TIDES}@~1.1.0` });
    expect([code, command]).toEqual(['PLUGIN_RANGE_UNMET', `modelport plugins add "${TIDES}@~1.1.0"`]);
    expect(await answerAfter(command)).toBe(`${TIDES} 1.1.0`);
  });

  it.each([['MANIFEST_INVALID', '0.1.0'], ['PLUGIN_IMPORT_FAILED', '0.2.0'], ['PROVIDER_INVALID', '0.3.0']])('%s', async (expected, version) => {
    await install(`${EBB}@${version}`);
    const { code, command } = await failureOf({ plugin: EBB });
    expect([code, command]).toEqual([expected, `modelport plugins add ${EBB}@latest`]);
    expect(await answerAfter(command)).toBe(`${EBB} 1.0.0`);
  });

  it('PLUGIN_NOT_BUILT', async () => {
    const folder = path.join(project, 'own');
    await writeRelease(folder, { name: 'modelport-plugin-own', version: '1.0.0', packageJson: { exports: './dist/index.js', scripts: { build: 'mkdir -p dist && cp index.js dist/' } } });
    const { code, command } = await failureOf({ plugin: './own' });
    expect([code, command]).toEqual(['PLUGIN_NOT_BUILT', `npm run build --prefix ${folder}`]);
    expect(await answerAfter(command)).toBe('modelport-plugin-own 1.0.0');
  });

  it('MANIFEST_MISSING and ADAPTER_UNKNOWN, for a provider package of the AI SDK', async () => {
    await writeRelease(path.join(project, 'currents'), { name: 'currents', version: '1.0.0', manifest: null, code: AI_SDK_PROVIDER });
    const missing = await failureOf({ plugin: './currents' });
    expect([missing.code, missing.command]).toEqual(['MANIFEST_MISSING', 'adapter: ai-sdk']);
    const unknown = await failureOf({ plugin: './currents', adapter: 'ai-sdk', secrets: { apiKey: { env: 'CURRENTS_KEY', optional: true } } });
    expect([unknown.code, unknown.command]).toEqual(['ADAPTER_UNKNOWN', 'modelport plugins add @modelport/ai-sdk']);
    expect(await answerAfter(unknown.command)).toBe('warm today');
  });

  it('SECRET_MISSING', async () => {
    await writeRelease(path.join(project, 'keyed'), { name: 'keyed', version: '1.0.0', manifest: { secrets: [{ name: 'apiKey', env: ['TIDES_KEY'], required: true }] }, code: answering('with a key', 'context.secret("apiKey").reveal();') });
    const { code, command } = await failureOf({ plugin: './keyed' });
    expect([code, command]).toEqual(['SECRET_MISSING', 'export TIDES_KEY=...']);
    expect(await answerAfter(command)).toBe('with a key');
  });

  it('PLUGIN_START_FAILED, once its cause is gone', async () => {
    await writeRelease(path.join(project, 'licensed'), { name: 'licensed', version: '1.0.0', code: `import { readFileSync } from 'node:fs';\n${answering('licensed', 'readFileSync(new URL("./licence", import.meta.url));')}` });
    const { code, message, command } = await failureOf({ plugin: './licensed' });
    expect([code, command]).toEqual(['PLUGIN_START_FAILED', 'modelport backends retry tides']);
    expect(message).toContain('licence');
    await writeFiles(project, { 'licensed/licence': 'yes' });
    expect(await answerAfter(command)).toBe('licensed');
  });

  it('OPTIONS_INVALID, by the list of options it leads to', async () => {
    await writeRelease(path.join(project, 'picky'), { name: 'picky', version: '1.0.0', manifest: { options: { type: 'object', properties: { harbour: { type: 'string', description: 'Where the gauge stands.' } }, additionalProperties: false } }, code: answering('picky') });
    const { code, command } = await failureOf({ plugin: './picky', options: { harbor: 'Brest' } });
    expect([code, command]).toEqual(['OPTIONS_INVALID', 'modelport plugins info ./picky']);
    expect((await shell(command)).stdout).toMatch(/harbour +string +Where the gauge stands\./);
    await writeFiles(project, { 'modelport.config.json': JSON.stringify({ backends: { tides: { plugin: './picky', options: { harbour: 'Brest' } } }, models: { default: 'high@tides' } }) });
    expect(await answerAfter('true')).toBe('picky');
  });

  it('CONFIG_NOT_FOUND', async () => {
    const empty = await createProject(registry, ['@modelport/host', '@modelport/scripted', '@modelport/calculator']);
    const before = await shell('modelport chat Hello. --json', empty);
    const { error } = JSON.parse(before.stderr) as { readonly error: { readonly code: string; readonly remedy: string } };
    expect(error.code).toBe('CONFIG_NOT_FOUND');
    const command = /`([^`]+)`/.exec(error.remedy)?.[1] ?? '';
    expect(command).toBe('modelport config init');
    expect((await shell(`${command} && modelport chat Hello.`, empty)).stdout).toContain('I am the scripted demo model');
  });
});

describe('plugins add', () => {
  it('of a version that does not fit says so, and which one does', async () => {
    const { code, stdout } = await shell(`modelport plugins add ${TIDES}@2.0.0`);
    expect(code).toBe(1);
    expect(stdout).toContain(`fix: Run \`modelport plugins add ${TIDES}@1.1.0\`, the newest version that fits.`);
  });
});

/** A host on a bad day: every plugin that can be broken is, each is told by name within its limit, and the others answer. */
import { readFile, rm, writeFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createHost, ModelportError, type Host, type HostDescription } from '@modelport/host';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { pluginErrors } from '../../host/src/errors/catalogue.ts';
import { CANARY, createBrokenProject, everyBroken, GOOD, install, mentionsOf, packageNameOf, tempFolder, type BrokenProject } from './broken-project.ts';

/** What a plugin may take for its import and for its start here, in milliseconds: what hangs is told soon, what works has time. */
const LIMIT = 1_500;

const loadErrors = everyBroken.filter(([, { code = '' }]) => code in pluginErrors).map(([name]) => name);
const good = Object.keys(GOOD);
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const limits = { importMs: LIMIT, startMs: LIMIT };

/** The answer's text, or the error. */
const ask = (host: Host, backend: string): Promise<unknown> => host.models.get(`any@${backend}`).generate('hi').then(({ text }) => text, (error: unknown) => error);

let others: NodeJS.UnhandledRejectionListener[] = [];
let project: BrokenProject;
let host: Host;
let booted: HostDescription;
let bootedLater: HostDescription;
let before: number;
let answers: ReadonlyMap<string, unknown>;
let described: HostDescription;

beforeAll(async () => {
  // The runner listens too and would take every rejection for its own.
  others = process.listeners('unhandledRejection') as NodeJS.UnhandledRejectionListener[];
  process.removeAllListeners('unhandledRejection');
  project = await createBrokenProject();
  await importEarlierVersion(project);
  before = Date.now();
  host = await createHost({ config: project.file, environment: { CANARY_KEY: CANARY }, limits, log: quiet });
  const crashing = new Set(project.broken.filter(({ expected }) => expected.code === 'PLUGIN_CRASHED').map(({ name }) => name));
  const crashed = new Promise<void>((resolve) => {
    host.events.on('backend:quarantined', ({ backend }) => { if (crashing.delete(backend) && crashing.size === 0) resolve(); });
  });
  booted = await host.describe();
  await new Promise((resolve) => { setTimeout(resolve, 2); });
  bootedLater = await host.describe();
  const names = [...project.broken.map(({ name }) => name), ...good];
  answers = new Map(await Promise.all(names.map(async (name) => [name, await ask(host, name)] as const)));
  await crashed;
  described = await host.describe();
});

afterAll(async () => {
  await host.close();
  await project[Symbol.asyncDispose]();
  for (const listener of others) process.on('unhandledRejection', listener);
});

/** What makes a restart necessary: this process has imported another version from the same folder. */
async function importEarlierVersion({ folder, file }: BrokenProject): Promise<void> {
  const packageFile = join(folder, 'node_modules', packageNameOf('plugin-restart-needed'), 'package.json');
  const now = await readFile(packageFile, 'utf8');
  await writeFile(packageFile, now.replace('1.2.3', '1.2.2'));
  await using early = await createHost({ config: file, environment: {}, limits, log: quiet });
  expect(await ask(early, 'plugin-restart-needed')).toBe('hello');
  await writeFile(packageFile, now);
}

describe('a host with every broken plugin there is', () => {
  it('starts without running any plugin, and already knows whom it will refuse', () => {
    expect(booted.backends.filter(({ importMs, name }) => importMs !== undefined && name !== 'plugin-restart-needed')).toEqual([]);
    expect(new Set(booted.backends.map(({ state }) => state))).toEqual(new Set(['idle', 'needs-secret', 'quarantined']));
  });

  it.each(good)('lets the plugin that is well answer: %s', (name) => {
    expect(answers.get(name)).toBe('hello');
    expect(described.backends.find((backend) => backend.name === name)).toMatchObject({ state: 'active', failure: undefined });
  });

  it.each(loadErrors)('tells %s by code, cause, remedy and since', (name) => {
    const entry = project.broken.find((one) => one.name === name);
    if (!entry) throw new Error(`the project lacks ${name}`);
    const { state, failure } = described.backends.find((backend) => backend.name === name) ?? {};
    expect(failure?.code).toBe(entry.expected.code);
    expect(state).toBe(entry.expected.code === 'SECRET_MISSING' ? 'needs-secret' : 'quarantined');
    for (const words of mentionsOf(entry)) expect(`${failure?.message}\n${failure?.remedy}`).toContain(words);
    expect(failure?.remedy).not.toBe('');
    expect(Date.parse(failure?.since ?? '')).toBeGreaterThanOrEqual(before);
    expect(Date.parse(failure?.since ?? '')).toBeLessThanOrEqual(Date.now());
    for (const words of entry.expected.hides ?? []) expect(inspect([failure, answers.get(name)], { depth: 10, showHidden: true })).not.toContain(words);
  });

  it.each(loadErrors)('fails a call on %s with the same cause', (name) => {
    const error = answers.get(name);
    const expected = project.broken.find((one) => one.name === name)?.expected.code;
    // The call that made it crash may have been answered, or cut; a missing secret has a code of its own for calls.
    const codes = expected === 'SECRET_MISSING' ? ['AUTH_MISSING'] : expected === 'PLUGIN_CRASHED' ? ['PLUGIN_CRASHED', 'PROTOCOL', 'answered'] : [expected];
    expect(codes).toContain(ModelportError.is(error) ? error.code : 'answered');
  });

  it.each(['plugin-import-timeout', 'plugin-start-timeout'])('waits for %s no longer than its limit', (name) => {
    expect(described.backends.find((backend) => backend.name === name)?.failure?.message).toContain(`within ${LIMIT} ms`);
  });

  it('refuses a plugin that changes the request, by name, and leaves the request as it was', () => {
    const error = answers.get('internal-mutates-request');
    if (!ModelportError.is(error)) throw new Error(`expected a ModelportError, got ${inspect(error)}`);
    expect(error).toMatchObject({ code: 'INTERNAL', context: { backend: 'internal-mutates-request', plugin: 'modelport-plugin-internal-mutates-request' } });
    expect(error.message).toContain('object is not extensible');
  });

  it('tells since when, not when it was asked', async () => {
    const since = ({ backends }: HostDescription): unknown => backends.map(({ failure }) => failure?.since);
    expect(since(bootedLater)).toEqual(since(booted));
    expect(since(await host.describe())).toEqual(since(described));
  });

  it('lets a call on a broken backend go to the next target of its alias', async () => {
    await host.register({ models: { both: ['m@plugin-start-failed', 'm@plugin-not-found', 'm@good'] } });
    const answer = await host.models.get('both').generate('hi');
    expect(answer.attempts.map(({ backend, code }) => [backend, code])).toEqual([['plugin-start-failed', 'PLUGIN_START_FAILED'], ['plugin-not-found', 'PLUGIN_NOT_FOUND'], ['good', undefined]]);
  });
});

describe('a broken plugin that is mended', () => {
  /** A host with one broken backend named after its fixture. */
  async function hostWith(name: string, more: object = {}, environment: NodeJS.ProcessEnv = {}): Promise<{ readonly folder: string; readonly host: Host; save(more: object): Promise<void> }> {
    const folder = await tempFolder();
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'modelport.config.json');
    const save = (changed: object): Promise<void> => writeFile(file, JSON.stringify({ backends: { [name]: { plugin: packageNameOf(name), ...changed } } }));
    await save(more);
    const own = await createHost({ config: file, environment, limits, log: quiet });
    onTestFinished(() => own.close());
    return { folder, host: own, save };
  }

  /** The same, with the fixture installed. */
  async function installed(name: string, more: object = {}, environment: NodeJS.ProcessEnv = {}): ReturnType<typeof hostWith> {
    const made = await hostWith(name, more, environment);
    await install(made.folder, name);
    await made.host.reload();
    return made;
  }

  it('by its install serves after a retry', async () => {
    const name = 'plugin-not-found';
    const { folder, host: own } = await hostWith(name);
    expect(await ask(own, name)).toMatchObject({ code: 'PLUGIN_NOT_FOUND' });
    await install(folder, name);
    expect(await own.retry(name)).toBe('active');
    expect(await ask(own, name)).toBe('hello');
  });

  it('by its build serves after a retry', async () => {
    const name = 'plugin-not-built';
    const { folder, host: own } = await installed(name);
    expect(await ask(own, name)).toMatchObject({ code: 'PLUGIN_NOT_BUILT' });
    await mkdir(join(folder, 'node_modules', packageNameOf(name), 'lib'));
    await writeFile(join(folder, 'node_modules', packageNameOf(name), 'lib', 'index.js'), await readFile(join(import.meta.dirname, '../fixtures/plugins/plugin-not-found/index.js')));
    expect(await own.retry(name)).toBe('active');
    expect(await ask(own, name)).toBe('hello');
  });

  it('by a manifest that fits serves after a retry', async () => {
    const name = 'manifest-invalid-any-range';
    const { folder, host: own } = await installed(name);
    expect(await ask(own, name)).toMatchObject({ code: 'MANIFEST_INVALID' });
    await install(folder, 'plugin-not-found', packageNameOf(name));
    expect(await own.retry(name)).toBe('active');
    expect(await ask(own, name)).toBe('hello');
  });

  it('by its secret serves after a retry', async () => {
    const name = 'secret-missing';
    const environment: NodeJS.ProcessEnv = {};
    const { host: own } = await installed(name, {}, environment);
    expect(await ask(own, name)).toMatchObject({ code: 'AUTH_MISSING' });
    environment['BROKEN_API_KEY'] = CANARY;
    expect(await own.retry(name)).toBe('active');
    expect(await ask(own, name)).toBe('hello');
  });

  it('by an edit of its options serves from the reload on', async () => {
    const name = 'options-invalid-runtime';
    const { host: own, save } = await installed(name, { options: { account: 'mine', endpoint: { port: 80 } } });
    expect(await ask(own, name)).toMatchObject({ code: 'OPTIONS_INVALID' });
    await save({ options: { account: '17', endpoint: { port: 80 } } });
    await own.reload();
    expect(await ask(own, name)).toBe('hello');
  });
});

/** An error that a plugin leaves unhandled stops its own backend; everybody else's is left to Node. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { definePlugin, type Plugin } from '@modelport/plugin-api';
import { createTestHost } from '@modelport/host/testing';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { installFixture } from '../packages/fixture-project.ts';
import { backendOf, createProject, failureOf, gate, startHost, until } from './edited-host.ts';

const usage = { inputTokens: {}, outputTokens: {} };
type Listener = NodeJS.UnhandledRejectionListener;
let others: Listener[] = [];

// The runner listens too and would take every rejection for its own.
beforeEach(() => {
  others = process.listeners('unhandledRejection') as Listener[];
  process.removeAllListeners('unhandledRejection');
});
afterEach(() => {
  process.removeAllListeners('unhandledRejection');
  for (const listener of others) process.on('unhandledRejection', listener);
});

/** Leaves a rejection behind when told to, once, from work it began in start(). */
function background(crash: Promise<unknown>): Plugin {
  let crashed = false;
  return definePlugin({
    api: 1,
    start: () => {
      void crash.then(() => {
        if (crashed) return;
        crashed = true;
        throw new Error('the background job is lost');
      });
      return { chatModel: () => ({ async *stream() { yield { type: 'text-delta', id: '0', delta: 'fine' }; yield { type: 'finish', finishReason: { unified: 'stop' }, usage }; } }) };
    },
  });
}

describe('a rejection that nobody handled', () => {
  it('from work that a plugin began in start() quarantines that backend alone, by name', async () => {
    const wait = gate();
    const never = new Promise(() => undefined);
    const log: string[] = [];
    const line = (text: string): void => void log.push(text);
    const host = await createTestHost({ backends: { a: background(wait.opened), b: background(never) }, models: { first: 'm@a', second: 'm@b' }, log: { debug: line, info: line, warn: line, error: line } });
    onTestFinished(() => host.close());
    await host.models.get('first').generate('hi');
    await host.models.get('second').generate('hi');
    wait.open();
    await until(async () => (await backendOf(host, 'a')).state === 'quarantined');
    const failure = await failureOf(host.models.get('first').generate('hi'));
    expect(failure.code).toBe('PLUGIN_CRASHED');
    expect(failure.message).toContain('"a"');
    expect(failure.message).toContain('the background job is lost');
    expect(log).toEqual([failure.message]);
    expect((await host.models.get('second').generate('hi')).text).toBe('fine');
    expect(await host.retry('a')).toBe('active');
  });

  it('from a call is traced by the folder of the plugin in its stack', async () => {
    const { from, packageName } = await installFixture('plugin-crashed');
    await writeFile(from.file, `backends:\n  broken: { plugin: ${packageName} }\n  other: { plugin: ${packageName} }\nmodels: { default: m@broken }\n`);
    const project = await createProject();
    const { host } = await startHost({ ...project, file: from.file }, {}, {}, false);
    await host.models.get('default').generate('hi').catch(() => undefined);
    await until(async () => (await backendOf(host, 'broken')).state === 'quarantined');
    expect((await backendOf(host, 'broken')).failure).toMatchObject({ code: 'PLUGIN_CRASHED', message: expect.stringContaining('the socket is lost') as string });
    expect((await backendOf(host, 'other')).state).toBe('idle');
  });

  it('from a start that has not come back yet is the failure of that start', async () => {
    const project = await createProject();
    const { host } = await startHost(project, { backends: { a: project.backend('a') }, models: { default: 'm@a' } });
    project.probe.onStart = () => {
      void Promise.reject(new Error('the watcher died'));
      return new Promise(() => undefined);
    };
    const failure = await failureOf(host.models.get('default').generate('hi'));
    expect(failure.code).toBe('PLUGIN_CRASHED');
    expect(failure.message).toContain('the watcher died');
  });

  it('lets the calls that run on the crashed backend finish', async () => {
    const project = await createProject();
    const { host } = await startHost(project, { backends: { a: project.backend('a') }, models: { default: 'm@a' } });
    const crash = gate();
    const wait = gate();
    project.probe.onStart = () => { void crash.opened.then(() => { throw new Error('lost'); }); };
    project.probe.onPart = () => wait.pass();
    const running = host.models.get('default').generate('hi');
    await wait.reached;
    crash.open();
    await until(async () => (await backendOf(host, 'a')).state === 'quarantined');
    wait.open();
    expect((await running).text).toBe('a/a');
    await until(() => project.probe.started[0]?.closed === 1);
  });

  it('of an answer that the application did not wait for is not taken for a crash', async () => {
    const seen: unknown[] = [];
    process.on('unhandledRejection', (reason) => seen.push(reason));
    const project = await createProject();
    const { host } = await startHost(project, { backends: { a: project.backend('a') }, models: { default: 'm@a' } });
    project.probe.onPart = () => { throw new Error('upstream is down'); };
    void host.models.get('default').generate('hi');
    await until(() => seen.length > 0);
    expect((await backendOf(host, 'a')).state).toBe('active');
  });

  it.each([
    ['ends the process, as Node does by default', [], 1, 'Error: not a plugin'],
    ['is a warning where Node is told so', ['--unhandled-rejections=warn'], 0, 'still alive'],
  ])('of anybody else %s', async (_behaviour, flags, code, words) => {
    const folder = await mkdtemp(join(tmpdir(), 'modelport-crash-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const program = join(folder, 'program.ts');
    const watcher = pathToFileURL(join(import.meta.dirname, '../../src/lifecycle/crash-watch.ts')).href;
    await writeFile(program, `
      import { watchCrashes } from '${watcher}';
      watchCrashes(() => false);
      setTimeout(() => { void Promise.reject(new Error('not a plugin')); }, 1);
      setTimeout(() => { console.log('still alive'); }, 50);
    `);
    const ended = await new Promise<{ readonly code: number; readonly output: string }>((resolve) => {
      const child = execFile(process.execPath, ['--no-warnings', '--experimental-strip-types', ...flags, program], (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, output: stdout + stderr }));
    });
    expect(ended.output).toContain(words);
    expect(ended.code).toBe(code);
  });
});

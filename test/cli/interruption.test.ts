/** Ctrl-C, SIGTERM and a reader that goes away: the stream ends, the host closes, the exit code says which it was. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, type Folder } from './command-line.ts';

const WORDS = Array.from({ length: 400 }, (_, index) => `word${index}`).join(' ');

/** A model that says a word every 50 ms: 20 s in all, far more than the tests read of it. */
const SLOW = `backends:
  slow:
    plugin: "@modelport/scripted"
    options: { chunkDelayMs: 50, script: [{ reply: "${WORDS}" }] }
models: { default: demo@slow }
`;

/** A plugin that says when it is aborted and when it is closed, and never lets go by itself. */
const STUBBORN = `export default { $modelport: 'plugin', api: 1, start: (context) => ({
  chatModel: () => ({ async *stream(request, call) {
    call.signal.addEventListener('abort', () => process.stderr.write('heard the abort\\n'));
    yield { type: 'text-delta', id: '1', delta: 'first ' };
    process.stderr.write('streaming\\n');
    await new Promise(() => setInterval(() => undefined, 1000));
  } }),
  close: () => { process.stderr.write('closed\\n'); },
}) };
`;

let folder: Folder;
beforeAll(async () => {
  folder = await makeFolder({
    'modelport.config.yaml': SLOW,
    'stubborn.yaml': 'backends: { stubborn: { plugin: ./plugin } }\nmodels: { default: any@stubborn }\n',
    'plugin/package.json': JSON.stringify({ name: 'stubborn', version: '1.0.0', type: 'module', exports: './index.js', modelport: { manifest: 1, id: 'stubborn', api: '^1.0.0', provides: ['chat'] } }),
    'plugin/index.js': STUBBORN,
    'closing/package.json': JSON.stringify({ name: 'closing', version: '1.0.0', type: 'module', exports: './index.js', modelport: { manifest: 1, id: 'closing', api: '^1.0.0', provides: ['chat'] } }),
    'closing/index.js': STUBBORN.replace('await new Promise(() => setInterval(() => undefined, 1000));', "await new Promise((_, reject) => { const timer = setInterval(() => undefined, 1000); call.signal.addEventListener('abort', () => { clearInterval(timer); reject(call.signal.reason); }); });"),
    'closing.yaml': 'backends: { closing: { plugin: ./closing } }\nmodels: { default: any@closing }\n',
  });
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('a signal in mid-stream', () => {
  it('SIGINT ends the stream and the program, with exit code 130', async () => {
    const child = folder.start(['chat', 'Go.']);
    await child.says('word3 ');
    child.signal('SIGINT');
    const { exitCode, stdout, stderr } = await child.ended;
    expect(exitCode).toBe(130);
    expect(`${WORDS}\n`.startsWith(stdout.trimEnd())).toBe(true);
    expect(stdout).not.toContain('word399');
    expect(stderr).toBe('Interrupted by SIGINT.\n');
  });

  it('SIGTERM lets the answer finish, with exit code 0', async () => {
    const child = folder.start(['chat', '--set', 'backends.slow.options.script=[{"reply":"one two three four five six"}]', '--set', 'backends.slow.options.chunkDelayMs=100', 'Go.']);
    await child.says('two');
    child.signal('SIGTERM');
    expect(await child.ended).toMatchObject({ exitCode: 0, stdout: 'one two three four five six\n', stderr: '' });
  });

  it('SIGTERM ends an answer that is not done by the deadline with a typed error, and exit code 0', async () => {
    const child = folder.start(['chat', '--json', '--set', 'reload.drainMs=200', '--config', 'closing.yaml', 'Go.']);
    await child.says('streaming');
    child.signal('SIGTERM');
    const { exitCode, stdout, stderr } = await child.ended;
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(JSON.parse(stderr.split('\n').find((line) => line.startsWith('{')) ?? '')).toMatchObject({ error: { code: 'HOST_CLOSED', details: { partial: { content: [{ type: 'text', text: 'first ' }] } } } });
  });

  it('a second SIGTERM ends a program at once that still finishes its answer', async () => {
    const child = folder.start(['chat', 'Go.']);
    await child.says('word3 ');
    child.signal('SIGTERM');
    await child.says('word5 ');
    child.signal('SIGTERM');
    const { exitCode, stdout } = await child.ended;
    expect(exitCode).toBe(143);
    expect(stdout).not.toContain('word399');
  });

  it('tells a program what had arrived', async () => {
    const child = folder.start(['chat', '--json', '--config', 'closing.yaml', 'Go.']);
    // Nothing is printed before the end, so the plugin's own news is what there is to wait for.
    await child.says('streaming');
    child.signal('SIGINT');
    const { exitCode, stdout, stderr } = await child.ended;
    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
    expect(JSON.parse(stderr.split('\n').find((line) => line.startsWith('{')) ?? '')).toMatchObject({ error: { code: 'ABORTED', details: { backend: 'closing', partial: { content: [{ type: 'text', text: 'first ' }] } } } });
  });

  it('closes the host, and with it the plugins', async () => {
    const child = folder.start(['chat', '--config', 'closing.yaml', 'Go.']);
    await child.says('first');
    child.signal('SIGINT');
    const { exitCode, stderr } = await child.ended;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('heard the abort\n');
    expect(stderr).toContain('closed\n');
  });

  it('a second signal ends a program at once whose plugin does not let go', async () => {
    const child = folder.start(['chat', '--config', 'stubborn.yaml', 'Go.']);
    await child.says('first');
    child.signal('SIGINT');
    await child.says('heard the abort');
    child.signal('SIGTERM');
    const { exitCode, stderr } = await child.ended;
    expect(exitCode).toBe(143);
    expect(stderr).not.toContain('closed\n');
  });
});

describe('a signal while the prompt is awaited', () => {
  it('ends the program', async () => {
    const child = folder.start(['chat', '-'], { keepOpen: true });
    // More than a pipe holds: once it is taken, the program reads.
    await child.feed('x'.repeat(1_000_000));
    child.signal('SIGINT');
    expect(await child.ended).toMatchObject({ exitCode: 130, stdout: '' });
  });
});

describe('a reader that goes away', () => {
  it('ends the stream quietly and well', async () => {
    const child = folder.start(['chat', 'Go.']);
    await child.says('word1 ');
    child.stopReading();
    const { exitCode, stderr } = await child.ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });
});

/** Local models from the command line: pulled, listed, loaded, removed; and how every backend feels. */
import { createOllamaUpstream, type OllamaUpstream } from '@modelport/testing';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder, type Folder } from './command-line.ts';

let folder: Folder;
let upstream: OllamaUpstream;
let gone: string;
beforeAll(async () => {
  // A server that was there and is no more leaves an address where nobody listens.
  const left = await createOllamaUpstream();
  gone = left.baseUrl;
  await left.close();
});
beforeEach(async () => {
  upstream = await createOllamaUpstream({ library: [{ id: 'tiny:latest', layers: [4_000, 1_000] }] });
  folder = await makeFolder({
    'modelport.config.yaml': `backends:
  local: { plugin: "@modelport/ollama", options: { baseUrl: "${upstream.baseUrl}" } }
  scripted: { plugin: "@modelport/scripted" }
models: { default: scripted@local, small: [demo@scripted, tiny@local], cloud: demo@scripted }
`,
    'two.yaml': `backends:
  local: { plugin: "@modelport/ollama", options: { baseUrl: "${upstream.baseUrl}" } }
  dead: { plugin: "@modelport/ollama", options: { baseUrl: "${gone}" } }
  scripted: { plugin: "@modelport/scripted" }
`,
    'none.yaml': 'backends:\n  scripted: { plugin: "@modelport/scripted" }\n',
  }, { plugins: ['ollama', 'scripted'] });
  return async () => {
    await upstream.close();
    await folder[Symbol.asyncDispose]();
  };
});

/** The JSON objects of an output, one a line. */
function objects(text: string): Record<string, unknown>[] {
  return text.trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('models pull', () => {
  it('tells each phase on a line of its own where there is no terminal', async () => {
    const { exitCode, stdout, stderr } = await folder.run(['models', 'pull', 'tiny@local']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    // Which step of the verifying is told depends on when its second is over.
    const phases = stdout.trimEnd().split('\n').map((line) => line.split('  ')[1]?.split(' ')[0]);
    expect([...new Set(phases)]).toEqual(['starting', 'downloading', 'verifying', 'complete']);
    expect(stdout).toMatch(/complete \(success\)\n$/);
  });

  it('tells a program every step of the whole model, one object a line', async () => {
    const { exitCode, stdout } = await folder.run(['models', 'pull', 'tiny', '--json']);
    const steps = objects(stdout);
    expect(exitCode).toBe(0);
    expect(steps.at(-1)).toMatchObject({ model: 'tiny', backend: 'local', phase: 'complete', completedBytes: 5_000, totalBytes: 5_000 });
    const bytes = steps.map(({ completedBytes = 0 }) => completedBytes as number);
    expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
  });

  it('does nothing the second time, and asks again with --force', async () => {
    await folder.run(['models', 'pull', 'local/tiny']);
    const again = await folder.run(['models', 'pull', 'small']);
    expect(again.stdout).toBe('tiny@local  complete (already on this machine)\n');
    const pulls = (): number => upstream.requests.filter(({ path }) => path === '/api/pull').length;
    expect(pulls()).toBe(1);
    await folder.run(['models', 'pull', 'tiny', '--force']);
    expect(pulls()).toBe(2);
  });

  it('is cancelled by Ctrl-C, says how to go on, and goes on', async () => {
    upstream.scriptPulls({ stallAfterBytes: 3_000 });
    const child = folder.start(['models', 'pull', 'tiny@local']);
    await child.says('downloading');
    child.signal('SIGINT');
    const { exitCode, stderr } = await child.ended;
    expect(exitCode).toBe(130);
    expect(stderr).toBe('The pull was cancelled. What was fetched is kept: `modelport models pull tiny@local` goes on.\nInterrupted by SIGINT.\n');
    const { stdout } = await folder.run(['models', 'pull', 'tiny@local', '--json']);
    expect(objects(stdout).find(({ phase }) => phase === 'downloading')?.['completedBytes']).toBeGreaterThanOrEqual(3_000);
  });

  it('fails with what the server says', async () => {
    upstream.scriptPulls({ error: { afterBytes: 1_000, message: 'no space left on device' } });
    const failed = await folder.run(['models', 'pull', 'tiny@local']);
    expect(failed).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('no space left on device') });
    const nowhere = await folder.run(['models', 'pull', 'nope@local', '--json']);
    expect(nowhere.exitCode).toBe(1);
    expect(JSON.parse(nowhere.stderr)).toMatchObject({ error: { code: 'MODEL_NOT_FOUND', details: { backend: 'local', model: 'nope' } } });
  });

  it.each([
    [['tiny', '--config', 'two.yaml'], '"tiny" names no backend, and 2 have local models.', 'Write it as tiny@BACKEND; backends with local models: local, dead.'],
    [['tiny@scripted'], '"scripted" is no backend with local models.', 'Write it as tiny@BACKEND; backends with local models: local.'],
    [['cloud'], 'The alias "cloud" means demo@scripted, and none of them is on a backend with local models.', 'Backends with local models: local.'],
    [['@local'], '"@local" names no model.', 'Write it as MODEL@local, for example llama3.2:1b@local.'],
    [['tiny', '--config', 'none.yaml'], 'The config names no backend with local models.', 'Add one under `backends:`, for example `local: { plugin: "@modelport/ollama" }`, and install its package with `modelport plugins add @modelport/ollama`.'],
  ])('refuses %j with what to write instead', async (words, message, remedy) => {
    const { exitCode, stderr } = await folder.run(['models', 'pull', ...words]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: `error USAGE: ${message}\nfix: ${remedy}\n` });
  });
});

describe('a missing Ollama', () => {
  it('is one sentence with the command that starts it, and no stack', async () => {
    const { exitCode, stderr } = await folder.run(['models', 'pull', 'tiny@dead', '--config', 'two.yaml']);
    expect(exitCode).toBe(1);
    expect(stderr.split('\n')).toEqual([expect.stringMatching(/^error NETWORK: Ollama does not answer at \S+: start it with `ollama serve`, or install it first: .+\.$/), expect.stringMatching(/^fix: /), '']);
  });

  it('hides no other backend from a listing', async () => {
    const { exitCode, stdout } = await folder.run(['models', 'ls', '--config', 'two.yaml', '--json']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ backends: [{ backend: 'local', models: [{ id: 'scripted:latest' }, { id: 'scripted-embedding:latest' }] }, { backend: 'dead', error: { code: 'NETWORK' } }] });
    expect((await folder.run(['models', 'ls', 'dead', '--config', 'two.yaml'])).exitCode).toBe(1);
  });

  it('is told by the health of backends, with the version and the models of those that answer', async () => {
    const { exitCode, stdout } = await folder.run(['backends', 'health', '--config', 'two.yaml', '--json']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toEqual({ backends: [
      { backend: 'local', plugin: '@modelport/ollama', health: { status: 'healthy', version: '0.12.6' }, models: ['scripted:latest', 'scripted-embedding:latest'] },
      { backend: 'dead', plugin: '@modelport/ollama', health: { status: 'unhealthy', reason: `Ollama does not answer at ${gone}.`, remedy: expect.stringContaining('Start it with `ollama serve`. To install it: ') } },
      { backend: 'scripted', plugin: '@modelport/scripted', health: expect.objectContaining({ status: expect.stringMatching(/healthy|unknown/) }) },
    ] });
    const text = await folder.run(['backends', 'health', 'local']);
    expect(text).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('healthy: version 0.12.6, 2 models') });
  });
});

describe('models on the machine', () => {
  it('are listed with size, quantization and digest', async () => {
    const { stdout } = await folder.run(['models', 'ls']);
    expect(stdout).toMatch(/^local\n {2}MODEL +SIZE +PARAMETERS +QUANTIZATION +CHANGED +DIGEST\n {2}scripted:latest +4\.0 kB +8\.0B +Q4_K_M +2026-11-20 +[0-9a-f]{12}\n/);
  });

  it('are shown with what they can do', async () => {
    const { stdout } = await folder.run(['models', 'show', 'default']);
    expect(stdout).toContain('contextTokens  8192');
    expect(stdout).toMatch(/can +.*tools/);
    expect(JSON.parse((await folder.run(['models', 'show', 'scripted@local', '--json'])).stdout)).toMatchObject({ backend: 'local', id: 'scripted:latest', template: '{{ .Prompt }}' });
  });

  it('are loaded, seen in memory, and unloaded', async () => {
    expect((await folder.run(['models', 'load', 'scripted', '--keep-alive', '10m'])).stdout).toBe('scripted@local is loaded.\n');
    expect(upstream.requests.at(-1)?.body).toMatchObject({ keep_alive: 600 });
    expect((await folder.run(['models', 'ps'])).stdout).toContain('scripted:latest  8.0 kB  2026-11-21T10:05:00.000Z');
    expect((await folder.run(['models', 'unload', 'scripted'])).stdout).toBe('scripted@local is not in memory.\n');
    expect((await folder.run(['models', 'ps'])).stdout).toBe('local\n  no model is loaded\n');
    expect((await folder.run(['models', 'load', 'scripted', '--keep-alive', 'soon'])).exitCode).toBe(2);
  });

  it('are removed only when somebody says so', async () => {
    const asked = await folder.run(['models', 'rm', 'scripted']);
    expect(asked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('`modelport models rm scripted@local --yes`') });
    expect(upstream.requests).toHaveLength(0);
    expect((await folder.run(['models', 'rm', 'scripted', '--yes'])).stdout).toBe('scripted@local is deleted.\n');
    expect((await folder.run(['models', 'rm', 'scripted', '--yes', '--json'])).stderr).toContain('MODEL_NOT_PULLED');
  });

  it('to pull are listed with the day the list was read', async () => {
    const { stdout } = await folder.run(['models', 'available']);
    expect(stdout).toMatch(/llama3\.2:1b +1\.3 GB +2026-11-21/);
    expect((await folder.run(['models', 'available', 'scripted'])).exitCode).toBe(2);
  });

  it('that are not pulled say with which command they are', async () => {
    const { exitCode, stderr } = await folder.run(['chat', '--model', 'tiny@local', 'Hi']);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('pull it with `modelport models pull tiny@local`') });
  });
});

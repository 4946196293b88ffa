/** Models on the machine: listed, pulled with true progress, loaded, unloaded, removed. */
import { CallError, isLocalModelManager, type LocalModels, type PullProgress } from '@modelport/plugin-api';
import { testCall } from '@modelport/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { howToInstall } from '../src/install.ts';
import { lastBody, start } from './start.ts';

async function pulled(local: LocalModels, id: string, options = {}, call = testCall()): Promise<{ progress: PullProgress[]; error: unknown }> {
  const progress: PullProgress[] = [];
  try {
    for await (const step of local.pull(id, options, call)) progress.push(step);
  } catch (error) {
    return { progress, error };
  }
  return { progress, error: undefined };
}

async function machine(more: Parameters<typeof start>[2] = {}) {
  const { provider, upstream } = await start([], {}, more);
  if (!isLocalModelManager(provider)) throw new Error('the plugin manages models');
  return { local: provider.local, upstream, provider };
}

test('models on disk are listed with size, digest, quantization and day', async () => {
  const { local } = await machine({ models: [{ id: 'a:8b', layers: [10, 5] }] });
  expect(await Array.fromAsync(local.list(testCall()))).toEqual([
    { id: 'a:8b', sizeBytes: 15, digest: expect.stringMatching(/^[0-9a-f]{64}$/), quantization: 'Q4_K_M', parameters: '8.0B', modifiedAt: new Date('2026-11-20T16:30:00.500Z') },
  ]);
});

test('a machine without models has an empty list, also in Go’s words', async () => {
  const { local } = await machine({ models: [] });
  expect(await Array.fromAsync(local.list(testCall()))).toEqual([]);
});

test('a model is shown with what it can do, its template and the server’s own answer', async () => {
  const { local } = await machine();
  expect(await local.show('scripted', testCall())).toMatchObject({ id: 'scripted:latest', quantization: 'Q4_K_M', template: '{{ .Prompt }}', info: { limits: { contextTokens: 8192 }, capabilities: { tools: true } }, raw: { parameters: 'stop "<|eot|>"' } });
  await expect(local.show('absent', testCall())).rejects.toMatchObject({ code: 'MODEL_NOT_PULLED' });
});

test('a pull tells the bytes of the whole model, phase by phase, and never goes back', async () => {
  const { local } = await machine({ library: [{ id: 'tiny:latest', layers: [4_000, 1_000] }] });
  const { progress, error } = await pulled(local, 'tiny');
  expect(error).toBeUndefined();
  const phases = progress.map(({ phase }) => phase);
  expect(phases.filter((phase, index) => phase !== phases[index - 1])).toEqual(['starting', 'downloading', 'verifying', 'complete']);
  const completed = progress.map(({ completedBytes = 0 }) => completedBytes);
  expect(completed).toEqual(completed.toSorted((a, b) => a - b));
  expect(progress.at(-1)).toMatchObject({ phase: 'complete', completedBytes: 5_000, totalBytes: 5_000 });
  expect((await Array.fromAsync(local.list(testCall()))).map(({ id }) => id)).toContain('tiny:latest');
});

test('a second pull asks the registry for nothing, and force asks again', async () => {
  const { local, upstream } = await machine();
  await pulled(local, 'tiny');
  const pulls = (): number => upstream.requests.filter(({ path }) => path === '/api/pull').length;
  expect((await pulled(local, 'tiny:latest')).progress).toMatchObject([{ phase: 'complete', detail: 'already on this machine' }]);
  expect(pulls()).toBe(1);
  expect((await pulled(local, 'tiny', { force: true })).progress.at(-1)).toMatchObject({ phase: 'complete' });
  expect(pulls()).toBe(2);
});

test('an abort cancels the pull, and a repeated one goes on where it ended', async () => {
  const { local, upstream } = await machine({ library: [{ id: 'tiny:latest', layers: [4_000, 1_000] }] });
  upstream.scriptPulls({ stallAfterBytes: 3_000 });
  const controller = new AbortController();
  const reason = new Error('enough');
  const steps: PullProgress[] = [];
  await expect((async () => {
    for await (const step of local.pull('tiny', {}, testCall({ signal: controller.signal }))) {
      steps.push(step);
      if (step.completedBytes === 3_000) controller.abort(reason);
    }
  })()).rejects.toBe(reason);
  await upstream.requests.at(-1)!.closed;
  expect(steps.some(({ phase }) => phase === 'complete')).toBe(false);
  const { progress } = await pulled(local, 'tiny');
  expect(progress.find(({ phase }) => phase === 'downloading')?.completedBytes).toBeGreaterThanOrEqual(3_000);
  expect(progress.at(-1)).toMatchObject({ phase: 'complete', totalBytes: 5_000 });
});

test('an error line is thrown after the progress before it', async () => {
  const { local, upstream } = await machine();
  upstream.scriptPulls({ error: { afterBytes: 2_000, message: 'max retries exceeded: no space left on device' } });
  const { progress, error } = await pulled(local, 'tiny');
  expect(progress.at(-1)).toMatchObject({ phase: 'downloading', completedBytes: 2_000 });
  expect(error).toMatchObject({ code: 'OVERLOADED', message: 'Ollama failed on the way: max retries exceeded: no space left on device', facts: { retryable: false } });
});

test.each([
  ['pull model manifest: Get "https://registry.ollama.ai/v2/library/m": dial tcp: lookup registry.ollama.ai: no such host', 'NETWORK', true],
  ['max retries exceeded: unexpected EOF', 'NETWORK', true], ['digest mismatch, file must be downloaded again', 'OVERLOADED', true],
  ['pull model manifest: 401: unauthorized', 'MODEL_NOT_FOUND', false],
])('a pull that fails with %j is %s', async (message, code, retryable) => {
  const { local, upstream } = await machine();
  upstream.scriptPulls({ error: { afterBytes: 0, message } });
  expect((await pulled(local, 'tiny')).error).toMatchObject({ code, facts: { retryable } });
});

test('a pull that ends without success is not finished', async () => {
  const { local, upstream } = await machine();
  upstream.scriptPulls({ withoutSuccess: true });
  const { progress, error } = await pulled(local, 'tiny');
  expect(progress.some(({ phase }) => phase === 'complete')).toBe(false);
  expect(error).toMatchObject({ code: 'PROTOCOL', facts: { retryable: true } });
});

test('a model that is nowhere is MODEL_NOT_FOUND', async () => {
  const { local } = await machine();
  expect((await pulled(local, 'no-such-model')).error).toMatchObject({ code: 'MODEL_NOT_FOUND' });
});

test('a model is loaded for as long as asked, seen in memory, and unloaded with keep_alive 0', async () => {
  const { local, upstream } = await machine();
  await local.load!('scripted', { keepAliveMs: 90_000 }, testCall());
  expect(upstream.requests.at(-1)).toMatchObject({ path: '/api/generate' });
  expect(lastBody(upstream)).toEqual({ model: 'scripted', keep_alive: 90, stream: false });
  expect(await Array.fromAsync(local.running(testCall()))).toMatchObject([{ id: 'scripted:latest', memoryBytes: 8_000, expiresAt: new Date('2026-11-21T10:05:00Z') }]);
  await local.unload!('scripted', testCall());
  expect(lastBody(upstream)).toMatchObject({ keep_alive: 0 });
  expect(await Array.fromAsync(local.running(testCall()))).toEqual([]);
});

test('a model that only embeds is loaded and unloaded too', async () => {
  const { local } = await machine();
  await local.load!('scripted-embedding', {}, testCall());
  expect(await Array.fromAsync(local.running(testCall()))).toMatchObject([{ id: 'scripted-embedding:latest' }]);
  await local.unload!('scripted-embedding', testCall());
  expect(await Array.fromAsync(local.running(testCall()))).toEqual([]);
});

test('what is not on disk is neither loaded nor removed', async () => {
  const { local } = await machine();
  await expect(local.load!('absent', {}, testCall())).rejects.toMatchObject({ code: 'MODEL_NOT_PULLED' });
  await expect(local.remove('absent', testCall())).rejects.toMatchObject({ code: 'MODEL_NOT_PULLED' });
});

test('a removed model is gone', async () => {
  const { local, upstream } = await machine();
  await local.remove('scripted', testCall());
  expect(upstream.requests.at(-1)).toMatchObject({ method: 'DELETE', path: '/api/delete', body: { model: 'scripted' } });
  expect((await Array.fromAsync(local.list(testCall()))).map(({ id }) => id)).not.toContain('scripted:latest');
});

test('models to begin with carry the day the list was read, and need no server', async () => {
  const { local, upstream } = await machine();
  await upstream.close();
  const listed = await Array.fromAsync(local.available!(testCall()));
  expect(listed.length).toBeGreaterThan(10);
  expect(listed.every(({ asOf }) => /^2026-\d\d-\d\d$/.test(asOf))).toBe(true);
});

test('a healthy server tells its version', async () => {
  const { provider, upstream } = await machine({ version: '0.13.1' });
  expect(await provider.checkHealth!(testCall())).toEqual({ status: 'healthy', version: '0.13.1' });
  expect(upstream.requests.map(({ path }) => path)).toEqual(['/api/version', '/api/tags']);
});

test('a server that is not there is unhealthy, with what starts and what installs it', async () => {
  const { provider, upstream } = await machine();
  await upstream.close();
  expect(await provider.checkHealth!(testCall())).toEqual({ status: 'unhealthy', reason: `Ollama does not answer at ${upstream.baseUrl}.`, remedy: `Start it with \`ollama serve\`. To install it: ${howToInstall()}.` });
});

test('a server that never answers is unhealthy within the limit of the check', async () => {
  const limit = new AbortController();
  const timeout = vi.spyOn(AbortSignal, 'timeout').mockReturnValue(limit.signal);
  onTestFinished(() => timeout.mockRestore());
  const { provider } = await machine();
  limit.abort(new DOMException('too late', 'TimeoutError'));
  expect(await provider.checkHealth!(testCall())).toMatchObject({ status: 'unhealthy', reason: expect.stringContaining('did not answer within 5 s') });
});

test('an abort of the caller ends the check with its reason', async () => {
  const { provider } = await machine();
  const reason = new CallError('x-test', 'enough');
  await expect(provider.checkHealth!(testCall({ signal: AbortSignal.abort(reason) }))).rejects.toBe(reason);
});

test.each(['darwin', 'linux', 'win32', 'aix'])('how to install on %s is told without a download into a shell', (platform) => {
  expect(howToInstall(platform)).toMatch(/https:\/\//);
  expect(howToInstall(platform)).not.toMatch(/\|\s*(ba)?sh/);
});

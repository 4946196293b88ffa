/** A plugin of contract 1.0.0, with its own copy of the first published contract package, is served by this host. */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createHost, ModelportError, type Host } from '@modelport/host';
import { afterAll, beforeAll, expect, test } from 'vitest';

const fixture = join(import.meta.dirname, '../fixtures/contract/1.0.0');
let folder: string;
let host: Host;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelport-contract-'));
  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, '@modelport'), { recursive: true });
  await promisify(execFile)('tar', ['-xzf', join(fixture, 'modelport-plugin-api-1.0.0.tgz'), '-C', folder]);
  await rename(join(folder, 'package'), join(modules, '@modelport', 'plugin-api'));
  await cp(join(fixture, 'plugin'), join(modules, 'modelport-plugin-first'), { recursive: true });
  await writeFile(join(folder, 'modelport.config.yaml'), 'backends:\n  first: { plugin: modelport-plugin-first }\n');
  host = await createHost({ cwd: folder, environment: {} });
});

afterAll(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

test('a plugin with its own copy of contract 1.0.0 answers', async () => {
  const answer = await host.models.get('any@first').generate('the sea');
  expect(answer).toMatchObject({ text: 'heard the sea', finishReason: { unified: 'stop', raw: 'end' }, usage: { inputTokens: { total: 3 }, outputTokens: { total: 2 } } });
});

test('a tool call gathered by the kit of contract 1.0.0 arrives parsed', async () => {
  const answer = await host.models.get('caller@first').generate('look');
  expect(answer.toolCalls).toMatchObject([{ toolCallId: 'a', toolName: 'look', input: { at: 'sea' } }]);
});

test('a CallError of another copy of the contract keeps its code and facts', async () => {
  const error: unknown = await host.models.get('busy@first').generate('hi').catch((reason: unknown) => reason);
  expect(ModelportError.is(error) && { code: error.code, ...error.context }).toMatchObject({ code: 'RATE_LIMITED', retryable: true, retryAfterMs: 1500, status: 429, backend: 'first', model: 'busy' });
});

/** Starting, describing and examining a host costs nothing and asks nobody; health is asked of what is free. */
import { createHost } from '@modelport/host';
import { createAnthropicUpstream, createOllamaUpstream, createOpenAIUpstream } from '@modelport/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeFolder } from '../cli/command-line.ts';

const key = 'sk-no-paid-call-may-be-made';

describe('a host on three vendors, every backend eager', () => {
  async function vendors() {
    const upstreams = { openai: await createOpenAIUpstream(), anthropic: await createAnthropicUpstream(), ollama: await createOllamaUpstream() };
    onTestFinished(async () => { for (const upstream of Object.values(upstreams)) await upstream.close(); });
    const backends = Object.fromEntries(Object.entries(upstreams).map(([name, upstream]) => [name, { plugin: `@modelport/${name}`, eager: true, options: { baseUrl: upstream.baseUrl }, ...(name === 'ollama' ? {} : { secrets: { apiKey: key } }) }]));
    return { upstreams, config: { backends, models: { default: 'm@openai' }, policy: { literalSecrets: 'allow' } } as const };
  }

  it('opens no connection when it starts, describes itself and reloads', async () => {
    const { upstreams, config } = await vendors();
    const host = await createHost({ cwd: import.meta.dirname, environment: {}, config });
    onTestFinished(() => host.close());
    expect((await host.describe()).backends.map(({ name, state }) => [name, state])).toEqual(Object.keys(upstreams).map((name) => [name, 'active']));
    host.models.get('default').describe();
    await host.optionSchema('openai');
    await host.reload();
    expect(Object.entries(upstreams).map(([name, { acceptedConnections }]) => [name, acceptedConnections])).toEqual(Object.keys(upstreams).map((name) => [name, 0]));
  });

  it('asks only what is free for its health and its models: nothing is posted', async () => {
    const { upstreams, config } = await vendors();
    const host = await createHost({ cwd: import.meta.dirname, environment: {}, config });
    onTestFinished(() => host.close());
    const health = await host.health();
    for (const name of Object.keys(upstreams)) await host.listModels(name).catch(() => undefined);
    expect(health.map(({ backend }) => backend).toSorted()).toEqual(Object.keys(upstreams).toSorted());
    const methods = Object.values(upstreams).flatMap(({ requests }) => requests.map(({ method, path }) => `${method} ${path}`));
    expect(methods).toContain('GET /v1/models');
    expect(methods.filter((line) => !line.startsWith('GET ') && line !== 'POST /api/show')).toEqual([]);
  });
});

it('doctor without --online opens no connection, and with it asks the free list of models', async () => {
  const upstream = await createOpenAIUpstream();
  onTestFinished(() => upstream.close());
  await using folder = await makeFolder({ 'modelport.config.yaml': `backends:\n  acme: { plugin: "@modelport/openai", eager: true, options: { baseUrl: "${upstream.baseUrl}" } }\nmodels: { default: m@acme }\n` });
  await folder.run(['doctor']);
  expect(upstream.acceptedConnections).toBe(0);
  await folder.run(['doctor', '--online']);
  expect(new Set(upstream.requests.map(({ method, path }) => `${method} ${path}`))).toEqual(new Set(['GET /v1/models']));
});

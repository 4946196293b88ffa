/** Ollama behind a real host: answers, tools, models on the machine, and a conversation that moves to another vendor and back. */
import { createHost, defineTool } from '@modelport/host';
import type { Message, PullProgress } from '@modelport/plugin-api';
import { createOllamaUpstream, createOpenAIUpstream, type Turn } from '@modelport/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { z } from 'zod';

async function start(turns: readonly Turn[] = [{ text: 'Hello.' }], cloudTurns: readonly Turn[] = [{ text: 'From the cloud.' }]) {
  const local = await createOllamaUpstream({ turns, library: [{ id: 'tiny:latest', layers: [4_000, 1_000] }] });
  const cloud = await createOpenAIUpstream({ turns: cloudTurns });
  const host = await createHost({
    cwd: import.meta.dirname,
    environment: {},
    config: {
      backends: {
        local: { plugin: '@modelport/ollama', options: { baseUrl: local.baseUrl, numCtx: 8_192 } },
        cloud: { plugin: '@modelport/openai', options: { baseUrl: cloud.baseUrl } },
      },
      models: { default: 'scripted:latest@local' },
    },
  });
  onTestFinished(async () => {
    await host.close();
    await local.close();
    await cloud.close();
  });
  return { host, local, cloud };
}

const turn: Turn = { reasoning: 'Hm', toolCalls: [{ name: 'weather', arguments: '{"city":"Oslo"}' }] };

test('a streamed answer and a whole one say the same', async () => {
  const { host } = await start([{ reasoning: 'Hm', text: ['Hel', 'lo'] }]);
  const whole = await host.models.get('default').generate('Hi');
  const stream = host.models.get('default').stream('Hi');
  const texts = await Array.fromAsync(stream.text);
  const streamed = await stream.answer;
  expect(texts.join('')).toBe('Hello');
  expect([streamed.content, streamed.finishReason, streamed.usage]).toEqual([whole.content, whole.finishReason, whole.usage]);
  expect(whole.usage).toMatchObject({ inputTokens: { total: 11 }, outputTokens: { total: 7 } });
});

test('a structured answer is asked for by its schema and parsed', async () => {
  const { host, local } = await start([{ text: '{"city":"Oslo"}' }]);
  const { object } = await host.models.get('default').generate('Where?', { schema: z.object({ city: z.string() }) });
  expect(object).toEqual({ city: 'Oslo' });
  expect(local.requests.at(-1)?.body).toMatchObject({ format: { type: 'object', properties: { city: { type: 'string' } } }, options: { num_ctx: 8_192 } });
});

test('a conversation moves to another vendor in the middle of a tool call, and back', async () => {
  const { host, local, cloud } = await start([turn, { text: 'It is 4 degrees.' }]);
  const weather = defineTool({ name: 'weather', description: 'Weather of a city', input: z.object({ city: z.string() }), effects: 'none', execute: () => 'unused' });
  const question: Message = { role: 'user', content: [{ type: 'text', text: 'Weather?' }] };
  const first = await host.models.get('default').generate([question], { tools: [weather] });
  expect(first.toolCalls).toMatchObject([{ toolName: 'weather', input: { city: 'Oslo' } }]);
  const { toolCallId } = first.toolCalls[0]!;
  const result: Message = { role: 'tool', content: [{ type: 'tool-result', toolCallId, toolName: 'weather', output: { type: 'json', value: { c: 4 } } }] };
  const second = await host.models.get('gpt-4o@cloud').generate([question, first.message, result], { tools: [weather] });
  const sent = (cloud.requests.at(-1)!.body as { readonly messages: readonly { readonly tool_calls?: readonly { readonly id: string }[]; readonly tool_call_id?: string }[] }).messages;
  expect(sent[1]?.tool_calls?.[0]?.id).toBe(sent[2]?.tool_call_id);
  const third = await host.models.get('default').generate([question, first.message, result, second.message, question]);
  expect(third.text).toBe('It is 4 degrees.');
  expect((local.requests.at(-1)!.body as { readonly messages: readonly unknown[] }).messages.slice(1, 4)).toEqual([
    { role: 'assistant', content: '', thinking: 'Hm', tool_calls: [{ id: toolCallId, function: { name: 'weather', arguments: { city: 'Oslo' } } }] },
    { role: 'tool', content: '{"c":4}', tool_name: 'weather', tool_call_id: toolCallId },
    { role: 'assistant', content: 'From the cloud.' },
  ]);
});

test('embeddings and the list of models come through the same host', async () => {
  const { host } = await start();
  const { embeddings, usage } = await host.embeddings.get('scripted-embedding@local').embed(['a', 'bbb']);
  expect(embeddings.map((vector) => vector[1])).toEqual([1, 3]);
  expect(usage).toEqual({ tokens: 4 });
  expect(await host.listModels('local')).toMatchObject([{ id: 'scripted:latest', kind: 'chat', capabilities: { tools: true, reasoning: false } }, { id: 'scripted-embedding:latest', kind: 'embedding' }]);
});

test('a model that is not on the machine says which command pulls it', async () => {
  const { host } = await start();
  await expect(host.models.get('absent@local').generate('Hi')).rejects.toMatchObject({ code: 'MODEL_NOT_PULLED', message: expect.stringContaining('`modelport models pull absent@local`') });
});

test('a pull is told in bytes of the whole model, and the model answers afterwards', async () => {
  const { host } = await start();
  const steps: PullProgress[] = [];
  for await (const step of host.localModels.get('local').pull('tiny')) steps.push(step);
  expect(steps.at(-1)).toMatchObject({ phase: 'complete', completedBytes: 5_000, totalBytes: 5_000 });
  expect((await host.models.get('tiny@local').generate('Hi')).text).toBe('Hello.');
  await host.localModels.get('local').remove('tiny');
  expect((await host.localModels.get('local').list()).map(({ id }) => id)).not.toContain('tiny:latest');
});

test('a cancelled pull lets go of its connection and lease, and a repeated one goes on', async () => {
  const { host, local } = await start();
  local.scriptPulls({ stallAfterBytes: 3_000 });
  const controller = new AbortController();
  await expect((async () => {
    for await (const { completedBytes } of host.localModels.get('local').pull('tiny', { signal: controller.signal })) {
      if (completedBytes === 3_000) queueMicrotask(() => controller.abort());
    }
  })()).rejects.toMatchObject({ code: 'ABORTED', context: { backend: 'local', model: 'tiny' } });
  await local.requests.at(-1)!.closed;
  await vi.waitFor(async () => expect((await host.describe()).backends.find(({ name }) => name === 'local')?.leases).toBe(0));
  const steps = await Array.fromAsync(host.localModels.get('local').pull('tiny'));
  expect(steps.find(({ phase }) => phase === 'downloading')?.completedBytes).toBeGreaterThanOrEqual(3_000);
});

test('a missing server is unhealthy with what starts it, and hides no other backend', async () => {
  const { host, local } = await start();
  expect(host.localModels.names()).toEqual(['local']);
  expect(await host.health()).toMatchObject([{ backend: 'local', health: { status: 'healthy', version: '0.12.6' }, models: ['scripted:latest', 'scripted-embedding:latest'] }, { backend: 'cloud', health: { status: 'healthy' } }]);
  await local.close();
  expect(await host.health()).toMatchObject([{ backend: 'local', health: { status: 'unhealthy', remedy: expect.stringContaining('`ollama serve`') } }, { backend: 'cloud', health: { status: 'healthy' } }]);
  await expect(host.models.get('default').generate('Hi')).rejects.toMatchObject({ code: 'NETWORK', message: expect.stringMatching(/^Ollama does not answer at \S+: start it with `ollama serve`/) });
});

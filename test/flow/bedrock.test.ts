/** The Bedrock plugin behind a real host: signed requests over the host's own client, and a conversation that moves to another vendor and back. */
import { createHost } from '@modelport/host';
import type { Message } from '@modelport/plugin-api';
import { createBedrockUpstream, createOpenAIUpstream, type BedrockTurn, type Turn } from '@modelport/testing';
import { expect, onTestFinished, test } from 'vitest';

const keys = { accessKeyId: 'AKIASCRIPTED', secretAccessKey: 'secret/key+of=tests' };
const claude = 'eu.anthropic.claude-opus-4-6-v1@aws';

/** Found, checked and loaded as an installed plugin is, with what its manifest declares and nothing else. */
async function start(turns: readonly BedrockTurn[], gpt: readonly Turn[] = [{ text: 'Hello.' }]) {
  const [aws, cloud] = await Promise.all([createBedrockUpstream({ turns, keys }), createOpenAIUpstream({ turns: gpt })]);
  const host = await createHost({
    cwd: import.meta.dirname,
    environment: { ID: keys.accessKeyId, KEY: keys.secretAccessKey, GPT: 'sk-1' },
    config: {
      // The host's own retries are another test's matter.
      calls: { retry: { attempts: 1 } },
      backends: {
        aws: {
          plugin: '@modelport/bedrock', options: { region: 'eu-central-1', endpoint: aws.baseUrl, controlEndpoint: aws.baseUrl },
          secrets: { accessKeyId: { env: 'ID' }, secretAccessKey: { env: 'KEY' } },
        },
        gpt: { plugin: '@modelport/openai', options: { baseUrl: cloud.baseUrl }, secrets: { apiKey: { env: 'GPT' } } },
      },
    },
  });
  onTestFinished(async () => {
    await host.close();
    await Promise.all([aws.close(), cloud.close()]);
  });
  return { host, aws, cloud };
}

const turn: BedrockTurn = {
  reasoning: ['Let me ', 'think.'], signature: 'EqQB', text: ['One ', 'moment.'], toolCalls: [{ id: 'tooluse_1', name: 'weather', arguments: ['{"city":', '"Oslo"}'] }],
  usage: { input: 20, output: 9, cached: 12 }, cacheWritten: 100,
};
const question: Message = { role: 'user', content: [{ type: 'text', text: 'How is the weather in Oslo?' }] };
const sunny: Message = { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'tooluse_1', toolName: 'weather', output: { type: 'text', value: 'sunny' } }] };

test('an answer streams through the host, signed on the way in, with honest counts on the way out', async () => {
  const { host, aws } = await start([turn]);
  const stream = host.models.get(claude).stream([question]);
  const kinds = new Set<string>();
  for await (const part of stream) kinds.add(part.type);
  const answer = await stream.answer;
  expect([...kinds]).toEqual(expect.arrayContaining(['reasoning-delta', 'text-delta', 'tool-call', 'finish']));
  expect(answer).toMatchObject({ text: 'One moment.', finishReason: { unified: 'tool-calls', raw: 'tool_use' }, usage: { inputTokens: { total: 120, cacheRead: 12, cacheWrite: 100 } } });
  expect(aws.lastRegion).toBe('eu-central-1');
});

test('throttling is the host’s RATE_LIMITED with the wait that was asked, and the SDK tries nothing again by itself', async () => {
  const { host, aws } = await start([{ error: { status: 429, message: 'Too many requests' }, headers: { 'retry-after': '3' } }]);
  await expect(host.models.get(claude).generate([question])).rejects.toMatchObject({ code: 'RATE_LIMITED', context: { backend: 'aws', retryable: true, retryAfterMs: 3_000 } });
  expect(aws.requests).toHaveLength(1);
});

test('a conversation goes from Bedrock to OpenAI and back in the middle of a tool call', async () => {
  const { host, aws, cloud } = await start([turn, { text: 'Sunny, as I said.' }], [{ text: 'It is sunny.' }]);
  const first = await host.models.get(claude).generate([question]);
  const second = await host.models.get('gpt-4o@gpt').generate([question, first.message, sunny]);
  expect(second.text).toBe('It is sunny.');
  expect((cloud.requests[0]!.body as { messages: { role: string }[] }).messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
  const third = await host.models.get(claude).generate([question, first.message, sunny, second.message, question]);
  expect(third.text).toBe('Sunny, as I said.');
  expect((aws.requests[1]!.body as { messages: unknown[] }).messages).toMatchObject([
    { role: 'user' },
    { role: 'assistant', content: [{ reasoningContent: { reasoningText: { signature: 'EqQB' } } }, { text: 'One moment.' }, { toolUse: { toolUseId: 'tooluse_1', input: { city: 'Oslo' } } }] },
    { role: 'user', content: [{ toolResult: { toolUseId: 'tooluse_1' } }] }, { role: 'assistant', content: [{ text: 'It is sunny.' }] }, { role: 'user' },
  ]);
});

test('an exception inside the stream is the host’s error, with what came before it', async () => {
  const { host } = await start([{ text: ['Hel', 'lo'], faults: [{ type: 'error-event', before: 2, error: { throttlingException: { message: 'slow down' } } }] }]);
  const stream = host.models.get(claude).stream([question]);
  const read = async (): Promise<void> => {
    for await (const part of stream) void part;
  };
  await expect(read()).rejects.toMatchObject({ code: 'RATE_LIMITED', context: { backend: 'aws', partial: { content: [{ type: 'text', text: 'Hel' }] } } });
});

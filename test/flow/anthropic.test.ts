/** The Anthropic plugin behind a real host: answers, tools, and a conversation that moves to another vendor and back. */
import anthropic from '@modelport/anthropic';
import { createTestHost } from '@modelport/host/testing';
import openai from '@modelport/openai';
import type { Message } from '@modelport/plugin-api';
import { createAnthropicUpstream, createOpenAIUpstream, type AnthropicTurn, type AnthropicUpstream, type OpenAIUpstream, type Turn } from '@modelport/testing';
import { expect, onTestFinished, test } from 'vitest';

async function start(claude: readonly AnthropicTurn[], gpt: readonly Turn[] = [{ text: 'Hello.' }]) {
  const [first, second]: [AnthropicUpstream, OpenAIUpstream] = await Promise.all([createAnthropicUpstream({ turns: claude, apiKey: 'sk-ant-1' }), createOpenAIUpstream({ turns: gpt })]);
  const host = await createTestHost({ backends: {
    claude: { plugin: anthropic, options: { baseUrl: first.baseUrl }, secrets: { apiKey: 'sk-ant-1' } }, gpt: { plugin: openai, options: { baseUrl: second.baseUrl }, secrets: { apiKey: 'sk-1' } },
  } });
  onTestFinished(async () => {
    await host.close();
    await Promise.all([first.close(), second.close()]);
  });
  return { host, claude: first, gpt: second };
}

const turn: AnthropicTurn = {
  reasoning: ['Let me ', 'think.'], signature: 'EqQB', text: ['One ', 'moment.'], toolCalls: [{ id: 'toolu_1', name: 'weather', arguments: ['{"city":', '"Oslo"}'] }],
  usage: { input: 20, output: 9, cached: 12 }, cacheWritten: 100,
};
const question: Message = { role: 'user', content: [{ type: 'text', text: 'How is the weather in Oslo?' }] };
const sunny: Message = { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'toolu_1', toolName: 'weather', output: { type: 'text', value: 'sunny' } }] };

test('an answer streams through the host, with its thinking, its call and honest counts', async () => {
  const { host } = await start([turn]);
  const stream = host.models.get('claude-opus-4-6@claude').stream([question]);
  const kinds = new Set<string>();
  for await (const part of stream) kinds.add(part.type);
  const answer = await stream.answer;
  expect([...kinds]).toEqual(expect.arrayContaining(['reasoning-delta', 'text-delta', 'tool-call', 'finish']));
  expect(answer).toMatchObject({ text: 'One moment.', finishReason: { unified: 'tool-calls', raw: 'tool_use' }, usage: { inputTokens: { total: 120, cacheRead: 12, cacheWrite: 100 } } });
  expect(answer.content[0]).toEqual({ type: 'reasoning', text: 'Let me think.', providerMetadata: { anthropic: { signature: 'EqQB' } } });
});

test('a conversation goes from Anthropic to OpenAI and back in the middle of a tool call', async () => {
  const { host, claude, gpt } = await start([turn, { text: 'Sunny, as I said.' }], [{ text: 'It is sunny.' }]);
  const first = await host.models.get('claude-opus-4-6@claude').generate([question]);
  const second = await host.models.get('gpt-4o@gpt').generate([question, first.message, sunny]);
  expect(second.text).toBe('It is sunny.');
  expect((gpt.requests[0]!.body as { messages: { role: string }[] }).messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
  const third = await host.models.get('claude-opus-4-6@claude').generate([question, first.message, sunny, second.message, question]);
  expect(third.text).toBe('Sunny, as I said.');
  expect((claude.requests[1]!.body as { messages: unknown[] }).messages).toMatchObject([
    { role: 'user' },
    { role: 'assistant', content: [{ type: 'thinking', signature: 'EqQB' }, { type: 'text' }, { type: 'tool_use', id: 'toolu_1', input: { city: 'Oslo' } }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1' }] }, { role: 'assistant', content: [{ type: 'text', text: 'It is sunny.' }] }, { role: 'user' },
  ]);
});

test('an overload inside the stream is the host’s OVERLOADED, with what came before it', async () => {
  const { host } = await start([{ text: ['Hel', 'lo'], faults: [{ type: 'error-event', before: 4, error: { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } } }] }]);
  const stream = host.models.get('claude-opus-4-6@claude').stream([question]);
  let text = '';
  const read = async (): Promise<void> => {
    for await (const part of stream) if (part.type === 'text-delta') text += part.delta;
  };
  await expect(read()).rejects.toMatchObject({ code: 'OVERLOADED', context: { backend: 'claude', partial: { content: [{ type: 'text', text: 'Hel' }], usage: { inputTokens: { total: 11 } } } } });
  expect(text).toBe('Hel');
});

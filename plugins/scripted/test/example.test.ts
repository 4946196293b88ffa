import { script } from '@modelport/scripted';
import { expect, test } from 'vitest';

test('the forecast reaches the user', async () => {
  const model = script([
    {
      match: { regex: 'weather in (\\w+)', flags: 'i' },
      turns: [
        [{ toolCall: { name: 'weather', input: { city: '{{1}}' } } }],
        [{ delayMs: 5 }, { text: 'In {{1}} it is {{toolResult}}.' }],
      ],
    },
    { match: { attempt: 1 }, reply: [{ fault: { code: 'OVERLOADED', status: 503, retryable: true } }] },
    { reply: 'I only know the weather.' },
  ]);

  let text = '';
  const call = { id: 'call-1', attempt: 1, signal: AbortSignal.timeout(10_000) };
  const stream = model.stream({
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'What is the weather in Oslo?' }] },
      { role: 'assistant', content: [{ type: 'tool-call', toolCallId: 'a', toolName: 'weather', input: '{"city":"Oslo"}' }] },
      { role: 'tool', content: [{ type: 'tool-result', toolCallId: 'a', toolName: 'weather', output: { type: 'text', value: 'sunny' } }] },
    ],
  }, call);
  for await (const batch of stream) {
    for (const part of [batch].flat()) if (part.type === 'text-delta') text += part.delta;
  }

  expect(text).toBe('In Oslo it is sunny.');
  expect(model.requests).toHaveLength(1);
});

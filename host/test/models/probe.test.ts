/** A deep probe asks a model a real question, only when told to. */
import { createTestHost } from '@modelport/host/testing';
import { script } from '@modelport/scripted';
import { expect, test } from 'vitest';

test('a probe asks one short question and tells who answered, and what it used', async () => {
  const model = script([[{ text: 'ok' }, { usage: { inputTokens: 4, outputTokens: 1 } }]]);
  await using host = await createTestHost({ models: { default: model } });
  const { backend, usage } = await host.probe('default');
  expect([backend, usage.outputTokens.total, model.requests.length, model.requests[0]?.maxOutputTokens]).toEqual(['injected-default', 1, 1, 16]);
});

test('a probe fails with what the call met', async () => {
  const model = script([[{ fault: { code: 'AUTH_INVALID', message: 'The key is refused.', status: 401 } }]]);
  await using host = await createTestHost({ models: { default: model } });
  await expect(host.probe('default')).rejects.toMatchObject({ code: 'AUTH_INVALID', context: { status: 401 } });
});

test('a probe ends at its limit', async () => {
  await using host = await createTestHost({ models: { default: script([[{ stall: true }]]) } });
  await expect(host.probe('default', { limitMs: 5 })).rejects.toMatchObject({ code: 'ABORTED' });
});

/** The error a caller gets: who is to blame, whether to try again, and nothing of the plugin's mischief beyond its own call. */
import { CallError, definePlugin, type CallErrorFacts, type ChatRequest } from '@modelport/plugin-api';
import { createTestHost } from '@modelport/host/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { failureOf } from '../lifecycle/edited-host.ts';

async function failureWith(work: (request: ChatRequest) => never) {
  const plugin = definePlugin({ api: 1, start: () => ({ chatModel: () => ({ async *stream(request) { yield { type: 'text-delta', id: '0', delta: 'half' }; work(request); } }) }) });
  const host = await createTestHost({ backends: { acme: plugin }, models: { default: 'm@acme' } });
  onTestFinished(() => host.close());
  return failureOf(host.models.get('default').generate('hi'));
}

const thrown = (code: string, facts?: CallErrorFacts) => () => { throw new CallError(code, 'it went wrong', facts); };

describe('a failed call', () => {
  it.each([
    ['AUTH_MISSING', false], ['AUTH_INVALID', false], ['RATE_LIMITED', true], ['QUOTA_EXCEEDED', false], ['CONTEXT_OVERFLOW', false], ['CONTENT_FILTERED', false],
    ['REQUEST_INVALID', false], ['MODEL_NOT_FOUND', false], ['MODEL_NOT_PULLED', false], ['CAPABILITY_MISSING', false], ['OVERLOADED', true], ['NETWORK', true],
    ['TIMEOUT', true], ['PROTOCOL', false], ['HOST_NOT_ALLOWED', false], ['INTERNAL', false], ['x-acme-nap', false],
  ])('%s may pass by itself: %s', async (code, retryable) => {
    const failure = await failureWith(thrown(code));
    expect(failure.code).toBe(code);
    expect(failure.context.retryable).toBe(retryable);
  });

  it('may pass or not as the plugin says, whatever the code', async () => {
    expect((await failureWith(thrown('RATE_LIMITED', { retryable: false }))).context.retryable).toBe(false);
    expect((await failureWith(thrown('PROTOCOL', { retryable: true, retryAfterMs: 50 }))).context).toMatchObject({ retryable: true, retryAfterMs: 50 });
  });

  it('names backend, plugin, model and call, and keeps what had arrived', async () => {
    const failure = await failureWith(thrown('OVERLOADED'));
    expect(failure.context).toMatchObject({ backend: 'acme', plugin: '(code)', model: 'm', callId: expect.stringMatching(/^call_/) as string, partial: { content: [{ type: 'text', text: 'half' }] } });
  });

  it('of a plugin that writes into its request is contained, and told by name', async () => {
    const failure = await failureWith((request) => {
      (request.messages as unknown[]).push({ role: 'user', content: [] });
      throw new Error('the request could be written to');
    });
    expect(failure.code).toBe('INTERNAL');
    expect(failure.message).toMatch(/^\(code\) threw TypeError: Cannot add property 1/);
    expect(failure.context.backend).toBe('acme');
  });
});

/** What Groq says back: usage with its timings, x_groq in streams, reasoning on its own channel, and its errors. */
import { CallError, type ChatPart } from '@modelport/plugin-api';
import { collectParts, testCall, type Turn } from '@modelport/testing';
import { describe, expect, test } from 'vitest';
import { ask, lastBody, start } from './start.ts';

const timings = { queueSeconds: 0.01, promptSeconds: 0.002, completionSeconds: 0.03, totalSeconds: 0.032 };

async function failure(turn: Turn): Promise<CallError> {
  const { model } = await start([turn]);
  const error: unknown = await model.complete!(ask, testCall()).catch((reason: unknown) => reason);
  if (!CallError.is(error)) throw new Error(`expected a CallError, got ${String(error)}`);
  return error;
}

test('a whole answer has usage, timings, request id, seed, cache hits and tier', async () => {
  const { model } = await start([{ text: 'Yes', usage: { input: 9, output: 4, cached: 3, reasoning: 1 } }]);
  const { usage, providerMetadata } = await model.complete!(ask, testCall());
  expect(usage).toMatchObject({ inputTokens: { total: 9, noCache: 6, cacheRead: 3 }, outputTokens: { total: 4, text: 3, reasoning: 1 }, raw: { queue_time: 0.01 } });
  expect(providerMetadata).toMatchObject({ groq: { requestId: 'req_groq_1', seed: 7, timings, hardwareCache: { dram_cached_tokens: 0, sram_cached_tokens: 0 }, serviceTier: 'on_demand' } });
});

test('a stream has the same usage and vendor data', async () => {
  const { model } = await start([{ reasoning: 'Hm.', text: 'Yes', usage: { input: 9, output: 4 } }]);
  const { parts, text, error } = await collectParts(model.stream(ask, testCall()));
  expect([text, error]).toEqual(['Yes', undefined]);
  expect(parts.at(-1)).toMatchObject({ type: 'finish', finishReason: { unified: 'stop' }, usage: { inputTokens: { total: 9 }, outputTokens: { total: 4 } }, providerMetadata: { groq: { requestId: 'req_groq_1', seed: 7, timings } } });
});

describe('x_groq of a stream', () => {
  const chunk = (fields: object): object => ({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], ...fields });
  const said = chunk({ choices: [{ index: 0, delta: { content: 'Ye' } }] });

  test('carries the usage where no standard one comes', async () => {
    const { model } = await start([{ events: [said, chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], x_groq: { id: 'r', usage: { prompt_tokens: 5, completion_tokens: 2, queue_time: 0.01 } } }), '[DONE]'] }]);
    const { parts } = await collectParts(model.stream(ask, testCall()));
    expect(parts.at(-1)).toMatchObject({ usage: { inputTokens: { total: 5 }, outputTokens: { total: 2 } }, providerMetadata: { groq: { requestId: 'r', timings: { queueSeconds: 0.01 } } } });
  });

  test.each([['over capacity, please try again', 'OVERLOADED', true], ['something else', 'PROTOCOL', false]])('says "%s" in the middle: %s, with what had arrived', async (message, code, retryable) => {
    const { model } = await start([{ events: [said, chunk({ x_groq: { id: 'r', error: message, usage: { prompt_tokens: 5, completion_tokens: 1 } } })] }]);
    const { text, error } = await collectParts(model.stream(ask, testCall()));
    expect(text).toBe('Ye');
    expect(error).toMatchObject({ code, facts: { retryable, usage: { inputTokens: { total: 5 } } } });
  });

  test('tools Groq ran are joined from their pieces', async () => {
    const ran = (fields: object): object => chunk({ choices: [{ index: 0, delta: { executed_tools: [{ index: 0, ...fields }] } }] });
    const { model } = await start([{ events: [ran({ type: 'search', arguments: '{}' }), said, ran({ output: 'found' }), chunk({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }), '[DONE]'] }]);
    const { parts } = await collectParts(model.stream(ask, testCall()));
    expect(parts.at(-1)).toMatchObject({ providerMetadata: { groq: { executedTools: [{ index: 0, type: 'search', arguments: '{}', output: 'found' }] } } });
  });
});

test('an answer by schema, which Groq does not stream, comes whole through a stream too', async () => {
  const { model, upstream } = await start([{ text: '{"a":"b"}' }], {}, 'openai/gpt-oss-20b');
  const { text, parts, error } = await collectParts(model.stream({ ...ask, responseFormat: { type: 'json', schema: { type: 'object' } } }, testCall()));
  expect([text, error]).toEqual(['{"a":"b"}', undefined]);
  expect(lastBody(upstream)).not.toHaveProperty('stream');
  expect((parts[0] as Extract<ChatPart, { type: 'stream-start' }>).warnings).toMatchObject([{ type: 'compatibility', feature: 'streaming' }]);
});

describe('errors', () => {
  test.each(['tool_use_failed', 'json_validate_failed'])('%s is the model’s fault: PROTOCOL, retryable, with how the text begins', async (code) => {
    const error = await failure({ error: { status: 400, body: { error: { message: 'Failed to call a function.', type: 'invalid_request_error', code, failed_generation: `<function=look>${'x'.repeat(400)}` } } } });
    expect([error.code, error.facts.retryable, error.facts.status, error.facts.requestId]).toEqual(['PROTOCOL', true, 400, 'req_1']);
    expect(error.message).toMatch(/^The vendor answered with status 400: Failed to call a function\. The model wrote: <function=look>x+\.\.\.$/);
    expect(error.message.length).toBeLessThan(420);
  });

  test('498 of the flex tier is OVERLOADED and retryable', async () => {
    const error = await failure({ error: { status: 498, code: 'capacity_exceeded', message: 'Flex tier capacity exceeded' } });
    expect([error.code, error.facts.retryable, error.facts.status]).toEqual(['OVERLOADED', true, 498]);
  });

  test.each([[400, 'model_decommissioned', 'MODEL_NOT_FOUND'], [404, 'model_not_found', 'MODEL_NOT_FOUND'], [400, 'organization_restricted', 'AUTH_INVALID'], [429, 'rate_limit_exceeded', 'RATE_LIMITED'], [413, 'rate_limit_exceeded', 'CONTEXT_OVERFLOW'], [401, 'invalid_api_key', 'AUTH_INVALID'], [422, 'x', 'REQUEST_INVALID']])('%i %s is %s', async (status, code, expected) => {
    expect((await failure({ error: { status, code, message: 'no' } })).code).toBe(expected);
  });
});

test('what the scripted Groq refuses is what the plugin never sends', async () => {
  const { model, upstream } = await start([{ text: 'x' }]);
  await expect(model.complete!({ ...ask, providerOptions: { groq: { logprobs: true } } }, testCall())).rejects.toMatchObject({ code: 'REQUEST_INVALID', facts: { status: 400 } });
  expect(upstream.requests).toHaveLength(1);
});

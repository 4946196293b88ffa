/** OpenAI's errors, and those of its imitators, as typed errors with the facts a retry needs. */
import { CallError, type HttpClient } from '@modelport/plugin-api';
import { collectParts, fakeContext, testCall, type ScriptedError } from '@modelport/testing';
import { describe, expect, test } from 'vitest';
import plugin, { OpenAIOptions } from '../src/index.ts';
import { ask, start } from './start.ts';

async function failWith(error: ScriptedError, headers: Record<string, string> = {}, api = 'chat'): Promise<CallError> {
  const { model } = await start([{ error, headers }], { api }, { secret: 'sk-test-1' });
  let thrown: unknown;
  try {
    await model.complete!(ask, testCall());
  } catch (reason) {
    thrown = reason;
  }
  const streamed = (await collectParts(model.stream(ask, testCall()))).error;
  if (!CallError.is(thrown) || !CallError.is(streamed)) throw new Error('no CallError was thrown');
  expect(streamed.code).toBe(thrown.code);
  return thrown;
}

describe('an error status has its code, and says whether a retry may help', () => {
  const cases: readonly (readonly [string, ScriptedError, string, boolean])[] = [
    ['a wrong key', { status: 401, code: 'invalid_api_key' }, 'AUTH_INVALID', false],
    ['a key without permission', { status: 403, message: 'You have insufficient permissions' }, 'AUTH_INVALID', false],
    ['a moderated prompt (OpenRouter)', { status: 403, body: { error: { code: 403, message: 'Your input was flagged', metadata: { reasons: ['violence'] } } } }, 'CONTENT_FILTERED', false],
    ['a rate limit', { status: 429, code: 'rate_limit_exceeded', type: 'requests' }, 'RATE_LIMITED', true],
    ['a used-up quota, which has the same status', { status: 429, code: 'insufficient_quota', type: 'insufficient_quota' }, 'QUOTA_EXCEEDED', false],
    ['no credits (OpenRouter)', { status: 402, body: { error: { code: 402, message: 'Insufficient credits' } } }, 'QUOTA_EXCEEDED', false],
    ['a prompt beyond the window', { status: 400, code: 'context_length_exceeded' }, 'CONTEXT_OVERFLOW', false],
    ['a prompt beyond the window (llama.cpp)', { status: 400, body: { error: { code: 400, type: 'exceed_context_size_error', message: 'the request exceeds the available context size' } } }, 'CONTEXT_OVERFLOW', false],
    ['a prompt beyond the window (vLLM)', { status: 400, body: { object: 'error', message: "This model's maximum context length is 4096 tokens.", type: 'BadRequestError', code: 400 } }, 'CONTEXT_OVERFLOW', false],
    ['a filtered prompt (Azure)', { status: 400, body: { error: { code: 'content_filter', message: 'The response was filtered', status: 400 } } }, 'CONTENT_FILTERED', false],
    ['a refused prompt of a reasoning model', { status: 400, code: 'invalid_prompt' }, 'CONTENT_FILTERED', false],
    ['an unknown model', { status: 404, code: 'model_not_found' }, 'MODEL_NOT_FOUND', false],
    ['a wrong path', { status: 404, body: 'Not Found' }, 'REQUEST_INVALID', false],
    ['a bad parameter whose type is a rate limit’s word', { status: 400, type: 'requests' }, 'REQUEST_INVALID', false],
    ['a bad parameter', { status: 400, code: 'unsupported_parameter' }, 'REQUEST_INVALID', false],
    ['a failed validation (FastAPI)', { status: 422, body: { detail: [{ msg: 'field required', loc: ['body'] }] } }, 'REQUEST_INVALID', false],
    ['a failure inside', { status: 500, type: 'server_error' }, 'OVERLOADED', true],
    ['a model that is still loading (llama.cpp)', { status: 503, body: { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } } }, 'OVERLOADED', true],
    ['no flexible capacity (Groq)', { status: 498, message: 'capacity exceeded' }, 'OVERLOADED', true],
    ['the vendor’s own time limit', { status: 408 }, 'TIMEOUT', true],
  ];
  test.each(cases)('%s', async (_, error, code, retryable) => {
    const thrown = await failWith(error);
    expect({ code: thrown.code, retryable: thrown.facts.retryable, status: thrown.facts.status }).toEqual({ code, retryable, status: error.status });
  });
});

test('the request id and the wait the vendor asks for are facts of the error', async () => {
  const { facts } = await failWith({ status: 429, code: 'rate_limit_exceeded' }, { 'retry-after-ms': '1500', 'x-request-id': 'req_abc' });
  expect(facts).toMatchObject({ retryAfterMs: 1500, requestId: 'req_abc', status: 429 });
  expect((await failWith({ status: 503 }, { 'retry-after': '7' })).facts.retryAfterMs).toBe(7000);
  expect((await failWith({ status: 500 }, { 'x-should-retry': 'false' })).facts.retryable).toBe(false);
});

test('the message is the vendor’s, and never holds the key or the whole body', async () => {
  const { message } = await failWith({ status: 400, message: `Unknown parameter: 'foo'. ${'x'.repeat(5000)}` });
  expect(message).toMatch(/Unknown parameter: 'foo'/);
  expect(message.length).toBeLessThan(700);
  expect(message).not.toContain('sk-test-1');
});

test('a refusal for want of a key is AUTH_MISSING where none was sent', async () => {
  const { model } = await start([{ text: 'x' }], {}, { apiKey: 'sk-right' });
  await expect(model.complete!(ask, testCall())).rejects.toMatchObject({ code: 'AUTH_MISSING' });
});

test('a failed response of the Responses API is thrown with its code and what it used up', async () => {
  const response = { id: 'resp_1', status: 'failed', error: { code: 'server_error', message: 'Something broke' }, output: [], usage: { input_tokens: 5, output_tokens: 0 } };
  const { model, upstream } = await start([{ events: [{ type: 'response.created', response: {} }, { type: 'response.failed', response }] }], { api: 'responses' });
  const { error } = await collectParts(model.stream(ask, testCall()));
  expect(error).toMatchObject({ code: 'OVERLOADED', facts: { usage: { inputTokens: { total: 5 } } } });
  upstream.script({ whole: { ...response, error: null, output: undefined } });
  await expect(model.complete!(ask, testCall())).rejects.toMatchObject({ code: 'PROTOCOL' });
});

test('a whole answer that is no answer is PROTOCOL', async () => {
  for (const [api, whole] of [['chat', { choices: [] }], ['responses', { id: 'resp_1', status: 'completed' }], ['chat', []]] as const) {
    const { model } = await start([{ whole }], { api });
    await expect(model.complete!(ask, testCall())).rejects.toMatchObject({ code: 'PROTOCOL' });
  }
});

describe('OpenAI itself', () => {
  /** A client that notes what would be sent, and answers with an error so that nothing has to be decoded. */
  function recorder(): { http: HttpClient; sent: { url: string; headers: Readonly<Record<string, string>>; body: Record<string, unknown> }[] } {
    const sent: { url: string; headers: Readonly<Record<string, string>>; body: Record<string, unknown> }[] = [];
    return {
      sent,
      http: {
        fetch: globalThis.fetch,
        request: async ({ url, headers = {}, body }) => {
          sent.push({ url, headers, body: JSON.parse(String(body)) as Record<string, unknown> });
          return { status: 500, headers: {}, body: (async function* () {})(), text: async () => '', json: async () => ({}) };
        },
      },
    };
  }

  test('is not asked without a key', async () => {
    const { http, sent } = recorder();
    const provider = await plugin.start(fakeContext({ schema: OpenAIOptions, http }));
    await expect(provider.chatModel!('gpt-4o').complete!(ask, testCall())).rejects.toMatchObject({ code: 'AUTH_MISSING' });
    expect(sent).toEqual([]);
  });

  test('gets the session as prompt_cache_key and the user as safety_identifier', async () => {
    const { http, sent } = recorder();
    const provider = await plugin.start(fakeContext({ schema: OpenAIOptions, http, secrets: { apiKey: 'sk-test-1' } }));
    await collectParts(provider.chatModel!('gpt-4o').stream({ ...ask, user: 'u' }, testCall({ sessionId: 's-1' })));
    expect(sent[0]).toMatchObject({ url: 'https://api.openai.com/v1/chat/completions', headers: { authorization: 'Bearer sk-test-1' }, body: { prompt_cache_key: 's-1', safety_identifier: 'u' } });
    expect(sent[0]?.headers).not.toHaveProperty('x-session-id');
  });

  test('never gets a key with a line break, and the error does not show it', async () => {
    const { http, sent } = recorder();
    const provider = await plugin.start(fakeContext({ schema: OpenAIOptions, http, secrets: { apiKey: 'sk-secret\n' } }));
    const error = await provider.chatModel!('gpt-4o').complete!(ask, testCall()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'AUTH_INVALID' });
    expect(String(error)).not.toContain('sk-secret');
    expect(sent).toEqual([]);
  });

  test('is asked nothing when the plugin starts', async () => {
    const { http, sent } = recorder();
    const provider = await plugin.start(fakeContext({ schema: OpenAIOptions, http }));
    provider.chatModel!('gpt-4o');
    provider.embeddingModel!('text-embedding-3-small');
    expect(sent).toEqual([]);
  });
});

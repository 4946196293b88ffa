/** The official client reads what the scripted upstream sends: the wire is OpenAI's, not this project's idea of it. */
import OpenAI from 'openai';
import { createOpenAIUpstream, type OpenAIUpstream, type Turn } from '@modelport/testing';
import { expect, onTestFinished, test } from 'vitest';

async function connect(turns: readonly Turn[]): Promise<{ client: OpenAI; upstream: OpenAIUpstream }> {
  const upstream = await createOpenAIUpstream({ turns, apiKey: 'sk-test' });
  onTestFinished(() => upstream.close());
  return { upstream, client: new OpenAI({ baseURL: upstream.baseUrl, apiKey: 'sk-test', maxRetries: 0 }) };
}

const messages = [{ role: 'user', content: 'Hi' }] as const;
const turn: Turn = { text: ['Hel', 'lo'], toolCalls: [{ id: 'call_1', name: 'weather', arguments: ['{"city":', '"Oslo"}'] }], usage: { input: 9, output: 4, cached: 2, reasoning: 1 } };

test('a streamed chat completion, gathered by the client itself', async () => {
  const { client } = await connect([turn]);
  const completion = await client.chat.completions.stream({ model: 'gpt-4o', messages: [...messages], stream_options: { include_usage: true } }).finalChatCompletion();
  expect(completion.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: 'Hello', tool_calls: [{ id: 'call_1', function: { name: 'weather', arguments: '{"city":"Oslo"}' } }] } });
  expect(completion.usage).toMatchObject({ prompt_tokens: 9, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 2 } });
});

test('a whole chat completion', async () => {
  const { client } = await connect([turn]);
  const completion = await client.chat.completions.create({ model: 'gpt-4o', messages: [...messages] });
  expect(completion.choices[0]?.message).toMatchObject({ content: 'Hello', tool_calls: [{ id: 'call_1' }] });
});

test('a streamed response, gathered by the client itself', async () => {
  const { client } = await connect([{ ...turn, reasoning: ['I ', 'think'], encryptedReasoning: 'gAAA' }]);
  const response = await client.responses.stream({ model: 'gpt-5', input: 'Hi' }).finalResponse();
  expect(response.output_text).toBe('Hello');
  expect(response.output.map((item) => item.type)).toEqual(['reasoning', 'message', 'function_call']);
  expect(response.output[2]).toMatchObject({ call_id: 'call_1', arguments: '{"city":"Oslo"}' });
});

test('a whole response', async () => {
  const { client } = await connect([turn]);
  const response = await client.responses.create({ model: 'gpt-5', input: 'Hi' });
  expect(response).toMatchObject({ output_text: 'Hello', status: 'completed', usage: { input_tokens: 9, output_tokens_details: { reasoning_tokens: 1 } } });
});

test('embeddings, which the client asks for in base64', async () => {
  const { client, upstream } = await connect([{}]);
  const { data } = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['abc'] });
  expect(upstream.requests[0]?.body).toMatchObject({ encoding_format: 'base64' });
  expect([...(data[0]?.embedding ?? [])]).toEqual([1 / 64, 2 / 64, 3 / 64, 1 / 64]);
});

test('the list of models, and one of them', async () => {
  const { client } = await connect([{}]);
  expect((await client.models.list()).data.map((model) => model.id)).toEqual(['scripted', 'scripted-embedding']);
  expect((await client.models.retrieve('scripted')).owned_by).toBe('modelport');
});

test('an error with its status, code and request id', async () => {
  const { client } = await connect([{ error: { status: 429, code: 'rate_limit_exceeded', message: 'Slow down.' } }]);
  await expect(client.chat.completions.create({ model: 'gpt-4o', messages: [...messages] })).rejects.toMatchObject({ status: 429, code: 'rate_limit_exceeded', requestID: 'req_1' });
});

test('an error object inside a stream', async () => {
  const { client } = await connect([{ ...turn, faults: [{ type: 'error-event', before: 2, error: { error: { message: 'Broke.', type: 'server_error', code: null } } }] }]);
  const stream = await client.chat.completions.create({ model: 'gpt-4o', messages: [...messages], stream: true });
  const read = async (): Promise<void> => {
    for await (const chunk of stream) expect(chunk.object).toBe('chat.completion.chunk');
  };
  await expect(read()).rejects.toThrow(/Broke/);
});

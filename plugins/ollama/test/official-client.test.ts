/** The official client reads what the scripted upstream sends: the wire is Ollama's, not this project's idea of it. */
import { Ollama } from 'ollama';
import { createOllamaUpstream, type OllamaUpstream, type OllamaUpstreamOptions } from '@modelport/testing';
import { expect, onTestFinished, test } from 'vitest';

async function connect(options: OllamaUpstreamOptions = {}): Promise<{ client: Ollama; upstream: OllamaUpstream }> {
  const upstream = await createOllamaUpstream(options);
  onTestFinished(() => upstream.close());
  return { upstream, client: new Ollama({ host: upstream.baseUrl }) };
}

const messages = [{ role: 'user', content: 'Hi' }];
const turns = [{ reasoning: 'Hm', text: ['Hel', 'lo'], toolCalls: [{ name: 'weather', arguments: '{"city":"Oslo"}' }] }];

test('a streamed answer with thinking and a tool call', async () => {
  const { client } = await connect({ turns });
  const lines = await Array.fromAsync(await client.chat({ model: 'scripted', messages, stream: true, think: true }));
  expect(lines.map(({ message }) => message.content).join('')).toBe('Hello');
  expect(lines[0]?.message.thinking).toBe('Hm');
  expect(lines.flatMap(({ message }) => message.tool_calls ?? [])).toMatchObject([{ function: { name: 'weather', arguments: { city: 'Oslo' } } }]);
  expect(lines.at(-1)).toMatchObject({ done: true, done_reason: 'stop', prompt_eval_count: 11, eval_count: 7 });
});

test('a whole answer, and an error in the words the client expects', async () => {
  const { client } = await connect({ turns });
  expect((await client.chat({ model: 'scripted', messages })).message).toMatchObject({ content: 'Hello', thinking: 'Hm' });
  await expect(client.chat({ model: 'absent', messages })).rejects.toMatchObject({ status_code: 404, error: "model 'absent' not found" });
});

test('embeddings, version, and the models on the machine', async () => {
  const { client } = await connect();
  expect((await client.embed({ model: 'scripted-embedding', input: ['a', 'bb'] })).embeddings).toHaveLength(2);
  expect(await client.version()).toEqual({ version: '0.12.6' });
  expect((await client.list()).models.map(({ model }) => model)).toEqual(['scripted:latest', 'scripted-embedding:latest']);
  expect((await client.show({ model: 'scripted' })).capabilities).toEqual(['completion', 'tools']);
  await client.generate({ model: 'scripted', prompt: '', keep_alive: -1 });
  expect((await client.ps()).models.map(({ model }) => model)).toEqual(['scripted-embedding:latest', 'scripted:latest']);
  expect(await client.delete({ model: 'scripted' })).toEqual({ status: 'success' });
});

test('a pull to its end, and one that fails', async () => {
  const { client, upstream } = await connect();
  const lines = await Array.fromAsync(await client.pull({ model: 'tiny', stream: true }));
  expect(lines[0]).toEqual({ status: 'pulling manifest' });
  expect(lines.at(-1)).toEqual({ status: 'success' });
  upstream.scriptPulls({ error: { afterBytes: 0, message: 'no space left on device' } });
  await client.delete({ model: 'tiny' });
  await expect(Array.fromAsync(await client.pull({ model: 'tiny', stream: true }))).rejects.toThrow('no space left');
});

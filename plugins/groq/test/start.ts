/** Starts the plugin against a scripted Groq, without a host. */
import type { ChatModel, ChatRequest, Provider } from '@modelport/plugin-api';
import { createGroqUpstream, createNodeHttpClient, fakeContext, type OpenAIUpstream, type Turn } from '@modelport/testing';
import { onTestFinished } from 'vitest';
import plugin, { GroqOptions } from '../src/index.ts';

export interface Started {
  readonly upstream: OpenAIUpstream;
  readonly provider: Provider;
  readonly model: ChatModel;
}

/** Everything it starts is closed when the test ends. */
export async function start(turns: readonly Turn[], options: Record<string, unknown> = {}, modelId = 'llama-3.3-70b-versatile'): Promise<Started> {
  const upstream = await createGroqUpstream({ turns, apiKey: 'gsk-test-key', models: [{ id: 'openai/gpt-oss-20b', active: true, context_window: 131_072, max_completion_tokens: 65_536 }, { id: 'whisper-large-v3', context_window: 448 }] });
  const http = createNodeHttpClient();
  onTestFinished(async () => {
    http.close();
    await upstream.close();
  });
  const provider = await plugin.start(fakeContext({ schema: GroqOptions, input: { baseUrl: upstream.baseUrl, ...options }, http, secrets: { apiKey: 'gsk-test-key' } }));
  return { upstream, provider, model: provider.chatModel!(modelId) };
}

/** The smallest request. */
export const ask: ChatRequest = { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] };

/** The JSON body of the latest request. */
export function lastBody(upstream: OpenAIUpstream): Record<string, unknown> {
  return upstream.requests.at(-1)!.body as Record<string, unknown>;
}

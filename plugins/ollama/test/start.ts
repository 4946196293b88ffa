/** Starts the plugin against a scripted Ollama, without a host. */
import type { ChatModel, ChatRequest, Provider } from '@modelport/plugin-api';
import { createNodeHttpClient, createOllamaUpstream, fakeContext, type OllamaUpstream, type OllamaUpstreamOptions, type Turn } from '@modelport/testing';
import { onTestFinished } from 'vitest';
import plugin, { OllamaOptions } from '../src/index.ts';

export interface Started {
  readonly upstream: OllamaUpstream;
  readonly provider: Provider;
  readonly model: ChatModel;
}

/** Everything it starts is closed when the test ends. `options` are the plugin's. */
export async function start(
  turns: readonly Turn[] = [], options: Record<string, unknown> = {}, more: { modelId?: string; secret?: string } & Omit<OllamaUpstreamOptions, 'turns'> = {},
): Promise<Started> {
  const { modelId = 'scripted', secret, ...machine } = more;
  const upstream = await createOllamaUpstream({ turns, ...machine });
  const http = createNodeHttpClient();
  onTestFinished(async () => {
    http.close();
    await upstream.close();
  });
  const provider = await plugin.start(fakeContext({
    schema: OllamaOptions, input: { baseUrl: upstream.baseUrl, ...options }, http, backend: 'local', ...(secret === undefined ? {} : { secrets: { apiKey: secret } }),
  }));
  return { upstream, provider, model: provider.chatModel!(modelId) };
}

/** The smallest request. */
export const ask: ChatRequest = { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] };

/** The JSON body of the latest request. */
export function lastBody(upstream: OllamaUpstream): Record<string, unknown> {
  return upstream.requests.at(-1)!.body as Record<string, unknown>;
}

/** Starts the plugin against a scripted proxy, without a host. */
import type { ChatModel, ChatRequest, Provider } from '@modelport/plugin-api';
import { createLiteLLMUpstream, createNodeHttpClient, fakeContext, type LiteLLMUpstreamOptions, type OpenAIUpstream, type Turn } from '@modelport/testing';
import { onTestFinished } from 'vitest';
import plugin, { LiteLLMOptions } from '../src/index.ts';

export interface Started {
  readonly upstream: OpenAIUpstream;
  readonly provider: Provider;
  readonly model: ChatModel;
}

/** Everything it starts is closed when the test ends. */
export async function start(turns: readonly Turn[], options: Record<string, unknown> = {}, more: LiteLLMUpstreamOptions & { readonly secret?: string } = {}): Promise<Started> {
  const { secret, ...upstreamOptions } = more;
  const upstream = await createLiteLLMUpstream({ turns, ...upstreamOptions });
  const http = createNodeHttpClient();
  onTestFinished(async () => {
    http.close();
    await upstream.close();
  });
  const provider = await plugin.start(fakeContext({ schema: LiteLLMOptions, input: { baseUrl: upstream.baseUrl, ...options }, http, ...(secret === undefined ? {} : { secrets: { apiKey: secret } }) }));
  return { upstream, provider, model: provider.chatModel!('gpt-4o') };
}

/** The smallest request. */
export const ask: ChatRequest = { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] };

/** The JSON body of the latest request. */
export function lastBody(upstream: OpenAIUpstream): Record<string, unknown> {
  return upstream.requests.at(-1)!.body as Record<string, unknown>;
}

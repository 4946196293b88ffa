/** Starts the plugin against a scripted upstream, without a host. */
import type { ChatModel, ChatRequest, Message, Provider } from '@modelport/plugin-api';
import { createAnthropicUpstream, createNodeHttpClient, fakeContext, type AnthropicTurn, type AnthropicUpstream, type AnthropicUpstreamOptions } from '@modelport/testing';
import { onTestFinished } from 'vitest';
import plugin, { AnthropicOptions } from '../src/index.ts';

export interface Started {
  readonly upstream: AnthropicUpstream;
  readonly provider: Provider;
  readonly model: ChatModel;
}

export interface StartOptions extends AnthropicUpstreamOptions {
  readonly modelId?: string;
  readonly secret?: string;
}

/** Everything it starts is closed when the test ends. `options` are the plugin's. */
export async function start(turns: readonly AnthropicTurn[], options: Record<string, unknown> = {}, { modelId = 'claude-opus-4-6', secret = 'sk-ant-test', ...more }: StartOptions = {}): Promise<Started> {
  const upstream = await createAnthropicUpstream({ turns, ...more });
  const http = createNodeHttpClient();
  onTestFinished(async () => {
    http.close();
    await upstream.close();
  });
  const provider = await plugin.start(fakeContext({ schema: AnthropicOptions, input: { baseUrl: upstream.baseUrl, ...options }, http, secrets: { apiKey: secret } }));
  return { upstream, provider, model: provider.chatModel!(modelId) };
}

/** The smallest request. */
export const ask: ChatRequest = { messages: [user('Hi')] };

/** A message of the user. */
export function user(text: string): Message {
  return { role: 'user', content: [{ type: 'text', text }] };
}

/** The JSON body of the latest request. */
export function lastBody(upstream: AnthropicUpstream): Record<string, unknown> {
  return upstream.requests.at(-1)!.body as Record<string, unknown>;
}

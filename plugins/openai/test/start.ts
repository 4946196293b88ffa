/** Starts the plugin against a scripted upstream, without a host. */
import type { ChatModel, ChatRequest, Provider } from '@modelport/plugin-api';
import { createNodeHttpClient, createOpenAIUpstream, fakeContext, type OpenAIUpstream, type Turn } from '@modelport/testing';
import { onTestFinished } from 'vitest';
import plugin, { OpenAIOptions } from '../src/index.ts';

export interface Started {
  readonly upstream: OpenAIUpstream;
  readonly provider: Provider;
  readonly model: ChatModel;
}

/** Everything it starts is closed when the test ends. `options` are the plugin's, `modelId` the model's. */
export async function start(
  turns: readonly Turn[], options: Record<string, unknown> = {}, more: { modelId?: string; apiKey?: string; secret?: string; arraysOnly?: boolean; models?: readonly { id: string }[] } = {},
): Promise<Started> {
  const upstream = await createOpenAIUpstream({
    turns, arraysOnly: more.arraysOnly === true, ...(more.apiKey === undefined ? {} : { apiKey: more.apiKey }), ...(more.models === undefined ? {} : { models: more.models }),
  });
  const http = createNodeHttpClient();
  onTestFinished(async () => {
    http.close();
    await upstream.close();
  });
  const provider = await plugin.start(fakeContext({
    schema: OpenAIOptions, input: { baseUrl: upstream.baseUrl, ...options }, http, ...(more.secret === undefined ? {} : { secrets: { apiKey: more.secret } }),
  }));
  return { upstream, provider, model: provider.chatModel!(more.modelId ?? 'gpt-4o') };
}

/** The smallest request. */
export const ask: ChatRequest = { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] };

/** The JSON body of the latest request. */
export function lastBody(upstream: OpenAIUpstream): Record<string, unknown> {
  return upstream.requests.at(-1)!.body as Record<string, unknown>;
}

/** Starts the plugin against a scripted upstream, without a host. */
import type { ChatModel, ChatRequest, Message, Provider } from '@modelport/plugin-api';
import { createBedrockUpstream, createNodeHttpClient, fakeContext, type BedrockTurn, type BedrockUpstream, type BedrockUpstreamOptions } from '@modelport/testing';
import { onTestFinished } from 'vitest';
import plugin, { BedrockOptions } from '../src/index.ts';

export interface Started {
  readonly upstream: BedrockUpstream;
  readonly provider: Provider;
  readonly model: ChatModel;
}

export interface StartOptions extends BedrockUpstreamOptions {
  readonly modelId?: string;
  readonly secrets?: Readonly<Record<string, string>>;
}

export const KEYS = { accessKeyId: 'AKIASCRIPTED', secretAccessKey: 'secret/key+of=tests' };

/** Everything it starts is closed when the test ends. `options` are the plugin's. */
export async function start(
  turns: readonly BedrockTurn[], options: Record<string, unknown> = {}, { modelId = 'us.anthropic.claude-opus-4-6-v1', secrets = KEYS, ...more }: StartOptions = {},
): Promise<Started> {
  const upstream = await createBedrockUpstream({ turns, ...more });
  const http = createNodeHttpClient();
  const input = { region: 'eu-central-1', endpoint: upstream.baseUrl, controlEndpoint: upstream.baseUrl, ...options };
  const provider = await plugin.start(fakeContext({ schema: BedrockOptions, input, http, secrets }));
  onTestFinished(async () => {
    await provider.close?.();
    http.close();
    await upstream.close();
  });
  return { upstream, provider, model: provider.chatModel!(modelId) };
}

/** The smallest request. */
export const ask: ChatRequest = { messages: [user('Hi')] };

/** A message of the user. */
export function user(text: string): Message {
  return { role: 'user', content: [{ type: 'text', text }] };
}

/** The latest request's body, as far as tests look into it. */
export interface SentBody {
  readonly messages: readonly { readonly role: string; readonly content: readonly Readonly<Record<string, unknown>>[] }[];
  readonly system?: readonly unknown[];
  readonly toolConfig?: { readonly tools: readonly Readonly<Record<string, Readonly<Record<string, unknown>>>>[]; readonly toolChoice?: unknown };
  readonly inferenceConfig?: unknown;
  readonly additionalModelRequestFields?: unknown;
  readonly outputConfig?: { readonly effort?: string; readonly textFormat?: { readonly structure: { readonly jsonSchema: { readonly schema: string } } } };
  readonly [field: string]: unknown;
}

/** The JSON body of the latest request. */
export function lastBody(upstream: BedrockUpstream): SentBody {
  return upstream.requests.at(-1)!.body as SentBody;
}

/** Starts the plugin against a scripted Ollama, without a host. */
import type { ChatModel, ChatPart, ChatRequest, ChatResult, ContentPart, Provider } from '@modelport/plugin-api';
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

/** Folds a plugin's parts into a result as a host does: blocks open at their first delta. */
export function fold(parts: readonly ChatPart[]): ChatResult {
  const content: ContentPart[] = [];
  const blocks = new Map<string, { text: string }>();
  const block = (kind: 'text' | 'reasoning', id: string): { text: string } => {
    const known = blocks.get(`${kind}:${id}`);
    if (known !== undefined) return known;
    const made = { type: kind, text: '' };
    blocks.set(`${kind}:${id}`, made);
    content.push(made);
    return made;
  };
  let folded: Partial<ChatResult> = {};
  let response = {};
  for (const part of parts) {
    if (part.type === 'text-delta' || part.type === 'reasoning-delta') block(part.type === 'text-delta' ? 'text' : 'reasoning', part.id).text += part.delta;
    else if (part.type === 'reasoning-end') Object.assign(block('reasoning', part.id), { providerMetadata: part.providerMetadata });
    else if (part.type === 'tool-call') content.push(part);
    else if (part.type === 'response-metadata') {
      const { type: _, ...rest } = part;
      response = { ...response, ...rest };
    } else if (part.type === 'stream-start') folded = part.warnings.length > 0 ? { ...folded, warnings: part.warnings } : folded;
    else if (part.type === 'finish') {
      const { type: _, ...rest } = part;
      folded = { ...folded, ...rest };
    }
  }
  return { content, response, ...folded } as ChatResult;
}

/** The tokens of what a host itself offers for injection. */
import type { Agent } from '../agents/agent.ts';
import type { Events as EventsValue } from '../lifecycle/events.ts';
import type { EmbeddingHandle } from '../models/embedding-handle.ts';
import type { ModelHandle } from '../models/model-handle.ts';
import type { RerankHandle } from '../models/rerank-handle.ts';
import type { Tools as ToolsValue } from '../tools/tools.ts';
import { createToken, type Token } from './token.ts';

const prefixes = { chat: 'chat-model:', embedding: 'embedding-model:', rerank: 'rerank-model:', agent: 'agent:' } as const;

/** A chat model by alias or spec: `@inject(chatModel('fast')) model: ModelHandle`. */
export function chatModel(name: string): Token<ModelHandle> {
  return createToken(prefixes.chat + name);
}

/** An embedding model by alias or spec. */
export function embeddingModel(name: string): Token<EmbeddingHandle> {
  return createToken(prefixes.embedding + name);
}

/** A rerank model by alias or spec. */
export function rerankModel(name: string): Token<RerankHandle> {
  return createToken(prefixes.rerank + name);
}

/** An agent of the config. */
export function agent(name: string): Token<Agent> {
  return createToken(prefixes.agent + name);
}

/** All tools of the host: `@inject(Tools) tools: Tools`. */
export const Tools: Token<ToolsValue> = createToken('tools');

/** The host's news. */
export const Events: Token<EventsValue> = createToken('events');

/** The kind and the name a host token stands for; `undefined` for an application's own token. */
export function readToken(token: Token<unknown>): { readonly kind: keyof typeof prefixes; readonly name: string } | undefined {
  for (const [kind, prefix] of Object.entries(prefixes)) {
    if (token.name.startsWith(prefix)) return { kind: kind as keyof typeof prefixes, name: token.name.slice(prefix.length) };
  }
  return undefined;
}

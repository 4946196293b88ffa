/** The published packages the bridge is held to, each with the wire its scripted upstream speaks. Their config stands in their folders. */
import type { WireName } from './upstreams/wires.ts';

/** One package in one version. */
export interface Target {
  /** Folder below `targets/`, and name of the backend. */
  readonly name: string;
  readonly package: string;
  readonly wire: WireName;
  /** Model ids by kind; a kind that is absent is not claimed. */
  readonly chat?: string;
  readonly embedding?: string;
  readonly rerank?: string;
}

/** Every target, those of the acceptance list first. */
export const targets: readonly Target[] = [
  { name: 'openai-4', package: '@ai-sdk/openai', wire: 'openai', chat: 'gpt-5-mini', embedding: 'text-embedding-3-small' },
  { name: 'openai-3', package: '@ai-sdk/openai', wire: 'openai', chat: 'gpt-5-mini', embedding: 'text-embedding-3-small' },
  { name: 'openai-compatible', package: '@ai-sdk/openai-compatible', wire: 'openai', chat: 'some-model', embedding: 'some-embedding' },
  { name: 'anthropic', package: '@ai-sdk/anthropic', wire: 'anthropic', chat: 'claude-opus-4-6' },
  { name: 'openrouter', package: '@openrouter/ai-sdk-provider', wire: 'usage-last', chat: 'vendor/some-model', embedding: 'vendor/some-embedding' },
  { name: 'ollama-v2', package: 'ollama-ai-provider-v2', wire: 'ollama', chat: 'scripted', embedding: 'scripted-embedding' },
  { name: 'workers-ai', package: 'workers-ai-provider', wire: 'workers-ai', chat: '@cf/meta/some-model', embedding: '@cf/some-embedding', rerank: '@cf/some-reranker' },
  { name: 'voyage', package: 'voyage-ai-provider', wire: 'voyage', embedding: 'voyage-4', rerank: 'rerank-2.5' },
  { name: 'requesty', package: '@requesty/ai-sdk', wire: 'usage-last', chat: 'vendor/some-model' },
  { name: 'venice', package: 'venice-ai-sdk-provider', wire: 'usage-last', chat: 'some-model', embedding: 'some-embedding' },
  { name: 'zhipu', package: 'zhipu-ai-provider', wire: 'zhipu', chat: 'glm-5', embedding: 'embedding-3' },
  { name: 'qwen', package: 'qwen-ai-provider', wire: 'openai', chat: 'qwen-plus', embedding: 'text-embedding-v4' },
  { name: 'google', package: '@ai-sdk/google', wire: 'google', chat: 'gemini-3-flash', embedding: 'gemini-embedding-001' },
  { name: 'mistral', package: '@ai-sdk/mistral', wire: 'usage-last', chat: 'mistral-small-latest', embedding: 'mistral-embed' },
  { name: 'amazon-bedrock', package: '@ai-sdk/amazon-bedrock', wire: 'bedrock', chat: 'amazon.nova-lite-v1:0', embedding: 'amazon.titan-embed-text-v2:0' },
  { name: 'cohere', package: '@ai-sdk/cohere', wire: 'cohere', chat: 'command-a-03-2025', embedding: 'embed-v4.0', rerank: 'rerank-v3.5' },
  { name: 'xai', package: '@ai-sdk/xai', wire: 'openai', chat: 'grok-4' },
  { name: 'deepseek', package: '@ai-sdk/deepseek', wire: 'usage-last', chat: 'deepseek-chat' },
  { name: 'groq', package: '@ai-sdk/groq', wire: 'groq', chat: 'llama-3.3-70b-versatile' },
];

/** A target's variable of that kind: `UPSTREAM_OPENAI_4`, `KEY_OPENAI_4`. */
export function variableOf(kind: 'UPSTREAM' | 'KEY', { name }: Pick<Target, 'name'>): string {
  return `${kind}_${name.toUpperCase().replaceAll('-', '_')}`;
}

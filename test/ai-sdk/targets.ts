/** The published packages the bridge is held to, each with the wire it speaks and how its config points it at a scripted upstream. */
import { fileURLToPath } from 'node:url';
import type { BackendConfigInput } from './backend-config.ts';
import type { WireName } from './upstreams/wires.ts';

/** One package in one version. */
export interface Target {
  /** Folder below `targets/`, and name of the backend. */
  readonly name: string;
  readonly package: string;
  readonly wire: WireName;
  /** The base URL of an upstream at `origin`. */
  readonly baseURL: (origin: string) => string;
  /** Model ids by kind; a kind that is absent is not claimed. */
  readonly chat?: string;
  readonly embedding?: string;
  readonly rerank?: string;
  /** What the config of the backend holds beside plugin, adapter, base URL and key. */
  readonly config?: BackendConfigInput;
}

const atV1 = (origin: string): string => `${origin}/v1`;

/** Every target, those of the acceptance list first. */
export const targets: readonly Target[] = [
  { name: 'openai-4', package: '@ai-sdk/openai', wire: 'openai', baseURL: atV1, chat: 'gpt-5-mini', embedding: 'text-embedding-3-small' },
  { name: 'openai-3', package: '@ai-sdk/openai', wire: 'openai', baseURL: atV1, chat: 'gpt-5-mini', embedding: 'text-embedding-3-small' },
  { name: 'openai-compatible', package: '@ai-sdk/openai-compatible', wire: 'openai', baseURL: atV1, chat: 'some-model', embedding: 'some-embedding' },
  { name: 'anthropic', package: '@ai-sdk/anthropic', wire: 'anthropic', baseURL: atV1, chat: 'claude-opus-4-6' },
  { name: 'openrouter', package: '@openrouter/ai-sdk-provider', wire: 'openai', baseURL: atV1, chat: 'vendor/some-model', embedding: 'vendor/some-embedding' },
  { name: 'ollama-v2', package: 'ollama-ai-provider-v2', wire: 'ollama', baseURL: (origin) => `${origin}/api`, chat: 'scripted', embedding: 'scripted-embedding' },
  { name: 'workers-ai', package: 'workers-ai-provider', wire: 'workers-ai', baseURL: (origin) => origin, chat: '@cf/meta/some-model', embedding: '@cf/some-embedding', rerank: '@cf/some-reranker', config: { options: { accountId: 'account' } } },
  { name: 'voyage', package: 'voyage-ai-provider', wire: 'voyage', baseURL: atV1, embedding: 'voyage-4', rerank: 'rerank-2.5' },
  { name: 'requesty', package: '@requesty/ai-sdk', wire: 'openai', baseURL: atV1, chat: 'vendor/some-model' },
  { name: 'venice', package: 'venice-ai-sdk-provider', wire: 'openai', baseURL: atV1, chat: 'some-model', embedding: 'some-embedding' },
  { name: 'zhipu', package: 'zhipu-ai-provider', wire: 'openai', baseURL: atV1, chat: 'glm-5', embedding: 'embedding-3' },
  { name: 'qwen', package: 'qwen-ai-provider', wire: 'openai', baseURL: atV1, chat: 'qwen-plus', embedding: 'text-embedding-v4', config: { options: { experimentalV1: true } } },
  { name: 'google', package: '@ai-sdk/google', wire: 'google', baseURL: (origin) => `${origin}/v1beta`, chat: 'gemini-3-flash', embedding: 'gemini-embedding-001' },
  { name: 'mistral', package: '@ai-sdk/mistral', wire: 'openai', baseURL: atV1, chat: 'mistral-small-latest', embedding: 'mistral-embed' },
  { name: 'amazon-bedrock', package: '@ai-sdk/amazon-bedrock', wire: 'bedrock', baseURL: (origin) => origin, chat: 'amazon.nova-lite-v1:0', embedding: 'amazon.titan-embed-text-v2:0', config: { options: { region: 'us-east-1' } } },
  { name: 'cohere', package: '@ai-sdk/cohere', wire: 'cohere', baseURL: (origin) => `${origin}/v2`, chat: 'command-a-03-2025', embedding: 'embed-v4.0', rerank: 'rerank-v3.5' },
  { name: 'xai', package: '@ai-sdk/xai', wire: 'openai', baseURL: atV1, chat: 'grok-4' },
  { name: 'deepseek', package: '@ai-sdk/deepseek', wire: 'openai', baseURL: atV1, chat: 'deepseek-chat' },
  { name: 'groq', package: '@ai-sdk/groq', wire: 'openai', baseURL: atV1, chat: 'llama-3.3-70b-versatile' },
];

/** The folder of a target, whose own node_modules holds the package and its peers. */
export function folderOf({ name }: Pick<Target, 'name'>): string {
  return fileURLToPath(new URL(`targets/${name}`, import.meta.url));
}

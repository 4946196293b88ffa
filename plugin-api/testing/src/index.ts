/** Tools to drive a plugin without a host: upstreams that speak a vendor's wire, faults on a raw socket, a context and a call. */
export { createAnthropicUpstream } from './upstream/anthropic-upstream.ts';
export type { AnthropicUpstream, AnthropicUpstreamOptions } from './upstream/anthropic-upstream.ts';
export type { AnthropicBlock, AnthropicTurn } from './upstream/anthropic-turn.ts';
export { createOpenAIUpstream } from './upstream/openai-upstream.ts';
export type { OpenAIUpstream, OpenAIUpstreamOptions } from './upstream/openai-upstream.ts';
export type { ScriptedError, ScriptedToolCall, ScriptedUsage, Turn } from './upstream/turn.ts';
export type { Fault } from './upstream/fault.ts';
export { startRawServer } from './upstream/raw-server.ts';
export type { RawAnswer, RawServer, ReceivedRequest } from './upstream/raw-server.ts';
export { fakeContext, testCall } from './fake-context.ts';
export type { FakeContextOptions } from './fake-context.ts';
export { createNodeHttpClient } from './node-http-client.ts';
export type { NodeHttpClient } from './node-http-client.ts';
export { collectParts } from './collect-parts.ts';
export type { CollectedParts } from './collect-parts.ts';
export { createOllamaUpstream } from './upstream/ollama-upstream.ts';
export type { OllamaUpstream, OllamaUpstreamOptions } from './upstream/ollama-upstream.ts';
export type { OllamaModel, OllamaPullScript } from './upstream/ollama-machine.ts';
